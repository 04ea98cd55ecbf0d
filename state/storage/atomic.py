"""Atomic writes, and bounded reads that never wait for a pipe."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from io import FileIO
from itertools import dropwhile
from pathlib import Path

from state.domain.errors import AccessDenied, StorageError, UnfitFile
from state.domain.safe_text import quoted
from state.storage.drafts import (
    DRAFTS,
    dress_like,
    dress_new,
    engine_over,
    is_left_behind,
    make_folder,
    replace_whole,
)
from state.storage.drafts import sync_directory as sync_directory
from state.storage.modes import ENGINE as ENGINE
from state.storage.modes import fit, way_in
from state.storage.rewrite import (
    Record,
    has_more_than_bytes,
    opened,
    overwrite,
    parse_record,
    put_back,
    record_path,
)

LARGEST_MOVED = 1 << 30
"""The most bytes of a definition that is discarded or replaced."""

LARGEST_KEPT = 64 << 20
"""The most bytes of a history, and of one content that is kept."""


def read_plain(path: Path, limit: int, name: str | None = None) -> bytes:
    """The bytes of a plain file; a link is followed.

    Raises:
        FileNotFoundError: There is no such file, and no link either.
        UnfitFile: It is not a plain file, is longer than the limit, or is a broken or circular link.
    """
    name = name or _name_of(path)
    try:
        # Opening a pipe without a writer would block for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError) as error:
        if is_there(path):
            message = f"{name} is a broken link. Remove it, or restore the file it names."
            raise UnfitFile(message) from error
        raise FileNotFoundError(error.errno, error.strerror, str(path)) from error
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno == errno.ELOOP:
            message = f"{name} is a link to itself. Replace it with a file."
            raise UnfitFile(message) from error
        raise _unreadable(path, error, name) from error
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            remedy = " Move it away." if ENGINE in path.parts else ""
            raise UnfitFile(f"{name} is not a plain file.{remedy}")
        if found.st_size > limit:
            raise UnfitFile(_too_long(name, found.st_size, limit))
        with os.fdopen(descriptor, "rb", buffering=0, closefd=False) as file:
            return _settled(path, found, _read_all(file, name, found.st_size, limit))
    except OSError as error:
        raise StorageError(f"{name} cannot be read: {_why(error)}.") from error
    finally:
        os.close(descriptor)


def check_missing(path: Path, limit: int) -> None:
    """Check that a file is still missing or unfit; a StorageError where it can be read now."""
    with suppress(FileNotFoundError, UnfitFile):
        read_plain(path, limit)
        raise StorageError(f"{_name_of(path)} changed while it was read. Try again.")


def _read_all(file: FileIO, name: str, size: int, limit: int) -> bytes:
    """Read a file that may have grown since its size was asked for."""
    pieces, length, wanted = [], 0, size + 1
    while piece := file.read(min(wanted, limit + 1 - length)):
        pieces.append(piece)
        length, wanted = length + len(piece), _PIECE
        if length > limit:
            raise UnfitFile(_too_long(name, length, limit))
    return b"".join(pieces)


def _settled(path: Path, found: os.stat_result, data: bytes) -> bytes:
    """The contents of a file that may be in the middle of a rewrite."""
    engine = engine_over(path)
    # Who may not read the record takes the bytes as they are.
    with suppress(AccessDenied):
        record = _record_at(record_path(found, engine / DRAFTS)) if engine else None
        return record.settled(data) if record else data
    return data


def _record_at(path: Path) -> Record | None:
    with suppress(FileNotFoundError, UnfitFile):
        return parse_record(read_plain(path, 2 * LARGEST_KEPT))
    return None


_PIECE = 1 << 16


def _too_long(name: str, size: int, limit: int) -> str:
    return f"{name} has {size / 1e6:,.1f} MB. Expected at most {limit / 1e6:,.1f} MB."


def _name_of(path: Path) -> str:
    """A file's name in messages; those of the engine's own include their directory."""
    if ENGINE not in path.parts:
        return quoted(path.name)
    return quoted("/".join(path.parts[path.parts.index(ENGINE) :]), 120)


def _unreadable(path: Path, error: OSError | ValueError, name: str | None = None) -> StorageError:
    name = name or _name_of(path)
    if isinstance(error, PermissionError):
        # Imported late, as it is rarely needed.
        from state.storage.closed import who_opens

        return AccessDenied(f"{name} may not be read by this account. {who_opens(path)}")
    return StorageError(f"{name} cannot be read: {_why(error)}.")


def is_there(path: Path) -> bool:
    """Whether there is anything at a path, even a broken link."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    return True


def link_at(path: Path) -> str | None:
    """The target of a link, None where there is no link."""
    try:
        return str(path.readlink())
    except OSError as error:
        if error.errno in (errno.EINVAL, errno.ENOENT, errno.ENOTDIR):
            return None
        raise _unreadable(path, error) from error


def check_directory(path: Path) -> None:
    """Check that a path is a directory or missing."""
    with suppress(OSError):
        if os.path.lexists(path) and not path.is_dir():
            raise StorageError(
                f"{path} is not a directory. Move it away, and restore the directory from a backup "
                "if you have one."
            )


def names_in(folder: Path) -> list[str]:
    """The names in a directory; none where there is no such directory."""
    try:
        return [each.name for each in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise _unreadable(folder, error) from error


def write_atomic(
    path: Path,
    data: bytes,
    *,
    mode: int | None = None,
    source: os.stat_result | None = None,
) -> None:
    """Write a file so that it holds either its old bytes or all of the new ones.

    Args:
        path: The file; a link is followed.
        data: The bytes.
        mode: The permissions of a new file; an old one keeps its own. Left out, they come from the
            umask, for the engine's own files from the working directory.
        source: The original of a new copy, which is never more open than that.
    """
    target = Path(os.path.realpath(path))
    engine = engine_over(target)
    try:
        found = status_of(target)
        if mode is None and engine and engine in target.parents:
            dress = partial(fit, folder=engine.parent.stat(), source=source)
        elif found is None:
            dress = partial(dress_new, mode=mode, source=source)
        elif has_more_than_bytes(target, found):
            _rewrite(target, data, engine)
            return
        else:
            dress = partial(dress_like, found=found)
        replace_whole(target, data, engine, dress)
    except OSError as error:
        raise StorageError(unwritable(path, error)) from error


@contextmanager
def restore_on_error(*paths: Path) -> Iterator[None]:
    """Give files back the bytes that they had, where what follows fails.

    Raises:
        StorageError: The message names those that could not be restored.
    """
    former: dict[Path, bytes | None] = {}
    for path in paths:
        try:
            former[path] = read_plain(path, LARGEST_KEPT)
        except FileNotFoundError:
            former[path] = None
    try:
        yield
    except Exception as error:
        left = [*dropwhile(lambda each: _put_back(*each), former.items())]
        if not left:
            raise
        names = ", ".join(_name_of(path) for path, _ in left)
        raise StorageError(f"{error} Check {names}, which could not be restored.") from error


def _put_back(path: Path, data: bytes | None) -> bool:
    """Give a file back its bytes; whether that worked."""
    with suppress(StorageError, OSError):
        if data is None:
            path.unlink(missing_ok=True)
        else:
            write_atomic(path, data)
    with suppress(FileNotFoundError, StorageError):
        return read_plain(path, LARGEST_KEPT) == data
    return data is None


def clear_drafts(engine: Path) -> None:
    """Clean up after writes whose processes have ended. The caller holds the lock."""
    for draft in (engine / DRAFTS).glob("*"):
        if is_left_behind(draft):
            with suppress(OSError):
                draft.unlink()
    for kept in (engine / DRAFTS).glob("rewriting-*"):
        with suppress(OSError, StorageError):
            if record := _record_at(kept):
                path = Path(os.path.realpath(engine.parent / record.path))
                # A forged record must not lead anywhere else.
                if path.is_relative_to(os.path.realpath(engine.parent)):
                    put_back(path, record, kept)
            kept.unlink()


def status_of(path: Path) -> os.stat_result | None:
    """The status of a file, None where there is none."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StorageError(f"{_name_of(path)} cannot be read: {_why(error)}.") from error


def _rewrite(target: Path, data: bytes, engine: Path | None) -> None:
    """Overwrite the bytes of a file; a record keeps the old ones until that is done."""
    with opened(target) as file:
        found = os.fstat(file.fileno())
        record = Record(os.path.relpath(target, engine and engine.parent), file.read(), data)
        kept = record_path(found, engine / DRAFTS) if engine else None
        if kept:
            write_atomic(kept, record.packed(), source=found)
        overwrite(file.fileno(), record)
        if kept:
            # A record that is left behind does no harm.
            with suppress(OSError):
                kept.unlink()


def make_directory(path: Path) -> None:
    """Make a directory with its parents, where it is not there yet."""
    try:
        make_folder(path)
    except OSError as error:
        raise StorageError(unwritable(path, error)) from error


def digest_of(data: bytes) -> str:
    """The SHA-256 of bytes, as hex digits."""
    return sha256(data).hexdigest()


def time_of(seconds: float) -> datetime:
    """The time of a file in UTC, limited to the years of the calendar."""
    return datetime.fromtimestamp(min(max(seconds, 0.0), _LAST_SECOND), UTC)


_LAST_SECOND = 253402300799.0


def unwritable(path: Path, error: OSError) -> str:
    """Why a file or directory cannot be written, with the remedy for permissions."""
    remedy = f" {way_in(path)}" if isinstance(error, PermissionError) else ""
    return f"{path} cannot be written: {_why(error)}.{remedy}"


def _why(error: OSError | ValueError) -> str:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return reason[0].lower() + reason[1:] if reason else "unknown reason"
