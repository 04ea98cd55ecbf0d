"""Renames: from the decisive step on it has happened, and no byte of the old history is lost."""

import errno
import os
from pathlib import Path

import pytest

from state.domain.actions import Command
from state.engine.drafts import rename
from state.engine.verify import verify
from state.storage import rename as renaming
from tests.directories import engine_on, write_tree
from tests.engine_harness import done
from tests.test_trash import definition


def _no_space(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_rename_has_happened_though_the_disk_is_not_sure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = write_tree(tmp_path, {"a-one.toml": definition(), "b-one.toml": definition()})
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


def test_an_unfinished_last_line_is_kept_under_the_new_name(tmp_path: Path) -> None:
    engine = write_tree(tmp_path, {"a-one.toml": definition()})
    done(engine.perform("a-one", Command("remark", "hello")))
    with (tmp_path / ".vitrina/history/a-one.jsonl").open("ab") as file:
        file.write(b'{"at": "20')
    done(rename(engine, "a-one", "a-two"))
    kept = list((tmp_path / ".vitrina/history").glob("a-two.*.torn"))
    assert [each.read_bytes() for each in kept] == [b'{"at": "20']
    assert verify(engine)[0].is_whole
