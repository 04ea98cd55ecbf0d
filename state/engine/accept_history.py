"""Accepting a damaged history: a publisher goes on without what is lost.

The events that can be trusted stay, chained anew where others are lost between them. What the file
held besides is kept as a blob, and an event says what was set aside and what nobody can check now.
"""

from collections.abc import Collection, Iterator
from itertools import takewhile

from state.domain.actions import EDIT
from state.domain.events import Kind, not_before
from state.domain.findings import Reason, Refusal
from state.domain.offer_state import State
from state.domain.safe_text import plural
from state.engine.engine import Done, Engine
from state.engine.transaction import CurrentOffer
from state.lifecycle.recovery import BEYOND_DRAFT
from state.storage.atomic import digest_of
from state.storage.chain import chained
from state.storage.integrity import Head, said_in
from state.storage.working_directory import WorkingDirectory

ACCEPT = "accept"
"""What a refusal to accept a history names as the action."""


def accept(engine: Engine, offer: str, note: str | None = None) -> Done | Refusal:
    """Accept a damaged history: what cannot be trusted is set aside, and an event says so.

    Raises:
        StorageError: Something cannot be read or written; then everything is as it was.
    """
    with engine.transaction(EDIT, offer) as transaction:
        current, workspace = transaction.draft(offer), engine.workspace
        broken = current.view.broken
        current = current._replace(facts=current.facts._replace(broken=None, is_closed=False))
        reasons = current.refusal_reasons(EDIT)
        if broken is None and not current.view.unreadable:
            message = f"The history of {offer} is intact: there is nothing to accept."
            reasons = (*reasons, Reason("status.wrong", None, None, message))
        if reasons or broken is None:
            return Refusal(ACCEPT, reasons)
        directory = transaction.directory
        raw, history = directory.histories.raw(offer), workspace.history(offer)[0]
        due, state = current.pending, current.state
        lost = workspace.evaluator.lost(state)
        without = _still_lost(directory, current, lost)
        if trouble := workspace.unread.get(offer):
            # It may be whole.
            raise trouble
        lines, head = chained(history.events, "")
        rest = _from_first_difference(raw, lines)
        held = _may_have_held(raw, directory.histories.head(offer))
        data = {
            "after": len(history.events),
            "broken": broken,
            "set_aside": directory.blobs.keep(rest) if rest else None,
            "pushed": not held.isdisjoint(BEYOND_DRAFT),
            "without": without,
        }
        said = [broken]
        if aside := len(raw.splitlines()) - len(history.events):
            said.append(f"{plural(aside, 'line')} set aside")
        if len(without) < len(lost):
            said.append(f"recovered from {current.view.definition.file}")
        if Kind.LISTED in held and state.production is None:
            said.append(
                "it is unknown whether the offer is in production and which fields are locked"
            )
        said += _unchecked(state, without)
        note = f"{note} ({'; '.join(said)})" if note else "; ".join(said)
        accepted = transaction.event(current.view.now, Kind.CHAIN_ACCEPTED, None, note, data)
        events = (*history.events, *due)
        event = not_before(accepted, events[-1].at if events else None)
        more, _ = chained([*due, event], head)
        directory.check_locked()
        directory.histories.write(offer, lines + more)
    return Done((event,), engine.shown(offer))


def _still_lost(
    directory: WorkingDirectory, current: CurrentOffer, lost: Collection[str]
) -> list[str]:
    """The definitions that are lost, once the file has been kept where it is one of them."""
    blobs, raw = directory.blobs, current.view.definition.raw
    if raw is not None and digest_of(raw) in lost:
        blobs.keep(raw, directory.path(current.view.offer))
    # One that cannot be read now is not lost.
    return [digest for digest in lost if blobs.find(digest) is None]


def _may_have_held(raw: bytes, head: Head | None) -> frozenset[Kind]:
    """The kinds of events that a history had, altered ones included; all where any are lost."""
    # A line that stands there twice takes the place of another.
    kinds = [kind for line in set(raw.splitlines()) if (kind := _kind_of(line))]
    return frozenset(Kind if head is None or len(kinds) < head[0] else kinds)


def _kind_of(line: bytes) -> Kind | None:
    try:
        return Kind(said_in(line)["kind"])
    except (ValueError, KeyError, TypeError):
        return None


def _from_first_difference(old: bytes, new: bytes) -> bytes:
    """The lines of a file from the first one that differs from another file."""
    lines = zip(old.splitlines(keepends=True), new.splitlines(keepends=True), strict=False)
    same = takewhile(lambda pair: pair[0] == pair[1], lines)
    return old[sum(len(line) for line, _ in same) :]


def _unchecked(state: State, without: list[str]) -> Iterator[str]:
    """What can no longer be checked without a definition."""
    versions = {"in staging": state.staged, "in production": state.production}
    lost = [each for each, v in versions.items() if v and v.definition in (None, *without)]
    if lost:
        yield f"the locks of what is {' and '.join(lost)} can no longer be checked"
