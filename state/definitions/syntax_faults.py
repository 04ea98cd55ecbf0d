"""Why a file's bytes are not TOML 1.0, with the place, whatever the Python that reads them."""

import re
from typing import NamedTuple

from state.definitions.syntax_words import SyntaxFault, line_at, place_at

MARK = b"\xef\xbb\xbf"
"""The byte order mark of UTF-8, which some editors write at the beginning of a file."""


_POINTER = b"version https://git-lfs.github.com/spec/"
_CONFLICT = re.compile(r"^(?:(?:<{7}|\|{7}|>{7})(?: |\r?$)|={7}\r?$)", re.M)


class Fault(NamedTuple):
    """Why a file cannot be read: what is wrong, with the remedy, and where, in characters from 1."""

    message: str
    line: int = 1
    column: int = 1


def bytes_fault(raw: bytes) -> Fault | None:
    """What keeps a file's bytes, after a byte order mark, from being a text of UTF-8."""
    if raw.startswith(_POINTER):
        return Fault("This is a Git LFS pointer, not the file itself. Run: git lfs pull")
    if raw.startswith(MARK):
        return Fault("The file begins with a second byte order mark. Save it as plain UTF-8.")
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff") or raw[:2].count(0) == raw[2:4].count(0) == 1:
        return Fault("The file is saved as UTF-16. Save it as UTF-8.")
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode()
        message = (
            f"The byte 0x{raw[error.start]:02X} is not UTF-8: the file is probably saved as Latin-1 "
            "or Windows-1252. Save it as UTF-8."
        )
        return Fault(message, *place_at(before + "?", len(before)))
    return None


def text_fault(text: str) -> Fault | None:
    """The first fault of a text, None where it is TOML 1.0; a RecursionError where too deep."""
    from state.definitions.scanner import Scanner

    try:
        Scanner(text).run()
    except SyntaxFault as fault:
        found = _conflict(text) or fault
        return Fault(found.message, *place_at(text, found.at))
    return None


def _conflict(text: str) -> SyntaxFault | None:
    """The markers that a merge has left in a text."""
    found = list(_CONFLICT.finditer(text))
    if all(match[0].startswith("=") for match in found):
        return None
    lines = [str(line_at(text, match.start())) for match in found[:6]]
    where = f"Line {lines[0]} holds a marker"
    if len(lines) > 1:
        where = f"Lines {', '.join(lines)} hold markers"
    message = f"{where} of a merge conflict. Keep one of the two sides, and delete the markers."
    return SyntaxFault(found[0].start(), message)
