"""Drafts: a file is written under another name, gets its mode, and is then renamed.

Everything here raises ``OSError``.
"""

import errno
import os
import re
import stat
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

from state.storage.modes import ENGINE, engine_of, fit, no_more_open

DRAFTS = "tmp"
"""The directory for drafts, in the engine's own."""

_DRAFT = re.compile(r"([1-9][0-9]*)-[0-9]+")
_numbers = count()

# Another file system, a directory that belongs to others, is read-only or is being cleared.
_NOT_FROM_THERE = (errno.EXDEV, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR)


def dress_new(descriptor: int, mode: int | None, source: os.stat_result | None) -> None:
    """Give a person's new file its mode; that of the umask by default."""
    made = os.fstat(descriptor)
    if source:
        mode = no_more_open(stat.S_IMODE(made.st_mode), made.st_gid, source)
    if mode is not None:
        os.fchmod(descriptor, mode)


def dress_like(descriptor: int, found: os.stat_result) -> None:
    """Give a file the group and the mode of the one that it replaces."""
    if os.fstat(descriptor).st_gid != found.st_gid:
        os.fchown(descriptor, -1, found.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(found.st_mode))


def replace_whole(
    target: Path, data: bytes, engine: Path | None, dress: Callable[[int], None]
) -> None:
    """Write a draft of a file, then give it the file's name."""
    # Few characters, as each may take four of the 255 bytes of a name.
    beside = target.with_name(f".{target.name[:50]}.{os.getpid()}.tmp")
    if engine:
        try:
            make_folder(engine / DRAFTS)
            _put(engine / DRAFTS / f"{os.getpid()}-{next(_numbers)}", data, target, dress)
        except OSError as error:
            if error.errno not in _NOT_FROM_THERE:
                raise
        else:
            return
    _put(beside, data, target, dress)


def _put(draft: Path, data: bytes, target: Path, dress: Callable[[int], None]) -> None:
    try:
        draft.unlink(missing_ok=True)
        with draft.open("xb") as file:
            dress(file.fileno())
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise
    sync_directory(target.parent)


def engine_over(target: Path) -> Path | None:
    """The ``.vitrina`` of the working directory that a file lies in, None where there is none.

    Drafts are written there and not beside the file, so that those of a killed process lie apart from
    people's files and can be removed.
    """
    for folder in target.parents:
        engine = folder if folder.name == ENGINE else folder / ENGINE
        with suppress(OSError):
            # Where everyone may create directories, one by that name may be a stranger's.
            found, owner = engine.stat(), folder.stat()
            is_open = owner.st_mode & stat.S_IWOTH
            if not is_open or found.st_uid in (os.geteuid(), owner.st_uid):
                return engine
    return None


def is_left_behind(draft: Path) -> bool:
    """Whether a draft belongs to a process that has ended."""
    process = _DRAFT.fullmatch(draft.name)
    return process is not None and not _is_running(int(process[1]))


def _is_running(process: int) -> bool:
    try:
        # A process that may not be signalled is running.
        with suppress(PermissionError):
            os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    return True


def make_folder(path: Path) -> None:
    """Make a directory with its parents; the engine's own are as open as the working directory."""
    if path.is_dir():
        return
    make_folder(path.parent)
    path.mkdir(exist_ok=True)
    if engine := engine_of(path):
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            fit(descriptor, engine.parent.stat())
        finally:
            os.close(descriptor)


def sync_directory(path: Path) -> None:
    """Make the entries of a directory durable, where its file system supports that."""
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
