"""The rehearsal marketplace: stages that take the configured seconds, on this machine only.

Nothing runs in the background. A stage's end is computed from its begin and the settings recorded with
the action, so progress survives the end of the program, everyone sees the same, and an edit of
publisher.toml changes nothing that is in progress.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from state.domain.events import AHEAD, MARKETPLACE, Event, Kind
from state.domain.offer_state import Run, State
from state.domain.stages import (
    CERTIFICATION,
    CONTENT_VALIDATION,
    FINAL_REVIEW,
    PRODUCTION_CERTIFICATION,
    PRODUCTION_REPLICATION,
    STAGING_REPLICATION,
)
from state.lifecycle.decide import listing
from state.lifecycle.evolve import evolve
from state.lifecycle.transitions import STAGE_TABLE
from state.marketplace.rehearsal_settings import MANUAL, usable

if TYPE_CHECKING:
    from state.domain.publisher import Rehearsal

_SECONDS = {
    CERTIFICATION: "certification",
    STAGING_REPLICATION: "replication",
    PRODUCTION_CERTIFICATION: "certification",
    CONTENT_VALIDATION: "content_validation",
    FINAL_REVIEW: "final_review",
    PRODUCTION_REPLICATION: "replication",
}


class RehearsalMarketplace:
    """The built-in marketplace; the settings in publisher.toml are for what begins now."""

    def __init__(self, settings: "Rehearsal") -> None:
        self._settings: Mapping[str, Any] = usable(settings)

    def settings(self) -> Mapping[str, Any]:
        return self._settings

    def begin(self, stage: str) -> Mapping[str, Any]:
        return _begin(self._settings, stage)

    def due(self, state: State, now: datetime) -> list[Event]:
        """The events of the stages that have ended by a time.

        A stage that began in the future counts as ended: its clock was wrong.
        """
        events: list[Event] = []
        while (run := state.run) and (end := _end(run)):
            if end > now and run.stage.began <= now + AHEAD:
                break
            for event in _ended(run, end):
                events.append(event)
                state = evolve(state, event)
        return events


def _begin(settings: Mapping[str, Any], stage: str) -> dict[str, Any]:
    seconds = settings[_SECONDS[stage]]
    if seconds == MANUAL:
        return {"name": stage, "seconds": None, "fails": False}
    return {"name": stage, "seconds": seconds, "fails": stage in settings["fail"]}


def _end(run: Run) -> datetime | None:
    seconds = run.stage.seconds
    return None if seconds is None else run.stage.began + timedelta(seconds=seconds)


def _ended(run: Run, at: datetime) -> list[Event]:
    stage = run.stage
    event, begin = partial(_event, run, at), partial(_begin, dict(run.settings))
    row = STAGE_TABLE[stage.name]
    if stage.fails:
        data: dict[str, Any] = {}
        if row.fails is Kind.REPLICATION_FAILED:
            # It fails once, for practice.
            data = {"stage": {**begin(stage.name), "fails": False, "attempt": stage.attempt + 1}}
        elif row.fails is Kind.REJECTED:
            data = {"fields": []}
        return [event(row.fails, _on_purpose(stage.name), data)]
    if row.succeeds is Kind.STAGE_PASSED:
        following = {"stage": begin(run.later[0]), "later": list(run.later[1:])}
        return [event(row.succeeds, stage.name, {"passed": stage.name, **following})]
    ended = event(row.succeeds)
    return [ended, listing(run, ended, begin)] if row.succeeds is Kind.APPROVED else [ended]


def _event(
    run: Run,
    at: datetime,
    kind: Kind,
    note: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> Event:
    return Event(at, MARKETPLACE, kind, run.version.content, note, data or {})


def _on_purpose(stage: str) -> str:
    return f'{stage} failed on purpose: "fail" in publisher.toml names it.'
