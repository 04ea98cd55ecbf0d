"""What the engine says of an offer: one snapshot that screens and commands read alike."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from state.definitions.content import Content
from state.definitions.parse import Definition
from state.domain.actions import PRODUCTION_TESTED, REQUEST, TESTED, Shown
from state.domain.events import AHEAD, EMPTY, Event
from state.domain.field_path import FieldPath
from state.domain.findings import PUBLISHER_FILE, Finding, Reason
from state.domain.offer_state import Stage, State, Status
from state.domain.offer_types import OfferType
from state.domain.stages import STAGES
from state.domain.steps import Step
from state.lifecycle.guards import changed_since, subject_of
from state.lifecycle.transitions import ACTION_TABLE, IN_STAGING, settled_by, stages_of
from state.rules.registry import all_rules
from state.rules.rule import Rule
from state.storage.atomic import digest_of
from state.workspace.offer_summary import Next, OfferSummary
from state.workspace.remarks import Remark


class Progress(NamedTuple):
    """How far a stage has come, from 0 to 1; None while it waits for a person."""

    fraction: float | None
    seconds_left: float | None


class OfferView(NamedTuple):
    """An offer at a moment.

    Attributes:
        content: What the draft means, None where it cannot be read.
        state: The state after its events, with everything that has become due.
        events: Its events, oldest first, with everything that has become due.
        actions: Every action with the reasons to refuse it now; nothing where it is allowed.
        publisher_raw: The publisher file's bytes, for the places in it.
        broken: Why its history cannot be trusted, None where it can.
        remarks: What people said about fields that are still what they were then.
        staged_kind: The type of the version staged last; the draft's without one, or if it is lost.
        no_marketplace: Why no marketplace can be asked, None where one can.
        unreadable: Why this account cannot read what is recorded, None where it can.
        stage_seconds: How long each stage takes that begins now; None where a person ends it.
        torn: How many bytes of an unfinished event are at the end of its history.
    """

    offer: str
    definition: Definition
    content: Content | None
    state: State
    events: tuple[Event, ...]
    steps: tuple[Step, ...]
    actions: Mapping[str, tuple[Reason, ...]]
    next: Next
    now: datetime
    publisher_raw: bytes
    broken: str | None
    remarks: tuple[Remark, ...] = ()
    staged_kind: OfferType | None = None
    no_marketplace: str | None = None
    unreadable: str | None = None
    stage_seconds: Mapping[str, float | None] = EMPTY
    torn: int = 0

    def shown(self, action: str) -> Shown:
        """What a question about an action is about."""
        return subject_of(self.state, self._draft, action)

    def against(self, action: str, shown: Shown | None) -> tuple[Reason, ...]:
        """The reasons to refuse an action now; ``shown`` is what the person saw, if anything."""
        changed = changed_since(self.state, self._draft, action, shown)
        return (*changed, *self.actions[action])

    @property
    def _draft(self) -> str | None:
        return draft_of(self.definition, self.content.hash if self.content else None)

    @property
    def checklist(self) -> Mapping[str, str]:
        """The points of the checklist of what is staged, else of the draft, with their titles."""
        kind = self.staged_kind if self.state.status in IN_STAGING else self.kind
        return kind.checklist if kind else {}

    @property
    def next_test(self) -> str:
        """The test to record next: of what is in staging until it has passed, else in production."""
        staged, production = self.state.staged, self.state.production
        if production and (staged is None or staged.content == production.content):
            return PRODUCTION_TESTED
        passed = self.state.points_passed(staged.content) if staged else frozenset()
        return PRODUCTION_TESTED if staged and passed >= set(self.checklist) else TESTED

    @property
    def trouble(self) -> str | None:
        """Why its history cannot be read or trusted and how to go on, None where it can."""
        if self.unreadable:
            return self.unreadable
        return format_damage(self.offer, self.broken) if self.broken else None

    @property
    def closed(self) -> str | None:
        """Why this account may not read its history or its definition, None where it may."""
        if self.definition.is_closed and not self.unreadable:
            return self.definition.findings[0].message
        return self.unreadable

    @property
    def from_the_future(self) -> Event | None:
        """The last event, where it is later than now: a clock was wrong, or is."""
        last = self.events[-1] if self.events else None
        return last if last and last.at > self.now + AHEAD else None

    @property
    def kind(self) -> OfferType | None:
        return self.definition.kind

    @property
    def title(self) -> str | None:
        return (self.definition.offer.marketing.title or None) if self.definition.offer else None

    @property
    def status(self) -> Status | None:
        """The candidate's status, None for a file that is not an offer, and where it is unknown."""
        is_closed = self.unreadable or self.definition.is_closed
        known = self.definition.is_offer and (self.events or not is_closed)
        return self.state.status if known else None

    @property
    def edited(self) -> bool:
        """Whether the draft differs from what was pushed last."""
        pushed = self.state.pushed
        if self.state.status is Status.DRAFT or pushed is None or self.definition.is_closed:
            return False
        return self.content is None or self.content.hash != pushed.content

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, by step; not located."""
        return tuple(finding for step in self.steps for finding in step.findings)

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep a step from completing, progress rules included."""
        return tuple(finding for finding in self.findings if finding.is_error)

    @property
    def to_fix(self) -> tuple[Finding, ...]:
        """The errors in the files."""
        return tuple(finding for finding in self.errors if not finding.progress)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if not finding.is_error)

    @property
    def steps_complete(self) -> int:
        return sum(step.complete for step in self.steps)

    @property
    def may_request_production(self) -> bool:
        """Whether this person may request approval to push to production now."""
        return not self.actions[REQUEST]

    def raw(self, file: str) -> bytes:
        """The bytes of the definition or of publisher.toml; none where it is missing."""
        return self.publisher_raw if file == PUBLISHER_FILE else self.definition.raw or b""

    def rule_of(self, found: Finding) -> Rule | None:
        """The rule behind a finding, None for what a person remarked."""
        return all_rules().get(found.rule)

    @property
    def fault(self) -> str | None:
        """Why its file says nothing: ``unreadable``, ``file missing`` or ``not an offer``, if so."""
        if self.status is None:
            return "unreadable" if self.unreadable else "not an offer"
        if self.definition.offer is None and not self.state.busy:
            is_gone = self.definition.raw is None and not self.definition.is_closed
            return "file missing" if is_gone else "unreadable"
        return None

    def sign(self, step: Step) -> str:
        """How a step stands: ``complete``, ``not_required``, ``error``, ``running`` or ``pending``."""
        if not step.required:
            return "not_required"
        if step.complete:
            return "complete"
        if any(not error.progress for error in step.errors):
            return "error"
        runs = any(
            self.is_under_way(action) for error in step.errors if (action := self.action_for(error))
        )
        return "running" if runs else "pending"

    def action_for(self, found: Finding) -> str | None:
        """The action that settles a finding, None where the file has to be edited."""
        row = settled_by(found.rule)
        return row.action if row else None

    def is_under_way(self, action: str) -> bool:
        """Whether a stage that an action asked for is under way."""
        busy = self.state.busy
        return busy is not None and busy.name in stages_of(ACTION_TABLE[action].makes)

    @property
    def summary(self) -> OfferSummary:
        return OfferSummary(
            self.offer,
            self.kind,
            self.title,
            self.status,
            self.fault,
            self.edited,
            tuple(map(self.sign, self.steps)) if self.definition.offer else (),
            self.steps_complete,
            len(self.errors),
            len(self.warnings),
            self.next,
            self.trouble or self.closed,
            self.from_the_future,
        )

    @property
    def is_settled(self) -> bool:
        """Whether it stays as it is for as long as its files do, but for what time changes."""
        is_known = self.definition.raw is not None and not self.trouble and not self.closed
        return is_known and self.from_the_future is None

    @property
    def next_percent_at(self) -> datetime | None:
        """When a stage that is running has come further by a percent, at the latest when it ends."""
        stage = self.state.busy
        fraction = progress_of(stage, self.now).fraction if stage else None
        if stage is None or stage.seconds is None or fraction is None:
            return None
        # Rather too early than too late, whatever is lost in rounding.
        hundredths = int(fraction * 100) + 1
        return stage.began + timedelta(seconds=stage.seconds * hundredths / 100 - 0.001)

    @property
    def located_steps(self) -> tuple[Step, ...]:
        """The four steps, their findings with lines and in the order of their places."""
        return tuple(
            step._replace(findings=tuple(sorted(self.locate(step.findings), key=self._order)))
            for step in self.steps
        )

    def _order(self, found: Finding) -> tuple[object, ...]:
        """Where a located finding is in its step, so that a person goes through each file once."""
        is_other = found.file not in (PUBLISHER_FILE, self.definition.file)
        file = (is_other, found.file != PUBLISHER_FILE, found.file)
        return not found.is_error, found.progress, *file, found.line or 0

    def locate(self, findings: Iterable[Finding]) -> list[Finding]:
        """Findings with the lines of their values."""
        return [
            found if found.line else found._replace(line=self._line(found.file, found.field))
            for found in findings
        ]

    def _line(self, file: str, field: FieldPath) -> int | None:
        # Late: the grammar takes as long to import as a list of offers to make.
        from state.definitions.locate import places_in

        sources = {PUBLISHER_FILE: self.publisher_raw}
        if self.definition.raw is not None and not self.definition.has_syntax_fault:
            sources[self.definition.file] = self.definition.raw
        raw = sources.get(file)
        return places_in(raw).line(field.path) if raw else None


def draft_of(definition: Definition, content: str | None) -> str | None:
    """The hash of a draft, as an answer to a question about it names it: of its bytes if unreadable."""
    if content is None and definition.raw is not None:
        return f"sha256:{digest_of(definition.raw)}"
    return content


def format_damage(offer: str, broken: str) -> str:
    """A damaged history in words, with the remedy."""
    return (
        f"The history of {offer} is damaged: {broken}. The offer is read-only until the file is "
        f"restored from a backup or a publisher accepts the loss: vitrina verify --accept {offer}"
    )


def progress_of(stage: Stage, now: datetime) -> Progress:
    """How far a stage has come."""
    if stage.seconds is None:
        return Progress(None, None)
    passed = max(0.0, (now - stage.began).total_seconds())
    if not stage.seconds:
        return Progress(1.0, 0.0)
    return Progress(min(1.0, passed / stage.seconds), max(0.0, stage.seconds - passed))


def format_stage(stage: Stage, now: datetime) -> str:
    """A stage and its progress in a few words: ``replication 62 %``."""
    fraction = progress_of(stage, now).fraction
    name = STAGES[stage.name].removesuffix(" to staging").removesuffix(" to production")
    return name if fraction is None else f"{name} {int(fraction * 100)} %"
