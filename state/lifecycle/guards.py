"""Guards: the reasons why an action is refused (status, roles, four eyes, findings, history)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from state.domain import actions
from state.domain.actions import Shown
from state.domain.events import EMPTY, timestamp
from state.domain.findings import Finding, Reason
from state.domain.offer_state import START, Stage, State, Status, Version
from state.domain.offer_types import OfferType
from state.domain.safe_text import quoted, short_content
from state.domain.stages import FINAL_REVIEW, STAGES
from state.domain.suggestions import did_you_mean
from state.domain.times import day
from state.lifecycle.transitions import ACTION_TABLE, ActionRow, Need, Subject, Who

ROLES = ("role.publisher", "role.approver")
"""The rules of the reasons about who acts."""

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
        run = state.run
        accounts = (run.version.by, run.login) if run else ()
        return next((each for each in accounts if each in (self.actor, self.login) and each), None)


def refusal_reasons(
    state: State, action: str, facts: DecisionContext, shown: Shown | None = None
) -> tuple[Reason, ...]:
    """Every reason to refuse an action now.

    Args:
        state: The offer's state.
        action: Its name.
        facts: What the decision is based on.
        shown: What the person was shown who asks for it; None where nothing was.
    """
    if facts.unreadable:
        # Nothing else is known.
        return (Reason("history.unreadable", None, None, facts.unreadable),)
    row = ACTION_TABLE.get(action)
    if row is None:
        hint = did_you_mean(action, ACTION_TABLE)
        return (wrong(f"There is no action {quoted(action)}.{hint}"),)
    return tuple(_against(state, row, facts, shown))


def _against(
    state: State, row: ActionRow, facts: DecisionContext, shown: Shown | None
) -> Iterator[Reason]:
    yield from changed_since(state, facts.draft, row.action, shown)
    if facts.broken:
        yield Reason("history.broken", None, None, facts.broken)
    if facts.no_marketplace:
        yield Reason(BACKEND, None, None, facts.no_marketplace)
    yield from role_reasons(row.who, facts, state)
    if facts.is_closed and row.edits:
        yield from map(Reason.of, facts.findings)
    unmet = ([*_unmet(state, row, facts, needs)] for needs in row.needs)
    yield from next(filter(None, unmet), ())
    yield from _unmet(state, row, facts, row.also)


def _unmet(
    state: State, row: ActionRow, facts: DecisionContext, needs: tuple[Need, ...]
) -> Iterator[Reason]:
    for need in needs:
        match need:
            case Need.STATUS if state.status not in row.statuses:
                yield _wrong_status(state, row)
            case Need.AT_REST if state.busy:
                yield _busy(state, state.busy)
            case Need.UNDER_WAY if state.busy is None:
                yield wrong("There is nothing to cancel.")
            case Need.IN_FINAL_REVIEW if state.busy is None:
                yield _wrong_status(state, row)
            case Need.IN_FINAL_REVIEW if state.busy and state.busy.name != FINAL_REVIEW:
                stage = STAGES[state.busy.name].capitalize()
                message = f"{stage} comes before the final review. Wait for it."
                yield Reason("status.busy", None, None, message)
            case Need.CERTIFIED_TYPE if facts.kind and not facts.kind.is_certified:
                yield wrong(f"A {facts.kind.label.lower()} does not need to be certified.")
            case Need.UNCERTIFIED if facts.version and facts.version.technical in state.certified:
                yield wrong("This technical content is already certified.")
            case Need.CERTIFIABLE:
                yield from _open(facts, content_to=3, progress_to=0)
            case Need.STAGEABLE:
                yield from _open(facts, content_to=4, progress_to=3)
            case Need.COMPLETE:
                yield from _open(facts, content_to=4, progress_to=4)
            case Need.CHECKLIST if facts.staged_kind is None:
                yield from _open(facts, content_to=3, progress_to=0)
            case Need.IN_PRODUCTION if state.production is None:
                yield wrong("The offer is not in production.")
            case Need.NEVER_PUSHED if state.possibly_pushed:
                yield _not_draft("the history was damaged and may have contained a push to staging")
            case Need.FOUR_EYES if state.status in row.statuses:
                yield from _four_eyes(state, facts)
            case Need.POSSIBLE_APPROVER if not facts.can_be_approved:
                why = "you are the only approver in publisher.toml"
                message = f"No one can approve this request: {why}."
                yield Reason("role.approver", None, None, message)


def wrong(message: str) -> Reason:
    """The reason to refuse what makes no sense now."""
    return Reason("status.wrong", None, None, message)


def subject_version(state: State, draft: Version | None, subject: Subject) -> Version | None:
    """The version that an action is about, None where there is none."""
    match subject:
        case Subject.DRAFT:
            return draft
        case Subject.STAGED:
            return state.staged
        case Subject.UNDER_WAY:
            return state.run.version if state.run else None
        case Subject.PRODUCTION:
            return state.production


def subject_of(state: State, draft: str | None, action: str) -> Shown:
    """The content that an action would be about; of a run also who asked for it and when."""
    subject, run = _subject(action), state.run
    if subject is Subject.DRAFT:
        return Shown(draft)
    version = subject_version(state, None, subject)
    if run and version is run.version:
        return Shown(version.content, f"{timestamp(run.asked)} {version.by}")
    return Shown(version.content if version else None)


def _subject(action: str) -> Subject:
    return ACTION_TABLE[action].subject if action in ACTION_TABLE else Subject.DRAFT


def changed_since(
    state: State, draft: str | None, action: str, shown: Shown | None
) -> tuple[Reason, ...]:
    """The reason to refuse an answer to a question about another content than the present one."""
    if shown is None:
        return ()
    now = subject_of(state, draft, action)
    if _is_same(shown, now):
        return ()
    was = f"Content {short_content(shown.content)}" if shown.content else "Nothing"
    what = f"content {short_content(now.content)}" if now.content else "nothing"
    message = f"{was} was shown, but {what} is {_subject(action)} now."
    if was.lower() == what:
        message = f"{was} was shown, and has been requested again since."
    return (Reason(CHANGED, None, None, f"{message} Review it, then decide again."),)


def _is_same(shown: Shown, now: Shown) -> bool:
    if shown.content is None or now.content is None:
        return shown.content is now.content
    return now.content.startswith(shown.content) and shown.run in (None, now.run)


def role_reasons(
    who: Sequence[Who], facts: DecisionContext, state: State = START
) -> Iterator[Reason]:
    """The reason to refuse an account that has none of the roles that an action is for."""
    may_act = {
        Who.PUBLISHER: facts.may_publish,
        Who.APPROVER: facts.may_approve,
        Who.REQUESTER: facts.requester(state) is not None,
    }
    if not any(may_act[each] for each in who):
        role = "publisher" if who[0] is Who.PUBLISHER else "approver"
        message = f"{facts.actor} is not among the {role}s in publisher.toml."
        yield Reason(f"role.{role}", None, None, message)


def _wrong_status(state: State, row: ActionRow) -> Reason:
    status = state.status.words
    match row.action:
        case actions.REQUEST if state.status is Status.AVAILABLE:
            return wrong("This content is already in production.")
        case actions.REQUEST:
            return wrong(f"The offer's status is {status}. Push it to staging first.")
        case actions.TESTED:
            return wrong(f"The offer's status is {status}. Push it to staging, then test it there.")
        case actions.APPROVE | actions.REJECT:
            return wrong(
                f"The offer's status is {status}. No request is waiting for a final review."
            )
        case actions.CANCEL:
            return wrong("The request is approved. A listed offer cannot be cancelled.")
        case actions.RENAME:
            message = "The identifier is locked once an offer is staged."
            return Reason("status.draft", None, None, message)
    if state.production:
        return _not_draft("only a support ticket removes a listed offer")
    pushed = state.pushed
    return _not_draft(f"pushed to staging on {day(pushed.at)}" if pushed else status)


def _not_draft(why: str) -> Reason:
    return Reason("status.draft", None, None, f"Not a draft: {why}.")


def _busy(state: State, stage: Stage) -> Reason:
    if stage.name == FINAL_REVIEW:
        message = "The final review is open. Wait for the decision, or cancel the request."
    elif state.status is Status.LISTED:
        message = "The replication to production is under way. Wait until the offer is available."
    else:
        message = f"{STAGES[stage.name].capitalize()} is under way. Wait for it, or cancel it."
    return Reason("status.busy", None, None, message)


def _open(facts: DecisionContext, *, content_to: int, progress_to: int) -> Iterator[Reason]:
    """The open findings of content rules and of progress rules, each up to a step."""
    for finding in facts.findings:
        last_step = progress_to if finding.progress else content_to
        is_told = finding.message == facts.no_marketplace
        if finding.is_error and finding.step <= last_step and not is_told:
            yield Reason.of(finding)


def _four_eyes(state: State, facts: DecisionContext) -> Iterator[Reason]:
    requester = facts.requester(state)
    if state.run and state.run.four_eyes and requester:
        message = f"{requester} made this request, so another approver must approve it"
        yield Reason("four_eyes", None, None, f"Four-eyes approval: {message}.")
