"""The lock of a working directory, with the name of its holder in it."""

import errno
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from state.domain.errors import LockHeld, StorageError
from state.domain.safe_text import clean
from state.storage.atomic import read_plain, unwritable
from state.storage.modes import fit

_NO_LOCKS = (errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EIO, errno.EINVAL)


@contextmanager
def holding(path: Path, account: str, seconds: float) -> Iterator[None]:
    """Hold the lock in a file of ``.vitrina``; LockHeld where another holder still has it."""
    from filelock import FileLock, Timeout

    # The library's soft locks do not keep two programs from writing at once.
    lock = FileLock(path, fallback_to_soft=False)
    try:
        _make(path)
        lock.acquire(timeout=seconds)
    except Timeout:
        raise LockHeld(f"{path} is held by {_holder(path)}. Try again.") from None
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise StorageError(unwritable(path, error)) from error
        raise StorageError(
            f"{path} cannot be locked: {error.strerror}. A file system without locks is read-only "
            "for vitrina. Move the directory to one that has them."
        ) from error
    try:
        with _named(path, account):
            yield
    finally:
        # The lock ends with the process at the latest.
        with suppress(OSError):
            lock.release()


@contextmanager
def _named(path: Path, account: str) -> Iterator[None]:
    """Write the holder's name into the lock, for those who wait."""
    with suppress(OSError):
        path.write_text(json.dumps({"account": account, "process": os.getpid()}) + "\n")
    try:
        yield
    finally:
        with suppress(OSError):
            os.truncate(path, 0)


def _make(path: Path) -> None:
    """Create the file, for everyone who may act on the directory."""
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    try:
        fit(descriptor, path.parent.parent.stat())
    finally:
        os.close(descriptor)


def _holder(path: Path) -> str:
    """Who holds a lock and since when, as far as the file says so."""
    with suppress(OSError, StorageError, ValueError, KeyError, TypeError):
        said = json.loads(read_plain(path, 1000))
        since = datetime.fromtimestamp(path.stat().st_mtime).astimezone()
        account, process = clean(str(said["account"])), int(said["process"])
        return f"{account}, process {process}, since {since:%-d %b %H:%M:%S %Z}"
    return "another program"
