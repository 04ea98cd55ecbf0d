"""Going on with a broken history: what can be trusted stays, and what cannot be had is said."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from state.domain.actions import REMARK, Command
from state.domain.events import Event, Kind
from state.domain.findings import Refusal
from state.domain.offer_state import Status
from state.engine.accept_history import ACCEPT, accept
from state.engine.drafts import rename
from state.engine.verify import Verified, verify
from tests.engine_harness import DATA, MACHINE, EngineHarness, done
from tui.main import main


@pytest.fixture
def desk(desk: EngineHarness) -> EngineHarness:
    """A data service with five events."""
    return desk.five_events()


def history(desk: EngineHarness, offer: str = DATA) -> Path:
    return desk.root / f".vitrina/history/{offer}.jsonl"


def lines_of(desk: EngineHarness, offer: str = DATA) -> list[bytes]:
    return history(desk, offer).read_bytes().splitlines(keepends=True)


def definition_in(desk: EngineHarness, event: int) -> Path:
    """The kept definition of an event's version."""
    digest = desk.engine.offer(DATA).events[event].data["version"]["definition"]
    return desk.root / ".vitrina/blobs" / digest


def found(desk: EngineHarness, offer: str = DATA) -> Verified:
    return next(each for each in verify(desk.engine) if each.offer == offer)


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def rules(refused: object, action: str = ACCEPT) -> list[str]:
    assert isinstance(refused, Refusal) and refused.action == action
    return [each.rule for each in refused.reasons]


def accepted(desk: EngineHarness, offer: str = DATA) -> Event:
    return done(accept(desk.engine, offer)).events[0]


def test_a_broken_offer_goes_on_once_a_publisher_says_so(desk: EngineHarness) -> None:
    before = lines_of(desk)
    rewrite(history(desk), '"first"', '"worst"')
    rest = b"".join(lines_of(desk)[3:])
    assert isinstance(desk.engine.perform(DATA, Command(REMARK, "no")), Refusal)

    answer = done(accept(desk.engine, DATA, "the disk was full"))

    assert answer.view and answer.view.broken is None and answer.view.status is Status.STAGED
    assert lines_of(desk)[:3] == before[:3]
    notes = [event.note for event in answer.view.events[3:]]
    assert notes == ["second", "the disk was full (event 4 was altered; 1 line set aside)"]
    event = answer.events[0]
    assert event.kind is Kind.CHAIN_ACCEPTED and event.data["after"] == 4
    assert (desk.root / ".vitrina/blobs" / event.data["set_aside"]).read_bytes() == rest

    desk.remark("on we go")
    assert found(desk).is_whole and found(desk).events == 6
    assert event.data["set_aside"] in found(desk).notes[0]
    (desk.root / ".vitrina/blobs" / event.data["set_aside"]).unlink()
    assert [each.what for each in found(desk).missing] == ["what was set aside"]


def test_a_break_after_an_acceptance_shows_again(desk: EngineHarness) -> None:
    rewrite(history(desk), '"first"', '"worst"')
    accepted(desk)
    rewrite(history(desk), "line set aside", "line put aside")
    assert "event 5 was altered" in str(found(desk).broken)
    accepted(desk)
    assert found(desk).is_whole


def test_lines_that_were_moved_go_back_to_their_places(desk: EngineHarness) -> None:
    before = lines_of(desk)
    history(desk).write_bytes(b"".join([before[0], before[3], before[2], before[1], before[4]]))
    assert [str(e.kind) for e in desk.engine.offer(DATA).events][:3] == desk.kinds(DATA)[:3]
    event = accepted(desk)
    assert lines_of(desk)[:5] == before and event.note == "event 2 was moved or repeated"


def test_events_that_were_removed_leave_nothing_to_set_aside(desk: EngineHarness) -> None:
    history(desk).write_bytes(b"".join(lines_of(desk)[:3]))
    assert accepted(desk).data["set_aside"] is None and found(desk).is_whole


def test_stages_that_ended_meanwhile_come_before_the_acceptance(desk: EngineHarness) -> None:
    """The marketplace's event was removed: it follows again from what was pushed."""
    lines = lines_of(desk)
    history(desk).write_bytes(b"".join([*lines[:2], *lines[3:]]))
    accepted(desk)
    events = desk.engine.offer(DATA).events
    kinds = [event.kind.value for event in events]
    assert kinds == [
        "created", "pushed-to-staging", "remark", "remark", "staged", "chain-accepted"
    ]  # fmt: skip
    assert [event.at for event in events] == sorted(event.at for event in events)


def test_events_that_do_not_follow_can_be_left_too(desk: EngineHarness) -> None:
    wrong = desk.engine.offer(DATA).events[2]
    desk.engine.workspace.directory.histories.append(DATA, [wrong])
    assert "event 6 does not follow" in str(found(desk).broken)
    accepted(desk)
    assert found(desk).is_whole and found(desk).events == 6


def test_only_what_is_broken_is_accepted_and_only_by_a_publisher(desk: EngineHarness) -> None:
    assert rules(accept(desk.engine, DATA)) == ["status.wrong"]
    rewrite(history(desk), '"first"', '"worst"')
    roles = '[roles]\npublishers = ["ana"]\n\n[registration]'
    rewrite(desk.root / "publisher.toml", "[registration]", roles)
    before = history(desk).read_bytes()
    assert rules(accept(desk.as_("zoe"), DATA)) == ["role.publisher"]
    assert history(desk).read_bytes() == before


@pytest.mark.parametrize(
    "damage",
    [
        lambda line: [line.replace(b": ", b":  ", 1)],
        lambda line: [],
        lambda line: [b"}{\n"],
    ],
)
def test_whichever_line_is_lost_what_was_published_stays_published(
    desk: EngineHarness, damage: Callable[[bytes], list[bytes]]
) -> None:
    desk.publish(MACHINE)
    desk.remark("third", MACHINE)
    production = desk.engine.offer(MACHINE).state.production
    lines, head = lines_of(desk, MACHINE), desk.root / f".vitrina/heads/{MACHINE}"
    heads = head.read_bytes()
    assert production and len(lines) > 10
    for number, line in enumerate(lines):
        rest = damage(line)
        history(desk, MACHINE).write_bytes(b"".join([*lines[:number], *rest, *lines[number + 1 :]]))
        head.write_bytes(heads)
        broken = desk.engine.offer(MACHINE)
        assert broken.broken and broken.status is Status.AVAILABLE
        assert len(desk.kinds(MACHINE)) == len(lines) - 1
        event = accepted(desk, MACHINE)
        view = desk.engine.offer(MACHINE)
        assert ("1 line set aside" in str(event.note)) == bool(rest) and view.broken is None
        assert view.status is Status.AVAILABLE and view.state.production
        assert view.state.production.definition == production.definition, line
        assert rules(desk.engine.discard([MACHINE]), "discard") == ["status.draft"]


def test_what_was_set_aside_may_say_that_it_is_no_draft(desk: EngineHarness) -> None:
    """All that can be trusted is a draft, for the push and everything after it were altered."""
    first, *others = lines_of(desk)
    history(desk).write_bytes(first + b"".join(each.replace(b'"at"', b'"on"') for each in others))
    assert accepted(desk).data["pushed"]
    assert desk.engine.offer(DATA).status is Status.DRAFT
    assert rules(desk.engine.discard([DATA]), "discard") == ["status.draft"]
    desk.stage(DATA)
    desk.do(DATA, "stage")
    assert found(desk).is_whole


@pytest.mark.parametrize(
    "damage",
    [
        lambda lines: lines[:1],
        lambda lines: [],
        lambda lines: [*lines[:2], *[b"XXXX\n"] * (len(lines) - 2)],
        lambda lines: lines[:1] * len(lines),
    ],
)
def test_events_that_are_lost_prove_nothing_of_a_draft(
    desk: EngineHarness, damage: Callable[[list[bytes]], list[bytes]]
) -> None:
    desk.publish(MACHINE)
    history(desk, MACHINE).write_bytes(b"".join(damage(lines_of(desk, MACHINE))))
    event = accepted(desk, MACHINE)
    view = desk.engine.offer(MACHINE)
    assert view.status is Status.DRAFT and view.state.production is None
    assert event.data["pushed"] and "it is unknown whether the offer is in" in str(event.note)
    assert rules(desk.engine.discard([MACHINE]), "discard") == ["status.draft"]
    assert rules(rename(desk.engine, MACHINE, "another-vault"), "rename") == ["status.draft"]


def test_a_draft_that_lost_nothing_stays_one(desk: EngineHarness) -> None:
    desk.remark("hello", MACHINE)
    history(desk, MACHINE).write_bytes(b"".join([*lines_of(desk, MACHINE), b"XXXX\n"]))
    event = accepted(desk, MACHINE)
    assert not event.data["pushed"] and "in production" not in str(event.note)
    done(desk.engine.discard([MACHINE]))


def test_a_remark_that_names_a_kind_is_no_push(desk: EngineHarness) -> None:
    for words in ("staged", '{"kind": "staged"}', "hello"):
        desk.remark(words, MACHINE)
    rewrite(history(desk, MACHINE), "hello", "hallo")
    assert not accepted(desk, MACHINE).data["pushed"]
    done(desk.engine.discard([MACHINE]))


@pytest.mark.parametrize("damage", [Path.unlink, lambda blob: blob.write_bytes(b"another")])
def test_without_the_definition_of_what_is_staged_nothing_goes_on(
    desk: EngineHarness, damage: Callable[[Path], None]
) -> None:
    blob = definition_in(desk, 1)
    raw = blob.read_bytes()
    damage(blob)
    desk.engine = desk.as_("ana")
    view = desk.engine.offer(DATA)
    assert blob.name in str(view.trouble) and "--accept" in str(view.trouble)
    assert all(reasons[0].rule == "history.broken" for reasons in view.actions.values())
    assert any("--accept" in note for note in found(desk).notes)
    blob.write_bytes(raw)
    assert desk.as_("ana").offer(DATA).trouble is None


def test_the_file_mends_what_it_still_is(desk: EngineHarness) -> None:
    definition_in(desk, 1).unlink()
    desk.engine = desk.as_("ana")
    event = accepted(desk)
    assert event.data["without"] == [] and str(event.note).endswith(f"recovered from {DATA}.toml")
    assert found(desk).is_whole and desk.engine.offer(DATA).trouble is None


def test_whoever_goes_on_without_a_definition_is_told_what_nobody_checks(
    desk: EngineHarness,
) -> None:
    blob = definition_in(desk, 1)
    blob.unlink()
    desk.rewrite(DATA, 'title = "', 'title = "New ')
    desk.engine = desk.as_("ana")
    event = accepted(desk)
    assert event.data["without"] == [blob.name] and "what is in staging can no" in str(event.note)
    assert desk.engine.offer(DATA).trouble is None and found(desk).is_whole
    assert any(blob.name in note for note in found(desk).notes)
    desk.do(DATA, "stage")


def test_what_is_kept_again_is_kept_right(desk: EngineHarness) -> None:
    version = desk.engine.offer(DATA).events[1].data["version"]
    logo, digest = next(iter(version["assets"].items()))
    blob = desk.root / ".vitrina/blobs" / digest
    blob.write_bytes(b"another picture")
    desk.rewrite(DATA, 'title = "', 'title = "New ')
    desk.do(DATA, "stage")
    assert blob.read_bytes() == (desk.root / logo).read_bytes() and found(desk).is_whole


def test_well_chained_lines_that_somebody_appended_open_no_gate(
    desk: EngineHarness, tmp_path_factory: pytest.TempPathFactory
) -> None:
    desk.do(DATA, "tested")
    elsewhere = EngineHarness(tmp_path_factory.mktemp("elsewhere"))
    shutil.copytree(desk.root, elsewhere.root, dirs_exist_ok=True)
    elsewhere.now = desk.now
    elsewhere.do(DATA, "request")
    elsewhere.do(DATA, "approve")
    name = f".vitrina/history/{DATA}.jsonl"
    (desk.root / name).write_bytes((elsewhere.root / name).read_bytes())

    view = desk.engine.offer(DATA)
    assert "was put in after the last that its head knows" in str(view.broken)
    assert (view.status, view.state.production) == (Status.STAGED, None)
    assert isinstance(desk.engine.perform(DATA, Command("remark", "no")), Refusal)
    done(accept(desk.engine, DATA))
    view = desk.engine.offer(DATA)
    assert (view.broken, view.status, view.state.production) == (None, Status.STAGED, None)


def test_what_came_about_by_time_stays_while_the_history_is_broken(
    desk: EngineHarness, capsys: pytest.CaptureFixture[str]
) -> None:
    for action in ("tested", "request", "approve"):
        desk.do(DATA, action)
    before = desk.engine.offer(DATA)
    recorded = len(lines_of(desk))
    assert before.status is Status.AVAILABLE and len(before.events) == recorded + 1

    def said() -> str:
        assert main(["-C", str(desk.root), "history", DATA, "--json"]) == 0
        return capsys.readouterr().out

    shown = said()
    with history(desk).open("a") as file:
        file.write("garbage\n")
    size = history(desk).stat().st_size
    view = desk.engine.offer(DATA)
    assert view.broken and all(view.actions[each] for each in view.actions)
    assert (view.status, view.events) == (Status.AVAILABLE, before.events)
    assert view.state.production == before.state.production
    assert said() == shown
    assert history(desk).stat().st_size == size
    assert rules(desk.engine.perform(DATA, Command(REMARK, "x")), REMARK) == ["history.broken"]
    assert history(desk).stat().st_size == size
    accepted(desk)
    assert desk.kinds(DATA)[-2:] == ["available", "chain-accepted"]
