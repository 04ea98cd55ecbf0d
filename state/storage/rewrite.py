"""Rewriting a file in place, where another file in its stead would take something away from it.

A file of another account, one with a second name, an access list or attributes keeps all of that
only where its own bytes change. A record holds the old bytes and the new ones meanwhile: whoever
looks sees the old ones until all of the new ones are there, and whoever acts next puts them back.
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
    """What is kept of a file while it is rewritten.

    Attributes:
        path: Its path in the working directory.
        old: The bytes that it had.
        new: The bytes that it gets.
    """

    path: str
    old: bytes
    new: bytes

    def packed(self) -> bytes:
        """The record as a file."""
        head = {"path": self.path, "old": len(self.old), "new": len(self.new)}
        return b"\n".join((json.dumps(head).encode(), self.old + self.new))

    def settled(self, found: bytes) -> bytes:
        """What the file says: the old bytes where a part of the new ones stands over them."""
        pairs = enumerate(zip(found, self.new, strict=False))
        same = next((at for at, (a, b) in pairs if a != b), min(len(found), len(self.new)))
        return self.old if found != self.new and found[same:] == self.old[same:] else found


def has_more_than_bytes(path: Path, found: os.stat_result) -> bool:
    """Whether another file in its place would lack its owner, group, second name or attributes."""
    if found.st_uid != os.geteuid() or not is_member(found.st_gid) or found.st_nlink > 1:
        return True
    with suppress(OSError, AttributeError):
        return any(name != _LABEL for name in os.listxattr(path))
    return False


def opened(path: Path) -> BinaryIO:
    """A file, no link, to read and to overwrite."""
    flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags), "rb")


def record_path(found: os.stat_result, drafts: Path) -> Path:
    """Where the record of a file lies, whatever its name.

    Args:
        found: The file's status.
        drafts: The directory for drafts.
    """
    return drafts / f"{_NAME}{found.st_ino}"


def parse_record(raw: bytes) -> Record | None:
    """A record from its file's bytes, None where they are none."""
    head, _, both = raw.partition(b"\n")
    with suppress(ValueError, KeyError, TypeError, RecursionError):
        said = json.loads(head)
        inside, old, new = str(said["path"]), int(said["old"]), int(said["new"])
        if len(both) == old + new:
            return Record(inside, both[:old], both[old:])
    return None


def overwrite(descriptor: int, record: Record) -> None:
    """Give an open file its new bytes.

    Args:
        descriptor: The file.
        record: The bytes.

    Raises:
        OSError: They cannot be written. The file has the old ones again, where those can be.
    """
    try:
        _write(descriptor, record.new)
    except OSError:
        _write(descriptor, record.old)
        raise


def put_back(path: Path, record: Record, kept: Path) -> None:
    """Give a file back its old bytes where the new ones were cut off. The caller holds the lock.

    Args:
        path: The file. One that somebody has put in its place, or has written since, stays.
        record: The bytes.
        kept: Where the record lies.

    Raises:
        OSError: They cannot be written.
    """
    with suppress(FileNotFoundError), opened(path) as file:
        descriptor = file.fileno()
        is_same = record_path(os.fstat(descriptor), kept.parent) == kept
        if is_same and record.settled(file.read()) == record.old:
            _write(descriptor, record.old)


def _write(descriptor: int, data: bytes) -> None:
    """Write bytes over those of a file, then cut off what is left of them."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
    os.ftruncate(descriptor, len(data))
    os.fsync(descriptor)
