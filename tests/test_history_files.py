"""Histories on disk: whole or as before, whoever writes and whatever fails."""

import errno
import json
import multiprocessing
import os
from datetime import timedelta
from pathlib import Path

import pytest

from state.domain.actions import Command
from state.domain.errors import StorageError
from state.domain.events import Event, Kind
from state.domain.findings import Refusal
from state.engine import Engine
from state.storage.atomic import write_atomic
from state.storage.chain import chained
from state.storage.history import Histories
from tests.histories import EVENTS, lines_of, some_history
from tests.support import NOW


def test_a_history_is_one_line_of_plain_json_an_event(tmp_path: Path) -> None:
    histories = some_history(tmp_path)
    first, second, *_ = [json.loads(line) for line in lines_of(histories)]
    assert first["previous"] is None and len(second["previous"]) == 64
    assert first["at"] == "2026-11-22T09:00:00.000000Z"


def _no_space(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("call", ["fsync", "write"])
@pytest.mark.parametrize("count", [0, 3])
def test_a_write_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, count: int
) -> None:
    histories = some_history(tmp_path, count)
    path = histories.path("db")
    before = path.read_bytes() if count else None
    with monkeypatch.context() as patched:
        patched.setattr(os, call, _no_space)
        with pytest.raises(StorageError, match="cannot be written: no space left"):
            histories.append("db", EVENTS[count:])
    assert (path.read_bytes() if path.exists() else None) == before
    histories.append("db", EVENTS[count:])
    assert list(histories.read("db").events) == EVENTS


def test_a_write_that_fails_halfway_leaves_no_half_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    histories = some_history(tmp_path, 3)
    before, write = histories.path("db").read_bytes(), os.write
    written = []

    def half(descriptor: int, data: bytes) -> int:
        if written:
            _no_space()
        written.append(data)
        return write(descriptor, data[: len(data) // 2])

    monkeypatch.setattr(os, "write", half)
    with pytest.raises(StorageError):
        histories.append("db", EVENTS[3:])
    assert histories.path("db").read_bytes() == before


def test_events_that_are_kept_have_happened_though_the_head_cannot_follow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    histories = some_history(tmp_path, 3)
    writes = iter([Path.replace])
    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", lambda *paths: next(writes, _no_space)(*paths))
        histories.append("db", EVENTS[3:4])
    histories.append("db", EVENTS[4:])
    history = histories.read("db")
    assert list(history.events) == EVENTS and history.broken is None


def test_a_file_that_cannot_be_written_keeps_its_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "offer.toml"
    write_atomic(path, b"old")
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", _no_space)
        with pytest.raises(StorageError, match=r"cannot be written: no space left"):
            write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["x" * 250, "ñ" * 125, "語" * 80])
def test_long_names_can_be_written(tmp_path: Path, name: str) -> None:
    write_atomic(tmp_path / name, b"whole")
    assert (tmp_path / name).read_bytes() == b"whole"


DEFINITION = 'type = "data-service"\n'


@pytest.mark.parametrize("failing", ["db.jsonl", "db"])
def test_a_whole_history_is_written_with_its_head_or_not_at_all(
    tmp_path: Path, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    histories = some_history(tmp_path)
    before = histories.raw("db"), histories.head("db")
    lines, _ = chained(EVENTS[:2], "")
    trouble = {failing}

    def write(path: Path, data: bytes) -> None:
        # As where the directory cannot be made to last: the bytes are there by then.
        write_atomic(path, data)
        if path.name in trouble:
            trouble.clear()
            raise StorageError("The disk is full.")

    monkeypatch.setattr("state.storage.history.write_atomic", write)
    with pytest.raises(StorageError, match="full"):
        histories.write("db", lines)
    assert (histories.raw("db"), histories.head("db")) == before
    trouble.add("new.jsonl")
    with pytest.raises(StorageError, match="full"):
        histories.write("new", lines)
    assert histories.offers() == ["db"] and histories.heads() == {"db"}


def test_times_never_decrease_whatever_the_clock_says(tmp_path: Path) -> None:
    (tmp_path / "rates.toml").write_text(DEFINITION)
    for hours in (5, 3, 9, -1000, 7):
        engine = Engine(tmp_path, lambda hours=hours: NOW + timedelta(hours=hours), "ana")
        assert not isinstance(engine.perform("rates", Command("remark", "hello")), Refusal)
    times = [event.at for event in engine.offer("rates").events]
    assert times == sorted(times) and len(times) == 6


def _remark_ten_times(root: Path, actor: str) -> None:
    for number in range(10):
        Engine(root, actor=actor).perform("rates", Command("remark", f"{actor} {number}"))


def test_two_programs_at_once_lose_nothing(tmp_path: Path) -> None:
    (tmp_path / "rates.toml").write_text(DEFINITION)
    spawn = multiprocessing.get_context("fork")
    people = [
        spawn.Process(target=_remark_ten_times, args=(tmp_path, actor)) for actor in ("ana", "ben")
    ]
    for each in people:
        each.start()
    for each in people:
        each.join(60)
        assert each.exitcode == 0
    view = Engine(tmp_path).offer("rates")
    assert view.broken is None
    notes = [str(event.note) for event in view.events if event.kind is Kind.REMARK]
    for actor in ("ana", "ben"):
        assert [note for note in notes if note.startswith(actor)] == [
            f"{actor} {number}" for number in range(10)
        ]
    times = [event.at for event in view.events]
    assert times == sorted(times)


def test_events_that_do_not_follow_from_each_other_break_one_offer_only(tmp_path: Path) -> None:
    for name in ("rates", "mail"):
        (tmp_path / f"{name}.toml").write_text(DEFINITION)
    histories = Histories(tmp_path / ".vitrina")
    histories.append("rates", [EVENTS[0], Event(NOW, "ana", Kind.STAGED), EVENTS[1]])
    broken = Engine(tmp_path).offers()[1]
    assert "event 2" in str(broken.broken) and len(broken.events) == 1
    assert [view.broken is None for view in Engine(tmp_path).offers()] == [True, False]
    refusal = Engine(tmp_path).perform("rates", Command("remark", "hello"))
    assert isinstance(refusal, Refusal)
    assert refusal.reasons[0].rule == "history.broken"
