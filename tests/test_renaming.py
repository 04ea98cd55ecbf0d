"""Renames: from the decisive step on it has happened, and no byte of the old history is lost."""

import errno
import os
from pathlib import Path

import pytest

from state.drafting import rename
from state.files import renaming
from state.files.plain import FileTrouble
from state.lifecycle import Command
from state.verifying import verify
from tests.directories import engine_on, lay
from tests.drafts import done
from tests.test_cut_off import ERRORS, failing
from tests.test_trash import definition


def _no_space(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("error", ERRORS)
def test_cut_off_anywhere_a_rename_is_either_done_or_not_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: str
) -> None:
    outcomes = set()
    for step in range(1000):
        root = tmp_path / str(step)
        engine = lay(root, {"a-one.toml": definition(), "b-one.toml": definition()})
        done(engine.perform("a-one", Command("remark", "hello")))
        answered = False
        with failing(monkeypatch, step, ERRORS[error], once=error == "once") as made:
            done(rename(engine, "a-one", "a-two"))
            answered = True
        names = [view.offer for view in engine_on(root).offers()]
        assert names in (["a-one", "b-one"], ["a-two", "b-one"]), step
        assert error == "crash" or answered == ("a-two" in names), step
        done(engine_on(root).perform("b-one", Command("remark", "settled")))
        found = verify(engine_on(root))
        assert [each.offer for each in found] == names and all(e.is_whole for e in found), step
        outcomes.add(names[0])
        if len(made) <= step:
            break
    assert outcomes == {"a-one", "a-two"}


def test_a_rename_has_happened_though_the_disk_is_not_sure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = lay(tmp_path, {"a-one.toml": definition(), "b-one.toml": definition()})
    done(engine.perform("a-one", Command("remark", "hello")))
    old = tmp_path / ".vitrina/history/a-one.jsonl"
    with monkeypatch.context() as context:
        context.setattr(renaming, "sync_directory", _no_space)
        done(rename(engine, "a-one", "a-two"))
        # What has a new name only perhaps is removed under the old one later.
        assert old.exists()
        assert [view.offer for view in engine_on(tmp_path).offers()] == ["a-two", "b-one"]
    done(engine.perform("b-one", Command("remark", "hello")))
    assert not old.exists() and all(each.is_whole for each in verify(engine))


def test_a_rename_that_cannot_be_made_leaves_the_old_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = lay(tmp_path, {"a-one.toml": definition()})
    done(engine.perform("a-one", Command("remark", "hello")))
    with monkeypatch.context() as context:
        context.setattr(Path, "rename", _no_space)
        with pytest.raises(FileTrouble, match="cannot be renamed"):
            rename(engine, "a-one", "a-two")
    assert [each.offer for each in verify(engine)] == ["a-one"]
    assert not (tmp_path / ".vitrina/history/a-two.jsonl").exists()


def test_an_unfinished_last_line_is_kept_under_the_new_name(tmp_path: Path) -> None:
    engine = lay(tmp_path, {"a-one.toml": definition()})
    done(engine.perform("a-one", Command("remark", "hello")))
    with (tmp_path / ".vitrina/history/a-one.jsonl").open("ab") as file:
        file.write(b'{"at": "20')
    done(rename(engine, "a-one", "a-two"))
    kept = list((tmp_path / ".vitrina/history").glob("a-two.*.torn"))
    assert [each.read_bytes() for each in kept] == [b'{"at": "20']
    assert verify(engine)[0].is_whole
