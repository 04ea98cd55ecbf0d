"""What commands say alike: statuses, counts, times, hashes, refusals."""

from collections.abc import Mapping
from datetime import datetime

from state.domain.findings import Refusal, Severity
from state.domain.safe_text import plural
from state.workspace.offer_summary import OfferSummary
from tui.cli.output import print_error, print_json
from tui.cli.run import Call
from tui.launch import REFUSED
from tui.render.lines import Span
from tui.render.words import format_future_event

SEVERITY_ROLES: Mapping[Severity, str] = {Severity.ERROR: "bad", Severity.WARNING: "warn"}
"""The role of a severity's text."""


def status_span(offer: OfferSummary) -> Span:
    """An offer's status in words, or why it has none."""
    if offer.fault or offer.status is None:
        return offer.fault or "", "bad" if offer.status else "warn"
    return offer.status.words + ", edited" * offer.edited, ""


def found_counts(offer: OfferSummary) -> str:
    """How many errors and warnings an offer has: ``2 errors, 1 warning``."""
    counts = ((offer.errors, "error"), (offer.warnings, "warning"))
    return ", ".join(plural(count, noun) for count, noun in counts if count) or "none"


def print_alerts(offer: OfferSummary) -> None:
    """Say on standard error what is wrong with an offer's history or may not be read."""
    if offer.alert:
        print_error(f"{offer.offer}: {offer.alert}")
    if offer.ahead:
        print_error(f"{offer.offer}: {format_future_event(offer.ahead)}")


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
        print_json(refusal_document(refusal))
    return REFUSED
