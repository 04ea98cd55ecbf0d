"""Reading and writing plain files with care: bounded, never following a pipe, all or nothing."""

import os
import stat
from contextlib import suppress
from hashlib import sha256
from pathlib import Path


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
        raise FileTrouble(f"{path.name} cannot be read: {_why(error)}.") from error
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise FileTrouble(f"{path.name} is not a plain file.")
        if found.st_size > limit:
            size, most = found.st_size / 1e6, limit / 1e6
            raise FileTrouble(f"{path.name} has {size:,.1f} MB; at most {most:,.1f} MB are read.")
        try:
            return file.read(limit + 1)
        except OSError as error:
            raise FileTrouble(f"{path.name} cannot be read: {_why(error)}.") from error


def write_whole(path: Path, data: bytes, *, mode: int | None = None) -> None:
    """Write a file so that it holds either its old bytes or all of the new ones.

    Args:
        path: The file; where it is a link, the file that the link names is written.
        data: The bytes.
        mode: The permissions of a new file; an old one keeps its own.

    Raises:
        FileTrouble: It cannot be written. Nothing half-written stays.
    """
    target = path.resolve()
    draft = target.with_name(f".{target.name[:200]}.{os.getpid()}.tmp")
    try:
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
    """Make the entries of a directory last."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def digest_of(data: bytes) -> str:
    """The SHA-256 of bytes, as hex digits."""
    return sha256(data).hexdigest()


def _why(error: OSError | ValueError) -> str:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return reason[0].lower() + reason[1:] if reason else "unknown reason"
