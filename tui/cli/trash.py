"""The command that shows the trash, and empties it."""

from datetime import timedelta

from state.domain.findings import Refusal
from state.domain.safe_text import clean, plural
from state.engine import Entry
from state.engine.event_filter import age_of
from tui.cli.discard_restore import NOT_CONFIRMED, confirm
from tui.cli.json_documents import discarded_document
from tui.cli.messages import local_time, refused
from tui.cli.output import Column, print_error, print_json, print_line, table
from tui.cli.run import Call
from tui.launch import DONE, UsageError, has_terminal
from tui.render.glyphs import glyph
from tui.render.lines import Span

_TRASH = (Column("Offer", least=12), Column("Title", least=10), Column("Discarded"), Column("By"))
_NAMED = 5


def trash(call: Call) -> int:
    """List what was discarded, the latest last; or delete it for good."""
    options = call.options
    age = _age(options.age) if options.age is not None else timedelta()
    if options.yes and not options.empty:
        raise UsageError("--yes needs --empty.")
    if options.empty and not options.yes and not has_terminal():
        raise UsageError(NOT_CONFIRMED)
    entries = call.engine.discarded(age)
    if options.empty and entries:
        return _empty(call, entries)
    if call.json:
        print_json([discarded_document(entry) for entry in entries])
    elif entries:
        for line in table(_TRASH, [_row(entry) for entry in entries]):
            print_line(line)
    else:
        print_error("Nothing in the trash is that old." if age else "The trash is empty.")
    return DONE


def _empty(call: Call, entries: list[Entry]) -> int:
    if not call.options.yes and not confirm(_question(entries)):
        print_error("Nothing was deleted.")
        if call.json:
            print_json([])
        return DONE
    deleted = call.engine.empty_trash(entries)
    if isinstance(deleted, Refusal):
        return refused(call, deleted)
    if call.json:
        print_json([discarded_document(entry) for entry in deleted])
    else:
        sign: Span = (glyph("complete"), "good")
        print_line([sign, (f" {plural(len(deleted), 'discarded draft')} deleted for good.", "")])
    return DONE


def _question(entries: list[Entry]) -> str:
    names = [clean(entry.offer) for entry in entries]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    named = ", ".join(names[:_NAMED]) + more
    return f"Delete {plural(len(names), 'discarded draft')} ({named}) for good?"


def _row(entry: Entry) -> list[list[Span]]:
    title = entry.title or ("" if entry.actor else "its record was altered or cannot be read")
    return [
        [(entry.offer, "strong")],
        [(title, "")],
        [(local_time(entry.at), "")],
        [(entry.actor, "")],
    ]


def _age(said: str) -> timedelta:
    try:
        return age_of(said)
    except ValueError as error:
        raise UsageError(str(error)) from None
