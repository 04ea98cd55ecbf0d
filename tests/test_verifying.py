"""Verifying: what was altered, removed or lost shows, and a broken history can go on."""

from pathlib import Path

import pytest

from state.conditions import REMARK
from state.engine import UnknownOfferError
from state.events import Kind
from state.findings import Refusal
from state.lifecycle import Command
from state.status import Status
from state.verifying import ACCEPT, Verified, accept, verify
from tests.drafts import DATA, MACHINE, Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A data service with five events: created, pushed, staged, two remarks."""
    desk = Desk(tmp_path)
    desk.stage(DATA)
    for word in ("first", "second"):
        remark(desk, word)
    return desk


def remark(desk: Desk, words: str) -> None:
    assert not isinstance(desk.engine.perform(DATA, Command(REMARK, words)), Refusal)


def history(desk: Desk) -> Path:
    return desk.root / f".vitrina/history/{DATA}.jsonl"


def found(desk: Desk, offer: str = DATA) -> Verified:
    return next(each for each in verify(desk.engine) if each.offer == offer)


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def reason(refused: object) -> list[str]:
    assert isinstance(refused, Refusal) and refused.action == ACCEPT
    return [each.rule for each in refused.reasons]


def test_what_nobody_touched_is_whole(desk: Desk) -> None:
    assert all(each.is_whole and not each.notes for each in verify(desk.engine))
    assert found(desk).events == 5


def test_the_first_altered_event_is_named_with_its_place(desk: Desk) -> None:
    rewrite(history(desk), '"first"', '"worst"')
    broken = found(desk).broken
    assert broken is not None
    assert (broken.event, broken.line, broken.message) == (4, 4, "event 4 was altered")
    assert broken.file == f".vitrina/history/{DATA}.jsonl"
    assert found(desk).events == 3
    assert found(desk, MACHINE).is_whole


def test_a_history_that_is_gone_shows_even_with_its_definition(desk: Desk) -> None:
    history(desk).unlink()
    assert "events 1 to 5 were removed" in str(found(desk).broken)
    desk.file(DATA).unlink()
    broken = found(desk).broken
    assert broken is not None and "heads" in broken.remedy


def test_a_lost_or_altered_content_is_named(desk: Desk) -> None:
    version = desk.engine.offer(DATA).events[1].data["version"]
    logo, digest = next(iter(version["assets"].items()))
    blobs = desk.root / ".vitrina/blobs"
    (blobs / version["definition"]).unlink()
    (blobs / digest).write_bytes(b"another picture")
    missing = {each.what: (each.event, each.message) for each in found(desk).missing}
    assert missing["definition"] == (1, "is missing")
    assert missing[logo][1].startswith("was altered")
    assert found(desk).broken is None and not found(desk).is_whole


def test_what_lies_in_the_trash_is_verified_too(desk: Desk) -> None:
    desk.engine.discard([MACHINE])
    entry = desk.engine.trash()[-1]
    assert found(desk, MACHINE).is_whole and found(desk, MACHINE).discarded_at == entry.at

    lines = (entry.path / "history.jsonl").read_bytes().splitlines(keepends=True)
    (entry.path / "history.jsonl").write_bytes(b"".join(lines[:-1]))
    next((entry.path / "assets").rglob("*.png")).write_bytes(b"another picture")
    broken = found(desk, MACHINE).broken
    assert broken is not None and broken.message == f"event {len(lines)} was removed"
    assert [each.message for each in found(desk, MACHINE).missing] == ["was altered in the trash"]

    (entry.path / "record.json").write_text("{}")
    assert "record.json" in [each.what for each in found(desk, MACHINE).missing]


def test_what_can_be_told_without_harm_is_a_note(desk: Desk) -> None:
    (desk.root / f".vitrina/heads/{DATA}").unlink()
    with history(desk).open("ab") as file:
        file.write(b'{"at": ')
    notes = " ".join(found(desk).notes)
    assert found(desk).is_whole and "unfinished" in notes and "no head" in notes


def test_an_unknown_offer_is_no_offer(desk: Desk) -> None:
    with pytest.raises(UnknownOfferError, match="Did you mean"):
        verify(desk.engine, ["contoso-rate"])


def test_a_broken_offer_goes_on_once_a_publisher_says_so(desk: Desk) -> None:
    before = history(desk).read_bytes().splitlines(keepends=True)
    rewrite(history(desk), '"first"', '"worst"')
    rest = b"".join(history(desk).read_bytes().splitlines(keepends=True)[3:])
    assert isinstance(desk.engine.perform(DATA, Command(REMARK, "no")), Refusal)

    done = accept(desk.engine, DATA, "the disk was full")

    assert not isinstance(done, Refusal) and done.view is not None
    assert done.view.broken is None and done.view.state.status is Status.STAGED
    assert history(desk).read_bytes().splitlines(keepends=True)[:3] == before[:3]
    event = done.view.events[-1]
    assert event.kind is Kind.CHAIN_ACCEPTED and event.data["after"] == 3
    assert event.note == "the disk was full (event 4 was altered; 2 lines set aside)"
    assert desk.engine.survey.directory.blobs.get(event.data["set_aside"]) == rest

    remark(desk, "on we go")
    assert found(desk).is_whole and found(desk).events == 5
    assert event.data["set_aside"] in found(desk).notes[0]
    (desk.root / ".vitrina/blobs" / event.data["set_aside"]).unlink()
    assert [each.what for each in found(desk).missing] == ["what was set aside"]


def test_a_break_after_an_acceptance_shows_again(desk: Desk) -> None:
    rewrite(history(desk), '"first"', '"worst"')
    accept(desk.engine, DATA)
    rewrite(history(desk), "lines set aside", "lines put aside")
    assert "event 4 was altered" in str(found(desk).broken)
    again = accept(desk.engine, DATA)
    assert not isinstance(again, Refusal) and found(desk).is_whole


def test_events_that_were_removed_leave_nothing_to_set_aside(desk: Desk) -> None:
    lines = history(desk).read_bytes().splitlines(keepends=True)
    history(desk).write_bytes(b"".join(lines[:3]))
    done = accept(desk.engine, DATA)
    assert not isinstance(done, Refusal)
    assert done.events[0].data["set_aside"] is None and found(desk).is_whole


def test_stages_that_ended_meanwhile_come_before_the_acceptance(desk: Desk) -> None:
    """The marketplace's event was removed: it follows again from what was pushed."""
    lines = history(desk).read_bytes().splitlines(keepends=True)
    history(desk).write_bytes(b"".join([*lines[:2], *lines[3:]]))
    accept(desk.engine, DATA)
    events = desk.engine.offer(DATA).events
    kinds = [event.kind.value for event in events]
    assert kinds == ["created", "pushed-to-staging", "staged", "chain-accepted"]
    assert [event.at for event in events] == sorted(event.at for event in events)


def test_events_that_do_not_follow_can_be_left_too(desk: Desk) -> None:
    histories = desk.engine.survey.directory.histories
    wrong = desk.engine.offer(DATA).events[2]
    histories.append(DATA, [wrong])
    assert "event 6 does not follow" in str(found(desk).broken)
    accept(desk.engine, DATA)
    assert found(desk).is_whole and found(desk).events == 6


def test_only_what_is_broken_is_accepted_and_only_by_a_publisher(desk: Desk) -> None:
    assert reason(accept(desk.engine, DATA)) == ["status.wrong"]
    rewrite(history(desk), '"first"', '"worst"')
    roles = '[roles]\npublishers = ["ana"]\n\n[registration]'
    rewrite(desk.root / "publisher.toml", "[registration]", roles)
    before = history(desk).read_bytes()
    assert reason(accept(desk.as_("zoe"), DATA)) == ["role.publisher"]
    assert history(desk).read_bytes() == before
