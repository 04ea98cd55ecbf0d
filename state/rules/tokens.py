"""VHD addresses and their SAS tokens, taken apart."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from state.fields import Field
from state.offer import Sku, VhdUrl
from state.text import clean, quoted

_WHOLE_TOKEN = "?st=…&se=…&sp=rl&sr=c&sig=…"
_PARTS = re.compile(r"(?:([a-z][a-z0-9+.-]*)://)?([^/?#]*)([^?#]*)(?:\?([^#]*))?", re.IGNORECASE)
_ESCAPES = re.compile(r"(?:%[0-9a-fA-F]{2})+")
_DATE_AND_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,7})?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})"
)


class Sas(NamedTuple):
    """A VHD address, taken apart. Nothing of it needs to be right.

    Attributes:
        address: The address without its query.
        scheme: ``https``, in lower case; "" where there is none.
        host: The storage account's host.
        container: The container, the first part of the path.
        blob: The blob's name, the last part of the path.
        parameters: The parameters of the token, decoded; of a repeated one the first.
        starts: ``st`` in UTC, None where it is no full date and time.
        ends: ``se`` in UTC, None where it is no full date and time.
        permissions: The letters of ``sp``.
    """

    address: str
    scheme: str
    host: str
    container: str
    blob: str
    parameters: Mapping[str, str]
    starts: datetime | None
    ends: datetime | None
    permissions: frozenset[str]


@lru_cache(maxsize=256)
def parse_sas(url: str) -> Sas:
    """Take a VHD address apart.

    Args:
        url: The address with its SAS token; white and invisible characters are passed over.

    Returns:
        Its parts.
    """
    text = "".join(filter(str.isprintable, "".join(url.split())))
    found = _PARTS.match(text)
    assert found is not None, "every part may be empty"
    scheme, host, path, query = (part or "" for part in found.groups())
    parameters: dict[str, str] = {}
    for part in filter(None, query.split("&")):
        name, _, value = part.partition("=")
        parameters.setdefault(_decoded(name), _decoded(value))
    names = _decoded(path).split("/")
    return Sas(
        text.partition("?")[0],
        scheme.lower(),
        host,
        names[1] if len(names) > 2 else "",
        names[-1],
        MappingProxyType(parameters),
        instant_of(parameters.get("st", "")),
        instant_of(parameters.get("se", "")),
        frozenset(parameters.get("sp", "")),
    )


def _decoded(text: str) -> str:
    return _ESCAPES.sub(
        lambda found: bytes.fromhex(found[0].replace("%", "")).decode(errors="replace"), text
    )


def instant_of(text: str) -> datetime | None:
    """The time that a full date and time with its zone stands for, in UTC, else None."""
    if not _DATE_AND_TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def vhd_urls(at: Field, sku: Sku) -> Iterator[tuple[Field, VhdUrl]]:
    """The VHD addresses of a SKU, each with its field.

    Args:
        at: The SKU's field.
        sku: The SKU.

    Yields:
        That of the system disk, then those of the data disks; any of them may be empty.
    """
    image = at / "image"
    yield image / "os_vhd_url", sku.image.os_vhd_url
    for index, disk in enumerate(sku.image.data_disks):
        yield (image / "data_disks").item(index, index) / "vhd_url", disk.vhd_url


def address_of(url: VhdUrl) -> VhdUrl:
    """The address of a disk image without its token."""
    return VhdUrl(url.partition("?")[0])


def address_faults(url: str) -> Iterator[str]:
    """What keeps an address from being one of a VHD with a token, whatever the token says.

    Args:
        url: The address as written.

    Yields:
        The messages.
    """
    sas = parse_sas(url)
    if not url.strip():
        yield f"No VHD address: give the https address of the .vhd blob, with {_WHOLE_TOKEN}."
        return
    if space := re.search(r"\s", url):
        around = quoted(url[max(0, space.start() - 14) : space.start() + 15])
        yield f"There is white space in the address, at {around}: take it out."
    elif clean(url) != url:
        yield "There is an invisible character in the address: copy it again, without it."
    if sas.scheme != "https":
        yield f"The address begins with {quoted(url[:16])}: it has to begin with https://."
        if not sas.scheme:
            return
    if not sas.host:
        yield "The address has no host after https://: copy the whole address of the blob."
    # Without its question mark the token sticks to the blob's name: that is one fault, not two.
    if not sas.blob.endswith(".vhd") and (sas.parameters or ".vhd" not in sas.blob):
        named = (
            f"The blob's name, {quoted(sas.blob)}," if sas.blob else "The address names no blob: it"
        )
        yield f"{named} does not end in .vhd: give the address of the VHD, not of its container."
    if not sas.parameters:
        yield (
            'The address has no SAS token behind a "?", so the image cannot be copied: add '
            f"{_WHOLE_TOKEN}."
        )
