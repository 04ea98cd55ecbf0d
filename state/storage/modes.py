"""Modes and groups of the engine's own files: never more open than the working directory.

They come from the working directory, whatever the umask, so that everyone who shares the directory
can continue the work of others.
"""

import grp
import os
import re
import shlex
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from state.domain.environment import account_name

ENGINE = ".vitrina"
"""The name of the engine's own directory within a working directory."""

_KEPT = re.compile(r'"([^"\\]+)": ?"([0-9a-f]{64})"')


def engine_of(path: Path) -> Path | None:
    """The ``.vitrina`` that a path is or lies in, None where it lies in none."""
    return next((each for each in (path, *path.parents) if each.name == ENGINE), None)


def fit(descriptor: int, folder: os.stat_result, source: os.stat_result | None = None) -> None:
    """Give a file or directory of the engine's own the working directory's mode and group.

    One that belongs to another account, or has a second name, is left alone. Who cannot read the
    ``source`` of a copy cannot read the copy.
    """
    found = os.fstat(descriptor)
    if not _is_own(found):
        return
    # What root makes must not lock out those whose directory it is.
    owner = (source or folder).st_uid if os.geteuid() == 0 else found.st_uid
    if (owner, folder.st_gid) != (found.st_uid, found.st_gid):
        # A group that this account is not in is left alone.
        with suppress(PermissionError):
            os.fchown(descriptor, owner, folder.st_gid)
        found = os.fstat(descriptor)
    mode = _mode(found, folder)
    if source is not None:
        mode = no_more_open(mode, found.st_gid, source)
    if mode != stat.S_IMODE(found.st_mode):
        with suppress(PermissionError):
            os.fchmod(descriptor, mode)


def no_more_open(mode: int, group: int, source: os.stat_result) -> int:
    """A copy's mode without anything for group or others where the original gives them nothing."""
    given = source.st_mode if group == source.st_gid else _group_as_others(source.st_mode)
    for everything, reading in ((stat.S_IRWXG, stat.S_IRGRP), (stat.S_IRWXO, stat.S_IROTH)):
        if not given & reading:
            mode &= ~everything
    return mode


def fit_all(engine: Path, folder: os.stat_result) -> None:
    """Fit everything in ``.vitrina`` that this account owns, where its top level is not fit.

    Copies of definitions and assets become as open as those are.
    """
    if not any(_is_unfit(path.lstat(), folder) for path in (engine, *engine.iterdir())):
        return
    sources = dict(_sources(engine))
    for path in (engine, *_below(engine)):
        source = sources.get(path.name)
        is_copy = path.parent == engine / "blobs" or _is_copy_in_trash(path, engine)
        if source is None and is_copy:
            continue
        _fit_at(path, folder, source)


def fit_again(path: Path, source: os.stat_result) -> None:
    """Open a copy, in a directory of the engine's own, to those who can now read its original."""
    found, folder = path.lstat(), path.parent.parent.parent.stat()
    if _is_own(found) and no_more_open(_mode(found, folder), found.st_gid, source) & ~found.st_mode:
        _fit_at(path, folder, source)


def stays_apart(engine: Path, folder: os.stat_result) -> bool:
    """Whether this account cannot give what it makes to the working directory's group."""
    if folder.st_mode == _group_as_others(folder.st_mode):
        return False
    found = engine.stat()
    gets_it = found.st_mode & stat.S_ISGID or is_member(folder.st_gid)
    return found.st_gid != folder.st_gid or not gets_it


def is_member(group: int) -> bool:
    """Whether this account may give its files to a group."""
    return os.geteuid() == 0 or group in (os.getegid(), *os.getgroups())


def way_in(path: Path) -> str:
    """Who can give this account write access, and with which command, as a sentence."""
    engine = engine_of(path)
    # Whoever may write in the working directory need not write above it.
    outermost = engine.parent if engine else path.parent
    inside = [each for each in (path, *path.parents) if outermost in (each, *each.parents)]
    there = [each for each in inside if os.path.lexists(each)] or [outermost]
    closed = next((each for each in there if not os.access(each, os.W_OK)), there[0])
    found = closed.lstat()
    folder = engine.parent.stat() if engine else found
    commands = []
    if closed != engine and engine_of(closed) is None:
        commands.append(f"chmod g+{'rwx' if closed.is_dir() else 'rw'} {_in_shell(closed)}")
    elif engine and not folder.st_mode & stat.S_IWGRP:
        commands.append(f"chmod g+rwx {_in_shell(engine.parent)}")
    if engine and os.path.lexists(engine):
        if engine.stat().st_gid != folder.st_gid:
            commands.append(f"chgrp -R {group_name(folder.st_gid)} {_in_shell(engine)}")
        commands.append(f"chmod -R g+rwX {_in_shell(engine)}")
    group = group_name(folder.st_gid)
    also = (
        "" if is_member(folder.st_gid) else f". This account has to join the group {group} as well."
    )
    owner = account_name(found.st_uid)
    return f"It belongs to {owner}, who opens it with: {' && '.join(commands)}{also}"


def _in_shell(path: Path) -> str:
    return shlex.quote(str(path))


def group_name(group: int) -> str:
    """The name of a group, its number where it has none."""
    try:
        return grp.getgrgid(group).gr_name
    except (KeyError, OverflowError):
        return str(group)


def _fit_at(path: Path, folder: os.stat_result, source: os.stat_result | None) -> None:
    with suppress(OSError):
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(path, flags)
        try:
            fit(descriptor, folder, source)
        finally:
            os.close(descriptor)


def _is_own(found: os.stat_result) -> bool:
    """Whether a file or directory belongs to this account and has no second name."""
    return found.st_uid == os.geteuid() and (found.st_nlink == 1 or stat.S_ISDIR(found.st_mode))


def _is_unfit(found: os.stat_result, folder: os.stat_result) -> bool:
    return _is_own(found) and stat.S_IMODE(found.st_mode) != _mode(found, folder)


def _mode(found: os.stat_result, folder: os.stat_result) -> int:
    mode = stat.S_IMODE(folder.st_mode) & ~stat.S_IWOTH
    if found.st_gid != folder.st_gid:
        mode = _group_as_others(mode)
    if stat.S_ISDIR(found.st_mode):
        return mode & (0o777 | stat.S_ISGID) | 0o700
    return mode & 0o666 | 0o600


def _group_as_others(mode: int) -> int:
    """A mode in which the group has the rights of others."""
    return mode & ~stat.S_IRWXG | (mode & stat.S_IRWXO) << 3


def _below(engine: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(engine):
        yield from (Path(folder, name) for name in (*folders, *files))


def _is_copy_in_trash(path: Path, engine: Path) -> bool:
    """Whether a path is a file that was discarded: its mode is that of the original."""
    inside = path.relative_to(engine).parts
    is_file = inside[3:4] == ("definition.toml",) or (inside[3:4] == ("assets",) and path.is_file())
    return inside[:1] == ("trash",) and is_file


def _sources(engine: Path) -> Iterator[tuple[str, os.stat_result]]:
    """The originals of the kept bytes, by the names of the copies, from the histories."""
    for history in engine.glob("history/*.jsonl"):
        with suppress(OSError):
            definition = (engine.parent / f"{history.stem}.toml").stat()
            for path, digest in _KEPT.findall(history.read_text(errors="replace")):
                yield digest, definition
                with suppress(OSError):
                    yield digest, (engine.parent / path).stat()
