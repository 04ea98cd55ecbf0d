"""What a topology's package holds: a zip file with two JSON files at its root."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from state.text import quoted

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

LARGEST_PACKAGE = 64 * 1024 * 1024
"""The most bytes of a package."""

MOST_ENTRIES = 10_000
"""The most entries of a package: a few megabytes can list a million."""

LARGEST_FILE = 10_000_000
"""The most bytes of one of the two files, unpacked."""

ROOT_FILES = ("mainTemplate.json", "createUiDefinition.json")
"""What the marketplace looks for at the root of a package."""

_ENCRYPTED = 0x1
_CLIMBS = re.compile(r"(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:")


def faults_of(data: bytes) -> tuple[str, ...]:
    """Look into a package.

    Args:
        data: The file's bytes.

    Returns:
        What is wrong with it, each as what follows the package's name.
    """
    from io import BytesIO
    from zipfile import ZipFile

    if not data:
        return ("is empty: build the package again.",)
    if _entries(data) > MOST_ENTRIES:
        return (f"has more than {MOST_ENTRIES:,} entries: leave out what is not deployed.",)
    try:
        with ZipFile(BytesIO(data)) as archive:
            return tuple(_faults(archive))
    except Exception:  # a crafted file raises whatever the parts of zipfile raise
        return ("is not a zip file that can be read: build the package again.",)


def _entries(data: bytes) -> int:
    """How many entries the directory at the end of a zip file lists, counted just past the limit.

    The number that the file itself gives may be wrong, and zipfile makes an object of each entry
    before it can be asked. The directory is looked for where zipfile will look for it.
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
            "package: pack it from inside its folder."
        )
    locked = [entry.filename for entry in entries if entry.flag_bits & _ENCRYPTED]
    if locked:
        yield (
            f"is encrypted (entry {quoted(locked[0], 30)}{_more(locked)}): pack it without a "
            "password."
        )
    names = {entry.filename for entry in entries}
    missing = [name for name in ROOT_FILES if name not in names]
    if missing:
        yield _missing(missing, names)
    for name in ROOT_FILES:
        if name in names and not (entry := archive.getinfo(name)).flag_bits & _ENCRYPTED:
            yield from _json_fault(archive, entry)


def _more(entries: list[str]) -> str:
    return f" and {len(entries) - 1:,} more" if len(entries) > 1 else ""


def _missing(missing: list[str], names: set[str]) -> str:
    """Which of the two files is not at the root, and where it is instead, if anywhere."""
    wanted = missing[0].lower()
    elsewhere = sorted(each for each in names if each.lower().rpartition("/")[2] == wanted)
    lacks = f"lacks {' and '.join(missing)} at its root"
    if not elsewhere:
        return f"{lacks}: add {'it' if len(missing) == 1 else 'them'}."
    remedy = "zip what is inside" if "/" in elsewhere[0] else "mind the capitals"
    return f"{lacks} (there is {quoted(elsewhere[0], 22)}): {remedy}."


def _json_fault(archive: "ZipFile", entry: "ZipInfo") -> Iterator[str]:
    from codecs import BOM_UTF8
    from json import JSONDecodeError, loads

    if entry.file_size > LARGEST_FILE:
        size = f"{entry.file_size:,} of {LARGEST_FILE:,} bytes"
        yield f"has a {entry.filename} that is too large, {size}: shorten it."
        return
    try:
        data = archive.read(entry)
    except Exception:  # a crafted file raises whatever the parts of zipfile raise
        yield f"has a {entry.filename} that cannot be unpacked: build the package again."
        return
    if data.startswith(BOM_UTF8):
        yield f"has a {entry.filename} that begins with a byte order mark: save it as plain UTF-8."
        return
    try:
        # Numbers stay text: they are of no interest here, and a huge one would take its time.
        loads(data.decode(), parse_int=str, parse_float=str, parse_constant=_no_constant)
    except JSONDecodeError as error:
        where = f"{entry.filename}, line {error.lineno}, column {error.colno}"
        why = error.msg.partition(" enclosed")[0][:36]
        yield f"has no valid JSON in {where} ({why[0].lower()}{why[1:]}): mend it."
    except UnicodeDecodeError:
        yield f"has a {entry.filename} that is not UTF-8 text: save it as UTF-8."
    except RecursionError:
        yield f"has a {entry.filename} whose brackets are nested too deeply: mend it."
    except ValueError as error:
        yield f"has no valid JSON in {entry.filename} ({error}): mend it."


def _no_constant(name: str) -> None:
    raise ValueError(f"it holds {name}")
