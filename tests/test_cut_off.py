"""Discarding and restoring, cut off at every step: done or not done, and no byte lost."""

import errno
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import pytest

from state.events import Kind
from state.files import discarding
from state.files.history import Histories
from state.files.plain import FileTrouble
from state.findings import Refusal
from state.lifecycle import Command
from tests.directories import discard, engine_on, files_in, lay, restore
from tests.test_trash import PICTURE, definition, kinds

CALLS = ("open", "unlink", "rename", "replace", "mkdir", "rmdir", "write", "fsync", "truncate")


class Crash(BaseException):
    """The end of the process, as far as the code is concerned."""


@contextmanager
def failing(
    patched: pytest.MonkeyPatch, after: int, error: BaseException, *, once: bool
) -> Iterator[list[int]]:
    """Let calls of the file system fail, one of them or all from one on.

    Args:
        patched: Puts the calls back afterwards.
        after: How many calls succeed.
        error: What the others raise.
        once: Only the first of them fails.

    Yields:
        One number for each call that was made.
    """
    made: list[int] = []

    def counted(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*values: object, **named: object) -> object:
            if name == "open" and not int(str(values[1])) & os.O_CREAT and type(error) is not Crash:
                # Nothing but a write needs space, and what cannot be looked at tells nothing.
                return real(*values, **named)
            made.append(1)
            if len(made) == after + 1 or (len(made) > after and not once):
                raise error
            return real(*values, **named)

        return call

    with patched.context() as context:
        for name in CALLS:
            context.setattr(os, name, counted(name, getattr(os, name)))
        with suppress(Crash, FileTrouble, OSError):
            yield made


ERRORS = {
    "crash": Crash(),
    "no space": OSError(errno.ENOSPC, "No space left on device"),
    "once": OSError(errno.EIO, "Input/output error"),
}
FILES = {
    "a.toml": definition("logos/x.png", "shared.png"),
    "b.toml": definition("shared.png"),
    "logos/x.png": PICTURE,
    "shared.png": b"shared",
}


class Cut(NamedTuple):
    """A directory in which something was cut off, and whether it was answered as done all the same."""

    root: Path
    answered: bool


STRIDES = pytest.mark.parametrize("stride", [5, pytest.param(1, marks=pytest.mark.slow)])
"""Every fifth step, and every one where the slow tests run."""


def _steps(
    monkeypatch: pytest.MonkeyPatch, error: str, root: Path, act: str, stride: int
) -> Iterator[Cut]:
    """Discard or restore in directory after directory, cut off some calls later each time."""
    for step in range(0, 1000, stride):
        directory = root / str(step)
        engine = lay(directory, FILES)
        engine.perform("a", Command("remark", "hello"))
        if act == "restore":
            discard(engine, "a")
        answered = False
        with failing(monkeypatch, step, ERRORS[error], once=error == "once") as made:
            engine.discard(["a"]) if act == "discard" else engine.restore("a")
            answered = True
        yield Cut(directory, answered)
        if len(made) <= step:
            return
    raise AssertionError("it never succeeds")


def _shown(root: Path) -> tuple[list[tuple[str, int]], list[str]]:
    """What a reader sees: the offers with the lengths of their histories, and the trash."""
    engine = engine_on(root)
    offers = [(view.offer, len(view.events)) for view in engine.offers() if view.offer != "b"]
    return offers, [entry.offer for entry in engine.trash()]


@STRIDES
@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("act", ["discard", "restore"])
def test_cut_off_anywhere_it_is_either_done_or_not_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: str, act: str, stride: int
) -> None:
    outcomes = set()
    for root, answered in _steps(monkeypatch, error, tmp_path, act, stride):
        step = root.name
        listed, in_trash = _shown(root)
        assert ([name for name, _ in listed], in_trash) in ((["a"], []), ([], ["a"])), step
        assert error == "crash" or answered == (bool(in_trash) == (act == "discard")), step
        engine = engine_on(root)
        assert not isinstance(engine.perform("b", Command("remark", "settled")), Refusal)
        assert _shown(root) == (listed, in_trash), step
        assert not [*(root / ".vitrina" / "trash").glob(".*")], step
        outcomes.add(bool(listed))
        if in_trash:
            assert not (root / "a.toml").exists(), step
            # A picture that cannot be removed stays: its bytes are safe either way.
            assert error == "once" or not (root / "logos").exists(), step
            restore(engine, "a")
        assert files_in(root) == FILES, step
        assert not engine.offer("a").broken
        assert kinds(engine, "a")[:2] == [Kind.CREATED, Kind.REMARK]
    assert outcomes == {True, False}


def test_a_discard_has_happened_though_the_disk_is_not_sure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = lay(tmp_path, FILES)
    with monkeypatch.context() as context:
        context.setattr(discarding, "sync_directory", _fail)
        discard(engine, "a")
        assert _shown(tmp_path) == ([], ["a"])
        # What is in the trash only perhaps is removed nowhere else.
        assert (tmp_path / "a.toml").exists()
        engine.perform("b", Command("remark", "hello"))
        assert _shown(tmp_path) == ([], ["a"]) and (tmp_path / "a.toml").exists()
    engine.perform("b", Command("remark", "hello"))
    assert not (tmp_path / "a.toml").exists()


def _fail(*_: object) -> None:
    raise OSError(errno.EIO, "Input/output error")


def test_a_restore_that_fails_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = lay(tmp_path, FILES)
    discard(engine, "a")
    before = files_in(tmp_path)
    with monkeypatch.context() as context:
        context.setattr(Histories, "write_head", _fail)
        with pytest.raises(FileTrouble):
            engine.restore("a")
    assert files_in(tmp_path) == before and _shown(tmp_path) == ([], ["a"])
    assert not (tmp_path / "logos").exists()


def test_what_a_killed_write_left_is_cleared_by_the_next_action(tmp_path: Path) -> None:
    write = (
        "import os; from pathlib import Path; from state.files.plain import write_whole\n"
        "os.fsync = lambda _: os._exit(9)\n"
        f"write_whole(Path({str(tmp_path)!r}, 'logos', 'x.png'), b'half')"
    )
    engine = lay(tmp_path, {**FILES, ".b.toml.99999.tmp": b"somebody's"})
    engine.perform("b", Command("remark", "hello"))
    assert subprocess.run([sys.executable, "-c", write], check=False).returncode == 9
    left = [*(tmp_path / ".vitrina" / "tmp").iterdir()]
    assert len(left) == 1 and files_in(tmp_path)["logos/x.png"] == PICTURE
    mine = left[0].with_name(f"{os.getpid()}-1")
    mine.write_bytes(b"being written")
    aside = tmp_path / ".vitrina" / "trash" / ".new-c"
    aside.mkdir(parents=True)
    engine.perform("b", Command("remark", "again"))
    assert [*mine.parent.iterdir()] == [mine] and not aside.exists()
    assert files_in(tmp_path) == {**FILES, ".b.toml.99999.tmp": b"somebody's"}


@STRIDES
def test_a_draft_written_anew_after_a_crash_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stride: int
) -> None:
    for act in ("discard", "restore"):
        root = tmp_path / act
        for directory, _ in _steps(monkeypatch, "crash", root, act, stride):
            (directory / "a.toml").write_bytes(b'type = "data-service"\n# by hand\n')
            engine = engine_on(directory)
            engine.perform("b", Command("remark", "settled"))
            everywhere = {path.read_bytes() for path in directory.rglob("*") if path.is_file()}
            assert (directory / "a.toml").read_bytes().endswith(b"# by hand\n")
            assert set(FILES.values()) - {FILES["a.toml"]} <= everywhere
            assert "a" in {view.offer for view in engine.offers()}
