"""Topology packages: zip files with two JSON files at their root."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from state.domain.assets import LFS_POINTER, is_lfs_pointer
from state.domain.safe_text import quoted

if TYPE_CHECKING:
    from json import JSONDecodeError
    from zipfile import ZipFile, ZipInfo

LARGEST_PACKAGE = 64 * 1024 * 1024
"""The most bytes of a package."""

MOST_ENTRIES = 10_000
"""The most entries of a package; a few megabytes can list a million."""

LARGEST_FILE = 10_000_000
"""The most bytes of one of the two files, unpacked."""

ROOT_FILES = ("mainTemplate.json", "createUiDefinition.json")
"""The files that a package needs at its root."""

_ENCRYPTED = 0x1
_STORED, _DEFLATED = 0, 8
_SEPARATOR = re.compile(r"[/\\]")
_STRING_OR_COMMENT = re.compile(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?(?:\*/|\Z)', re.DOTALL)
_CLIMBS = re.compile(r"(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:")


def faults_of(data: bytes) -> tuple[str, ...]:
    """The faults of a package's bytes, each as a sentence without its subject, the package."""
    from io import BytesIO
    from zipfile import ZipFile

    if not data:
        return ("is empty. Build the package again.",)
    if is_lfs_pointer(data):
        return (LFS_POINTER,)
    if _entries(data) > MOST_ENTRIES:
        return (f"has more than {MOST_ENTRIES:,} entries. Remove what is not deployed.",)
    try:
        with ZipFile(BytesIO(data)) as archive:
            return tuple(_faults(archive))
    except Exception:  # a crafted file raises whatever the parts of zipfile raise
        return ("is not a readable zip file. Build the package again.",)


def _entries(data: bytes) -> int:
    """Count the entries in the directory of a zip file, up to just past the limit.

    The number in the file may be wrong, and zipfile would create an object for each entry. The
    directory is looked up where zipfile will look for it.
    """
    end = len(data) - 22
    if not data.startswith(b"PK\5\6", max(end, 0)) or not data.endswith(b"\0\0"):
        end = data.rfind(b"PK\5\6")
    size = int.from_bytes(data[end + 12 : end + 16], "little")
    if data.startswith(b"PK\6\7", max(end - 20, 0)):  # the 64-bit form of the same record
        end -= 76
        size = int.from_bytes(data[end + 40 : end + 48], "little")
    at, count = max(end - size, 0), 0
    while data.startswith(b"PK\1\2", at) and count <= MOST_ENTRIES:
        parts = (data[at + part : at + part + 2] for part in (28, 30, 32))
        at += 46 + sum(int.from_bytes(part, "little") for part in parts)
        count += 1
    return count


def _faults(archive: "ZipFile") -> Iterator[str]:
    entries = archive.infolist()
    climbing = [entry.orig_filename for entry in entries if _CLIMBS.search(entry.orig_filename)]
    if climbing:
        yield (
            f"has the entry {quoted(climbing[0], 30)}{_more(climbing)}, which leads out of the "
            "package. Pack it from inside its folder."
        )
    locked = [entry.filename for entry in entries if entry.flag_bits & _ENCRYPTED]
    if locked:
        yield (
            f"is encrypted (entry {quoted(locked[0], 30)}{_more(locked)}). Pack it without a "
            "password."
        )
    packed = [each.filename for each in entries if each.compress_type not in (_STORED, _DEFLATED)]
    if packed:
        yield (
            f"packs {quoted(packed[0], 30)}{_more(packed)} in a way that the marketplace cannot read. "
            "Use deflate."
        )
    names = {entry.filename for entry in entries}
    missing = [name for name in ROOT_FILES if name not in names]
    if missing and not any(_SEPARATOR.split(each)[-1] in missing for each in climbing):
        yield _missing(missing, names)
    for name in ROOT_FILES:
        if name in names and name not in packed:
            entry = archive.getinfo(name)
            if not entry.flag_bits & _ENCRYPTED:
                yield from _json_fault(archive, entry)


def _more(entries: list[str]) -> str:
    return f" and {len(entries) - 1:,} more" if len(entries) > 1 else ""


def _missing(missing: list[str], names: set[str]) -> str:
    """Which files are not at the root, and where the first one is instead."""
    wanted = missing[0].lower()
    elsewhere = sorted(each for each in names if _SEPARATOR.split(each.lower())[-1] == wanted)
    lacks = f"lacks {' and '.join(missing)} at its root"
    if not elsewhere:
        return f"{lacks}. Add {'it' if len(missing) == 1 else 'them'}."
    in_folder = _SEPARATOR.search(elsewhere[0])
    remedy = "Zip what is inside" if in_folder else "Capitals count: rename it"
    return f"{lacks} (there is {quoted(elsewhere[0], 22)}). {remedy}."


def _json_fault(archive: "ZipFile", entry: "ZipInfo") -> Iterator[str]:
    from codecs import BOM_UTF8
    from json import JSONDecodeError, loads

    if entry.file_size > LARGEST_FILE:
        size = f"{entry.file_size:,} of {LARGEST_FILE:,} bytes"
        yield f"has a {entry.filename} that is too large ({size}). Shorten it."
        return
    try:
        data = archive.read(entry).removeprefix(BOM_UTF8)
    except Exception:  # a crafted file raises whatever the parts of zipfile raise
        yield f"has a {entry.filename} that cannot be unpacked. Build the package again."
        return
    if data.startswith(BOM_UTF8):
        yield f"has a {entry.filename} that begins with two byte order marks. Save it without one."
        return
    try:
        text = _STRING_OR_COMMENT.sub(_without_comment, data.decode())
        # Numbers stay text: their values do not matter, and a huge one would take long.
        found = loads(text, parse_int=str, parse_float=str, parse_constant=_no_constant)
        if not isinstance(found, dict):
            yield f"has a {entry.filename} that is not a JSON object. Expected {{ … }} around it all."
    except JSONDecodeError as error:
        yield f"has invalid JSON in {entry.filename}, {_place_of(error)}. Fix it."
    except UnicodeDecodeError:
        yield f"has a {entry.filename} that is not UTF-8 text. Save it as UTF-8."
    except RecursionError:
        yield f"has a {entry.filename} with brackets nested too deeply. Fix it."
    except ValueError as error:
        yield f"has invalid JSON in {entry.filename} ({error}). Fix it."


def _place_of(error: "JSONDecodeError") -> str:
    """Where and why, worded as Python 3.13 does: earlier ones blame what follows a trailing comma."""
    at, why = error.pos, error.msg.partition(" enclosed")[0].partition(" before end")[0]
    before = error.doc[:at].rstrip()
    if before.endswith(",") and error.doc[at : at + 1] in ("}", "]"):
        at, why = len(before) - 1, "illegal trailing comma"
    line, column = error.doc.count("\n", 0, at) + 1, at - error.doc.rfind("\n", 0, at)
    return f"line {line}, column {column} ({why[0].lower()}{why[1:]})"


def _without_comment(found: re.Match[str]) -> str:
    """Replace a comment, which the portal accepts, with spaces, so that positions stay the same."""
    part = found[0]
    if part.startswith('"') or (part.startswith("/*") and not part.endswith("*/")):
        return part
    return re.sub(r"[^\n]", " ", part)


def _no_constant(name: str) -> None:
    raise ValueError(f"it holds {name}")
