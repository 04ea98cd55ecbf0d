"""The pipeline: each stage of the marketplace, and how far the candidate has come in it."""

from datetime import datetime
from typing import NamedTuple

from state.content import Content
from state.events import Event, Kind
from state.evolve import evolve
from state.stages import (
    CERTIFICATION,
    CERTIFIED_IN_PRODUCTION,
    CONTENT_VALIDATION,
    NEEDS_CERTIFICATION,
    PRODUCTION_CERTIFICATION,
    STAGES,
    STAGING_REPLICATION,
    production_stages,
)
from state.status import START, Flight, State, Status
from state.views import OfferView, progress_of

_FAILURES = {
    Kind.CERTIFICATION_FAILED, Kind.STAGING_FAILED, Kind.REJECTED, Kind.REPLICATION_FAILED,
}  # fmt: skip
_WITHDRAWALS = {Kind.CANCELLED, Kind.DISCARDED}


class StageLine(NamedTuple):
    """A stage of the pipeline.

    Attributes:
        name: Its name, as in ``state.stages``.
        title: What it is called.
        state: ``todo``, ``running``, ``waiting`` for a person, ``passed``, ``failed`` or
            ``not-required``.
        ended: When it passed or failed.
        fraction: How far it has come, while it runs.
        seconds_left: How long it will still take, while it runs.
        reason: Why it failed.
    """

    name: str
    title: str
    state: str = "todo"
    ended: datetime | None = None
    fraction: float | None = None
    seconds_left: float | None = None
    reason: str | None = None


def pipeline_of(view: OfferView) -> list[StageLine]:
    """The stages that an offer of this type goes through.

    Args:
        view: The offer.

    Returns:
        The stages, in order; none where the type cannot be told.
    """
    if view.kind is None:
        return []
    ended = _ended_stages(view.events)
    certified = (PRODUCTION_CERTIFICATION,) if view.kind in CERTIFIED_IN_PRODUCTION else ()
    stages = (
        *((CERTIFICATION,) if view.kind in NEEDS_CERTIFICATION else ()),
        STAGING_REPLICATION,
        *certified,
        *production_stages(view.kind, marketing_only=True),
    )
    return [_line(name, view, ended) for name in stages]


def _line(name: str, view: OfferView, ended: dict[str, Event]) -> StageLine:
    line = StageLine(name, STAGES[name])
    busy = view.state.busy
    if busy and busy.name == name:
        fraction, left = progress_of(busy, view.now)
        state = "waiting" if busy.seconds is None else "running"
        return line._replace(state=state, fraction=fraction, seconds_left=left)
    if event := ended.get(name):
        failed = event.kind in _FAILURES
        reason = event.note if failed else None
        return line._replace(state="failed" if failed else "passed", ended=event.at, reason=reason)
    if name == PRODUCTION_CERTIFICATION and _is_skipped(view.state, view.content, ended):
        return line._replace(state="not-required")
    return line


def _ended_stages(events: tuple[Event, ...]) -> dict[str, Event]:
    """The stages of the candidate that have ended, each with the event that ended it."""
    ended: dict[str, Event] = {}
    before_flight = ended
    state = START
    for event in events:
        before, state = state, evolve(state, event)
        if before.flight is None and state.flight:
            before_flight = ended
            anew = _anew(state.flight)
            ended = {name: each for name, each in ended.items() if name not in anew}
        elif before.flight and event.kind in _WITHDRAWALS:
            ended = before_flight
        elif before.busy and before.busy != state.busy:
            ended[before.busy.name] = event
    return ended


def _anew(flight: Flight) -> set[str]:
    """The stages whose last outcome no longer counts once something has taken off."""
    if flight.stage.name == CERTIFICATION:
        return {CERTIFICATION}
    if flight.stage.name == STAGING_REPLICATION:
        return set(STAGES) - {CERTIFICATION}
    return set(STAGES) - {CERTIFICATION, STAGING_REPLICATION}


def _is_skipped(state: State, content: Content | None, ended: dict[str, Event]) -> bool:
    """Whether only marketing differs from production, so that a request is not certified again."""
    if state.status in (Status.PRODUCTION_REQUESTED, Status.LISTED) or CONTENT_VALIDATION in ended:
        # It comes first: not under way and not ended, it is not part of this request.
        return True
    production = state.production
    return bool(production and content and production.technical == content.technical)
