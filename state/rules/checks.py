"""Checks that several rules share: versions, identifiers, lengths, addresses."""

import re
from collections.abc import Iterable, Iterator

from state.domain.field_path import FieldPath
from state.domain.offer import CatalogueItem
from state.domain.safe_text import quoted
from state.rules.context import Violation

Version = tuple[int, int, int]

_VERSION = re.compile(r"\.".join([r"(0|[1-9][0-9]{0,17})"] * 3))
_ZEROS_FIRST = re.compile(r"\b0+(?=[0-9])")
_IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9_-]{0,49}")
_NO_LETTER = re.compile(r"[^a-z0-9_-]+")

_WEB = re.compile(
    r"""(https?)://
        (?:[^\s/?\#@]*@)?
        (?:\[[0-9a-f:.]+\]|[^\s/?\#@:.\[\]]+(?:\.[^\s/?\#@:.\[\]]+)*\.?)
        (?::[0-9]{1,5})?
        (?:[/?\#].*)?""",
    re.ASCII | re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_EMAIL = re.compile(r"[^\s@<>(),;:\"]+@[^\s@<>(),;:\".]+(?:\.[^\s@<>(),;:\".]+)+")
_LONGEST_EMAIL = 254

# Control, white and invisible characters, and the four that no address holds unescaped.
_NEVER = re.compile(
    r'[\x00-\x20\x7f-\xa0\u061c\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ud800-\udfff<>"\\]'
)


def version_of(text: str) -> Version | None:
    """The numbers of a version ``X.Y.Z``, None where the text is not one."""
    found = _VERSION.fullmatch(text)
    return (int(found[1]), int(found[2]), int(found[3])) if found else None


def version_fault(text: str) -> str | None:
    """What is wrong with the form of a version, None where nothing is."""
    if not text.strip():
        return 'The version is missing. Expected three numbers, such as "1.0.0".'
    if version_of(text):
        return None
    without = _ZEROS_FIRST.sub("", text)
    if version_of(without):
        return (
            f"{quoted(text)} has a leading zero. Expected plain numbers. Write {quoted(without)}."
        )
    return f'{quoted(text)} is not a version. Expected three whole numbers, such as "1.0.0".'


def shown(version: Version) -> str:
    """A version as people write it."""
    return ".".join(map(str, version))


def number(value: int) -> str:
    """A whole number for a message; hexadecimal ones can be of any size."""
    return str(value) if -(10**18) < value < 10**18 else "A number of more than 18 digits"


def identifier_violations(
    items: Iterable[tuple[FieldPath, CatalogueItem]], noun: str
) -> Iterator[Violation]:
    """Missing, malformed and repeated identifiers of SKUs, plans or topologies, one fault for each."""
    seen: dict[str, FieldPath] = {}
    for at, item in items:
        text = item.identifier
        if not text:
            message = f'The {noun} has no identifier. Write one, such as identifier = "standard".'
            yield Violation(at / "identifier", message)
        elif not _is_identifier(text, noun):
            yield Violation(at / "identifier", _malformed(text, noun))
        elif text in seen:
            fault = f"{quoted(text)} is already the identifier of an earlier {noun}"
            message = f"{fault}. Choose another one."
            yield Violation(at / "identifier", message, needs=(seen[text],))
        seen.setdefault(text, at / "identifier")


def _is_identifier(text: str, noun: str) -> bool:
    return _IDENTIFIER.fullmatch(text) is not None and not (noun == "plan" and "_" in text)


def _malformed(text: str, noun: str) -> str:
    if len(text) > 50 and _is_identifier(text[:50], noun):
        return f"{quoted(text)} has {len(text)} characters. Expected at most 50. Shorten it."
    letters = 'a-z, 0-9 and "-"' if noun == "plan" else 'a-z, 0-9, "-" and "_"'
    meant = _NO_LETTER.sub("-", text[:60].lower()).strip("-_")[:50]
    if noun == "plan":
        meant = meant.replace("_", "-")
    remedy = f" Write {quoted(meant, 26)}." if meant else ""
    return (
        f"{quoted(text)} is not an identifier. Expected {letters}, a letter or digit first.{remedy}"
    )


def is_web_address(text: str, *schemes: str) -> bool:
    """Whether a text is a full http or https address, or one of the given schemes (lower case)."""
    found = _WEB.fullmatch(text)
    if not found or _NEVER.search(text):
        return False
    return not schemes or found[1].lower() in schemes


def is_email(text: str) -> bool:
    """Whether a text has the form of an e-mail address."""
    return (
        len(text) <= _LONGEST_EMAIL
        and _EMAIL.fullmatch(text) is not None
        and not _NEVER.search(text)
    )


def address_violations(at: FieldPath, what: str, address: str) -> Iterator[Violation]:
    """The fault of a web address, if any; ``what`` it is follows ``No`` in the message."""
    if not address.strip():
        yield Violation(at, f"No {what}. Write one that begins with https:// or http://.")
    elif not is_web_address(address):
        yield Violation(
            at,
            f"{quoted(address)} is not a web address. Expected https:// or http://, a host and no "
            "spaces.",
        )
