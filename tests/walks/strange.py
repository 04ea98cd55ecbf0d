"""Strange things in the place of files that the program reads: none may hang it or cost a byte."""

import os
import resource
import shutil
import signal
import socket
import stat
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import redirect_stderr, redirect_stdout, suppress
from io import StringIO
from itertools import product
from pathlib import Path

from tests.walks.scenarios import GRID, RATES, command, lay
from tui.main import main

SECONDS = 10.0
"""The most of a processor's time that a command may take."""

MEMORY = 512 << 20
"""The most bytes that a command may take besides what the program takes anyway."""

_GONE = "gone-draft"
_NO_PERSONS = ("history.jsonl", "discarding", "restoring", "record.json")
"""Files in the trash that the program writes."""

_MAY_BE_UNKNOWN = ("diff", "restore")
"""Commands for which there is no such version, or draft, where none can be told."""


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _device(path: Path) -> None:
    # A device of its own, where that may be made: no fault of the program may reach the system's.
    try:
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))
    except PermissionError:
        path.symlink_to("/dev/zero")


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket may have no more than a hundred bytes
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
    finally:
        os.chdir(here)


def _directory(path: Path) -> None:
    (path / "in it").mkdir(parents=True)


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _dangling(path: Path) -> None:
    path.symlink_to("nowhere/at all")


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(10 << 30)


def _long_line(path: Path) -> None:
    path.write_bytes(b"[" + b"1," * (7 << 20) + b"1]\n")


def _short_lines(path: Path) -> None:
    path.write_bytes(b"\n" * (15 << 20))


def _garbage(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 20)


def _empty(path: Path) -> None:
    path.touch()


def _deep(path: Path) -> None:
    path.write_bytes(b"[" * 1_000_000 + b"\n")


THINGS: dict[str, Callable[[Path], None]] = {
    "pipe": _pipe, "device": _device, "socket": _socket, "directory": _directory,
    "link loop": _loop, "link to nowhere": _dangling, "10 GB": _sparse, "long line": _long_line,
    "short lines": _short_lines, "garbage": _garbage, "nothing in it": _empty, "deep": _deep,
}  # fmt: skip

READING = (
    ("list",), ("check",), ("show", RATES), ("history", RATES), ("verify",), ("trash",),
    ("diff", RATES),
)  # fmt: skip
ACTING = (
    ("discard", GRID, "--yes"), ("restore", _GONE), ("remark", RATES, "hello"), ("stage", RATES),
    ("revert", RATES), ("rename", GRID, "another"),
)  # fmt: skip


def prepare(root: Path) -> list[Path]:
    """A directory with one of each; the paths of the files that the program reads in it."""
    lay(root)
    text = (root / f"{RATES}.toml").read_text()
    start = text.index("terms_of_use")
    end = text.index('"""', text.index('"""', start) + 3) + 3
    (root / f"{RATES}.toml").write_text(
        text[:start] + 'terms_file = "legal/terms.html"' + text[end:]
    )
    shutil.copyfile(root / f"{RATES}.toml", root / f"{_GONE}.toml")
    for act in (
        command("remark", RATES, "hello"), command("stage", RATES), command("remark", GRID, "hello"),
        command("remark", _GONE, "hello"), command("discard", _GONE, "--yes"),
        command("list"),
    ):  # fmt: skip
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()) as said:
            assert act(root) == 0, said.getvalue()
    with (root / f"{RATES}.toml").open("a") as file:
        file.write("# a comment more\n")
    (root / "images" / "own.png").write_bytes(b"only the draft in the trash names it")
    engine = root / ".vitrina"
    entry = next((engine / "trash" / _GONE).iterdir())
    (root / ".git" / "refs").mkdir(parents=True)
    return [
        root / f"{RATES}.toml", root / f"{GRID}.toml", root / "publisher.toml",
        root / "logos" / RATES / "small.png", root / "legal" / "terms.html", root / "logos" / RATES,
        root / ".git" / "HEAD", root / ".git" / "index", root / ".git",
        *(engine / "history" / f"{offer}.jsonl" for offer in (RATES, GRID)),
        *(engine / "heads" / offer for offer in (RATES, GRID)),
        *sorted((engine / "blobs").iterdir())[:3],
        engine / "format", engine / "lock", engine / "renaming.json", engine / "tmp" / "99999999-1",
        engine / "history", engine / "heads", engine / "blobs", engine / "trash", engine / "tmp",
        engine / "trash" / _GONE, entry,
        *(entry / name for name in ("record.json", "history.jsonl", "history.torn", "definition.toml")),
        entry / "discarding", entry / "restoring", entry / "assets",
        Path(os.environ["XDG_CACHE_HOME"], "vitrina", "inspections.json"),
    ]  # fmt: skip


class StrangeWalk:
    """Puts each thing in the place of each file and runs commands there.

    Args:
        base: A directory for copies.
    """

    def __init__(self, base: Path) -> None:
        self._base = base
        self._template = base / "template"
        self._cache = Path(os.environ["XDG_CACHE_HOME"])
        self._places = prepare(self._template)
        self._names = {
            each: [each.name, *(path.name for path in each.rglob("*"))] for each in self._places
        }
        shutil.copytree(self._cache, base / "cache as it was", dirs_exist_ok=True)
        self.steps = list(product(self._places, THINGS))
        self.figures: Counter[str] = Counter(places=len(self._places), things=len(THINGS))

    def walk(self, steps: Iterable[tuple[Path, str]]) -> Iterator[str]:
        """Walk.

        Args:
            steps: All of ``steps``, or some.

        Yields:
            What does not hold, in words.
        """
        for place, thing in steps:
            self.figures["placements"] += 1
            for trouble in self._meet(place, thing):
                self.figures["troubles"] += 1
                name = os.path.relpath(place, self._template)
                yield f"{thing} as {name}: {trouble}"

    def _meet(self, place: Path, thing: str) -> Iterator[str]:
        root = self._lay(place, thing)
        before = _contents(root)
        for words in READING:
            yield from self._run(root, place, words)
        if _contents(root) != before:
            yield f"reading changed {_contents(root) ^ before}"
        for words in ACTING:
            yield from self._run(root, place, words)
            root = self._lay(place, thing)

    def _lay(self, place: Path, thing: str) -> Path:
        root = self._base / "met"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(self._template, root, symlinks=True)
        shutil.rmtree(self._cache, ignore_errors=True)
        shutil.copytree(self._base / "cache as it was", self._cache)
        inside = self._template in place.parents
        target = root / place.relative_to(self._template) if inside else place
        if target.is_dir():
            shutil.rmtree(target)
        target.unlink(missing_ok=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        THINGS[thing](target)
        return root

    def _run(self, root: Path, place: Path, words: tuple[str, ...]) -> Iterator[str]:
        self.figures["commands"] += 1
        before = _contents(root)
        placed = os.path.relpath(place, self._template)
        status, said = _limited(root, words)
        command_said = f"{' '.join(words)}: {status} {said.strip()[-300:]}"
        if status not in (0, 1, 2, 3, 4) or "Traceback" in said or "MemoryError" in said:
            yield command_said
        elif status == 2 and words[0] not in _MAY_BE_UNKNOWN:
            yield f"taken for wrong usage: {command_said}"
        elif status == 4 and not any(name in said for name in self._names[place]):
            yield f"the file is not named: {command_said}"
        kept = {data for _, data in _contents(root)}
        for path, data in before:
            of_a_person = not path.startswith(".vitrina/") or "/blobs/" in path or "/trash/" in path
            if data not in kept and of_a_person and not path.endswith((placed, *_NO_PERSONS)):
                self.figures["files lost"] += 1
                yield f"{path} is lost by {command_said}"


def _contents(root: Path) -> set[tuple[str, bytes]]:
    """The small plain files of a directory."""
    found = set()
    for folder, _, names in os.walk(root):
        for name in names:
            path = Path(folder, name)
            seen = path.lstat()
            if stat.S_ISREG(seen.st_mode) and seen.st_size < 1 << 20:
                found.add((str(path.relative_to(root)), path.read_bytes()))
    return found


def _limited(root: Path, words: tuple[str, ...]) -> tuple[int, str]:
    """Run a command in a process with little time and memory; its exit status and what it said."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        status = 99
        said = StringIO()
        try:
            with suppress(FileNotFoundError):  # only Linux tells and bounds what a process takes
                pages = int(Path("/proc/self/statm").read_text().split()[0])
                most = pages * resource.getpagesize() + MEMORY
                resource.setrlimit(resource.RLIMIT_AS, (most, most))
            with redirect_stdout(said), redirect_stderr(said):
                status = main(["-C", str(root), *words])
        except BaseException as error:
            import traceback

            said.write("".join(traceback.format_exception(error))[-3000:])
        with suppress(OSError):
            os.write(writing, said.getvalue().encode(errors="replace")[:60_000])
        os._exit(status)
    os.close(writing)
    # What hangs takes no time of the processor: it gets more of the clock's, on a busy machine too.
    until = time.monotonic() + 6 * SECONDS
    ended = 0
    while not ended and time.monotonic() < until:
        ended, code, used = os.wait4(process, os.WNOHANG)
        if not ended:
            time.sleep(0.002)
    if not ended:
        os.kill(process, signal.SIGKILL)
        _, code, used = os.wait4(process, 0)
    if not ended or used.ru_utime + used.ru_stime > SECONDS:
        os.close(reading)
        return -1, f"it takes longer than {SECONDS} seconds"
    with os.fdopen(reading, "rb") as pipe:
        said_text = pipe.read().decode(errors="replace")
    return os.waitstatus_to_exitcode(code), said_text
