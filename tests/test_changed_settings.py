"""What was shown of the marketplace stays, whatever is done to publisher.toml afterwards."""

import os
from datetime import timedelta

import pytest

from state.domain.actions import ACTIONS, Command
from state.domain.events import Event, Kind
from state.domain.field_path import ROOT
from state.domain.findings import PUBLISHER_FILE
from state.domain.offer_state import Status
from state.engine.drafts import with_value, write_publisher
from tests.engine_harness import DATA, MACHINE, EngineHarness, done

SETTINGS = ROOT / "marketplace" / "rehearsal"

STAGES = {
    "certifying": "certify",
    "staging": "stage",
    "in validation": "stage tested request",
    "in final review": "stage tested request approve",
    "listed": "stage tested request approve",
}
"""Ways to an offer that is under way, the last action of each just asked for."""

EDITS = {
    "lengths": "certification = 900\ncontent_validation = 900\nreplication = 900\nfinal_review = 1",
    "failures": 'fail = ["certification", "staging.replication", "production.content_validation"]',
    "nothing": "",
}


def under_way(desk: EngineHarness, stage: str) -> str:
    """An offer in a stage that has just begun."""
    *before, last = STAGES[stage].split()
    offer = MACHINE if last == "certify" else DATA
    for action in before:
        desk.do(offer, action)
    if stage != "in final review":
        done(desk.engine.perform(offer, Command(last)))
    return offer


def set_to(desk: EngineHarness, edit: str) -> None:
    """Other settings in publisher.toml."""
    file = desk.root / "publisher.toml"
    head = file.read_text().partition("[marketplace.rehearsal]")[0]
    file.write_text(f"{head}[marketplace.rehearsal]\n{EDITS[edit]}\n")


MOMENTS = (0, 1, 2, 4, 5, 7, 11)
"""The seconds after which a stage ends, by the settings before and after an edit, and some between."""


def over_time(desk: EngineHarness, offer: str) -> list[tuple[tuple[Event, ...], Status | None]]:
    """What whoever looks sees at each moment; nothing is recorded."""
    views = []
    for seconds in MOMENTS:
        desk.now += timedelta(seconds=seconds)
        view = desk.as_("ana").offer(offer)
        views.append((view.events, view.status))
        desk.now -= timedelta(seconds=seconds)
    return views


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("stage", STAGES)
def test_no_edit_of_the_file_changes_a_stage_that_has_begun(
    desk: EngineHarness, stage: str, edit: str
) -> None:
    offer = under_way(desk, stage)
    shown = over_time(desk, offer)
    set_to(desk, edit)
    assert over_time(desk, offer) == shown
    for at in (0, 2**33):
        os.utime(desk.root / "publisher.toml", (at, at))
        assert over_time(desk, offer) == shown
    (desk.root / "publisher.toml").unlink()
    assert over_time(desk, offer) == shown


def test_an_edit_counts_from_the_next_action_on(desk: EngineHarness) -> None:
    set_to(desk, "failures")
    done(desk.engine.perform(DATA, Command("stage")))
    set_to(desk, "nothing")
    desk.now += timedelta(seconds=30)
    assert desk.engine.offer(DATA).status is Status.STAGING_FAILED
    desk.do(DATA, "stage")
    assert desk.engine.offer(DATA).status is Status.STAGED


def test_what_is_available_stays_so_when_the_file_is_written_in_the_program(
    desk: EngineHarness,
) -> None:
    file = desk.root / "publisher.toml"
    file.write_text(file.read_text().replace('final_review = "manual"', "final_review = 1"))
    for action in ("stage", "tested", "request"):
        desk.do(DATA, action)
    shown = desk.engine.offer(DATA).events
    assert shown[-1].kind is Kind.AVAILABLE
    new = with_value(file.read_bytes(), PUBLISHER_FILE, SETTINGS / "final_review", "manual")
    assert write_publisher(desk.engine, new, seen=file.read_bytes()) is None
    assert desk.as_("ana").offer(DATA).events == shown


# A marketplace that cannot answer ----------------------------------------------------------------


BACKENDS = {
    'backend = "azure"': "azure",
    'backend = "Rehearsal"': "Rehearsal",
    'backend = ""': "rehearsal",
    "backend = 5": "5",
    'backned = "rehearsal"': "misspelt",
    'backend = "partner-center"': "is not supported by this release",
}


def choose(desk: EngineHarness, backend: str) -> None:
    """Another marketplace in publisher.toml."""
    file = desk.root / "publisher.toml"
    file.write_text(file.read_text().replace('backend = "rehearsal"', backend))


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_marketplace_that_is_none_stops_every_action(desk: EngineHarness, backend: str) -> None:
    choose(desk, backend)
    view = desk.engine.offer(DATA)
    for action in ACTIONS:
        (reason,) = (each for each in view.actions[action] if each.rule == "marketplace.backend")
        assert (reason.step, reason.field) == (None, None)
        assert BACKENDS[backend] in reason.message
        assert [each.message for each in view.actions[action]].count(reason.message) == 1
    assert "publisher.toml" in view.next.text
    assert any(found.file == "publisher.toml" for found in view.to_fix)


@pytest.mark.parametrize("stage", STAGES)
def test_what_the_rehearsal_was_asked_it_answers_whatever_the_file_names_by_now(
    desk: EngineHarness, stage: str
) -> None:
    offer = under_way(desk, stage)
    shown = over_time(desk, offer)
    choose(desk, 'backend = "partner-center"')
    assert over_time(desk, offer) == shown
