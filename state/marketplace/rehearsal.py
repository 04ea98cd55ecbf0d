"""The rehearsal marketplace: stages that take the configured seconds, on this machine alone.

Nothing runs. A stage's end is computed from the time at which it began, so progress survives the
end of the program and everyone who looks sees the same.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from state.events import MARKETPLACE, Event, Kind
from state.evolve import evolve
from state.lifecycle import learned, listing
from state.marketplace.settings import MANUAL, usable
from state.publisher import Rehearsal
from state.stages import (
    CERTIFICATION,
    CONTENT_VALIDATION,
    FINAL_REVIEW,
    PRODUCTION_CERTIFICATION,
    PRODUCTION_REPLICATION,
    STAGING_REPLICATION,
)
from state.status import Flight, State

PATIENT_ATTEMPTS = 5
"""How many times a failing replication begins again at once, before pauses grow."""
LONGEST_PAUSE = 3600.0
"""The longest pause before another attempt, in seconds."""

_SECONDS = {
    CERTIFICATION: "certification",
    STAGING_REPLICATION: "replication",
    PRODUCTION_CERTIFICATION: "certification",
    CONTENT_VALIDATION: "content_validation",
    FINAL_REVIEW: "final_review",
    PRODUCTION_REPLICATION: "replication",
}


class RehearsalMarketplace:
    """The built-in marketplace.

    Args:
        settings: The settings in publisher.toml.
        changed: When they changed last; None says before everything.
    """

    def __init__(self, settings: Rehearsal, changed: datetime | None = None) -> None:
        self._settings: Mapping[str, Any] = usable(settings)
        self._changed = changed

    def settings(self) -> Mapping[str, Any]:
        """The settings as JSON holds them."""
        return self._settings

    def begin(self, stage: str) -> Mapping[str, Any]:
        """What is recorded of a stage that begins now."""
        return _begin(self._settings, stage)

    def due(self, state: State, now: datetime) -> list[Event]:
        """The events of the stages that have ended by a time.

        A later stage, and another attempt, begins when the one before it ends, with the settings
        of that moment. They are those of the file where it has not changed since. Else the file
        of that moment is gone, and the last settings recorded before it count, those with which
        the flight took off or went on. That is right of every change made after the stage began,
        the common one, and wrong only of one made in flight that nobody acted upon before the
        file changed once more: nothing that is left tells the two apart. Where the recorded
        settings are those of the file, times decide nothing.
        """
        events: list[Event] = []
        while state.flight:
            end = _end(state.flight)
            if end is None or end > now:
                break
            is_same = self._changed is None or self._changed <= end
            settings = self._settings if is_same else dict(state.flight.settings)
            for event in _ended(state.flight, end, settings):
                events.append(event)
                state = evolve(state, event)
        return events


def _begin(settings: Mapping[str, Any], stage: str) -> dict[str, Any]:
    seconds = settings[_SECONDS[stage]]
    if seconds == MANUAL:
        return {"name": stage, "seconds": None, "fails": False}
    return {"name": stage, "seconds": seconds, "fails": stage in settings["fail"]}


def _end(flight: Flight) -> datetime | None:
    seconds = flight.stage.seconds
    if seconds is None:
        return None
    if flight.stage.name == PRODUCTION_REPLICATION and flight.stage.fails:
        # It begins again by itself, so an attempt that took no time would never come to an end.
        seconds = max(1.0, seconds)
    return flight.stage.began + timedelta(seconds=seconds)


_SUCCESSES: Mapping[str, Kind] = {
    CERTIFICATION: Kind.CERTIFIED,
    STAGING_REPLICATION: Kind.STAGED,
    PRODUCTION_REPLICATION: Kind.AVAILABLE,
}
_FAILURES: Mapping[str, Kind] = {
    CERTIFICATION: Kind.CERTIFICATION_FAILED,
    STAGING_REPLICATION: Kind.STAGING_FAILED,
    PRODUCTION_REPLICATION: Kind.REPLICATION_FAILED,
}
"""How a stage ends that fails; any other stage is part of a request, which is rejected then."""


def _ended(flight: Flight, at: datetime, settings: Mapping[str, Any]) -> list[Event]:
    """The events of a stage's end."""
    stage = flight.stage
    event = partial(_event, flight, at)
    if stage.fails:
        kind, data = _FAILURES.get(stage.name, Kind.REJECTED), dict[str, Any]()
        if kind is Kind.REPLICATION_FAILED:
            data = {"stage": _again(flight, settings), **learned(flight, settings)}
        elif kind is Kind.REJECTED:
            data = {"fields": []}
        return [event(kind, _on_purpose(stage.name), data)]
    if stage.name in _SUCCESSES:
        return [event(_SUCCESSES[stage.name])]
    if stage.name == FINAL_REVIEW:
        approved = event(Kind.APPROVED)
        return [approved, listing(flight, approved, partial(_begin, settings), settings)]
    following = _begin(settings, flight.later[0])
    data = {"passed": stage.name, "stage": following, "later": list(flight.later[1:])}
    return [event(Kind.STAGE_PASSED, stage.name, {**data, **learned(flight, settings)})]


def _event(
    flight: Flight,
    at: datetime,
    kind: Kind,
    note: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> Event:
    return Event(at, MARKETPLACE, kind, flight.version.content, note, data or {})


def _on_purpose(stage: str) -> str:
    return f'{stage} failed on purpose: "fail" in publisher.toml names it.'


def _again(flight: Flight, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The next attempt of a replication: at once at first, later after growing pauses."""
    following = _begin(settings, flight.stage.name)
    attempt = flight.stage.attempt
    pause = 0.0
    if attempt >= PATIENT_ATTEMPTS:
        length = max(1.0, following["seconds"])
        pause = min(LONGEST_PAUSE, length * 2.0 ** min(attempt - PATIENT_ATTEMPTS, 20))
    return {**following, "attempt": attempt + 1, "pause": pause}
