"""VHD addresses and their SAS tokens, taken apart."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from state.fields import Field
from state.offer import Sku, VhdUrl

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
