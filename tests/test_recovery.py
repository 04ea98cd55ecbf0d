"""Histories with gaps: whichever events are lost, the others make sense and nothing is made up."""

from itertools import combinations

import pytest

from state.domain.actions import ACTIONS, APPROVE, DISCARD
from state.domain.events import Event, Kind
from state.domain.offer_state import START, Status
from state.lifecycle.evolve import evolve, fold
from state.lifecycle.guards import refusal_reasons
from state.lifecycle.recovery import is_valid_next
from tests.scenarios import Journey

STAGED = "certify wait stage wait"
PUBLISHED = f"{STAGED} tested request wait as:maria approve as:ana wait"
UPDATED = f"{PUBLISHED} ptested to:A' stage wait tested request wait as:maria"
WAYS = (
    "certify cancel certify wait stage cancel",
    "certify wait fail:staging.replication stage wait mend stage wait tested",
    f"{STAGED} tested request wait as:maria reject as:ana request cancel stage cancel",
    "fail:certification certify wait mend certify wait stage wait tested "
    "fail:production.certification request wait mend request wait as:maria approve wait",
    "certify wait stage wait tested request wait fail:production.replication as:maria approve wait",
    f"{UPDATED} approve as:ana wait ptested",
    f"{UPDATED} reject as:ana to:B certify wait stage wait tested request",
    f"{UPDATED} as:ana cancel stage wait",
)
DRAFT_KINDS = {
    Kind.CERTIFICATION_REQUESTED, Kind.CERTIFIED, Kind.CERTIFICATION_FAILED, Kind.CANCELLED,
}  # fmt: skip
IN_PRODUCTION = {Kind.LISTED, Kind.REPLICATION_FAILED, Kind.AVAILABLE, Kind.PRODUCTION_TESTED}


def gone(way: str) -> tuple[Journey, list[list[Event]]]:
    """A way, and what is left of its events where any one or two of them are lost."""
    journey = Journey().walk(way)
    events = journey.events
    lost = [set(each) for count in (1, 2) for each in combinations(range(len(events)), count)]
    return journey, [[e for n, e in enumerate(events) if n not in each] for each in lost]


@pytest.mark.parametrize("way", WAYS)
def test_of_a_whole_history_every_event_follows(way: str) -> None:
    state = START
    for event in Journey().walk(way).events:
        assert is_valid_next(state, event)
        state = evolve(state, event)


@pytest.mark.parametrize("way", WAYS)
def test_what_is_left_makes_sense_and_goes_on(way: str) -> None:
    journey, remains = gone(way)
    whole, requester = journey.state, journey.walk("as:ana")
    for events in remains:
        journey.state = state = fold(events)
        facts = requester.facts()
        answers = {action: refusal_reasons(state, action, facts) for action in ACTIONS}
        assert answers[APPROVE], "who requests never approves"
        if whole.status is not Status.DRAFT and {e.kind for e in events} - DRAFT_KINDS - {
            Kind.PUSHED
        }:
            assert state.status is not Status.DRAFT and answers[DISCARD]
        listed = {e.content for e in events if e.kind in IN_PRODUCTION}
        assert {version.content for version in state.listed} == listed
        assert state.certified <= whole.certified | {""}
        assert state.tested <= whole.tested
        due = journey.marketplace.due(state, journey.now)
        assert all(
            is_valid_next(fold(due[:number], state), each) for number, each in enumerate(due)
        )


def test_a_push_that_nobody_knows_the_end_of_is_no_draft_and_not_staged() -> None:
    journey = Journey().walk("certify wait stage wait to:B certify wait stage cancel")
    kept = [event for event in journey.events if event.kind is not Kind.STAGED]
    state = fold(kept)
    assert state.status is Status.STAGING_FAILED and state.staged is None


def test_a_version_is_found_where_anything_that_is_left_holds_it() -> None:
    journey = Journey().walk(PUBLISHED)
    (pushed,) = [event for event in journey.events if event.kind is Kind.PUSHED]
    created = pushed._replace(kind=Kind.CREATED)
    staged = [event for event in journey.events if event.kind is Kind.STAGED]
    found, lost = fold([created, *staged]).staged, fold(staged).staged
    assert found and found.definition == pushed.data["version"]["definition"]
    assert lost and lost.content == pushed.content and lost.definition is None


def test_what_was_learned_under_way_outlives_a_cancel() -> None:
    journey = Journey().walk("certify wait stage")
    data = {"pushed": True, "without": ["ab"]}
    accepted = Event(journey.now, "ana", Kind.CHAIN_ACCEPTED, None, None, data)
    journey.state = evolve(journey.state, accepted)
    journey.walk("cancel")
    assert journey.state == journey.state._replace(
        status=Status.DRAFT, possibly_pushed=True, accepted_losses=frozenset({"ab"})
    )
    for action in (DISCARD, "rename"):
        assert [r.rule for r in refusal_reasons(journey.state, action, journey.facts())] == [
            "status.draft"
        ]
