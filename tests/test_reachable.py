"""A walk over everything that can happen to an offer, with what must hold everywhere.

Three contents, two people, every command, and time that passes with and without failures. States
that differ in times alone count as one.
"""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

import pytest

from state.domain.actions import (
    APPROVE,
    CANCEL,
    CERTIFY,
    DISCARD,
    PRODUCTION_TESTED,
    REJECT,
    REQUEST,
    STAGE,
    TESTED,
    Command,
)
from state.domain.events import MARKETPLACE, Event, Kind
from state.domain.findings import Refusal
from state.domain.offer_state import START, State, Status
from state.domain.offer_types import OfferType
from state.domain.publisher import Rehearsal
from state.domain.stages import STAGES
from state.lifecycle.decide import decide
from state.lifecycle.evolve import fold
from state.lifecycle.guards import DecisionContext, refusal_reasons
from state.lifecycle.transitions import ACTION_TABLE, STATUS_AFTER, settled_by
from state.marketplace.rehearsal import RehearsalMarketplace
from state.rules.progress import open_progress
from state.storage.chain import chained, check_chain
from tests.lifecycle_page import REMEDIES
from tests.scenarios import BEGIN, TECHNICAL, T, V, version_of
from tests.support import made

REQUESTER, APPROVER = "ana", "maria"
COMMANDS = (
    CERTIFY, STAGE, TESTED, REQUEST, APPROVE, REJECT, CANCEL, PRODUCTION_TESTED, DISCARD,
)  # fmt: skip
BEGINNINGS = (CERTIFY, STAGE, REQUEST, APPROVE)
"""What begins a stage: there alone it matters whether the marketplace fails."""
GOOD, BAD = (
    RehearsalMarketplace(made(Rehearsal, 1, 1, 1, "manual", fail)) for fail in ((), tuple(STAGES))
)
UNDER_WAY = (Status.STAGING, Status.PRODUCTION_REQUESTED, Status.LISTED)


class Place(NamedTuple):
    """A state that was reached, with the content of the draft, the way to it, and what counts."""

    state: State
    content: str
    way: tuple[Event, ...]
    key: Any


class Move(NamedTuple):
    """A step from one place to another: the events of a command, of time, or of none (an edit)."""

    before: Place
    events: tuple[Event, ...]
    after: Place


class Walk(NamedTuple):
    """Every move between the states that an offer can reach, and every refusal on the way."""

    moves: tuple[Move, ...]
    places: tuple[Place, ...]
    refusals: frozenset[Refusal]


def shape_of(state: State | None) -> Any:
    """A state without times, and without what no decision looks at."""
    if state is None:
        return None
    run = state.run
    return (
        state.status,
        state.discarded,
        state.staged and state.staged.content,
        state.production and state.production.content,
        frozenset(content for content, _ in state.tested),
        state.certified,
        run and (run.version.content, run.version.by, run.stage.name, run.stage.fails),
        shape_of(run and run.before),
    )


def facts_of(
    kind: OfferType, place: Place, actor: str, marketplace: RehearsalMarketplace
) -> DecisionContext:
    """What a decision at a place needs to know."""
    now = place.way[-1].at if place.way else BEGIN
    return DecisionContext(
        now,
        actor,
        kind,
        kind,
        version_of(place.content, actor, now),
        tuple(open_progress(kind, place.state, version_of(place.content, actor), "offer.toml")),
        begin=marketplace.begin,
        settings=marketplace.settings(),
    )


def _moves(kind: OfferType, place: Place) -> Iterator[tuple[Event, ...] | str | Refusal]:
    """What may happen at a place: events, the content that an edit gives the draft, or a refusal."""
    yield from (content for content in TECHNICAL if content != place.content)
    for marketplace in (GOOD, BAD):
        for actor in (REQUESTER, APPROVER):
            facts = facts_of(kind, place, actor, marketplace)
            for command in COMMANDS if marketplace is GOOD else BEGINNINGS:
                yield decide(place.state, Command(command, "because"), facts)
        if place.state.busy and place.state.busy.seconds:
            end = place.state.busy.began.timestamp() + place.state.busy.seconds
            yield tuple(marketplace.due(place.state, BEGIN.fromtimestamp(end, BEGIN.tzinfo)))


def _place(state: State, content: str, way: tuple[Event, ...]) -> Place:
    return Place(state, content, way, (shape_of(state), content))


@cache
def walk(kind: OfferType) -> Walk:
    """Every move between the states that an offer of a type can reach."""
    start = _place(START, "A", ())
    places, ahead = {start.key: start}, [start]
    moves: list[Move] = []
    refusals: set[Refusal] = set()
    for before in ahead:
        for move in _moves(kind, before):
            if isinstance(move, Refusal):
                refusals.add(move)
                continue
            events, content = ((), move) if isinstance(move, str) else (move, before.content)
            after = _place(fold(events, before.state), content, (*before.way, *events))
            moves.append(Move(before, events, after))
            if after.key not in places:
                places[after.key] = after
                if not after.state.discarded:
                    ahead.append(after)
    return Walk(tuple(moves), tuple(places.values()), frozenset(refusals))


BOTH_WAYS = pytest.mark.parametrize("kind", [V, pytest.param(T, marks=pytest.mark.slow)])
"""With and without a certification in step 3."""

pytestmark = pytest.mark.xdist_group("walk")
"""One process walks, and all tests look at what it found."""


def _allowed(kind: OfferType, place: Place, command: str, actor: str) -> bool:
    return not refusal_reasons(place.state, command, facts_of(kind, place, actor, GOOD))


@BOTH_WAYS
def test_the_walk_sees_everything(
    kind: OfferType, record_property: Callable[[str, object], None]
) -> None:
    moves, places, _ = walk(kind)
    states, transitions = len(places), len({(each.before.key, each.after.key) for each in moves})
    record_property("walked", f"{kind}: {states} states, {transitions} transitions")
    assert states > 5_000
    assert {place.state.status for place in places} == set(Status)
    kinds = {event.kind for move in moves for event in move.events}
    elsewhere = {"created", "edited", "reverted", "renamed", "restored", "remark", "chain-accepted"}
    certification = {"certification-requested", "certified", "certification-failed"}
    assert kinds == set(Kind) - elsewhere - (set() if kind is V else certification)


@BOTH_WAYS
def test_every_move_is_one_of_the_table(kind: OfferType) -> None:
    made = {row.makes: row for row in ACTION_TABLE.values()}
    for before, events, after in walk(kind).moves:
        if events and events[0].actor != MARKETPLACE:
            assert before.state.status in made[events[0].kind].statuses
        kinds = [event.kind for event in events if event.kind in STATUS_AFTER]
        if not after.state.discarded and Kind.CANCELLED not in {event.kind for event in events}:
            status = STATUS_AFTER[kinds[-1]] if kinds else None
            assert after.state.status is (status or before.state.status)


@BOTH_WAYS
def test_every_refusal_has_a_reason_and_a_remedy(kind: OfferType) -> None:
    refusals = walk(kind).refusals
    assert {refusal.action for refusal in refusals} == set(COMMANDS)
    for refusal in refusals:
        assert refusal.reasons
        for reason in refusal.reasons:
            assert reason.message.endswith(".")
            assert settled_by(reason.rule) if reason.step else REMEDIES[reason.rule]


@BOTH_WAYS
def test_every_state_has_a_way_to_customers_or_to_the_trash(kind: OfferType) -> None:
    back: dict[Any, set[Any]] = {place.key: set() for place in walk(kind).places}
    for before, _, after in walk(kind).moves:
        back[after.key].add(before.key)
    ahead = [
        place.key
        for place in walk(kind).places
        if place.state.discarded or place.state.status is Status.AVAILABLE
    ]
    reached = set(ahead)
    while ahead:
        found = back[ahead.pop()] - reached
        reached |= found
        ahead += found
    assert reached == back.keys()


@BOTH_WAYS
def test_no_request_without_four_complete_steps_on_that_very_content(kind: OfferType) -> None:
    requests = [
        move for move in walk(kind).moves if move.events and move.events[0].kind is Kind.REQUESTED
    ]
    assert requests
    for before, _, after in requests:
        run = after.state.run
        assert run is not None and before.state.staged is not None
        content = run.version.content
        assert before.state.status in (Status.STAGED, Status.REJECTED)
        assert content == before.content == before.state.staged.content
        assert content in {tested for tested, _ in before.state.tested}
        assert kind is not V or TECHNICAL[content] in before.state.certified
        assert not facts_of(kind, before, REQUESTER, GOOD).findings


@BOTH_WAYS
def test_only_a_draft_that_was_never_in_staging_is_discarded(kind: OfferType) -> None:
    for before, events, after in walk(kind).moves:
        if after.state.discarded:
            assert before.state.status is Status.DRAFT
            assert before.state.staged is None and before.state.production is None
            assert events[-1].kind is Kind.DISCARDED and after.state.run is None
        else:
            draft = after.state.status is Status.DRAFT
            assert draft == _allowed(kind, after, DISCARD, REQUESTER)


@BOTH_WAYS
def test_only_what_was_staged_tested_and_requested_is_listed_by_somebody_else(
    kind: OfferType,
) -> None:
    for before, events, after in walk(kind).moves:
        grown = after.state.listed != before.state.listed
        assert grown == (Kind.LISTED in {event.kind for event in events})
        if grown:
            assert before.state.run is not None and after.state.production is not None
            approved = next(event for event in events if event.kind is Kind.APPROVED)
            assert approved.actor in (REQUESTER, APPROVER)
            assert approved.actor != before.state.run.version.by
            content = before.state.run.version.content
            assert after.state.production.content == content
            passed = [event.kind for event in before.way if event.content == content]
            first = [passed.index(kind) for kind in (Kind.PUSHED, Kind.STAGED, Kind.STAGING_TESTED)]
            assert first == sorted(first) and Kind.REQUESTED in passed[first[-1] :]


@BOTH_WAYS
def test_production_goes_back_to_nothing_else(kind: OfferType) -> None:
    for before, _, after in walk(kind).moves:
        assert after.state.listed[: len(before.state.listed)] == before.state.listed
        if before.state.production and not after.state.busy:
            assert after.state.status is not Status.DRAFT


@BOTH_WAYS
def test_cancel_always_leads_back(kind: OfferType) -> None:
    for before, events, after in walk(kind).moves:
        run = after.state.run
        if run is None:
            continue
        if before.state.run is None:
            assert run.before == before.state
        else:
            assert run.before == before.state.run.before
        listed = after.state.status is Status.LISTED
        assert listed != _allowed(kind, after, CANCEL, run.version.by)
        if events and events[0].kind is not Kind.LISTED and not listed:
            back = decide(after.state, Command(CANCEL), facts_of(kind, after, REQUESTER, GOOD))
            assert not isinstance(back, Refusal)
            assert fold(back, after.state) == run.before._replace(seen=after.state.seen)


@BOTH_WAYS
def test_an_offer_is_never_stuck(kind: OfferType) -> None:
    for _, _, after in walk(kind).moves:
        state = after.state
        if state.discarded:
            continue
        assert (state.status not in UNDER_WAY) or state.busy is not None
        waits_for_a_person = state.busy is not None and state.busy.seconds is None
        if waits_for_a_person:
            assert any(_allowed(kind, after, APPROVE, actor) for actor in (REQUESTER, APPROVER))
        elif state.busy is None:
            ahead = (CERTIFY, STAGE, REQUEST)
            assert any(_allowed(kind, after, command, REQUESTER) for command in ahead)


@BOTH_WAYS
def test_what_is_written_down_adds_up_to_the_same(kind: OfferType) -> None:
    for place in walk(kind).places[::7]:
        lines, _ = chained(place.way, "")
        assert fold(check_chain(lines, None).events) == place.state
