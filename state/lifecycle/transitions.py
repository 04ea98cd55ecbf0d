"""The lifecycle as one table: what each stage leads to, and what each action needs and makes.

Guards, decisions, the fold, recovery, the rehearsal, the views and docs/lifecycle.md read it.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from state.domain import actions, stages
from state.domain.events import Kind
from state.domain.offer_state import Status


class StageRow(NamedTuple):
    """A stage of the marketplace. A status of None is the one that the offer had before.

    Attributes:
        stage: Its name, as in ``state.domain.stages``.
        begins: The event that begins it, or the request that it is part of.
        succeeds: The event with which it succeeds.
        fails: The event with which it fails.
        during: The status while it runs.
        after_success: The status after it succeeded.
        after_failure: The status after it failed.
        if_lost: The status where the event that ended it is lost.
    """

    stage: str
    begins: Kind
    succeeds: Kind
    fails: Kind
    during: Status | None = None
    after_success: Status | None = None
    after_failure: Status | None = None
    if_lost: Status | None = None


_IN_REQUEST = (Status.PRODUCTION_REQUESTED, Status.PRODUCTION_REQUESTED, Status.REJECTED)

STAGE_TABLE: Mapping[str, StageRow] = {row.stage: row for row in (
    StageRow(stages.CERTIFICATION,
             Kind.CERTIFICATION_REQUESTED, Kind.CERTIFIED, Kind.CERTIFICATION_FAILED),
    StageRow(stages.STAGING_REPLICATION, Kind.PUSHED, Kind.STAGED, Kind.STAGING_FAILED,
             Status.STAGING, Status.STAGED, Status.STAGING_FAILED, Status.STAGING_FAILED),
    StageRow(stages.PRODUCTION_CERTIFICATION,
             Kind.REQUESTED, Kind.STAGE_PASSED, Kind.REJECTED, *_IN_REQUEST),
    StageRow(stages.CONTENT_VALIDATION,
             Kind.REQUESTED, Kind.STAGE_PASSED, Kind.REJECTED, *_IN_REQUEST),
    StageRow(stages.FINAL_REVIEW, Kind.REQUESTED, Kind.APPROVED, Kind.REJECTED, *_IN_REQUEST),
    StageRow(stages.PRODUCTION_REPLICATION, Kind.LISTED, Kind.AVAILABLE, Kind.REPLICATION_FAILED,
             Status.LISTED, Status.AVAILABLE, Status.LISTED, Status.AVAILABLE),
)}  # fmt: skip


class Who(StrEnum):
    """Who may act; the value is what the documentation calls them."""

    PUBLISHER = "publishers"
    APPROVER = "approvers"
    REQUESTER = "whoever requested it"


class Subject(StrEnum):
    """The content that an action is about; the value says where that is."""

    DRAFT = "in the draft"
    STAGED = "in staging"
    UNDER_WAY = "under way"
    PRODUCTION = "in production"


class Need(StrEnum):
    """What an action needs; the value is how the documentation puts it."""

    STATUS = "one of these statuses"
    AT_REST = "nothing under way"
    UNDER_WAY = "something under way"
    IN_FINAL_REVIEW = "the final review open"
    CERTIFIED_TYPE = "a type that is certified in step 3"
    UNCERTIFIED = "technical content that is not certified yet"
    CERTIFIABLE = "content rules of steps 1 to 3 without errors"
    STAGEABLE = "steps 1 to 3 complete, content rules of step 4 without errors"
    COMPLETE = "all four steps complete"
    CHECKLIST = "a known type, for its checklist"
    IN_PRODUCTION = "a version in production"
    NEVER_PUSHED = "no push to staging lost with a damaged history"
    FOUR_EYES = "under four eyes, somebody other than the requester"
    POSSIBLE_APPROVER = "somebody who could approve it"


class ActionRow(NamedTuple):
    """What may be asked of an offer.

    Attributes:
        action: Its name.
        makes: The event that it makes.
        words: What is next, where it is.
        who: Who may ask for it; a refusal names the first.
        statuses: The statuses in which it is possible.
        subject: The content that it is about.
        needs: What it needs, in groups: the first that is not met refuses it, with every reason in it.
        also: What it needs whatever else is missing.
        follows: The event that has happened to this content before.
        settles: The progress rule that it settles.
        edits: Whether it changes the definition, which this account has to be able to read.
    """

    action: str
    makes: Kind
    words: str = ""
    who: tuple[Who, ...] = (Who.PUBLISHER,)
    statuses: tuple[Status, ...] = tuple(Status)
    subject: Subject = Subject.DRAFT
    needs: tuple[tuple[Need, ...], ...] = ()
    also: tuple[Need, ...] = ()
    follows: Kind | None = None
    settles: str = ""
    edits: bool = False


IN_STAGING = (Status.STAGED, Status.REJECTED)
"""The statuses in which a version is in staging, to be tested and requested."""

UNDER_WAY = frozenset(row.during for row in STAGE_TABLE.values() if row.during)
"""The statuses in which a push, a request or a listing is under way."""

_AT_REST = tuple(status for status in Status if status not in UNDER_WAY)
_REVIEW = ((Need.STATUS,), (Need.IN_FINAL_REVIEW,))

ACTION_TABLE: Mapping[str, ActionRow] = {row.action: row for row in (
    ActionRow(actions.CERTIFY, Kind.CERTIFICATION_REQUESTED, "certify", statuses=_AT_REST,
              needs=((Need.CERTIFIED_TYPE,), (Need.AT_REST, Need.CERTIFIABLE), (Need.UNCERTIFIED,)),
              settles="certification.current"),
    ActionRow(actions.STAGE, Kind.PUSHED, "push to staging", statuses=_AT_REST,
              needs=((Need.AT_REST, Need.STAGEABLE),), settles="staging.current"),
    ActionRow(actions.TESTED, Kind.STAGING_TESTED, "record the staging test", statuses=IN_STAGING,
              subject=Subject.STAGED, needs=((Need.AT_REST,), (Need.STATUS,), (Need.CHECKLIST,)),
              follows=Kind.STAGED, settles="staging.tested"),
    ActionRow(actions.REQUEST, Kind.REQUESTED, "request production", statuses=IN_STAGING,
              needs=((Need.AT_REST, Need.COMPLETE), (Need.STATUS,)), also=(Need.POSSIBLE_APPROVER,),
              follows=Kind.STAGED),
    ActionRow(actions.APPROVE, Kind.APPROVED, "your final review", (Who.APPROVER,),
              (Status.PRODUCTION_REQUESTED,), Subject.UNDER_WAY, _REVIEW, also=(Need.FOUR_EYES,)),
    ActionRow(actions.REJECT, Kind.REJECTED, "", (Who.APPROVER, Who.REQUESTER),
              (Status.PRODUCTION_REQUESTED,), Subject.UNDER_WAY, _REVIEW),
    ActionRow(actions.CANCEL, Kind.CANCELLED, "", (Who.PUBLISHER, Who.REQUESTER),
              tuple(status for status in Status if status is not Status.LISTED),
              Subject.UNDER_WAY, ((Need.UNDER_WAY,), (Need.STATUS,))),
    ActionRow(actions.PRODUCTION_TESTED, Kind.PRODUCTION_TESTED, "test in production",
              statuses=tuple(status for status in _AT_REST if status is not Status.DRAFT),
              subject=Subject.PRODUCTION, needs=((Need.AT_REST,), (Need.IN_PRODUCTION,)),
              follows=Kind.AVAILABLE),
    ActionRow(actions.DISCARD, Kind.DISCARDED, statuses=(Status.DRAFT,),
              needs=((Need.STATUS,), (Need.NEVER_PUSHED,)), edits=True),
    ActionRow(actions.RENAME, Kind.RENAMED, statuses=(Status.DRAFT,),
              needs=((Need.STATUS,), (Need.AT_REST, Need.NEVER_PUSHED)), edits=True),
    ActionRow(actions.REVERT, Kind.REVERTED, edits=True),
    ActionRow(actions.EDIT, Kind.EDITED, edits=True),
    ActionRow(actions.REMARK, Kind.REMARK, who=(Who.PUBLISHER, Who.APPROVER)),
)}  # fmt: skip


STAGE_BEGUN: Mapping[Kind, str] = {row.begins: row.stage for row in STAGE_TABLE.values()}
"""The stage that an event begins; of a request the one in which a person decides."""

SUBMISSIONS = frozenset(row.makes for row in ACTION_TABLE.values() if row.makes in STAGE_BEGUN)
"""The events with which a run begins: a certification, a push, a request."""

SUCCESSES = frozenset(row.succeeds for row in STAGE_TABLE.values())
FAILURES = frozenset(row.fails for row in STAGE_TABLE.values())

STATUS_AFTER: Mapping[Kind, Status | None] = {
    **{row.begins: row.during for row in STAGE_TABLE.values()},
    **{row.succeeds: row.after_success for row in STAGE_TABLE.values()},
    **{row.fails: row.after_failure for row in STAGE_TABLE.values()},
}
"""The status after an event of a stage, None for the one before the stage."""

RUN_ENDS = frozenset(kind for kind in SUCCESSES | FAILURES if STATUS_AFTER[kind] not in UNDER_WAY)
"""The events after which nothing is under way."""

STAGE_CHANGES = STATUS_AFTER.keys() - SUBMISSIONS - RUN_ENDS - {Kind.APPROVED}
"""The events with which another stage of a run begins; after an approval that is the listing."""

TURNS = SUBMISSIONS | {
    row.makes for row in ACTION_TABLE.values() if row.subject is Subject.UNDER_WAY
}
"""The events that begin or decide a run: nobody waits for a status from before the last of them."""

_WAY = tuple(
    dict.fromkeys(
        status
        for row in STAGE_TABLE.values()
        for status in (row.during, row.after_success)
        if status
    )
)


def led_through(status: Status) -> tuple[Status, ...]:
    """The statuses without which there is no way to another one."""
    if status in _WAY:
        return _WAY[: _WAY.index(status)]
    failed = (row.during for row in STAGE_TABLE.values() if row.after_failure is status)
    during = next(failed, None)
    return (*led_through(during), during) if during else ()


def stages_of(begins: Kind) -> tuple[str, ...]:
    """The stages that an event begins, or that are part of what it requests."""
    return tuple(row.stage for row in STAGE_TABLE.values() if row.begins is begins)


def settled_by(rule: str) -> ActionRow | None:
    """The action that settles a progress rule; None for other rules."""
    return next((row for row in ACTION_TABLE.values() if rule and row.settles == rule), None)
