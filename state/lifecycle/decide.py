"""The lifecycle as a pure core: which events follow from a command.

``decide(state, command, facts)`` gives events or a refusal; ``evolve`` applies events to a state.
Neither reads a clock, a disk or a marketplace: the facts hold all of that.
"""

from collections.abc import Callable, Mapping
from typing import Any

from state.domain.actions import (
    APPROVE,
    CANCEL,
    CERTIFY,
    DISCARD,
    EDIT,
    PRODUCTION_TESTED,
    REJECT,
    REMARK,
    RENAME,
    REQUEST,
    REVERT,
    STAGE,
    TESTED,
    Command,
)
from state.domain.events import EMPTY, MARKETPLACE, Event, Kind, not_before, signed
from state.domain.findings import Refusal
from state.domain.offer_state import Run, State, Version
from state.domain.stages import CERTIFICATION, STAGING_REPLICATION
from state.lifecycle.guards import DecisionContext, refusal_reasons


def decide(state: State, command: Command, facts: DecisionContext) -> tuple[Event, ...] | Refusal:
    """The events that follow from a command, or a refusal with every reason.

    The state has to include everything that has become due.
    """
    if reasons := refusal_reasons(state, command.action, facts, command.shown):
        return Refusal(command.action, reasons)
    events = _EVENTS[command.action](state, command, facts)
    return tuple(not_before(event, facts.last) for event in events)


def is_marketing_only(state: State, technical: str) -> bool:
    """Whether the offer is in production with this technical content."""
    return state.production is not None and state.production.technical == technical


def _event(
    kind: Kind, facts: DecisionContext, about: Version | None, note: str | None, **data: Any
) -> Event:
    content = about.content if about else None
    return signed(Event(facts.now, facts.actor, kind, content, note, data), facts.login)


def version_data(version: Version) -> dict[str, Any]:
    """A version as an event's data; ``state.lifecycle.evolve.version_of`` reads it."""
    return {
        "technical": version.technical,
        "definition": version.definition,
        "assets": dict(version.assets),
        "namespace": version.namespace,
    }


def _submit(
    kind: Kind, stages: tuple[str, ...], note: str | None, facts: DecisionContext, **data: Any
) -> Event:
    assert facts.version is not None, "a version that cannot be read has findings"
    return _event(
        kind,
        facts,
        facts.version,
        note,
        version=version_data(facts.version),
        stage=dict(facts.begin(stages[0])),
        later=list(stages[1:]),
        four_eyes=facts.four_eyes,
        settings=dict(facts.settings),
        **data,
    )


def _certify(state: State, command: Command, facts: DecisionContext) -> tuple[Event, ...]:
    return (_submit(Kind.CERTIFICATION_REQUESTED, (CERTIFICATION,), command.note, facts),)


def _stage(state: State, command: Command, facts: DecisionContext) -> tuple[Event, ...]:
    return (_submit(Kind.PUSHED, (STAGING_REPLICATION,), command.note, facts),)


def _request(state: State, command: Command, facts: DecisionContext) -> tuple[Event, ...]:
    assert facts.kind is not None and facts.version is not None
    marketing_only = is_marketing_only(state, facts.version.technical)
    stages = facts.kind.production_stages(marketing_only=marketing_only)
    policy = dict(facts.policy)
    return (_submit(Kind.REQUESTED, stages, command.note, facts, policy=policy),)


def _tested(state: State, command: Command, facts: DecisionContext) -> tuple[Event, ...]:
    assert facts.staged_kind is not None
    known = facts.staged_kind.checklist
    points = command.points or tuple(known)
    if unknown := set(points) - set(known):
        raise ValueError(f"unknown points of the staging checklist: {', '.join(sorted(unknown))}")
    return (_event(Kind.STAGING_TESTED, facts, state.staged, command.note, points=list(points)),)


def _production_tested(state: State, command: Command, facts: DecisionContext) -> tuple[Event, ...]:
    return (_event(Kind.PRODUCTION_TESTED, facts, state.production, command.note),)


def _approve(state: State, command: Command, facts: DecisionContext) -> tuple[Event, ...]:
    assert state.flight is not None
    approved = _event(Kind.APPROVED, facts, state.flight.version, command.note)
    return approved, listing(state.flight, approved, facts.begin, facts.settings)


def listing(
    flight: Run,
    approved: Event,
    begin: Callable[[str], Mapping[str, Any]],
    settings: Mapping[str, Any] = EMPTY,
) -> Event:
    """The event with which an approved request becomes listed.

    Args:
        flight: The request.
        approved: The approval.
        begin: The marketplace's data of a stage that begins now.
        settings: The marketplace's settings at the approval, which count from then on.

    Returns:
        The event, with the replication that it begins.
    """
    data = {"stage": dict(begin(flight.later[0])), "later": list(flight.later[1:])}
    if settings:
        data["settings"] = dict(settings)
    return Event(approved.at, MARKETPLACE, Kind.LISTED, approved.content, None, data)


def _reject(state: State, command: Command, facts: DecisionContext) -> tuple[Event, ...]:
    assert state.flight is not None
    if not (command.note or "").strip():
        raise ValueError("a rejection needs a reason")
    version, fields = state.flight.version, list(command.fields)
    return (_event(Kind.REJECTED, facts, version, command.note, fields=fields),)


def _cancel(state: State, command: Command, facts: DecisionContext) -> tuple[Event, ...]:
    assert state.flight is not None
    flight = state.flight
    return (
        _event(Kind.CANCELLED, facts, flight.version, command.note, withdrawn=flight.stage.name),
    )


def _simple(kind: Kind) -> Callable[[State, Command, DecisionContext], tuple[Event, ...]]:
    """A command whose event records only that it happened, and to which fields."""

    def events(state: State, command: Command, facts: DecisionContext) -> tuple[Event, ...]:
        data = {"fields": list(command.fields)} if command.fields else {}
        return (_event(kind, facts, facts.version, command.note, **data),)

    return events


_EVENTS: Mapping[str, Callable[[State, Command, DecisionContext], tuple[Event, ...]]] = {
    CERTIFY: _certify,
    STAGE: _stage,
    REQUEST: _request,
    TESTED: _tested,
    PRODUCTION_TESTED: _production_tested,
    APPROVE: _approve,
    REJECT: _reject,
    CANCEL: _cancel,
    DISCARD: _simple(Kind.DISCARDED),
    RENAME: _simple(Kind.RENAMED),
    REVERT: _simple(Kind.REVERTED),
    EDIT: _simple(Kind.EDITED),
    REMARK: _simple(Kind.REMARK),
}
