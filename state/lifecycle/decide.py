"""The lifecycle as a pure core: which events follow from a command.

``decide(state, command, facts)`` gives events or a refusal; ``evolve`` applies events to a state.
Neither reads a clock, a disk or a marketplace: the facts hold all of that.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from state.domain.actions import REJECT, TESTED, Command
from state.domain.events import EMPTY, MARKETPLACE, Event, Kind, not_before, signed
from state.domain.findings import Reason, Refusal
from state.domain.offer_state import Run, State, Version
from state.domain.safe_text import quoted
from state.lifecycle.guards import DecisionContext, refusal_reasons, subject_version, wrong
from state.lifecycle.transitions import ACTION_TABLE, STAGE_BEGUN


def decide(state: State, command: Command, facts: DecisionContext) -> tuple[Event, ...] | Refusal:
    """The events that follow from a command, or a refusal with every reason.

    The state has to include everything that has become due.
    """
    reasons = refusal_reasons(state, command.action, facts, command.shown)
    if reasons := reasons or tuple(_faults_of(command, facts)):
        return Refusal(command.action, reasons)
    row = ACTION_TABLE[command.action]
    data = _data_of(row.makes, state, command, facts)
    about = subject_version(state, facts.version, row.subject)
    content = about.content if about else None
    made = Event(facts.now, facts.actor, row.makes, content, command.note, data)
    events = [signed(made, facts.login)]
    if row.makes is Kind.APPROVED and state.run:
        events.append(listing(state.run, events[0], facts.begin, facts.settings))
    return tuple(not_before(event, facts.last) for event in events)


def _faults_of(command: Command, facts: DecisionContext) -> Iterator[Reason]:
    """What is wrong with what a person said."""
    if command.action == REJECT and not (command.note or "").strip():
        yield wrong("The rejection has no reason. Say what has to change: the publisher reads it.")
    if command.action == TESTED and facts.staged_kind:
        known = facts.staged_kind.checklist
        for point in command.points:
            if point not in known:
                yield wrong(
                    f"There is no point {quoted(point)}. Points of the checklist: {', '.join(known)}."
                )


def is_marketing_only(state: State, technical: str) -> bool:
    """Whether the offer is in production with this technical content."""
    return state.production is not None and state.production.technical == technical


def version_data(version: Version) -> dict[str, Any]:
    """A version as an event's data; ``state.lifecycle.evolve.version_of`` reads it."""
    return {
        "technical": version.technical,
        "definition": version.definition,
        "assets": dict(version.assets),
        "namespace": version.namespace,
    }


def listing(
    run: Run,
    approved: Event,
    begin: Callable[[str], Mapping[str, Any]],
    settings: Mapping[str, Any] = EMPTY,
) -> Event:
    """The event with which an approved request becomes listed.

    Args:
        run: The request.
        approved: The approval.
        begin: The marketplace's data of a stage that begins now.
        settings: The marketplace's settings at the approval, which count from then on.

    Returns:
        The event, with the replication that it begins.
    """
    data = {"stage": dict(begin(run.later[0])), "later": list(run.later[1:])}
    if settings:
        data["settings"] = dict(settings)
    return Event(approved.at, MARKETPLACE, Kind.LISTED, approved.content, None, data)


def _data_of(kind: Kind, state: State, command: Command, facts: DecisionContext) -> dict[str, Any]:
    """What the state needs of an event besides; of most the fields that they are about."""
    match kind:
        case Kind.CERTIFICATION_REQUESTED | Kind.PUSHED:
            return _submitted((STAGE_BEGUN[kind],), facts)
        case Kind.REQUESTED:
            assert facts.kind is not None and facts.version is not None
            marketing_only = is_marketing_only(state, facts.version.technical)
            stages = facts.kind.production_stages(marketing_only=marketing_only)
            return {**_submitted(stages, facts), "policy": dict(facts.policy)}
        case Kind.STAGING_TESTED:
            assert facts.staged_kind is not None
            return {"points": list(command.points or facts.staged_kind.checklist)}
        case Kind.PRODUCTION_TESTED | Kind.APPROVED:
            return {}
        case Kind.CANCELLED:
            assert state.busy is not None
            return {"withdrawn": state.busy.name}
    fields = command.fields or kind is Kind.REJECTED
    return {"fields": list(command.fields)} if fields else {}


def _submitted(stages: tuple[str, ...], facts: DecisionContext) -> dict[str, Any]:
    assert facts.version is not None, "a version that cannot be read has findings"
    return {
        "version": version_data(facts.version),
        "stage": dict(facts.begin(stages[0])),
        "later": list(stages[1:]),
        "four_eyes": facts.four_eyes,
        "settings": dict(facts.settings),
    }
