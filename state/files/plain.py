"""Reading and writing plain files with care: bounded, never following a pipe, all or nothing."""

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from io import FileIO
from itertools import count
from pathlib import Path

from state.text import quoted

ENGINE = ".vitrina"
"""The name of the engine's own directory within a working directory."""

LARGEST_MOVED = 1 << 30
"""The most bytes of a definition that goes to the trash or is replaced, readable or not."""

LARGEST_KEPT = 64 << 20
"""The most bytes of a history, and of one content that is kept."""

_DRAFTS = "tmp"
_DRAFT = re.compile(r"([1-9][0-9]*)-[0-9]+")
_numbers = count()

# Another file system, another's directory, one that cannot be written, one that is cleared just now.
_NOT_FROM_THERE = (errno.EXDEV, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR)


class FileTrouble(Exception):
    """A file that cannot be read or written. The message names it and says why."""


class LockHeld(FileTrouble):
    """Another program is acting on the directory: the same may go well a moment later."""


def read_plain(path: Path, limit: int) -> bytes:
    """The bytes of a plain file.

    Args:
        path: The file; a link is followed.
        limit: The most bytes that are accepted.

    Returns:
        The bytes.

    Raises:
        FileNotFoundError: There is no such file, and no link either.
        FileTrouble: It is no plain file, cannot be read, is longer than the limit, or is a link
            that leads nowhere.
    """
    name = _name_of(path)
    try:
        # Without waiting: opening a pipe that nobody writes to would never come back.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError) as error:
        if is_there(path):
            message = (
                f"{name} is a link that leads nowhere: remove it, or put back the file it names."
            )
            raise FileTrouble(message) from error
        raise FileNotFoundError(error.errno, error.strerror, str(path)) from error
    except (OSError, ValueError) as error:
        raise FileTrouble(f"{name} cannot be read: {_why(error)}.") from error
    try:
        with os.fdopen(descriptor, "rb", buffering=0, closefd=False) as file:
            found = os.fstat(descriptor)
            if not stat.S_ISREG(found.st_mode):
                remedy = ": move it away" if ENGINE in path.parts else ""
                raise FileTrouble(f"{name} is not a plain file{remedy}.")
            if found.st_size > limit:
                raise FileTrouble(_too_long(name, found.st_size, limit))
            return _read_all(file, name, found.st_size, limit)
    except OSError as error:
        raise FileTrouble(f"{name} cannot be read: {_why(error)}.") from error
    finally:
        os.close(descriptor)


def _read_all(file: FileIO, name: str, size: int, limit: int) -> bytes:
    """Everything in a file, which may have grown since its size was asked for."""
    pieces, length, wanted = [], 0, size + 1
    while piece := file.read(min(wanted, limit + 1 - length)):
        pieces.append(piece)
        length, wanted = length + len(piece), _PIECE
        if length > limit:
            raise FileTrouble(_too_long(name, length, limit))
    return b"".join(pieces)


_PIECE = 1 << 16


def _too_long(name: str, size: int, limit: int) -> str:
    return f"{name} has {size / 1e6:,.1f} MB; at most {limit / 1e6:,.1f} MB are read."


def _name_of(path: Path) -> str:
    """A file as messages name it: one of the engine's own by its place, others by their name."""
    if ENGINE not in path.parts:
        return quoted(path.name)
    return quoted("/".join(path.parts[path.parts.index(ENGINE) :]), 120)


def is_there(path: Path) -> bool:
    """Whether anything is at a path, a link that leads nowhere included.

    Raises:
        FileTrouble: That cannot be told, which is not the same as no.
    """
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError) as error:
        raise FileTrouble(f"{_name_of(path)} cannot be looked at: {_why(error)}.") from error
    return True


def names_in(folder: Path) -> list[str]:
    """The names in a directory; none where there is no such directory.

    Raises:
        FileTrouble: It cannot be read.
    """
    try:
        return [each.name for each in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise FileTrouble(f"{_name_of(folder)} cannot be read: {_why(error)}.") from error


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
    beside = target.with_name(f".{target.name[:50]}.{os.getpid()}.tmp")
    engine = _engine_over(target)
    there = [engine / _DRAFTS / f"{os.getpid()}-{next(_numbers)}"] if engine else []
    for draft in (*there, beside):
        try:
            _put(data, draft, target, mode)
        except OSError as error:
            if draft is beside or error.errno not in _NOT_FROM_THERE:
                raise FileTrouble(f"{path} cannot be written: {_why(error)}.") from error
        else:
            return


@contextmanager
def all_or_none(*paths: Path) -> Iterator[None]:
    """Write several files: where one of them fails, all get back the bytes that they had.

    Args:
        paths: The files.

    Raises:
        FileTrouble: One cannot be read or written.
    """
    former: dict[Path, bytes | None] = {}
    for path in paths:
        try:
            former[path] = read_plain(path, LARGEST_KEPT)
        except FileNotFoundError:
            former[path] = None
    try:
        yield
    except FileTrouble:
        for path, data in former.items():
            with suppress(FileTrouble, OSError):
                if data is None:
                    path.unlink(missing_ok=True)
                else:
                    write_whole(path, data)
        raise


def clear_drafts(engine: Path) -> None:
    """Remove what writes left behind whose processes have ended. The caller holds the lock.

    Args:
        engine: The engine's own directory, ``.vitrina``.
    """
    for draft in (engine / _DRAFTS).glob("*"):
        process = _DRAFT.fullmatch(draft.name)
        if process and not _is_running(int(process[1])):
            with suppress(OSError):
                draft.unlink()


def _put(data: bytes, draft: Path, target: Path, mode: int | None) -> None:
    """Write a draft of a file, then give it the file's name."""
    if draft.parent != target.parent:
        draft.parent.mkdir(exist_ok=True)
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
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise
    sync_directory(target.parent)


def _engine_over(target: Path) -> Path | None:
    """The ``.vitrina`` of the working directory that a file lies in, None where there is none.

    Drafts are written there and not beside the file, so that those which a killed process leaves
    behind lie where no person's file does, and can be cleared.
    """
    for folder in target.parents:
        engine = folder if folder.name == ENGINE else folder / ENGINE
        with suppress(OSError):
            # Where everybody may make a directory, one by that name may be a stranger's.
            if engine.stat().st_uid in (os.geteuid(), folder.stat().st_uid):
                return engine
    return None


def _is_running(process: int) -> bool:
    try:
        # One that may not be signalled is running all the same.
        with suppress(PermissionError):
            os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    return True


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
