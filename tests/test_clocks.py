"""Clocks that were wrong: nobody waits for as long as that, and the history stays in order."""

from datetime import timedelta

import pytest

from state.domain.actions import Command
from state.domain.events import Kind, clock_of
from state.domain.offer_state import Status
from state.engine import Done
from state.storage.working_directory import WorkingDirectory
from tests.engine_harness import DATA, MACHINE, EngineHarness, done
from tests.support import NOW

AHEAD = timedelta(days=3)
SECONDS = timedelta(seconds=30)


def remarked_ahead(desk: EngineHarness) -> None:
    """Something was recorded while the clock was ahead; then it was set right."""
    desk.now += AHEAD
    desk.remark("the clock is wrong")
    desk.now = NOW


@pytest.mark.parametrize(
    ("offer", "way", "status"),
    [
        (MACHINE, "certify", Status.DRAFT),
        (DATA, "stage", Status.STAGED),
        (DATA, "stage tested request", Status.PRODUCTION_REQUESTED),
        (DATA, "stage tested request approve", Status.AVAILABLE),
    ],
)
def test_stages_take_as_long_as_ever_after_the_clock_was_set_back(
    desk: EngineHarness, offer: str, way: str, status: Status
) -> None:
    done(desk.engine.perform(offer, Command("remark", "first")))
    desk.now += AHEAD
    done(desk.engine.perform(offer, Command("remark", "from the future")))
    desk.now = NOW
    for action in way.split():
        done(desk.engine.perform(offer, Command(action)))
        busy = desk.engine.offer(offer).state.busy
        if action != "tested":
            assert busy and busy.began == desk.now
        desk.now += SECONDS
    view = desk.engine.offer(offer)
    assert view.status is status
    assert view.state.busy is None or view.state.busy.seconds is None
    times = [event.at for event in view.events]
    assert times == sorted(times) and times[-1] == NOW + AHEAD
    assert [clock_of(event) for event in view.events][-1] < NOW + AHEAD


def test_what_the_clock_said_is_kept_in_the_file(desk: EngineHarness) -> None:
    remarked_ahead(desk)
    done(desk.engine.perform(DATA, Command("stage")))
    desk.now += SECONDS
    shown = desk.engine.offer(DATA).events
    desk.remark("recorded")
    recorded = WorkingDirectory(desk.root).histories.read(DATA).events
    assert recorded[: len(shown)] == shown
    staged = next(event for event in recorded if event.kind is Kind.STAGED)
    assert (staged.at, clock_of(staged)) == (NOW + AHEAD, NOW + timedelta(seconds=5))


@pytest.mark.parametrize("way", ["stage", "stage tested request", "stage tested request approve"])
def test_a_stage_that_a_wrong_clock_began_ends_for_whoever_looks(
    desk: EngineHarness, way: str
) -> None:
    *before, last = way.split()
    for action in before:
        desk.do(DATA, action)
    now = desk.now
    desk.now += AHEAD
    done(desk.engine.perform(DATA, Command(last)))
    desk.now += SECONDS
    shown = desk.engine.offer(DATA).events
    desk.now = now
    assert desk.engine.offer(DATA).events == shown
    assert desk.as_("ben").offer(DATA).state.busy == desk.engine.offer(DATA).state.busy


def test_an_event_from_the_future_is_named_with_a_way_on(desk: EngineHarness) -> None:
    desk.remark("now")
    assert desk.engine.offer(DATA).from_the_future is None
    remarked_ahead(desk)
    assert desk.engine.offer(DATA).from_the_future == desk.engine.offer(DATA).events[-1]
    assert isinstance(desk.engine.perform(DATA, Command("remark", "on")), Done)
    desk.now = NOW + AHEAD
    assert desk.engine.offer(DATA).from_the_future is None


def test_an_offer_is_judged_by_the_day_of_the_clock(desk: EngineHarness) -> None:
    remarked_ahead(desk)
    assert desk.engine.offer(DATA).now == NOW
