"""The commands for drafts that go and come back: discard, restore."""

import sys

from state.domain.actions import DISCARD
from state.domain.findings import Refusal
from state.engine import Done
from state.workspace.offer_view import OfferView
from tui.cli.act import report, shown_to
from tui.cli.json_documents import discarded_document
from tui.cli.messages import refused
from tui.cli.output import print_error, print_json, print_line
from tui.cli.run import Call
from tui.launch import DONE, UsageError, has_terminal
from tui.render.glyphs import glyph
from tui.render.lines import Span

NOT_CONFIRMED = "No terminal to confirm on: use --yes."


def discard(call: Call) -> int:
    """Move a draft into the trash, once a person has confirmed it."""
    offer = call.options.offer
    view, shown = call.engine.offer(offer), shown_to(call)
    if not call.options.yes:
        if not has_terminal():
            raise UsageError(NOT_CONFIRMED)
        shown = shown or view.shown(DISCARD)
        is_allowed = view.definition.is_offer and not view.against(DISCARD, shown)
        if is_allowed and not _confirm(view):
            print_error(f"{offer} was not discarded.")
            if call.json:
                print_json({"offer": offer, "discarded": False})
            return DONE
    done = call.engine.discard([offer], {offer: shown} if shown else {})
    if isinstance(done, Refusal):
        return refused(call, done)
    if call.json:
        entry = next((each for each in reversed(call.engine.trash()) if each.offer == offer), None)
        print_json({**(discarded_document(entry) if entry else {}), "discarded": True})
    else:
        sign: Span = (glyph("complete"), "good")
        print_line([sign, (f" {offer}: discarded. vitrina restore {offer} brings it back.", "")])
    _print_notes(done)
    return DONE


def restore(call: Call) -> int:
    """Bring the draft that was discarded last back."""
    offer, new = call.options.offer, call.options.new
    if new == "":
        raise UsageError("--as is empty. Expected the new identifier of the draft.")
    done = call.engine.restore(offer, new)
    if isinstance(done, Refusal):
        return refused(call, done)
    assert done.view is not None
    report(call, done.view, "restored")
    _print_notes(done)
    return DONE


def _print_notes(done: Done) -> None:
    for note in done.notes:
        print_error(note)


def _confirm(view: OfferView) -> bool:
    from state.domain.safe_text import clean

    title = f" ({clean(view.title)})" if view.title else ""
    return confirm(f"Discard the draft {clean(view.offer)}{title}? It is moved to the trash.")


def confirm(question: str) -> bool:
    """Ask a question, cleaned, on the terminal, and say whether the answer was yes."""
    # Not with input(): its question would go to the standard output.
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")
