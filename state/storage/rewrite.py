"""Rewriting a file in place, where a new file would lose something that the old one has.

A file of another account, with a second name, an access list or attributes keeps those only if it is
overwritten. A record holds the old and the new bytes meanwhile: readers see the old ones until all of
the new ones are written, and the next action restores them after an interruption.
"""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

from state.storage.modes import is_member

_NAME = "rewriting-"
_LABEL = "security.selinux"


class Record(NamedTuple):
    """The record of a file that is being rewritten: its path in the working directory, and its bytes."""

    path: str
    old: bytes
    new: bytes

    def packed(self) -> bytes:
        head = {"path": self.path, "old": len(self.old), "new": len(self.new)}
        return b"\n".join((json.dumps(head).encode(), self.old + self.new))

    def settled(self, found: bytes) -> bytes:
        """The file's contents: the old bytes where only a part of the new ones is written."""
        pairs = enumerate(zip(found, self.new, strict=False))
        same = next((at for at, (a, b) in pairs if a != b), min(len(found), len(self.new)))
        return self.old if found != self.new and found[same:] == self.old[same:] else found


def has_more_than_bytes(path: Path, found: os.stat_result) -> bool:
    """Whether a new file would lose its owner, group, second name or attributes."""
    if found.st_uid != os.geteuid() or not is_member(found.st_gid) or found.st_nlink > 1:
        return True
    with suppress(OSError, AttributeError):
        return any(name != _LABEL for name in os.listxattr(path))
    return False


def opened(path: Path) -> BinaryIO:
    """Open a file, not a link, to read and to overwrite."""
    flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags), "rb")


def record_path(found: os.stat_result, drafts: Path) -> Path:
    """The path of a file's record, independent of its name."""
    return drafts / f"{_NAME}{found.st_ino}"


def parse_record(raw: bytes) -> Record | None:
    """A record from its file's bytes, None where they are malformed."""
    head, _, both = raw.partition(b"\n")
    with suppress(ValueError, KeyError, TypeError, RecursionError):
        said = json.loads(head)
        inside, old, new = str(said["path"]), int(said["old"]), int(said["new"])
        if len(both) == old + new:
            return Record(inside, both[:old], both[old:])
    return None


def overwrite(descriptor: int, record: Record) -> None:
    """Give an open file its new bytes; after an OSError it has the old ones, if possible."""
    try:
        _write(descriptor, record.new)
    except OSError:
        _write(descriptor, record.old)
        raise


def put_back(path: Path, record: Record, kept: Path) -> None:
    """Restore a file's old bytes after an interruption, unless it was written since.

    The caller holds the lock. ``kept`` is the path of the record.
    """
    with suppress(FileNotFoundError), opened(path) as file:
        descriptor = file.fileno()
        is_same = record_path(os.fstat(descriptor), kept.parent) == kept
        if is_same and record.settled(file.read()) == record.old:
            _write(descriptor, record.old)


def _write(descriptor: int, data: bytes) -> None:
    """Overwrite the bytes of a file, then truncate it."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    os.ftruncate(descriptor, len(data))
    os.fsync(descriptor)
