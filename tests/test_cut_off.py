"""Discarding and restoring, cut off at every step: done or not done, and no byte lost."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from state.events import Kind
from state.files.plain import FileTrouble
from state.findings import Refusal
from state.lifecycle import Command
from tests.directories import discard, engine_on, files_in, lay, restore
from tests.test_trash import PICTURE, definition, kinds

CALLS = ("open", "unlink", "rename", "replace", "mkdir", "rmdir", "write", "fsync", "truncate")


class Crash(BaseException):
    """The end of the process, as far as the code is concerned."""


@contextmanager
def failing(patched: pytest.MonkeyPatch, after: int, error: BaseException) -> Iterator[list[int]]:
    """Let calls of the file system fail, all from one on.

    Args:
        patched: Puts the calls back afterwards.
        after: How many calls succeed.
        error: What the others raise.

    Yields:
        One number for each call that was made.
    """
    made: list[int] = []

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*values: object, **named: object) -> object:
            made.append(1)
            if len(made) > after:
                raise error
            return real(*values, **named)

        return call

    with patched.context() as context:
        for name in CALLS:
            context.setattr(os, name, counted(getattr(os, name)))
        with suppress(Crash, FileTrouble, OSError):
            yield made


ERRORS = {"crash": Crash(), "no space": OSError(errno.ENOSPC, "No space left on device")}
FILES = {
    "a.toml": definition("logos/x.png", "shared.png"),
    "b.toml": definition("shared.png"),
    "logos/x.png": PICTURE,
    "shared.png": b"shared",
}


def _every_step(monkeypatch: pytest.MonkeyPatch, error: str, root: Path, act: str) -> Iterator[int]:
    """Discard or restore in directory after directory, cut off one call later each time."""
    for step in range(1000):
        directory = root / str(step)
        engine = lay(directory, FILES)
        engine.perform("a", Command("remark", "hello"))
        if act == "restore":
            discard(engine, "a")
        with failing(monkeypatch, step, ERRORS[error]) as made:
            engine.discard(["a"]) if act == "discard" else engine.restore("a")
        yield step
        if len(made) <= step:
            return
    raise AssertionError("it never succeeds")


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("act", ["discard", "restore"])
def test_cut_off_anywhere_it_is_either_done_or_not_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: str, act: str
) -> None:
    outcomes = set()
    for step in _every_step(monkeypatch, error, tmp_path, act):
        root = tmp_path / str(step)
        engine = engine_on(root)
        assert not isinstance(engine.perform("b", Command("remark", "settled")), Refusal)
        listed = "a" in {view.offer for view in engine.offers()}
        in_trash = [entry.offer for entry in engine.trash()] == ["a"]
        assert listed != in_trash, step
        outcomes.add(listed)
        if in_trash:
            assert not (root / "a.toml").exists() and not (root / "logos").exists(), step
            restore(engine, "a")
        assert files_in(root) == FILES, step
        assert not engine.offer("a").broken
        assert kinds(engine, "a")[:2] == [Kind.CREATED, Kind.REMARK]
    assert outcomes == {True, False}


def test_a_draft_written_anew_after_a_crash_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for act in ("discard", "restore"):
        root = tmp_path / act
        for step in _every_step(monkeypatch, "crash", root, act):
            directory = root / str(step)
            (directory / "a.toml").write_bytes(b'type = "data-service"\n# by hand\n')
            engine = engine_on(directory)
            engine.perform("b", Command("remark", "settled"))
            everywhere = {path.read_bytes() for path in directory.rglob("*") if path.is_file()}
            assert (directory / "a.toml").read_bytes().endswith(b"# by hand\n")
            assert set(FILES.values()) - {FILES["a.toml"]} <= everywhere
            assert "a" in {view.offer for view in engine.offers()}
