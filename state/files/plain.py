"""Reading and writing plain files with care: bounded, never following a pipe, all or nothing."""

import errno
import os
import stat
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from state.text import quoted


class FileTrouble(Exception):
    """A file that cannot be read or written. The message names it and says why."""


def read_plain(path: Path, limit: int) -> bytes:
    """The bytes of a plain file.

    Args:
        path: The file; a link is followed.
        limit: The most bytes that are accepted.

    Returns:
        The bytes.

    Raises:
        FileNotFoundError: There is no such file.
        FileTrouble: It is no plain file, cannot be read, or is longer than the limit.
    """
    try:
        # Without waiting: opening a pipe that nobody writes to would never come back.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        raise FileTrouble(f"{quoted(path.name)} cannot be read: {_why(error)}.") from error
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode):
        os.close(descriptor)
        raise FileTrouble(f"{quoted(path.name)} is not a plain file.")
    with os.fdopen(descriptor, "rb") as file:
        if found.st_size > limit:
            size, most = found.st_size / 1e6, limit / 1e6
            raise FileTrouble(
                f"{quoted(path.name)} has {size:,.1f} MB; at most {most:,.1f} MB are read."
            )
        try:
            return file.read(limit + 1)
        except OSError as error:
            raise FileTrouble(f"{quoted(path.name)} cannot be read: {_why(error)}.") from error


def write_whole(path: Path, data: bytes, *, mode: int | None = None) -> None:
    """Write a file so that it holds either its old bytes or all of the new ones.

    Args:
        path: The file; where it is a link, the file that the link names is written.
        data: The bytes.
        mode: The permissions of a new file; an old one keeps its own.

    Raises:
        FileTrouble: It cannot be written. Nothing half-written stays.
    """
    target = Path(os.path.realpath(path))
    # Few characters, because each may take four of the 255 bytes that a name can have.
    draft = target.with_name(f".{target.name[:50]}.{os.getpid()}.tmp")
    try:
        draft.unlink(missing_ok=True)
        with draft.open("xb") as file:
            file.write(data)
            if target.exists():
                os.fchmod(file.fileno(), stat.S_IMODE(target.stat().st_mode))
            elif mode is not None:
                os.fchmod(file.fileno(), mode)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
        sync_directory(target.parent)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise FileTrouble(f"{path} cannot be written: {_why(error)}.") from error


def make_directory(path: Path) -> None:
    """Make a directory with its parents, where it is not there yet.

    Raises:
        FileTrouble: It cannot be made.
    """
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileTrouble(f"{path} cannot be made: {_why(error)}.") from error


def sync_directory(path: Path) -> None:
    """Make the entries of a directory last, where its file system can."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC:
            raise


_CANNOT_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EACCES)


def digest_of(data: bytes) -> str:
    """The SHA-256 of bytes, as hex digits."""
    return sha256(data).hexdigest()


def time_of(seconds: float) -> datetime:
    """The time of a file in UTC; one that no calendar has becomes the nearest that it has."""
    return datetime.fromtimestamp(min(max(seconds, 0.0), _LAST_SECOND), UTC)


_LAST_SECOND = 253402300799.0


def _why(error: OSError | ValueError) -> str:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return reason[0].lower() + reason[1:] if reason else "unknown reason"
