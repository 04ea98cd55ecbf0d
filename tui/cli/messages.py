"""What commands say alike: statuses, counts, times, hashes, refusals."""

from collections.abc import Mapping
from datetime import datetime

from state.domain.findings import Refusal, Severity
from state.domain.safe_text import plural
from state.workspace.offer_view import OfferView
from tui.cli.output import Span, print_error, put_json
from tui.cli.run import Call
from tui.launch import REFUSED

SEVERITY_ROLES: Mapping[Severity, str] = {Severity.ERROR: "bad", Severity.WARNING: "warn"}
"""The role of a severity's text."""


def status_line(view: OfferView) -> Span:
    """An offer's status in words."""
    if view.status is None:
        return ("unreadable" if view.unreadable else "not an offer"), "warn"
    if view.definition.offer is None and not view.events:
        return "unreadable", "bad"
    words = view.status.words
    return (f"{words}, edited" if view.edited else words), ""


def found_counts(view: OfferView) -> str:
    """How many errors and warnings an offer has: ``2 errors, 1 warning``."""
    errors, warnings = len(view.errors), len(view.warnings)
    counts = [plural(errors, "error")] * bool(errors) + [plural(warnings, "warning")] * bool(
        warnings
    )
    return ", ".join(counts) or "none"


def local_time(at: datetime) -> str:
    """A time where this machine is, with its zone."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M:%S %Z")


def short_hash(content: str | None) -> str:
    """The beginning of a content's hash, in one piece: ``diff`` and ``revert`` take it."""
    return (content or "").removeprefix("sha256:")[:8] or "-"


def refused(call: Call, refusal: Refusal) -> int:
    """Say why something was refused: each reason a line, the document on standard output."""
    from tui.cli.json_documents import refusal_document

    for reason in refusal.reasons:
        place = [f"step {reason.step}"] * bool(reason.step) + [reason.field or ""] * bool(
            reason.field
        )
        about = f" ({', '.join(place)})" if place else ""
        print_error(f"{refusal.action} refused: {reason.rule}{about}: {reason.message}")
    if call.json:
        put_json(refusal_document(refusal))
    return REFUSED
