"""The chain of a history: what was written is read, and damage shows where it was done."""

import errno
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from state.domain.errors import StorageError
from state.domain.events import MARKETPLACE, Event, Kind, parse_timestamp, timestamp
from state.storage.atomic import digest_of
from state.storage.chain import chained, check_chain
from state.storage.history import Histories
from state.storage.integrity import Head
from tests.histories import EVENTS, lines_of, rewrite, some_history
from tests.support import NOW

texts = some.text(max_size=20)
jsons = some.recursive(
    some.none() | some.booleans() | some.integers() | texts,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
some_events = some.builds(
    Event,
    some.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=some.just(UTC)),
    texts,
    some.sampled_from(Kind),
    some.none() | texts,
    some.none() | texts,
    some.dictionaries(texts, jsons, max_size=3),
)


@given(some.lists(some_events, max_size=4), some.lists(some_events, max_size=4))
def test_what_is_written_is_read(first: list[Event], second: list[Event]) -> None:
    lines, head = chained(first, "")
    more, last = chained(second, head)
    history = check_chain(lines + more, Head(len(first) + len(second), last))
    assert list(history.events) == first + second
    assert history.broken is None and history.torn == b""


@given(some.datetimes(datetime(1000, 1, 1), timezones=some.just(UTC)))
def test_times_keep_their_six_decimals(at: datetime) -> None:
    assert parse_timestamp(timestamp(at)) == at
    assert len(timestamp(at)) == len("2026-11-22T09:00:00.000000Z")


def altered(lines: list[bytes]) -> list[bytes]:
    return [*lines[:2], lines[2].replace(b"remark 2", b"remark 9"), *lines[3:]]


def rechained_after(lines: list[bytes]) -> list[bytes]:
    """The last three lines written anew in good order, with another text: only the head knows."""
    _, head = chained(EVENTS[:2], "")
    forged = [event._replace(note="forged") for event in EVENTS[2:]]
    return [*lines[:2], chained(forged, head)[0]]


DAMAGES = {
    "altered": (altered, "0134", "event 3 was altered"),
    "altered throughout": (
        lambda lines: [line.replace(b"ana", b"eva") for line in lines], "", "event 1 or event 2",
    ),
    "its link altered": (
        lambda lines: [*lines[:2], lines[2].replace(b'"previous": "', b'"previous": "f'), *lines[3:]],
        "034", "event 2 or event 3 was altered",
    ),
    "removed": (lambda lines: [*lines[:2], *lines[3:]], "0134", "event 3 was removed"),
    "two removed": (
        lambda lines: [lines[0], lines[2], lines[4]], "4", "event 1 or event 2 was altered",
    ),
    "first removed": (lambda lines: lines[1:], "1234", "event 1 was removed"),
    "first altered": (
        lambda lines: [lines[0].replace(b"ana", b"eva"), *lines[1:]], "1234", "event 1 was altered",
    ),
    "reordered": (
        lambda lines: [lines[0], lines[2], lines[1], *lines[3:]], "01234", "event 2 was moved",
    ),
    "turned round": (lambda lines: lines[::-1], "01234", "event 1 was moved"),
    "repeated": (lambda lines: [*lines[:3], lines[2], *lines[3:]], "01234", "event 4 was moved or rep"),
    "put in": (
        lambda lines: [*lines[:3], chained(EVENTS[:1], "ab" * 32)[0], *lines[3:]],
        "01234", "event 4 was put in",
    ),
    "added": (
        lambda lines: [*lines, chained(EVENTS[:2], digest_of(lines[-1][:-1]))[0]],
        "01234", "event 6 was put in",
    ),
    "truncated by one": (lambda lines: lines[:4], "0123", "event 5 was removed"),
    "truncated": (lambda lines: lines[:3], "012", "events 4 to 5 were removed"),
    "cut off": (lambda lines: [*lines[:4], lines[4][:-2]], "0123", "event 5 was cut off"),
    "truncated and cut off": (
        lambda lines: [*lines[:3], lines[3][:-9]], "012", "events 4 to 5 were removed",
    ),
    "emptied": (lambda lines: [], "", "events 1 to 5 were removed"),
    "last altered": (
        lambda lines: [*lines[:4], lines[4].replace(b"remark 4", b"remark 9")], "0123", "event 5",
    ),
    "forged": (rechained_after, "01dd", "event 5 was altered"),
    "not JSON": (lambda lines: [*lines[:2], b"}{\n", *lines[3:]], "0134", "event 3 was altered"),
    "not an event": (lambda lines: [*lines[:2], b"[1]\n", *lines[3:]], "0134", "event 3"),
    "not UTF-8": (lambda lines: [*lines[:2], b"\xff\xfe\n", *lines[3:]], "0134", "event 3"),
    "an empty line": (
        lambda lines: [*lines[:2], b"\n", *lines[2:]], "01234", "line 3 is no event and was put in",
    ),
    "foreign lines": (
        lambda lines: [*lines[:4], b"ha\n", b"[1]\n", *lines[4:]], "01234", "line 5 is no event",
    ),
    "a foreign end": (lambda lines: [*lines, b"ha\n"], "01234", "line 6 is no event and was put in"),
    "a foreign start": (lambda lines: [b"ha\n", *lines], "01234", "line 1 is no event"),
    "nested": (lambda lines: [*lines[:2], b"[" * 50_000 + b"\n", *lines[3:]], "0134", "event 3"),
}  # fmt: skip
"""What is done to the lines, the last letters of the remarks that can be trusted, and the words."""


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_shows_and_costs_only_what_was_damaged(tmp_path: Path, damage: str) -> None:
    histories = some_history(tmp_path)
    damaged, trusted, reason = DAMAGES[damage]
    rewrite(histories, damaged(lines_of(histories)))
    history = histories.read("db")
    assert history.broken is not None and reason in history.broken
    assert "".join(str(event.note)[-1] for event in history.events) == trusted
    with pytest.raises(StorageError, match=r"altered|removed|moved|put in|cut off"):
        histories.append("db", EVENTS[:1])


@pytest.mark.parametrize("head", ["3 {hash}", "5 " + "ab" * 32])
def test_a_head_that_does_not_fit_vouches_for_nothing(tmp_path: Path, head: str) -> None:
    histories = some_history(tmp_path)
    lines = altered(lines_of(histories))
    rewrite(histories, lines)
    (tmp_path / "heads" / "db").write_text(head.format(hash=digest_of(lines[-1][:-1])))
    assert list(histories.read("db").events) == EVENTS[:2]


@pytest.mark.parametrize("head", ["-9 abc", "1e999 abc", "+5 abc", "5", "9" * 5000 + " abc"])
def test_a_head_that_was_altered_counts_as_gone(tmp_path: Path, head: str) -> None:
    histories = some_history(tmp_path)
    (tmp_path / "heads" / "db").write_text(head)
    assert "is missing or was altered" in str(histories.read("db").broken)


def test_without_a_head_the_doubt_begins_early(tmp_path: Path) -> None:
    histories = some_history(tmp_path)
    (tmp_path / "heads" / "db").unlink()
    rewrite(histories, altered(lines_of(histories)))
    history = histories.read("db")
    assert len(history.events) == 2
    assert history.broken == "event 3 was altered, or what came after it was removed"


@pytest.mark.parametrize("cut", [1, 10, 100])
def test_a_torn_last_line_is_set_aside(tmp_path: Path, cut: int) -> None:
    histories = some_history(tmp_path, 4)
    torn = chained(EVENTS[4:], "")[0][:cut]
    before = histories.path("db").read_bytes()
    histories.path("db").write_bytes(before + torn)
    history = histories.read("db")
    assert history.torn == torn and history.broken is None and len(history.events) == 4
    histories.append("db", EVENTS[4:])
    assert histories.path("db").read_bytes().startswith(before)
    assert list(histories.read("db").events) == EVENTS
    aside = [each for each in histories.path("db").parent.iterdir() if each.suffix == ".torn"]
    assert [each.read_bytes() for each in aside] == [torn]
    assert histories.offers() == ["db"]


def test_a_last_line_that_lost_no_more_than_its_end_is_whole(tmp_path: Path) -> None:
    histories = some_history(tmp_path, 4)
    before = histories.path("db").read_bytes()
    histories.path("db").write_bytes(before[:-1])
    history = histories.read("db")
    assert list(history.events) == EVENTS[:4] and history.broken is None and not history.torn
    histories.append("db", EVENTS[4:])
    assert histories.path("db").read_bytes().startswith(before)
    assert list(histories.read("db").events) == EVENTS


@pytest.mark.parametrize("kept", range(3))
@pytest.mark.parametrize("torn", [b"", b'{"at": "2026'])
def test_what_a_write_that_was_cut_off_left_is_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: int, torn: bytes
) -> None:
    histories = some_history(tmp_path, 3)
    before = histories.path("db").read_bytes()
    write_head = Histories.write_head

    def killed(*arguments: Any) -> None:
        if len(arguments) < 5:
            raise KeyboardInterrupt
        write_head(*arguments)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(Histories, "write_head", killed)
        histories.append("db", EVENTS[3:])
    left = lines_of(histories)
    histories.path("db").write_bytes(before + b"".join(left[3 : 3 + kept]) + torn)
    history = histories.read("db")
    assert history.broken is None and list(history.events) == EVENTS[: 3 + kept]
    histories.append("db", EVENTS[3 + kept :] or EVENTS[:1])
    assert histories.read("db").broken is None


APPROVAL = [Event(NOW, "maria", Kind.APPROVED), Event(NOW, MARKETPLACE, Kind.LISTED)]
FORGED = {
    "an approval": APPROVAL,
    "what the marketplace says": [Event(NOW, MARKETPLACE, Kind.STAGED)],
    "a test": [Event(NOW, "ben", Kind.STAGING_TESTED, data={"points": []})],
    "an edit that somebody noticed": [Event(NOW, "ana", Kind.EDITED)],
}


@pytest.mark.parametrize("forged", FORGED)
@pytest.mark.parametrize("foreseen", [False, True])
def test_a_line_beyond_the_head_is_not_believed(
    tmp_path: Path, forged: str, foreseen: bool
) -> None:
    histories = some_history(tmp_path, 3)
    last = digest_of(lines_of(histories)[-1][:-1])
    if foreseen:
        histories.write_head("db", 3, last, ["ab" * 32])
    lines, _ = chained(FORGED[forged], last)
    rewrite(histories, [*lines_of(histories), lines])
    history = histories.read("db")
    assert history.broken == "event 4 was put in after the last that its head knows"
    assert list(history.events) == EVENTS[:3]
    with pytest.raises(StorageError, match="put in"):
        histories.append("db", EVENTS[:1])


@pytest.mark.parametrize(("beyond", "believed"), [(1, True), (2, False)])
def test_a_head_of_the_first_release_may_be_one_line_behind(
    tmp_path: Path, beyond: int, believed: bool
) -> None:
    histories = some_history(tmp_path, 3)
    _, last = chained(EVENTS[:3], "")
    lines, _ = chained(APPROVAL[:beyond], last)
    (tmp_path / "heads" / "db").write_text(f"3 {last}\n")
    assert histories.read("db").broken is None
    rewrite(histories, [*lines_of(histories), lines])
    assert (histories.read("db").broken is None) == believed


@pytest.mark.parametrize("is_taken_back", [True, False])
def test_a_write_that_fails_foresees_what_could_not_be_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_taken_back: bool
) -> None:
    histories = some_history(tmp_path, 3)
    before = lines_of(histories)
    with monkeypatch.context() as patched:
        if not is_taken_back:
            patched.setattr(os, "ftruncate", _full)
        patched.setattr("state.storage.history.sync_directory", _full)
        with pytest.raises(StorageError, match="cannot be written") as raised:
            histories.append("db", EVENTS[3:])
    assert ("Check the history first" in str(raised.value)) == (not is_taken_back)
    if is_taken_back:
        assert histories.head("db") == Head(3, chained(EVENTS[:3], "")[1])
        assert lines_of(histories) == before
    history = histories.read("db")
    assert history.broken is None and len(history.events) == (3 if is_taken_back else 5)


def _full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("head", [None, b"", b"nonsense", b"5"])
def test_a_head_that_is_gone_shows_where_it_must_have_been(
    tmp_path: Path, head: bytes | None
) -> None:
    path = tmp_path / "heads" / "db"
    for count in (1, 5):
        histories = some_history(tmp_path, count)
        path.unlink() if head is None else path.write_bytes(head)
        history = histories.read("db")
        assert list(history.events) == EVENTS[:count]
        # After the first write of release 0.1.0 the head may not have followed.
        assert (count == 1) == (history.broken is None)
        histories.remove("db")


def test_whoever_reads_while_others_write_sees_no_break(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    histories, others = some_history(tmp_path, 2), Histories(tmp_path)
    raw, waiting = histories.raw, EVENTS[2:4]

    def late(offer: str) -> bytes:
        while waiting:
            others.append(offer, [waiting.pop(0)])
        return raw(offer)

    monkeypatch.setattr(histories, "raw", late)
    history = histories.read("db")
    assert history.broken is None and list(history.events) == EVENTS[:4]
