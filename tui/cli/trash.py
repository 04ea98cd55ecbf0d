"""The command that shows the trash, and empties it."""

from datetime import timedelta

from state.domain.findings import Refusal
from state.domain.safe_text import clean, plural
from state.engine import Entry
from state.engine.event_filter import age_of
from tui.cli.discard_restore import agreed, somebody_is_there
from tui.cli.json_documents import discarded_document
from tui.cli.messages import local_time, refused
from tui.cli.output import Column, print_error, print_line, put_json, table
from tui.cli.run import Call
from tui.launch import DONE, UsageError
from tui.render.glyphs import glyph
from tui.render.lines import Span

_TRASH = (Column("Offer", least=12), Column("Title", least=10), Column("Discarded"), Column("By"))
_NAMED = 5


def trash(call: Call) -> int:
    """What was discarded, the latest last; or the end of it."""
    options = call.options
    age = _age(options.age) if options.age is not None else timedelta()
    if options.yes and not options.empty:
        raise UsageError("--yes goes with --empty.")
    if options.empty and not options.yes and not somebody_is_there():
        raise UsageError("Nobody is there to ask: vitrina trash --empty --yes")
    entries = call.engine.discarded(age)
    if options.empty and entries:
        return _empty(call, entries)
    if call.json:
        put_json([discarded_document(entry) for entry in entries])
    elif entries:
        for line in table(_TRASH, [_row(entry) for entry in entries]):
            print_line(line)
    else:
        print_error("Nothing in the trash is that old." if age else "The trash is empty.")
    return DONE


def _empty(call: Call, entries: list[Entry]) -> int:
    if not call.options.yes and not agreed(_question(entries)):
        print_error("The trash stays as it is.")
        if call.json:
            put_json([])
        return DONE
    ended = call.engine.empty_trash(entries)
    if isinstance(ended, Refusal):
        return refused(call, ended)
    if call.json:
        put_json([discarded_document(entry) for entry in ended])
    else:
        sign: Span = (glyph("complete"), "good")
        print_line([sign, (f" {plural(len(ended), 'discarded draft')} ended for good.", "")])
    return DONE


def _question(entries: list[Entry]) -> str:
    names = [clean(entry.offer) for entry in entries]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    named = ", ".join(names[:_NAMED]) + more
    return f"End {plural(len(names), 'discarded draft')} ({named})? Nothing brings them back."


def _row(entry: Entry) -> list[list[Span]]:
    title = entry.title or ("" if entry.actor else "its record was altered or may not be read")
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
