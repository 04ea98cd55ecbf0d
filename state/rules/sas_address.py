"""Parsing VHD addresses and their SAS tokens, and finding out how they were damaged."""

import re
from collections.abc import Iterator, Mapping
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from state.domain.field_path import FieldPath
from state.domain.offer import Sku
from state.domain.safe_text import masked, plural, quoted, visible
from state.domain.table import VhdUrl

_WHOLE_TOKEN = "?st=…&se=…&sp=rl&sr=c&sig=…"
_SCHEME = re.compile(r"[a-z]+://", re.IGNORECASE)
_NOT_IN_HOST = re.compile(r"[\[\]]|[^ -~]")
"""What urlsplit refuses in a host: brackets, and what looks like one of / ? # @."""
_DATE_AND_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,7})?)?"
    r"(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_NAMES = frozenset(("sv", "st", "se", "sp", "sr", "sig", "ss", "srt", "si"))
"""Every token has at least one of these parameters."""

_FIRST_PARAMETER = re.compile("[a-z]+=")
_PLACEHOLDER = re.compile(
    r"<[^<>]*>?|>|%3[CE]|\{[^{}]*\}?|\}|\[[a-z][^\[\]]*\]|\.\.\.|…", re.IGNORECASE
)
_IN_QUOTES = re.compile(
    r"""^\s*<[a-z]+://[^<>]*>\s*$|^\s*["'`“”‘’«»]|["'`“”‘’«»]\s*$""", re.IGNORECASE
)
_COPIED_WRONG = (
    (
        _IN_QUOTES,
        "The address is in quote marks or angle brackets. Expected the address alone. Remove them.",
    ),
    (
        re.compile(r"&(?:amp|#38|#x26);", re.IGNORECASE),
        "The & in the address are written as {0}, as in the source of a web page. Expected plain &. "
        "Replace each {0}.",
    ),
    (
        re.compile(r"\\u[0-9a-f]{4}|\\/", re.IGNORECASE),
        "The address holds {0}, an escape from JSON. Expected the character itself, & for "
        "\\u0026. Copy the value as jq -r prints it.",
    ),
    (
        re.compile(r"\\|\^(?=&)"),
        "The address holds {0}, an escape from a command line. Expected the address without it. "
        "Remove each one.",
    ),
    (
        _PLACEHOLDER,
        "The address holds a placeholder, {0}. Expected your own account, container and token. "
        "Copy the whole SAS address from the storage account.",
    ),
)
"""Signs that an address was damaged in copying, and the message; {0} is what was found."""

_COPIED_WRONG_IN_QUERY = (
    (
        re.compile(r"\?"),
        "The address has two question marks. Expected one, before the token. Remove the other.",
    ),
    (
        re.compile(r"""["'`“”‘’«»]|%2[27]"""),
        "The SAS token holds a quote mark, {0}. Expected the token alone. Copy it again, without "
        "quotes.",
    ),
    (
        re.compile(r"%26|^[a-z]+%3D", re.IGNORECASE),
        "The SAS token is percent-encoded twice: it holds {0}. Expected plain & and = between its "
        "parts. Copy it as the storage account shows it.",
    ),
    (
        re.compile(r"\$\w+"),
        "The SAS token holds a variable, {0}. Expected its value. Copy the whole SAS address from "
        "the storage account.",
    ),
)


class Sas(NamedTuple):
    """The parts of a VHD address. Any of them may be wrong or empty.

    Attributes:
        address: The address without its query, and without a signature that follows it directly.
        scheme: ``https``, in lower case; "" where there is none.
        host: The storage account's host.
        container: The container, the first part of the path.
        blob: The blob's name, the last part of the path.
        parameters: The parameters of the token, decoded, a plain + as a blank; of a repeated one the
            first.
        starts: ``st`` in UTC, None where it is not a full date and time.
        ends: ``se`` in UTC, or ``ske`` where the key of a user delegation ends before it; None
            where ``se`` is not a full date and time.
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

    @property
    def is_token(self) -> bool:
        """Whether the query is a token, even an incomplete one."""
        return not _NAMES.isdisjoint(self.parameters)

    @property
    def is_user_delegation(self) -> bool:
        """Whether the token is signed with a user delegation key, which is valid for at most a week."""
        return "ske" in self.parameters


@lru_cache(maxsize=256)
def parse_sas(url: str) -> Sas:
    """Parse a VHD address. White and invisible characters are skipped."""
    text = "".join(filter(str.isprintable, "".join(url.split())))
    parts = _split(text if _SCHEME.match(text) else f"//{text}")
    parameters = dict(reversed(parse_qsl(parts.query, keep_blank_values=True)))
    starts, ends, key_ends = (
        instant_of(parameters.get(name, "").replace(" ", "+")) for name in ("st", "se", "ske")
    )
    # A signature that follows the name directly may contain a slash.
    names = unquote(masked(parts.path)).split("/")
    return Sas(
        masked(text.partition("?")[0]),
        parts.scheme,
        parts.netloc,
        names[1] if len(names) > 2 else "",
        names[-1],
        MappingProxyType(parameters),
        starts,
        min(ends, key_ends) if ends and key_ends else ends,
        frozenset(parameters.get("sp", "")),
    )


def _split(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError:
        address, mark, query = text.partition("?")
        return urlsplit(f"{_NOT_IN_HOST.sub('', address)}{mark}{query}")


def instant_of(text: str) -> datetime | None:
    """A full date and time with its zone in UTC; None where the text is none."""
    if not _DATE_AND_TIME.fullmatch(text):
        return None
    try:
        found = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    # At the ends of the calendar it cannot be converted to another zone.
    return found if MINYEAR < found.year < MAXYEAR else None


def vhd_urls(at: FieldPath, sku: Sku) -> Iterator[tuple[FieldPath, VhdUrl]]:
    """The addresses of a SKU's system disk and data disks, each with its field; any may be empty."""
    image = at / "image"
    yield image / "os_vhd_url", sku.image.os_vhd_url
    for index, disk in enumerate(sku.image.data_disks):
        yield (image / "data_disks").item(index, index) / "vhd_url", disk.vhd_url


def address_of(url: VhdUrl) -> VhdUrl:
    """The address of a disk image without its token."""
    return url.partition("?")[0]


def is_token_alone(url: str) -> bool:
    """Whether the token was copied without its address."""
    query = url.strip().lstrip("?&")
    names = dict(parse_qsl(query, keep_blank_values=True))
    return bool(_FIRST_PARAMETER.match(query)) and not _NAMES.isdisjoint(names)


@lru_cache(maxsize=256)
def copy_fault(url: str) -> str | None:
    """How an address was damaged in copying, None where it was not.

    Other faults of such an address may follow from this one.
    """
    if is_token_alone(url):
        return (
            "This is a SAS token without its address. Expected the https address of the .vhd blob "
            "with the token. Copy the whole SAS address."
        )
    query = url.partition("?")[2]
    for text, marks in ((url, _COPIED_WRONG), (query, _COPIED_WRONG_IN_QUERY)):
        for mark, message in marks:
            if found := mark.search(text):
                return message.format(quoted(found[0], 20))
    if space := re.search(r"\s", url):
        at = space.start()
        where = f"after its first {plural(at, 'character')}" if at else "before its first character"
        return f"The address holds white space {where}. Expected none. Remove it."
    if visible(url) != url:
        return "The address holds an invisible character. Expected none. Copy the address again."
    return None


def address_faults(url: str) -> Iterator[str]:
    """The faults of an address, apart from what its token says."""
    sas = parse_sas(url)
    if not url.strip():
        yield (
            "No VHD address. Expected the https address of the .vhd blob with its SAS token, "
            f"{_WHOLE_TOKEN}. Copy it from the storage account."
        )
        return
    if message := copy_fault(url):
        yield message
        return
    if sas.scheme != "https":
        begins = quoted(re.split(r"[/?&=]", url.strip())[0], 24)
        yield f"The address begins with {begins}. Expected https://. Write the whole https address."
        if not sas.scheme:
            return
    if not sas.host:
        yield "The address has no host after https://. Copy the whole address of the blob."
    # Without a question mark the token follows the blob's name: one fault, not two.
    if not sas.blob.endswith(".vhd") and (sas.parameters or ".vhd" not in sas.blob):
        yield _blob_fault(sas.blob)
    if not sas.is_token:
        yield (
            'The address has no SAS token after a "?", so the image cannot be copied. Add '
            f"{_WHOLE_TOKEN}."
        )


def _blob_fault(blob: str) -> str:
    # What follows the name may contain the signature, which is never shown.
    blob = re.split(r"[&=]", blob)[0]
    if blob.lower().endswith(".vhdx"):
        return (
            f"{quoted(blob)} is a VHDX, which the marketplace does not accept. Expected a VHD of fixed "
            "size. Convert the disk to .vhd and upload it."
        )
    remedy = "Upload the disk as a VHD" if "." in blob else "Write the address of the VHD itself"
    return f"The address leads to {quoted(blob)}. Expected a blob that ends in .vhd. {remedy}."
