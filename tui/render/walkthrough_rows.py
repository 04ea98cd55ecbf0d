"""The Walkthrough screen as rows: four steps, each with what is wrong or still to do in it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from state.domain.actions import CERTIFY, REQUEST, STAGE, TESTED
from state.domain.findings import Finding, Severity
from state.domain.offer_state import Status
from state.domain.safe_text import plural
from state.domain.steps import Step
from state.workspace.field_view import field_named, step_of
from state.workspace.offer_view import OfferView, progress_of
from state.workspace.remarks import REMARK
from tui.render.glyphs import glyph
from tui.render.lines import Line, Row, Span, cut, indented, paragraph, span, spread, width_of
from tui.render.offers_rows import flagged, place, step_sign, trouble_lines
from tui.render.words import moment, names_of

INDENT = 5
REASON_LINES = 6
"""The most lines of a reviewer's reason; the history holds all of it."""

_KEYS = {CERTIFY: "c requests it", STAGE: "2, then s", TESTED: "t records it"}
"""The keys for the action that settles a progress rule."""

_BEFORE_THE_REQUEST = (Status.REJECTED, Status.STAGING, Status.STAGING_FAILED, Status.STAGED)


class Item(NamedTuple):
    """One thing in a step that is wrong or still to do.

    Attributes:
        key: What the cursor stays with.
        finding: What it is about, with its line.
        right: What is at the right: its place, or the keys that do it.
        action: The action that settles it, None where a field has to be fixed.
    """

    key: str
    finding: Finding
    sign: Span
    right: Span
    action: str | None = None


def items_of(view: OfferView, wanted: str = "") -> list[Item]:
    """What is wrong or still to do and holds a text, by step: errors, then warnings, then remarks."""
    remarks = view.locate(remark_findings(view))
    count: Counter[str] = Counter()
    items = []
    for step in view.located_steps:
        for found in (*step.findings, *(each for each in remarks if each.step == step.number)):
            key = f"{found.rule} {found.field}"
            count[key] += 1
            items.append(_item(view, found, key if count[key] == 1 else f"{key} {count[key]}"))
    return [item for item in items if wanted.lower() in _search_text(item)]


def walkthrough_rows(view: OfferView, items: Sequence[Item], width: int) -> list[Row]:
    """A heading for each step with its items below.

    The cursor stops at the items, or at the headings where there is none.
    """
    inner = width - 3
    rows = [Row("", line, False) for line in _on_top(view, inner)]
    for step in view.located_steps:
        heading = spread(_title(view, step), [_state(view, step), (" ", "")], inner)
        rows.append(Row(f"step {step.number}", heading, not items))
        rows += [
            Row(item.key, item_line(item, inner))
            for item in items
            if item.finding.step == step.number
        ]
        if not step.complete and step.in_order:
            rows.append(Row("", _in_order(step), False))
    return rows


def item_line(item: Item, inner: int) -> Line:
    """An item in one line; a long message is cut."""
    left: Line = [(" " * INDENT, ""), item.sign, (" ", "")]
    room = message_room(item, inner)
    return spread(
        [*left, (cut(span(item.finding.message)[0], room), "")], [item.right, (" ", "")], inner
    )


def message_room(item: Item, inner: int) -> int:
    return inner - INDENT - 2 - width_of([item.right]) - 3


def summary_lines(view: OfferView, item: Item | None, width: int) -> list[Line]:
    """What is above the keys: a message that its row cuts, and what production waits for."""
    lines: list[Line] = []
    if item and width_of([span(item.finding.message)]) > message_room(item, width - 3):
        lines += paragraph(item.finding.message, width - 2, lines=2)
    if len(lines) < 2:
        lines += paragraph(gate(view), width - 2, "muted" if lines else "", lines=2 - len(lines))
    if item and item.finding.field.names:
        lines.append([span(f"Field: {item.finding.field}", "muted")])
    return indented(lines[:2])


def gate(view: OfferView) -> str:
    """What approval to push to production waits for, in a sentence or two."""
    if view.status is None:
        return view.unreadable or view.findings[0].message
    reasons = view.actions[REQUEST]
    if not reasons:
        return "All four steps are complete: request approval on Publish (2, then p)."
    others = [reason.message for reason in reasons if reason.step is None]
    return " ".join([*_open(view.errors), *(others[:1])])


def _open(errors: Sequence[Finding]) -> Iterator[str]:
    if not errors:
        yield "All four steps are complete."
    elif len(errors) == 1:
        yield f"Production is blocked by one item in step {errors[0].step}: {errors[0].message}"
    else:
        numbers = sorted({str(error.step) for error in errors})
        steps = f"step{'s' if len(numbers) > 1 else ''} {names_of(numbers, 'and')}"
        yield f"Production is blocked: {len(errors)} items in {steps} are open."


def _item(view: OfferView, found: Finding, key: str) -> Item:
    action, busy = view.action_for(found), view.state.busy
    if action is None:
        role, sign = ("bad", "error") if found.is_error else ("warn", "warning")
        return Item(key, found, (glyph(sign), role), (place(found, view.definition.file), "muted"))
    if busy and view.is_under_way(action):
        fraction = progress_of(busy, view.now).fraction
        words = "under way" if fraction is None else f"under way {int(fraction * 100)} %"
        return Item(key, found, (glyph("running"), ""), (words, ""), action)
    sign, role = ("error", "bad") if _failed(view, action) else ("pending", "muted")
    right = (_KEYS[action], "muted" if view.actions[action] else "")
    return Item(key, found, (glyph(sign), role), right, action)


def _failed(view: OfferView, action: str) -> bool:
    last = view.state.certification
    if action == CERTIFY and last and view.content:
        return last.state == "failed" and last.version.technical == view.content.technical
    return action == STAGE and view.state.status is Status.STAGING_FAILED


def _on_top(view: OfferView, inner: int) -> Iterator[Line]:
    """Why the history cannot be trusted, and why the last request was rejected."""
    yield from trouble_lines(view, inner)
    rejection = view.state.rejection
    if rejection and view.status in _BEFORE_THE_REQUEST:
        said = f"Rejected by {rejection.by}, {moment(rejection.at, view.now)}: {rejection.reason}"
        yield from flagged(paragraph(said, inner - 2, lines=REASON_LINES))
        yield []


def _title(view: OfferView, step: Step) -> Line:
    return [step_sign(view, step.number), (f" {step.number}  ", "muted"), (step.title, "strong")]


def _state(view: OfferView, step: Step) -> Span:
    warnings = len(step.findings) - len(step.errors)
    also = f", {plural(warnings, 'warning')}" if warnings else ""
    if not step.required:
        return f"not required{also}", "muted"
    if step.complete:
        return f"complete{also}", "good"
    if not step.errors:
        # The file cannot be read.
        return "not known", "muted"
    progress = sum(error.progress for error in step.errors)
    errors = len(step.errors) - progress
    parts = [f"{errors} to fix"] * bool(errors) + [f"{progress} to do"] * bool(progress)
    return ", ".join(parts), "bad" if errors else "muted"


def _in_order(step: Step) -> Line:
    more = " more" if step.findings else ""
    verb = "is" if step.in_order == 1 else "are"
    return [
        (" " * INDENT, ""),
        (glyph("complete"), "good"),
        (f" {step.in_order}{more} {verb} in order", "muted"),
    ]


def _search_text(item: Item) -> str:
    found, (right, _) = item.finding, item.right
    return f"{found.rule} {found.field} {found.message} {found.file} {right}".lower()


def remark_findings(view: OfferView) -> Iterator[Finding]:
    """What people said about fields that are still as they were then, as items; not located."""
    for remark in view.remarks:
        if field := field_named(view, remark.field):
            how = "rejected" if remark.rejected else "remarked"
            at, file = moment(remark.at, view.now), view.definition.file
            message = f"{remark.field}: {remark.by} {how}, {at}: {remark.text}"
            yield Finding(REMARK, Severity.WARNING, step_of(field), field, file, message)
