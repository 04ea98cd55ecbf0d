"""Edits of files that must not be replaced: in place, and the old bytes or the new ones after a kill."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from state.domain.actions import Command
from state.domain.errors import StorageError
from state.domain.field_path import FieldPath
from state.domain.findings import Refusal
from state.engine import Engine
from state.engine.drafts import edit
from state.storage.rewrite import Record
from tests.directories import engine_on, write_tree
from tests.faults import ERRORS, failing

OLD = b'type = "data-service"\n[marketing]\ntitle = "Rates"\nsummary = "A long summary"\n'
NEW = OLD.replace(b'"Rates"', b'"Rates of the day, and of every day before it"')
TITLE = FieldPath(("marketing", "title"))


def linked(root: Path) -> Engine:
    """A working directory with a definition that has a second name."""
    engine = write_tree(root, {"a.toml": OLD, "b.toml": OLD})
    os.link(root / "a.toml", root / "a.backup")
    return engine


def change(engine: Engine) -> None:
    """Edit the definition."""
    seen = engine.offer("a").definition.raw
    assert seen is not None
    title = "Rates of the day, and of every day before it"
    assert not isinstance(edit(engine, "a", TITLE, title, seen=seen), Refusal)


def test_an_edit_replaces_a_plain_file_and_keeps_its_mode(tmp_path: Path) -> None:
    engine = write_tree(tmp_path, {"a.toml": OLD})
    path = tmp_path / "a.toml"
    path.chmod(0o640)
    before = path.stat()
    change(engine)
    after = path.stat()
    assert path.read_bytes() == NEW and after.st_ino != before.st_ino
    assert (after.st_mode, after.st_uid, after.st_gid) == tuple(before)[0:1] + tuple(before)[4:6]


def test_an_edit_keeps_a_second_name(tmp_path: Path) -> None:
    engine = linked(tmp_path)
    change(engine)
    assert (tmp_path / "a.backup").read_bytes() == NEW
    assert (tmp_path / "a.toml").stat().st_nlink == 2
    assert not [*(tmp_path / ".vitrina" / "tmp").iterdir()]


def test_an_edit_keeps_attributes(tmp_path: Path) -> None:
    engine = write_tree(tmp_path, {"a.toml": OLD})
    try:
        os.setxattr(tmp_path / "a.toml", "user.origin", b"here")
    except (OSError, AttributeError):
        pytest.skip("this file system keeps no attributes")
    change(engine)
    assert (tmp_path / "a.toml").read_bytes() == NEW
    assert os.getxattr(tmp_path / "a.toml", "user.origin") == b"here"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_an_edit_takes_a_file_from_nobody(tmp_path: Path) -> None:
    engine = write_tree(tmp_path, {"a.toml": OLD})
    os.chown(tmp_path / "a.toml", 54321, 54321)
    change(engine)
    found = (tmp_path / "a.toml").stat()
    assert (tmp_path / "a.toml").read_bytes() == NEW
    assert (found.st_uid, found.st_gid) == (54321, 54321)


def _every_step(
    monkeypatch: pytest.MonkeyPatch, error: str, root: Path, stride: int
) -> Iterator[tuple[Path, bool]]:
    for step in range(0, 200, stride):
        directory = root / str(step)
        engine = linked(directory)
        engine.perform("a", Command("remark", "hello"))
        done = False
        with failing(monkeypatch, step, error) as made:
            change(engine)
            done = True
        yield directory, done
        if len(made) <= step:
            return
    raise AssertionError("it never succeeds")


@pytest.mark.parametrize("stride", [5, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("error", ERRORS)
def test_cut_off_anywhere_it_is_the_old_file_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: str, stride: int
) -> None:
    outcomes = set()
    for root, done in _every_step(monkeypatch, error, tmp_path, stride):
        shown = engine_on(root).offer("a").definition.raw
        assert shown in (OLD, NEW) and (shown == NEW or not done), root.name
        engine_on(root).perform("b", Command("remark", "settled"))
        assert (root / "a.toml").read_bytes() == (root / "a.backup").read_bytes() == shown
        assert not [*(root / ".vitrina" / "tmp").glob("rewriting-*")], root.name
        outcomes.add(shown)
    assert outcomes == {OLD, NEW}


def test_half_of_the_new_bytes_says_what_the_old_ones_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = linked(tmp_path)
    engine.perform("a", Command("remark", "hello"))
    writing = os.write

    def half(descriptor: int, data: bytes) -> int:
        if bytes(data[:4]) == NEW[:4] and len(data) == len(NEW):
            writing(descriptor, data[: len(NEW) // 2])
            raise KeyboardInterrupt
        return writing(descriptor, data)

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", half)
        with pytest.raises(KeyboardInterrupt):
            change(engine)
    assert (tmp_path / "a.toml").read_bytes() not in (OLD, NEW)
    assert engine_on(tmp_path).offer("a").definition.raw == OLD
    engine_on(tmp_path).perform("b", Command("remark", "settled"))
    assert (tmp_path / "a.backup").read_bytes() == OLD


def test_what_somebody_wrote_after_a_kill_stays(tmp_path: Path) -> None:
    engine = linked(tmp_path)
    engine.perform("a", Command("remark", "hello"))
    path = tmp_path / "a.toml"
    theirs = OLD + b"# by hand\n"
    path.write_bytes(theirs)
    kept = tmp_path / ".vitrina" / "tmp" / f"rewriting-{path.stat().st_ino}"
    kept.write_bytes(Record("a.toml", OLD, NEW).packed())
    assert engine_on(tmp_path).offer("a").definition.raw == theirs
    engine_on(tmp_path).perform("b", Command("remark", "settled"))
    assert path.read_bytes() == theirs and not kept.exists()


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda path: path.write_bytes(b"{]")])
def test_a_record_that_is_none_is_no_trouble(
    tmp_path: Path, make: Callable[[Path], object]
) -> None:
    engine = linked(tmp_path)
    engine.perform("a", Command("remark", "hello"))
    inode = (tmp_path / "a.toml").stat().st_ino
    make(tmp_path / ".vitrina" / "tmp" / f"rewriting-{inode}")
    assert engine_on(tmp_path).offer("a").definition.raw == OLD
    assert not isinstance(engine.perform("b", Command("remark", "hello")), Refusal)


def test_a_record_that_was_made_up_leads_nowhere_else(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"half\n")
    engine = linked(tmp_path / "offers")
    engine.perform("a", Command("remark", "hello"))
    drafts = tmp_path / "offers" / ".vitrina" / "tmp"
    kept = drafts / f"rewriting-{outside.stat().st_ino}"
    kept.write_bytes(Record("../outside", b"evil\n", b"half").packed())
    engine.perform("b", Command("remark", "settled"))
    assert outside.read_bytes() == b"half\n"


# Links ------------------------------------------------------------------------------------------


def test_a_link_into_the_directory_is_edited_and_stays(tmp_path: Path) -> None:
    engine = write_tree(tmp_path, {"parts/real.toml": OLD})
    (tmp_path / "a.toml").symlink_to("parts/real.toml")
    change(engine)
    assert (tmp_path / "a.toml").is_symlink()
    assert (tmp_path / "parts" / "real.toml").read_bytes() == NEW


def test_a_link_out_of_the_directory_is_not_edited(tmp_path: Path) -> None:
    (tmp_path / "real.toml").write_bytes(OLD)
    engine = write_tree(tmp_path / "offers", {})
    (tmp_path / "offers" / "a.toml").symlink_to("../real.toml")
    with pytest.raises(StorageError, match="outside of the working directory"):
        change(engine)
    assert (tmp_path / "real.toml").read_bytes() == OLD
