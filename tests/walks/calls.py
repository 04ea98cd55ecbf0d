"""The calls through which a process reads, changes and locks files: each one a point of a walk."""

import builtins
import errno
import fcntl
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, NoReturn
from unittest.mock import patch

CHANGES = (
    "rename", "replace", "link", "symlink", "unlink", "remove", "mkdir", "rmdir", "mkfifo",
    "truncate", "ftruncate", "chmod", "lchmod", "fchmod", "chown", "lchown", "fchown", "utime",
    "write", "writev", "pwrite", "sendfile", "copy_file_range", "fsync", "fdatasync",
    "setxattr", "removexattr",
)  # fmt: skip
READS = ("read", "readv", "pread", "stat", "lstat", "fstat", "scandir", "listdir", "readlink")
LOCKS = ("flock", "lockf")
GROWING = ("write", "writev", "pwrite", "mkdir", "link", "symlink", "open to write", "truncate")
"""The calls that a full disk refuses."""

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Point(NamedTuple):
    """A call of the system that concerns a file of the directory.

    Attributes:
        kind: ``change``, ``read`` or ``lock``.
        call: The call's name.
        path: The file, from the directory on.
    """

    kind: str
    call: str
    path: str


Meet = Callable[[Point, Callable[[], Any] | None], None]
"""Called before each call; with a way of doing half of it, where it is a write."""


@contextmanager
def watched(roots: tuple[Path, ...], meet: Meet) -> Iterator[None]:
    """Meet every call of this process that concerns a file below some directories.

    Args:
        roots: The directories.
        meet: Is told of each call before it is made, and may raise or end the process.
    """
    watch = _Watch([os.path.realpath(root) for root in roots], meet)
    with _patched(watch):
        yield


class _Watch:
    def __init__(self, roots: list[str], meet: Meet) -> None:
        self._roots = roots
        self._meet = meet
        self._paths: dict[int, str] = {}

    def point(
        self, kind: str, call: str, target: Any, half: Callable[[], Any] | None = None
    ) -> None:
        """Tell of a call, where it concerns a file of the directories."""
        path = self._path(target)
        for root in self._roots:
            if path == root or path.startswith(root + os.sep):
                self._meet(Point(kind, call, os.path.relpath(path, root)), half)
                return

    def opened(self, descriptor: int, target: Any, folder: int | None = None) -> None:
        self._paths[descriptor] = self._path(target, folder)

    def at(self, target: Any, folder: int | None) -> str:
        return self._path(target, folder)

    def _path(self, target: Any, folder: int | None = None) -> str:
        if isinstance(target, int):
            return self._paths.get(target, "")
        name = os.fsdecode(target)
        base = Path.cwd() if folder is None else Path(self._paths.get(folder, ""))
        return os.path.normpath(base / name)


@contextmanager
def _patched(watch: _Watch) -> Iterator[None]:
    patches = [patch.object(os, "open", _open(watch)), *_of_files(watch)]
    for kind, names in (("change", CHANGES), ("read", READS)):
        patches += [
            patch.object(os, name, _call(watch, kind, name)) for name in names if hasattr(os, name)
        ]
    patches += [patch.object(fcntl, name, _call(watch, "lock", name, fcntl)) for name in LOCKS]
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in patches:
            each.stop()


def _call(watch: _Watch, kind: str, name: str, module: Any = os) -> Callable[..., Any]:
    real = getattr(module, name)

    def call(*values: Any, **named: Any) -> Any:
        target = values[0] if values else named.get("path", ".")
        if named.get("dir_fd") is not None or named.get("src_dir_fd") is not None:
            target = watch.at(target, named.get("dir_fd", named.get("src_dir_fd")))
        half = None
        if name == "write":
            half = lambda: real(target, bytes(values[1])[: len(values[1]) // 2])  # noqa: E731
        if name == "symlink":
            target = values[1]
        watch.point(kind, name, target, half)
        return real(*values, **named)

    return call


def _open(watch: _Watch) -> Callable[..., int]:
    real = os.open

    def call(path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        whole = watch.at(path, dir_fd)
        if flags & _WRITING:
            watch.point("change", "open to write", whole)
        else:
            watch.point("read", "open", whole)
        descriptor = real(path, flags, mode, dir_fd=dir_fd)
        watch.opened(descriptor, whole)
        return descriptor

    return call


def _of_files(watch: _Watch) -> Iterator[Any]:
    """What stands for ``open``: the same layers, the lowest of which tells of its calls."""
    real = io.open

    class Raw(io.FileIO):
        def write(self, data: Any) -> int:
            watch.point(
                "change",
                "write",
                self.fileno(),
                lambda: super(Raw, self).write(data[: len(data) // 2]),
            )
            return super().write(data)

        def readinto(self, buffer: Any) -> int:
            watch.point("read", "read", self.fileno())
            return super().readinto(buffer)

        def read(self, size: int | None = -1, /) -> bytes | None:
            watch.point("read", "read", self.fileno())
            return super().read(size)

        def readall(self) -> bytes | None:
            watch.point("read", "read", self.fileno())
            return super().readall()

        def truncate(self, size: int | None = None, /) -> int:
            watch.point("change", "truncate", self.fileno())
            return super().truncate(size)

    def call(
        file: Any, mode: str = "r", buffering: int = -1, encoding: Any = None, errors: Any = None,
        newline: Any = None, closefd: bool = True, opener: Any = None,
    ) -> Any:  # fmt: skip
        if not isinstance(file, int):
            if set(mode) & set("wax+"):
                watch.point("change", "open to write", file)
            else:
                watch.point("read", "open", file)
        elif not watch.at(file, None):
            return real(file, mode, buffering, encoding, errors, newline, closefd, opener)
        raw = Raw(file, mode.replace("b", "").replace("t", ""), closefd, opener)
        if not isinstance(file, int):
            watch.opened(raw.fileno(), file)
        if buffering == 0:
            return raw
        layer = io.BufferedReader if set(mode) <= set("rbt") else io.BufferedWriter
        binary = io.BufferedRandom(raw) if "+" in mode else layer(raw)
        return binary if "b" in mode else io.TextIOWrapper(binary, encoding, errors, newline)

    return iter([patch.object(io, "open", call), patch.object(builtins, "open", call)])


class Kill:
    """Ends the process before a call; or in the middle of it, where that is a write.

    Args:
        number: Which of the calls that change something, from 0.
        in_half: Whether half of it is still done.
    """

    def __init__(self, number: int, in_half: bool = False) -> None:
        self._left = number
        self._in_half = in_half

    def __call__(self, point: Point, half: Callable[[], Any] | None) -> None:
        if point.kind != "change":
            return
        if self._left == 0:
            if self._in_half and half:
                half()
            os._exit(KILLED)
        self._left -= 1


KILLED = 9


class Fault:
    """Refuses a call.

    Args:
        number: Which of the calls, from 0.
        error: With which error.
        lasting: Whether what was refused is refused from then on: for the same file, or for all
            calls that need space where there is none.
    """

    def __init__(self, number: int, error: int, lasting: bool) -> None:
        self._left = number
        self._error = error
        self._lasting = lasting
        self._hit: Point | None = None

    def __call__(self, point: Point, half: Callable[[], Any] | None) -> None:
        if self._hit and self._lasting and self._again(point, self._hit):
            self._refuse(point)
        if self._left == 0 and self._hit is None:
            self._hit = point
            self._refuse(point)
        self._left -= 1

    def _again(self, point: Point, hit: Point) -> bool:
        if self._error == errno.ENOSPC:
            return point.call in GROWING
        return (point.kind, point.path) == (hit.kind, hit.path)

    def _refuse(self, point: Point) -> NoReturn:
        raise OSError(self._error, os.strerror(self._error), point.path)


ERRORS = {
    "change": (errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS, errno.EDQUOT),
    "read": (errno.EIO, errno.EACCES, errno.EMFILE, errno.ENOMEM, errno.ELOOP, errno.ESTALE),
    "lock": (errno.EIO, errno.ENOLCK, errno.ENOSYS),
}
"""What a call may be refused with."""
