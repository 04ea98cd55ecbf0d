"""The commands for drafts that go and come back: discard, restore, trash."""

import sys

from state.conditions import DISCARD
from state.findings import Refusal
from state.views import OfferView
from tui.commands.acting import report
from tui.commands.documents import discarded_document
from tui.commands.output import Column, Span, complain, put, put_json, table
from tui.commands.running import DONE, Call, UsageError
from tui.commands.wording import local_time, refused
from tui.glyphs import glyph

_TRASH = (Column("Offer", least=12), Column("Title", least=10), Column("Discarded"), Column("By"))


def discard(call: Call) -> int:
    """Move a draft into the trash, once a person has said so."""
    offer = call.options.offer
    view = call.engine.offer(offer)
    if not call.options.yes:
        if not (sys.stdin and sys.stdin.isatty()):
            raise UsageError(f"Nobody is there to ask: vitrina discard {offer} --yes")
        if view.definition.is_offer and not view.actions[DISCARD] and not _agreed(view):
            complain(f"{offer} stays.")
            return DONE
    done = call.engine.discard([offer])
    if isinstance(done, Refusal):
        return refused(call, done)
    if call.json:
        put_json(discarded_document(call.engine.trash()[-1]))
    else:
        sign: Span = (glyph("complete"), "good")
        put([sign, (f" {offer}: discarded. vitrina restore {offer} brings it back.", "")])
    return DONE


def restore(call: Call) -> int:
    """Bring the draft that was discarded last back."""
    offer, new = call.options.offer, call.options.new
    if new == "":
        raise UsageError("--as is empty: name the identifier under which the draft comes back.")
    done = call.engine.restore(offer, new)
    if isinstance(done, Refusal):
        return refused(call, done)
    assert done.view is not None
    report(call, done.view, "restored")
    return DONE


def trash(call: Call) -> int:
    """What was discarded, the latest last."""
    entries = call.engine.trash()
    if call.json:
        put_json([discarded_document(entry) for entry in entries])
    elif entries:
        rows = [
            [
                [(e.offer, "strong")],
                [(e.title or "", "")],
                [(local_time(e.at), "")],
                [(e.actor, "")],
            ]
            for e in entries
        ]
        for line in table(_TRASH, rows):
            put(line)
    else:
        complain("The trash is empty.")
    return DONE


def _agreed(view: OfferView) -> bool:
    from state.text import clean

    title = f" ({clean(view.title)})" if view.title else ""
    name = clean(view.offer)
    question = f"Discard the draft {name}{title}? It moves to the trash. [y/N] "
    # Not with input(): its question would go to the standard output.
    print(question, end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
