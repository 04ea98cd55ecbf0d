"""Verifying: what was altered, removed or lost shows."""

from pathlib import Path

import pytest

from state.domain.actions import REMARK, Command
from state.domain.errors import UnknownOfferError
from state.domain.findings import Refusal
from state.engine.verify import Verified, verify
from tests.engine_harness import DATA, MACHINE, EngineHarness


@pytest.fixture
def desk(desk: EngineHarness) -> EngineHarness:
    """A data service with five events."""
    return desk.five_events()


def history(desk: EngineHarness) -> Path:
    return desk.root / f".vitrina/history/{DATA}.jsonl"


def found(desk: EngineHarness, offer: str = DATA) -> Verified:
    return next(each for each in verify(desk.engine) if each.offer == offer)


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_what_nobody_touched_is_whole(desk: EngineHarness) -> None:
    assert all(each.is_whole and not each.notes for each in verify(desk.engine))
    assert found(desk).events == 5


def test_the_first_altered_event_is_named_with_its_place(desk: EngineHarness) -> None:
    rewrite(history(desk), '"first"', '"worst"')
    broken = found(desk).broken
    assert broken is not None
    assert (broken.event, broken.line, broken.message) == (4, 4, "event 4 was altered")
    assert broken.file == f".vitrina/history/{DATA}.jsonl"
    assert found(desk).events == 4
    assert found(desk, MACHINE).is_whole


def test_a_history_that_is_gone_shows_even_with_its_definition(desk: EngineHarness) -> None:
    history(desk).unlink()
    assert "events 1 to 5 were removed" in str(found(desk).broken)
    desk.file(DATA).unlink()
    broken = found(desk).broken
    assert broken is not None and "heads" in broken.remedy


def test_a_lost_or_altered_content_is_named(desk: EngineHarness) -> None:
    version = desk.engine.offer(DATA).events[1].data["version"]
    logo, digest = next(iter(version["assets"].items()))
    blobs = desk.root / ".vitrina/blobs"
    (blobs / version["definition"]).unlink()
    (blobs / digest).write_bytes(b"another picture")
    missing = {each.what: (each.event, each.message) for each in found(desk).missing}
    assert missing["definition"] == (1, "is missing")
    assert missing[logo][1].startswith("was altered")
    assert found(desk).broken is None and not found(desk).is_whole


def test_what_lies_in_the_trash_is_verified_too(desk: EngineHarness) -> None:
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


def test_what_can_be_told_without_harm_is_a_note(desk: EngineHarness) -> None:
    desk.remark("first", MACHINE)
    (desk.root / f".vitrina/heads/{MACHINE}").unlink()
    history = desk.root / f".vitrina/history/{MACHINE}.jsonl"
    history.write_bytes(history.read_bytes().splitlines(keepends=True)[0] + b'{"at": ')
    notes = " ".join(found(desk, MACHINE).notes)
    assert found(desk, MACHINE).is_whole and "unfinished" in notes and "no head" in notes


def test_a_history_that_cannot_be_read_is_the_trouble_of_its_offer_alone(
    desk: EngineHarness,
) -> None:
    history(desk).unlink()
    history(desk).mkdir()
    broken = found(desk).broken
    assert broken is not None and "is not a plain file" in broken.message
    views = {view.offer: view for view in desk.engine.offers()}
    assert "is not a plain file" in str(views[DATA].trouble) and views[MACHINE].trouble is None
    refused = desk.engine.perform(DATA, Command(REMARK, "no"))
    assert isinstance(refused, Refusal) and refused.reasons[0].rule == "history.broken"
    desk.remark("yes", MACHINE)


def test_an_unknown_offer_is_no_offer(desk: EngineHarness) -> None:
    with pytest.raises(UnknownOfferError, match="Did you mean"):
        verify(desk.engine, ["contoso-rate"])
