"""The list of offers as rows, and a summary of one of them."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from state.domain.findings import Finding
from state.domain.offer_state import Status
from state.workspace.offer_summary import OfferSummary
from state.workspace.offer_view import OfferView
from tui.render.glyphs import glyph
from tui.render.lines import Line, Row, Span, cell, cut, indented, paragraph, span
from tui.render.words import format_future_event

STATUS_ROLE = {
    Status.AVAILABLE: "good",
    Status.LISTED: "good",
    Status.REJECTED: "bad",
    Status.STAGING_FAILED: "bad",
    Status.DRAFT: "muted",
}

NARROW = 72
"""Up to how many columns the types of the offers are left out."""


NEXT, LEAST_TITLE = 34, 12
"""The cells that the next thing has before there is room for titles, and the fewest of these."""


class Widths(NamedTuple):
    """The cells of the columns; 0 for one that is left out."""

    name: int
    title: int
    kind: int
    steps: int
    status: int
    next: int


def offer_rows(offers: list[OfferSummary], width: int, marked: set[str]) -> list[Row]:
    # A narrow window has no room for the types.
    kind, steps, status, least = (10, 9, 22, 18) if width >= NARROW else (0, 9, 22, 11)
    room = width - 3 - kind - steps - status
    longest = max((len(each.offer) for each in offers), default=8) + 2
    name = min(max(12, longest), max(12, room - least), 36)
    room -= name
    titled = max((len(each.title or "") for each in offers), default=0) + 2
    title = min(titled, room - NEXT) if room - NEXT >= LEAST_TITLE else 0
    widths = Widths(name, title, kind, steps, status, max(8, room - title))
    titles = ("Offer", "Title", "Type", "Steps", "Status", "Next")
    columns = zip(titles, widths, strict=True)
    heading = [cell(title, size, "muted") for title, size in columns if size]
    if not offers:
        return [
            Row("", heading, False),
            Row("", [("No matches. Escape clears the filter.", "muted")], False),
        ]
    return [Row("", heading, False)] + [
        Row(each.offer, _offer_line(each, widths), mark=_mark(each.offer in marked))
        for each in offers
    ]


def first_run(width: int) -> list[Row]:
    """What is shown for an empty directory."""
    text = "No offers here yet. Each offer is a TOML file; vitrina writes the first."
    rows = [Row("", line, False) for line in ([], *paragraph(text, width - 4))]
    for key, meaning in (
        ("n", "create an offer: asks for its type and identifier"),
        ("d", "open a copy of the example offers"),
        ("q", "quit"),
    ):
        rows.append(Row("", [], False))
        rows.append(Row("", [cell(key, 4, "strong"), (meaning, "")], False))
    return rows


def summary_lines(view: OfferView, width: int) -> list[Line]:
    """What to fix first in an offer, with its place, else what is next, in at most two lines."""
    if view.unreadable:
        return indented(paragraph(f"{view.offer}: {view.unreadable}", width - 2, "warn", lines=2))
    view = view._replace(steps=view.located_steps)
    wanted = view.to_fix or view.errors or view.warnings
    if not wanted:
        return indented(paragraph(f"{view.offer}: {_calm(view)}", width - 2, "muted", lines=2))
    found = wanted[0]
    parts = [view.offer, f"step {found.step}"]
    if found.line and not found.progress:
        parts.append(place(found, view.definition.file))
    lead = f" {glyph('dot')} ".join(parts)
    lines = paragraph(found.message, max(20, width - len(lead) - 5), lines=2)
    first: Line = [span(lead, "muted"), ("   ", ""), *lines[0]]
    rest = [[(" " * (len(lead) + 3), ""), *line] for line in lines[1:]]
    return indented([first, *rest])


def place(found: Finding, own: str = "") -> str:
    """The place of a finding: ``contoso-db.toml:41``, ``line 41`` where the file is its own."""
    if found.line and found.file == own:
        return f"line {found.line}"
    name = cut(span(found.file)[0], 30)
    return f"{name}:{found.line}" if found.line else name


def detail_lines(view: OfferView, width: int, height: int) -> list[Line]:
    """What is inside of an offer: its title, its four steps and what is open in each."""
    lines: list[Line] = [*paragraph(view.title or view.offer, width, "strong", lines=1), []]
    for step in view.located_steps:
        lines.append([step_sign(view, step.number), (f" {step.number}  {step.title}", "")])
        for found in step.findings:
            role = "warn" if not found.is_error else "muted" if found.progress else ""
            sign = "warning" if not found.is_error else "pending" if found.progress else "error"
            first, *rest = paragraph(found.message, width - 5, role, lines=3)
            tone = {"error": "bad", "warning": "warn"}.get(sign, "muted")
            lines += [[("   ", ""), (glyph(sign), tone), (" ", ""), *first]]
            lines += [[("     ", ""), *line] for line in rest]
    if len(lines) > height:
        lines = [*lines[: height - 1], [(f"     and more: {glyph('arrow')} enter", "muted")]]
    return lines


def trouble_lines(view: OfferView, width: int) -> list[Line]:
    """What is wrong with an offer's history or its marketplace, whole, above everything else."""
    lines: list[Line] = []
    for trouble in filter(None, (view.trouble, view.no_marketplace)):
        sign = ("warning", "warn") if trouble == view.unreadable else ("error", "bad")
        lines += flagged(paragraph(trouble, width - 2), sign)
    if event := view.from_the_future:
        lines += flagged(paragraph(format_future_event(event), width - 2), ("warning", "warn"))
    return [*lines, []] if lines else []


def flagged(lines: Iterable[Line], by: tuple[str, str] = ("error", "bad")) -> Iterator[Line]:
    """Lines with a sign before the first, that of an error where no other is named."""
    sign: Span = (glyph(by[0]), by[1])
    for line in lines:
        yield [sign, (" ", ""), *line]
        sign = (" ", "")


def _calm(view: OfferView) -> str:
    rejection = view.state.rejection
    if rejection and view.status is Status.REJECTED:
        return f"rejected by {rejection.by}: {rejection.reason}"
    return "nothing is left to do" if view.next.text == "-" else view.next.text


def _offer_line(offer: OfferSummary, widths: Widths) -> Line:
    kind = offer.kind.short_label if offer.kind else "?"
    status, role = status_of(offer)
    return [
        cell(offer.offer, widths.name - 1, "strong"),
        (" ", ""),
        *([cell(offer.title or "", widths.title - 1), (" ", "")] if widths.title else []),
        *([cell(kind, widths.kind, "muted")] if widths.kind else []),
        *_steps(offer, widths.steps),
        cell(status, widths.status, role),
        cell(offer.next.text, widths.next, "" if offer.next.assigned_to_me else "muted"),
    ]


def _mark(marked: bool) -> Span:
    return (glyph("mark"), "strong") if marked else (" ", "")


def status_of(offer: OfferSummary) -> Span:
    """An offer's status in words, or why it has none."""
    if offer.fault or offer.status is None:
        return offer.fault or "", "bad" if offer.status else "warn"
    return offer.status.words + ", edited" * offer.edited, STATUS_ROLE.get(offer.status, "")


def _steps(offer: OfferSummary, width: int) -> Line:
    signs = [part for each in offer.signs for part in (_sign(each), (" ", ""))]
    return [*signs, (" " * (width - len(signs)), "")]


def step_sign(view: OfferView, number: int) -> Span:
    return _sign(view.sign(view.steps[number - 1]))


def _sign(name: str) -> Span:
    role = {"complete": "good", "error": "bad", "running": ""}.get(name, "muted")
    return glyph(name), role


def search_text(offer: OfferSummary) -> str:
    kind = offer.kind.label if offer.kind else ""
    status = offer.status.words if offer.status else ""
    return f"{offer.offer} {offer.title or ''} {kind} {status} {offer.next.text}".lower()
