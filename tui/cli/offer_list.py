"""The command that lists the offers."""

from typing import Any

from state.engine.list_offers import list_offers as summaries_of
from state.workspace.offer_summary import OfferSummary
from tui.cli.messages import found_counts, print_alerts, status_span
from tui.cli.output import Column, print_error, print_json, print_line, table
from tui.cli.run import Call
from tui.launch import DONE
from tui.render.glyphs import glyph
from tui.render.lines import Line

_COLUMNS = (
    Column("Offer", least=12),
    Column("Type"),
    Column("Title", optional=True),
    Column("Steps"),
    Column("Status", least=10),
    Column("Findings", optional=True),
    Column("Next", least=12, enough=36),
)


def list_offers(call: Call) -> int:
    offers = summaries_of(call.root)
    if call.json:
        print_json([_document(each) for each in offers])
    elif offers:
        for line in table(_COLUMNS, [_row(each) for each in offers]):
            print_line(line)
    else:
        print_error("No offers here yet. Create one with: vitrina new ID --type TYPE")
    for each in offers:
        print_alerts(each)
    return DONE


def _row(offer: OfferSummary) -> list[Line]:
    steps: Line = []
    for sign in offer.signs:
        name = "pending" if sign == "running" else sign
        role = {"complete": "good", "error": "bad"}.get(name, "muted")
        steps += [(" ", "")] * bool(steps) + [(glyph(name), role)]
    return [
        [(offer.offer, "strong")],
        [(offer.kind.short_label if offer.kind else "?", "")],
        [(offer.title or "", "")],
        steps,
        [status_span(offer)],
        [(found_counts(offer), "")],
        [(offer.next.text, "warn" if offer.next.assigned_to_me else "muted")],
    ]


def _document(offer: OfferSummary) -> dict[str, Any]:
    return {
        "offer": offer.offer,
        "type": offer.kind.value if offer.kind else None,
        "title": offer.title,
        "status": offer.status,
        "edited": offer.edited,
        "steps_complete": offer.steps_complete,
        "errors": offer.errors,
        "warnings": offer.warnings,
        "next": offer.next.text,
    }
