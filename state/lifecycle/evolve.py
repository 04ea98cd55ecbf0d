"""Folds the events of an offer to its state: the other half of the pure core, beside ``decide``.

Events are not checked again: whether they may happen was decided before they were recorded. Where
one cannot follow, the ones before it are lost, and ``recovery`` infers what they must have been.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from state.domain.events import Event, Kind, clock_of
from state.domain.offer_state import (
    START,
    Certification,
    Rejection,
    Run,
    Stage,
    State,
    Version,
)
from state.domain.stages import STAGES
from state.lifecycle.recovery import infer_missing, is_valid_next, settle_stages
from state.lifecycle.transitions import RUN_ENDS, STAGE_CHANGES, STATUS_AFTER, SUBMISSIONS


def fold(events: Iterable[Event], state: State = START) -> State:
    """The state after events, oldest first."""
    for event in events:
        state = evolve(state, event)
    return state


def evolve(state: State, event: Event) -> State:
    """The state after one more event."""
    if not is_valid_next(state, event):
        state = settle_stages(state)
        lost = infer_missing(state, event)
        state = evolve(state, lost) if lost else state
    after = _learn(state, event)
    if event.kind in SUBMISSIONS:
        return _next_status(after, event, _run(state, event))._replace(seen=event.content)
    if event.kind in RUN_ENDS:
        return _next_status(after, event, None)
    if event.kind in STAGE_CHANGES and state.run:
        return _next_status(after, event, _next_stage(state.run, event))
    return after


def _next_status(state: State, event: Event, run: Run | None) -> State:
    return state._replace(status=STATUS_AFTER[event.kind] or state.status, run=run)


def version_of(event: Event) -> Version:
    """The version in the data of an event, which has to have one."""
    data = event.data["version"]
    return Version(
        event.content or "",
        data["technical"],
        data["definition"],
        tuple(data["assets"].items()),
        event.at,
        event.actor,
        data.get("namespace", ""),
    )


def _stage(data: Mapping[str, Any], at: datetime) -> Stage:
    name, seconds = data["name"], data["seconds"]
    if name not in STAGES:
        raise ValueError(f"unknown stage {name}")
    return Stage(
        name,
        at,
        None if seconds is None else float(seconds),
        data.get("fails", False),
        data.get("attempt", 1),
    )


def _run(state: State, event: Event) -> Run:
    """The run that an event begins."""
    return Run(
        version_of(event),
        clock_of(event),
        _stage(event.data["stage"], clock_of(event)),
        tuple(event.data["later"]),
        event.data["four_eyes"],
        tuple(event.data["settings"].items()),
        state,
        event.login,
    )


def _next_stage(run: Run, event: Event) -> Run:
    """The run in the stage that an event begins."""
    settings = event.data.get("settings")
    return run._replace(
        stage=_stage(event.data["stage"], clock_of(event)),
        later=tuple(event.data.get("later", run.later)),
        settings=run.settings if settings is None else tuple(settings.items()),
    )


def _learn(state: State, event: Event) -> State:
    """The state with what an event adds, besides the status and the run."""
    content, data = event.content or "", event.data
    match event.kind:
        case Kind.CREATED | Kind.EDITED | Kind.REVERTED:
            drafted = version_of(event) if "version" in data else state.drafted
            return state._replace(seen=event.content, drafted=drafted)
        case Kind.CERTIFICATION_REQUESTED:
            return state._replace(certification=Certification("requested", version_of(event)))
        case Kind.CERTIFIED:
            version = _under_way(state).version
            certified = state.certified | {version.technical}
            certification = Certification("certified", version)
            return state._replace(certification=certification, certified=certified)
        case Kind.CERTIFICATION_FAILED:
            failed = Certification("failed", _under_way(state).version, event.note)
            return state._replace(certification=failed)
        case Kind.PUSHED:
            return state._replace(pushed=version_of(event))
        case Kind.STAGED:
            return state._replace(staged=_under_way(state).version._replace(at=event.at))
        case Kind.STAGING_TESTED:
            passed = {(content, point) for point in data["points"]}
            return state._replace(tested=state.tested | passed)
        case Kind.REJECTED:
            fields = tuple(data.get("fields", ()))
            rejection = Rejection(event.note or "", fields, event.actor, event.at)
            return state._replace(rejection=rejection)
        case Kind.LISTED:
            version = _under_way(state).version._replace(at=event.at)
            listed, certified = (*state.listed, version), state.certified | {version.technical}
            return state._replace(listed=listed, rejection=None, certified=certified)
        case Kind.PRODUCTION_TESTED:
            return state._replace(production_tested=state.production_tested | {content})
        case Kind.CANCELLED:
            return _before(state)
        case Kind.DISCARDED:
            return _before(state)._replace(discarded=True)
        case Kind.RESTORED:
            return state._replace(discarded=False)
        case Kind.CHAIN_ACCEPTED:
            return state._replace(
                possibly_pushed=state.possibly_pushed or bool(data.get("pushed")),
                accepted_losses=state.accepted_losses | set(data.get("without", ())),
            )
    return state


def _under_way(state: State) -> Run:
    assert state.run is not None, "an event that ends a run follows its begin"
    return state.run


def _before(state: State) -> State:
    """The state before the run, with what was learned since."""
    if state.run is None:
        return state
    return state.run.before._replace(
        seen=state.seen,
        drafted=state.drafted,
        possibly_pushed=state.possibly_pushed,
        accepted_losses=state.accepted_losses,
    )
