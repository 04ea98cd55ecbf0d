"""A history as rows: when, who, what, and which content; newest first."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from state.domain.events import Event, Kind
from state.domain.safe_text import plural, short_content
from state.domain.stages import STAGES
from state.engine.event_filter import describe_event
from tui.render.lines import Line, Row, cell
from tui.render.words import moment, zone

CONTENT = 9
WORDS: Mapping[Kind, str] = {
    Kind.CREATED: "created",
    Kind.EDITED: "edited",
    Kind.CERTIFICATION_REQUESTED: "certification requested",
    Kind.CERTIFIED: "certified",
    Kind.CERTIFICATION_FAILED: "certification failed",
    Kind.PUSHED: "pushed to staging",
    Kind.STAGED: "staged",
    Kind.STAGING_FAILED: "staging failed",
    Kind.STAGING_TESTED: "tested in staging",
    Kind.REQUESTED: "approval for production requested",
    Kind.STAGE_PASSED: "passed",
    Kind.APPROVED: "approved",
    Kind.REJECTED: "rejected",
    Kind.LISTED: "listed: replicating to production",
    Kind.REPLICATION_FAILED: "replication failed and starts again",
    Kind.AVAILABLE: "available: replicated to production",
    Kind.PRODUCTION_TESTED: "scenarios tested in production",
    Kind.CANCELLED: "cancelled",
    Kind.REVERTED: "reverted",
    Kind.RENAMED: "renamed",
    Kind.DISCARDED: "draft discarded",
    Kind.RESTORED: "draft restored",
    Kind.REMARK: "remark",
    Kind.CHAIN_ACCEPTED: "damaged history accepted",
}
"""What each kind of event is called."""
ROLES: Mapping[Kind, str] = {
    Kind.CERTIFICATION_FAILED: "bad",
    Kind.STAGING_FAILED: "bad",
    Kind.REJECTED: "bad",
    Kind.REPLICATION_FAILED: "bad",
    Kind.CERTIFIED: "good",
    Kind.STAGED: "good",
    Kind.APPROVED: "good",
    Kind.AVAILABLE: "good",
}


def sentence(event: Event) -> str:
    """What happened, in words: ``certification failed: sysprep not run``."""
    words, note = WORDS[event.kind], event.note
    if event.kind is Kind.STAGE_PASSED:
        name = str(event.data.get("passed", note))
        return f"{STAGES.get(name, name)} passed"
    if event.kind is Kind.CANCELLED:
        name = str(event.data.get("withdrawn", ""))
        words = f"{words} during {STAGES[name]}" if name in STAGES else words
    if event.kind is Kind.STAGING_TESTED:
        points = event.data.get("points", ())
        words = f"{words}: {', '.join(map(str, points))}" if 0 < len(points) < 3 else words
        words = f"{words}: {plural(len(points), 'point')}" if len(points) > 2 else words
    words = f"{words}, file of {event.file_of}" if event.file_of else words
    fields = event.data.get("fields") or ()
    about = f" ({', '.join(map(str, fields))})" if fields and event.kind is Kind.REJECTED else ""
    return f"{words}: {note}{about}" if note else words + about


def search_text(event: Event, now: datetime) -> str:
    """What a filter looks at, in lower case."""
    words = f"{moment(event.at, now)} {sentence(event)} {short_content(event.content)}"
    return f"{words.lower()} {describe_event(event)}"


class Columns(NamedTuple):
    """The cells of the columns."""

    when: int
    who: int
    what: int


def columns_of(events: Sequence[Event], now: datetime, width: int) -> Columns:
    other_year = bool(events) and events[0].at.astimezone().year != now.astimezone().year
    when = 20 if other_year else 15
    longest = max((len(actor) for actor in {event.who for event in events}), default=3)
    who = min(max(8, longest + 2), 13 if width < 110 else 22)
    return Columns(when, who, max(10, width - 3 - when - who - 2 - CONTENT))


def heading_row(columns: Columns, now: datetime) -> Row:
    """The titles of the columns; times are local, in the zone given here."""
    line: Line = [
        cell(f"When ({zone(now)})", columns.when, "muted"),
        cell("Who", columns.who, "muted"),
        cell("What", columns.what + 2, "muted"),
        ("Content", "muted"),
    ]
    return Row("", line, False)


def event_row(number: int, event: Event, now: datetime, columns: Columns) -> Row:
    """An event as a row; its key is the event's number from 0, the oldest first."""
    line: Line = [
        cell(moment(event.at, now), columns.when, "muted"),
        cell(event.who, columns.who),
        cell(sentence(event), columns.what, ROLES.get(event.kind, "")),
        ("  ", ""),
        cell(short_content(event.content), CONTENT, "muted"),
    ]
    return Row(str(number), line)


def nothing_row(*, filtered: bool) -> Row:
    empty = "No matches. Escape clears the filter."
    never = "No events yet."
    return Row("", [(empty if filtered else never, "muted")], False)
