"""Histories with gaps: what must have happened where events are lost, so that the others make sense.

Of a broken history what can be trusted may have gaps. An event that ends something, or needs
something to have happened, shows that it did: then that counts, as little of it as possible.
"""

from collections.abc import Mapping
from typing import Any

from state.domain.events import Event, Kind
from state.domain.offer_state import State, Status, Version
from state.domain.stages import (
    CERTIFICATION,
    CONTENT_VALIDATION,
    DEFAULT_SETTINGS,
    FINAL_REVIEW,
    PRODUCTION_CERTIFICATION,
    PRODUCTION_REPLICATION,
    STAGING_REPLICATION,
)
from state.lifecycle.decide import version_data
from state.lifecycle.guards import IN_STAGING

_REQUEST = (PRODUCTION_CERTIFICATION, CONTENT_VALIDATION, FINAL_REVIEW)
_REST = (None,)

_DURING: Mapping[Kind, tuple[str | None, ...]] = {
    Kind.CERTIFICATION_REQUESTED: _REST,
    Kind.CERTIFIED: (CERTIFICATION,),
    Kind.CERTIFICATION_FAILED: (CERTIFICATION,),
    Kind.PUSHED: _REST,
    Kind.STAGED: (STAGING_REPLICATION,),
    Kind.STAGING_FAILED: (STAGING_REPLICATION,),
    Kind.STAGING_TESTED: _REST,
    Kind.REQUESTED: _REST,
    Kind.STAGE_PASSED: _REQUEST,
    Kind.APPROVED: _REQUEST,
    Kind.REJECTED: _REQUEST,
    Kind.LISTED: _REQUEST,
    Kind.REPLICATION_FAILED: (PRODUCTION_REPLICATION,),
    Kind.AVAILABLE: (PRODUCTION_REPLICATION,),
    Kind.PRODUCTION_TESTED: _REST,
}
"""The stages in which an event may come; None for none under way. The others may come anytime."""

BEYOND_DRAFT = frozenset(_DURING) - {
    Kind.CERTIFICATION_REQUESTED,
    Kind.CERTIFIED,
    Kind.CERTIFICATION_FAILED,
}
"""The events that show that an offer was pushed to staging at some time."""

_AFTER: Mapping[Kind, Kind] = {
    Kind.CERTIFIED: Kind.CERTIFICATION_REQUESTED,
    Kind.CERTIFICATION_FAILED: Kind.CERTIFICATION_REQUESTED,
    Kind.STAGED: Kind.PUSHED,
    Kind.STAGING_FAILED: Kind.PUSHED,
    Kind.STAGING_TESTED: Kind.STAGED,
    Kind.REQUESTED: Kind.STAGED,
    # A request that is lost counts as withdrawn: nothing tells who asked, so nobody could approve.
    Kind.STAGE_PASSED: Kind.STAGED,
    Kind.APPROVED: Kind.STAGED,
    Kind.REJECTED: Kind.STAGED,
    Kind.LISTED: Kind.REQUESTED,
    Kind.REPLICATION_FAILED: Kind.LISTED,
    Kind.AVAILABLE: Kind.LISTED,
    Kind.PRODUCTION_TESTED: Kind.AVAILABLE,
}
"""What an event shows to have happened before it."""

_BEGINS: Mapping[Kind, str] = {
    Kind.CERTIFICATION_REQUESTED: CERTIFICATION,
    Kind.PUSHED: STAGING_REPLICATION,
    Kind.REQUESTED: FINAL_REVIEW,
    Kind.LISTED: PRODUCTION_REPLICATION,
}

_ENDED_AS: Mapping[str, Status] = {
    STAGING_REPLICATION: Status.STAGING_FAILED,
    PRODUCTION_REPLICATION: Status.AVAILABLE,
}
"""The status in which a replication leaves an offer where nothing tells how it ended."""


def is_valid_next(state: State, event: Event) -> bool:
    """Whether an event can come next.

    Args:
        state: The state before it.
        event: The event.

    Returns:
        Whether what it ends is under way, and what it needs has happened, for this very content.
    """
    stages = _cancels(event) if event.kind is Kind.CANCELLED else _DURING.get(event.kind)
    if stages is None:
        return True
    if state.flight is None:
        return None in stages and _has_happened(state, event, _AFTER.get(event.kind))
    return state.flight.stage.name in stages and state.flight.version.content == event.content


def settle_stages(state: State) -> State:
    """A state in which nothing is under way any more, where nothing tells how that ended."""
    flight = state.flight
    if flight is None:
        return state
    name = flight.stage.name
    if name == CERTIFICATION:
        return state._replace(flight=None, certification=flight.before.certification)
    return state._replace(flight=None, status=_ENDED_AS.get(name, flight.before.status))


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
        "stage": {"name": _BEGINS.get(before), "seconds": 0.0},
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
