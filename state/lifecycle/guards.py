"""Guards: the reasons why an action is refused (status, roles, four eyes, findings, history)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from state.domain.actions import (
    APPROVE,
    CANCEL,
    CERTIFY,
    DISCARD,
    EDIT,
    PRODUCTION_TESTED,
    REJECT,
    REMARK,
    RENAME,
    REQUEST,
    REVERT,
    STAGE,
    TESTED,
    Shown,
)
from state.domain.events import EMPTY, timestamp
from state.domain.findings import Finding, Reason
from state.domain.offer_state import State, Status, Version
from state.domain.offer_types import OfferType
from state.domain.safe_text import short_content
from state.domain.stages import FINAL_REVIEW, STAGES
from state.domain.times import day

ROLES = ("role.publisher", "role.approver")
"""The rules of the reasons about who acts."""

IN_STAGING = (Status.STAGED, Status.REJECTED)
"""The statuses in which a version is in staging, to be tested and requested."""

BACKEND = "marketplace.backend"
"""The rule of an action for which there is no usable marketplace."""

CHANGED = "changed.since_shown"
"""The rule of an answer to a question about an earlier content."""


class DecisionContext(NamedTuple):
    """The facts that a decision is based on.

    Attributes:
        now: In UTC.
        kind: The offer's type, None where the definition cannot be read.
        staged_kind: The type of the version staged last; the draft's without one, or if it is lost.
        version: The draft, None where it cannot be read.
        findings: The errors of the draft, progress rules included.
        can_be_approved: Whether someone could approve a request of this actor.
        four_eyes: Whether the publisher file requires four eyes.
        policy: The roles of the publisher file, as a request records them.
        begin: Gives the marketplace's data of a stage that begins now.
        draft: The draft's content hash; that of its bytes where it cannot be read, None without a file.
        last: The time of the last event, which is later than now where the clock was set back.
        no_marketplace: Why the marketplace is unusable, None where it is usable.
        broken: How the history is damaged, None where it is intact.
        unreadable: Why this account cannot read the history, None where it can.
        is_closed: Whether this account may not read the definition; a finding names its owner.
        login: The account that logged in, where it is known to differ from the actor.
    """

    now: datetime
    actor: str
    kind: OfferType | None = None
    staged_kind: OfferType | None = None
    version: Version | None = None
    findings: tuple[Finding, ...] = ()
    may_publish: bool = True
    may_approve: bool = True
    can_be_approved: bool = True
    four_eyes: bool = True
    policy: Mapping[str, Any] = EMPTY
    begin: Callable[[str], Mapping[str, Any]] = lambda stage: {"name": stage, "seconds": 0.0}
    settings: Mapping[str, Any] = EMPTY
    draft: str | None = None
    last: datetime | None = None
    no_marketplace: str | None = None
    broken: str | None = None
    unreadable: str | None = None
    is_closed: bool = False
    login: str | None = None

    def requester(self, state: State) -> str | None:
        """The requester's account, where it is that of the actor or of the login."""
        flight = state.flight
        accounts = (flight.version.by, flight.login) if flight else ()
        return next((each for each in accounts if each in (self.actor, self.login) and each), None)


def refusal_reasons(
    state: State, action: str, facts: DecisionContext, shown: Shown | None = None
) -> tuple[Reason, ...]:
    """Every reason to refuse an action now.

    Args:
        state: The offer's state.
        action: One of ``ACTIONS``.
        facts: What the decision is based on.
        shown: What the person was shown who asks for it; None where nothing was.
    """
    if facts.unreadable:
        # Nothing else is known.
        return (Reason("history.unreadable", None, None, facts.unreadable),)
    reasons = [
        *changed_since(state, facts.draft, action, shown),
        *_trust(facts),
        *_backend(facts),
        *_role(state, action, facts),
        *_closed(action, facts),
        *_CONDITIONS[action](state, facts),
    ]
    return tuple(reasons)


_SUBJECTS: Mapping[str, tuple[str, Callable[[State], Version | None]]] = {
    TESTED: ("in staging", lambda state: state.staged),
    **dict.fromkeys(
        (CANCEL, APPROVE, REJECT),
        ("under way", lambda state: state.flight.version if state.flight else None),
    ),
    PRODUCTION_TESTED: ("in production", lambda state: state.production),
}
"""Where the content is that an action is about; actions that are not named are about the draft."""


def subject_of(state: State, draft: str | None, action: str) -> Shown:
    """The content that an action would be about; of a run also who asked for it and when."""
    if action not in _SUBJECTS:
        return Shown(draft)
    version, flight = _SUBJECTS[action][1](state), state.flight
    if flight and version is flight.version:
        return Shown(version.content, f"{timestamp(flight.asked)} {version.by}")
    return Shown(version.content if version else None)


def changed_since(
    state: State, draft: str | None, action: str, shown: Shown | None
) -> tuple[Reason, ...]:
    """The reason to refuse an answer to a question about another content than the present one."""
    now = subject_of(state, draft, action)
    if shown is None or _is_same(shown, now):
        return ()
    was = f"Content {short_content(shown.content)}" if shown.content else "Nothing"
    what = f"content {short_content(now.content)}" if now.content else "nothing"
    where = _SUBJECTS[action][0] if action in _SUBJECTS else "in the draft"
    message = f"{was} was shown, but {what} is {where} now."
    if was.lower() == what:
        message = f"{was} was shown, and has been requested again since."
    return (Reason(CHANGED, None, None, f"{message} Review it, then decide again."),)


def _is_same(shown: Shown, now: Shown) -> bool:
    if shown.content is None or now.content is None:
        return shown.content is now.content
    return now.content.startswith(shown.content) and shown.run in (None, now.run)


def _backend(facts: DecisionContext) -> list[Reason]:
    return [Reason(BACKEND, None, None, facts.no_marketplace)] if facts.no_marketplace else []


def _trust(facts: DecisionContext) -> list[Reason]:
    return [Reason("history.broken", None, None, facts.broken)] if facts.broken else []


def _closed(action: str, facts: DecisionContext) -> list[Reason]:
    if not facts.is_closed or action not in (DISCARD, RENAME, REVERT, EDIT):
        return []
    return [Reason.of(finding) for finding in facts.findings]


def _role(state: State, action: str, facts: DecisionContext) -> list[Reason]:
    requested_it = facts.requester(state) is not None
    if action in (APPROVE, REJECT):
        if facts.may_approve or (action == REJECT and requested_it):
            return []
        message = f"{facts.actor} is not among the approvers in publisher.toml."
        return [Reason("role.approver", None, None, message)]
    allowed = facts.may_publish or (action == CANCEL and requested_it)
    if allowed or (action == REMARK and facts.may_approve):
        return []
    return [not_a_publisher(facts.actor)]


def not_a_publisher(actor: str) -> Reason:
    """The reason to refuse an account that is not a publisher."""
    message = f"{actor} is not among the publishers in publisher.toml."
    return Reason("role.publisher", None, None, message)


def _busy(state: State) -> list[Reason]:
    if state.busy is None:
        return []
    if state.busy.name == FINAL_REVIEW:
        message = "The final review is open. Wait for the decision, or cancel the request."
    elif state.status is Status.LISTED:
        message = "The replication to production is under way. Wait until the offer is available."
    else:
        message = f"{STAGES[state.busy.name].capitalize()} is under way. Wait for it, or cancel it."
    return [Reason("status.busy", None, None, message)]


def _wrong(message: str) -> list[Reason]:
    return [Reason("status.wrong", None, None, message)]


def _open(facts: DecisionContext, *, content_to: int, progress_to: int) -> list[Reason]:
    """The open findings of content rules and of progress rules, each up to a step."""
    return [
        Reason.of(finding)
        for finding in facts.findings
        if finding.is_error
        and finding.step <= (progress_to if finding.progress else content_to)
        and finding.message != facts.no_marketplace
    ]


def _certify(state: State, facts: DecisionContext) -> list[Reason]:
    if facts.kind is not None and not facts.kind.is_certified:
        return _wrong(f"A {facts.kind.label.lower()} does not need to be certified.")
    reasons = _busy(state) + _open(facts, content_to=3, progress_to=0)
    if not reasons and facts.version and facts.version.technical in state.certified:
        return _wrong("This technical content is already certified.")
    return reasons


def _stage(state: State, facts: DecisionContext) -> list[Reason]:
    return _busy(state) + _open(facts, content_to=4, progress_to=3)


def _request(state: State, facts: DecisionContext) -> list[Reason]:
    reasons = _busy(state) + _open(facts, content_to=4, progress_to=4)
    if not reasons and state.status not in IN_STAGING:
        if state.status is Status.AVAILABLE:
            reasons += _wrong("This content is already in production.")
        else:
            reasons += _wrong(f"The offer is {state.status.words}. Push it to staging first.")
    if not facts.can_be_approved:
        message = "No one can approve this request: you are the only approver in publisher.toml."
        reasons.append(Reason("role.approver", None, None, message))
    return reasons


def _tested(state: State, facts: DecisionContext) -> list[Reason]:
    if reasons := _busy(state):
        return reasons
    if state.status not in IN_STAGING:
        return _wrong(f"The offer is {state.status.words}. Push it to staging, then test it there.")
    # The points of the checklist depend on the type.
    return _open(facts, content_to=3, progress_to=0) if facts.staged_kind is None else []


def _production_tested(state: State, facts: DecisionContext) -> list[Reason]:
    if reasons := _busy(state):
        return reasons
    return [] if state.production else _wrong("The offer is not in production.")


def _review(state: State, facts: DecisionContext) -> list[Reason]:
    if state.status is not Status.PRODUCTION_REQUESTED or state.busy is None:
        return _wrong(
            f"The offer is {state.status.words}. No request is waiting for a final review."
        )
    if state.busy.name != FINAL_REVIEW:
        message = (
            f"{STAGES[state.busy.name].capitalize()} comes before the final review. Wait for it."
        )
        return [Reason("status.busy", None, None, message)]
    return []


def _approve(state: State, facts: DecisionContext) -> list[Reason]:
    reasons, flight = _review(state, facts), state.flight
    in_request = state.status is Status.PRODUCTION_REQUESTED
    requester = facts.requester(state)
    if in_request and flight and flight.four_eyes and requester:
        message = (
            f"Four-eyes approval: {requester} made this request, so another approver must "
            "approve it."
        )
        reasons.append(Reason("four_eyes", None, None, message))
    return reasons


def _cancel(state: State, facts: DecisionContext) -> list[Reason]:
    if state.flight is None:
        return _wrong("There is nothing to cancel.")
    if state.status is Status.LISTED:
        return _wrong("The request is approved. A listed offer cannot be cancelled.")
    return []


def _discard(state: State, facts: DecisionContext) -> list[Reason]:
    if state.status is Status.DRAFT:
        return _possibly_pushed(state)
    pushed = state.pushed
    since = f"pushed to staging on {day(pushed.at)}" if pushed else state.status.words
    message = f"Not a draft: {since}."
    if state.production:
        message = "Not a draft: only a support ticket removes a listed offer."
    return [Reason("status.draft", None, None, message)]


def _rename(state: State, facts: DecisionContext) -> list[Reason]:
    if state.status is Status.DRAFT:
        return _busy(state) + _possibly_pushed(state)
    return [Reason("status.draft", None, None, "The identifier is locked once an offer is staged.")]


def _possibly_pushed(state: State) -> list[Reason]:
    if not state.possibly_pushed:
        return []
    message = "Not a draft: the history was damaged and may have contained a push to staging."
    return [Reason("status.draft", None, None, message)]


def _always(state: State, facts: DecisionContext) -> list[Reason]:
    return []


_CONDITIONS: Mapping[str, Callable[[State, DecisionContext], list[Reason]]] = {
    CERTIFY: _certify,
    STAGE: _stage,
    TESTED: _tested,
    REQUEST: _request,
    APPROVE: _approve,
    REJECT: _review,
    CANCEL: _cancel,
    PRODUCTION_TESTED: _production_tested,
    DISCARD: _discard,
    RENAME: _rename,
    REVERT: _always,
    EDIT: _always,
    REMARK: _always,
}
