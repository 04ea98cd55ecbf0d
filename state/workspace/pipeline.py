"""The pipeline of an offer: each stage of the marketplace, and how far the candidate has come."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from state.domain.events import EMPTY, Event, Kind
from state.domain.offer_state import START, Stage, Status
from state.domain.offer_types import OfferType
from state.domain.stages import (
    CERTIFICATION,
    STAGES,
    STAGING_REPLICATION,
)
from state.lifecycle.evolve import evolve
from state.lifecycle.transitions import FAILURES, SUBMISSIONS, SUCCESSES, TURNS, led_through
from state.workspace.offer_view import OfferView, progress_of

ONLY_MARKETING = "only marketing changed"
"""Why a production request is not certified again."""


class Phase(StrEnum):
    """How far a stage has come."""

    TO_COME = "to come"
    RUNNING = "running"
    WAITING = "waiting for a person"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


class StageView(NamedTuple):
    """One stage.

    Attributes:
        name: Its name, as in ``state.domain.stages``.
        event: The event that ended it, None where it has not ended.
        began: When it began, None where it has not.
        seconds: How long it takes; None where a person decides, or nobody knows.
        fraction: How far it is while it runs, 0 to 1.
        seconds_left: How long it still takes while it runs.
        why: Why it failed or is skipped.
        attempt: How often it has been tried, this time included.
    """

    name: str
    phase: Phase = Phase.TO_COME
    event: Event | None = None
    began: datetime | None = None
    seconds: float | None = None
    fraction: float | None = None
    seconds_left: float | None = None
    why: str | None = None
    attempt: int = 1

    @property
    def title(self) -> str:
        """Its name beside that of its track: ``replication``."""
        return STAGES[self.name].partition(" to ")[0]


class Track(NamedTuple):
    """A part of the pipeline, with the event with which it began, None where it has not."""

    title: str
    stages: tuple[StageView, ...]
    asked: Event | None = None

    @property
    def content(self) -> str | None:
        """The hash of the content that went in, None where nothing has."""
        return self.asked.content if self.asked else None

    @property
    def current(self) -> StageView | None:
        """The stage that is under way."""
        phases = (Phase.RUNNING, Phase.WAITING)
        return next((stage for stage in self.stages if stage.phase in phases), None)


class Pipeline(NamedTuple):
    """The way of an offer through the marketplace; ``certification`` is that of step 3, if any."""

    certification: Track | None
    staging: Track
    production: Track

    @property
    def legs(self) -> tuple[Track, ...]:
        first = (self.certification,) if self.certification else ()
        return (*first, self.staging, self.production)


def pipeline_of(view: OfferView) -> Pipeline | None:
    """The stages of an offer, None where the type or the status is unknown.

    What is in production and edited since has everything still to come.
    """
    if view.kind is None or view.status is None:
        return None
    runs = _run_records(view.events)
    certification = None
    if view.kind.is_certified:
        asked = runs.get(Kind.CERTIFICATION_REQUESTED)
        certification = _leg("Certification", (CERTIFICATION,), asked, view)
    staging = runs.get(Kind.PUSHED)
    production = runs.get(Kind.REQUESTED)
    if production and staging and production.number < staging.number:
        production = None
    if view.status is Status.AVAILABLE and view.edited:
        # That run has come to its end; what was edited since is the next candidate.
        staging = production = None
    return Pipeline(
        certification,
        _leg("Staging", (STAGING_REPLICATION,), staging, view),
        _production(view, view.kind, production),
    )


def planned(view: OfferView) -> Pipeline | None:
    """The stages that the draft would go through now, all pending; None where the type is unknown."""
    if view.kind is None:
        return None
    return Pipeline(
        None,
        _leg("Staging", (STAGING_REPLICATION,), None, view),
        _production(view, view.kind, None),
    )


class _RunRecord(NamedTuple):
    """What was submitted, and the stages of it that have ended."""

    number: int
    asked: Event
    ended: Mapping[str, StageView] = EMPTY

    def ends(self, stage: Stage, event: Event) -> "_RunRecord":
        """The run after a stage of it has ended."""
        failed = event.kind in FAILURES
        # A replication that failed begins again: it took the time of both.
        began = self.ended[stage.name].began if stage.name in self.ended else stage.began
        phase, why = (Phase.FAILED, event.note) if failed else (Phase.DONE, None)
        view = StageView(stage.name, phase, event, began, why=why)
        return self._replace(ended={**self.ended, stage.name: view})


def _run_records(events: Iterable[Event]) -> dict[Kind, _RunRecord]:
    """The last run of each track that was not withdrawn, by the kind of event with which it began."""
    runs: dict[Kind, _RunRecord] = {}
    before, leg, state = runs, None, START
    for number, event in enumerate(events):
        stage, state = state.busy, evolve(state, event)
        if event.kind in SUBMISSIONS:
            before, leg = runs, event.kind
            runs = {**runs, leg: _RunRecord(number, event)}
        elif leg and stage and event.kind in SUCCESSES | FAILURES:
            runs = {**runs, leg: runs[leg].ends(stage, event)}
        elif leg and stage and state.busy is None:
            runs = before
        leg = leg if state.busy else None
    return runs


def _leg(title: str, names: tuple[str, ...], record: _RunRecord | None, view: OfferView) -> Track:
    stages = tuple(_stage(name, record, view) for name in names)
    return Track(title, stages, record.asked if record else None)


def _production(view: OfferView, kind: OfferType, record: _RunRecord | None) -> Track:
    if record:
        names = record.asked.data["stage"]["name"], *record.asked.data["later"]
    else:
        names = _names_to_come(view, kind)
    leg = _leg("Production", names, record, view)
    skipped = [
        StageView(name, Phase.SKIPPED, why=ONLY_MARKETING)
        for name in kind.production_stages(marketing_only=False)
        if name not in names
    ]
    return leg._replace(stages=(*skipped, *leg.stages))


def _names_to_come(view: OfferView, kind: OfferType) -> tuple[str, ...]:
    production, content = view.state.production, view.content
    same = bool(production and content and production.technical == content.technical)
    return kind.production_stages(marketing_only=same)


def _stage(name: str, record: _RunRecord | None, view: OfferView) -> StageView:
    run = view.state.run
    if record and run and run.stage.name == name:
        return _under_way(run.stage, view.now)
    if record and name in record.ended:
        return record.ended[name]
    return StageView(name, seconds=view.stage_seconds.get(name))


def _under_way(stage: Stage, now: datetime) -> StageView:
    fraction, left = progress_of(stage, now)
    phase = Phase.WAITING if stage.seconds is None else Phase.RUNNING
    return StageView(
        stage.name, phase, None, stage.began, stage.seconds, fraction, left, None, stage.attempt
    )


def last_turn(events: Sequence[Event]) -> int:
    """The index of the last event that began or decided something, 0 where there is none."""
    return max((index for index, event in enumerate(events) if event.kind in TURNS), default=0)


def statuses_since(events: Sequence[Event], start: int) -> set[Status]:
    """The statuses that an offer has had from an event on, and those that led to them."""
    found, state = set(), START
    for index, event in enumerate(events):
        state = evolve(state, event)
        if index >= start:
            found |= {state.status, *led_through(state.status)}
    return found or {state.status}
