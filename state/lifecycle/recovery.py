"""Histories with gaps: what must have happened where events are lost, so that the others make sense.

Of a broken history what can be trusted may have gaps. An event that ends something, or needs
something to have happened, shows that it did: then that counts, as little of it as possible.
"""

from collections.abc import Mapping
from typing import Any

from state.domain.events import Event, Kind
from state.domain.offer_state import State, Version
from state.domain.stages import DEFAULT_SETTINGS
from state.lifecycle.decide import version_data
from state.lifecycle.transitions import (
    ACTION_TABLE,
    IN_STAGING,
    STAGE_BEGUN,
    STAGE_TABLE,
    SUBMISSIONS,
    stages_of,
)

_REQUEST = stages_of(Kind.REQUESTED)

_NEEDS: Mapping[Kind, Kind] = {
    row.makes: row.follows for row in ACTION_TABLE.values() if row.follows
}

_AT_REST = SUBMISSIONS | frozenset(_NEEDS)
"""The events that come while nothing is under way."""

_DURING: Mapping[Kind, tuple[str, ...]] = {
    **{
        end: stages_of(row.begins)
        for row in STAGE_TABLE.values()
        for end in (row.succeeds, row.fails)
    },
    Kind.LISTED: _REQUEST,
}
"""The stages in which an event may come. One that is in neither table may come anytime."""

BEYOND_DRAFT = (_AT_REST | frozenset(_DURING)) - {
    Kind.CERTIFICATION_REQUESTED,
    Kind.CERTIFIED,
    Kind.CERTIFICATION_FAILED,
}
"""The events that show that an offer was pushed to staging at some time."""

_AFTER: Mapping[Kind, Kind] = {
    **{
        # A request that is lost counts as withdrawn: nothing tells who asked, so nobody could approve.
        end: _NEEDS.get(row.begins, row.begins)
        for row in STAGE_TABLE.values()
        for end in (row.succeeds, row.fails)
    },
    **_NEEDS,
    Kind.LISTED: Kind.REQUESTED,
}
"""What an event shows to have happened before it."""


def is_valid_next(state: State, event: Event) -> bool:
    """Whether an event can come next.

    Args:
        state: The state before it.
        event: The event.

    Returns:
        Whether what it ends is under way, and what it needs has happened, for this very content.
    """
    if event.kind in _AT_REST:
        return state.run is None and _has_happened(state, event, _AFTER.get(event.kind))
    stages = _cancels(event) if event.kind is Kind.CANCELLED else _DURING.get(event.kind)
    if stages is None:
        return True
    if state.run is None:
        return False
    return state.run.stage.name in stages and state.run.version.content == event.content


def settle_stages(state: State) -> State:
    """A state in which nothing is under way any more, where nothing tells how that ended."""
    run = state.run
    if run is None:
        return state
    row = STAGE_TABLE[run.stage.name]
    if row.during is None:
        return state._replace(run=None, certification=run.before.certification)
    return state._replace(run=None, status=row.if_lost or run.before.status)


def infer_missing(state: State, event: Event) -> Event | None:
    """What must have happened before an event that does not follow.

    Args:
        state: The state before it, at rest.
        event: The event.

    Returns:
        The event that is lost, as far as it is known; None where nothing is needed.
    """
    before = _AFTER.get(event.kind)
    if event.kind is Kind.CANCELLED and _cancels(event) == _REQUEST:
        before = Kind.STAGED
    if before is None or _has_happened(state, event, before):
        return None
    data: dict[str, Any] = {
        "version": version_data(_version(state, event)),
        "stage": {"name": STAGE_BEGUN.get(before), "seconds": 0.0},
        "later": [],
        "four_eyes": True,
        "settings": dict(DEFAULT_SETTINGS),
    }
    return Event(event.at, event.actor, before, event.content, None, data)


def _cancels(event: Event) -> tuple[str, ...]:
    """The stages in which a cancel may come: those of what it withdrew."""
    withdrawn = event.data.get("withdrawn")
    return _REQUEST if withdrawn in _REQUEST else (str(withdrawn),)


def _has_happened(state: State, event: Event, before: Kind | None) -> bool:
    """Whether what an event needs is so, where nothing is under way."""
    match before:
        case None:
            return True
        case Kind.STAGED:
            staged = state.staged and state.staged.content == event.content
            return bool(staged) and state.status in IN_STAGING
        case Kind.AVAILABLE:
            return state.production is not None and state.production.content == event.content
    return False


def _version(state: State, event: Event) -> Version:
    """The version that an event is about; of one that is lost no more than its content's hash."""
    known = (state.drafted, state.pushed, state.staged, *reversed(state.listed))
    for version in known:
        if version and version.content == event.content:
            return version
    return Version(event.content or "", "", None, (), event.at, event.actor)
