"""The Publish screen as rows: the gate, the stages, what customers see meanwhile."""

from collections.abc import Iterator, Sequence

from state.domain.actions import APPROVE, PRODUCTION_TESTED, REQUEST
from state.domain.changes import Change
from state.domain.events import Event, Kind
from state.domain.findings import PUBLISHER_FILE, Finding
from state.domain.offer_state import Status
from state.domain.safe_text import plural, short_content
from state.workspace.offer_view import OfferView
from state.workspace.pipeline import Phase
from tui.render.glyphs import glyph
from tui.render.lines import Line, Row, Span, cell, fit, paragraph, span, spread
from tui.render.offers_rows import flagged, step_sign, trouble_lines
from tui.render.stage_rows import (
    LABEL,
    Page,
    is_worth_showing,
    leg_rows,
    requester_of,
    who_decides,
)
from tui.render.words import day, moment, names_of, zone

FIELD = "field "
"""What the key of a field that a rejection names begins with."""
SHORT_STEPS = {1: "Get approved", 2: "Register", 3: "Create, certify", 4: "Staging"}
WIDE = 110
"""The cells from which the gate has room for the titles of the steps."""


def publish_rows(page: Page, width: int) -> list[Row]:
    """The whole page; items of the gate and stages that have ended can be opened."""
    inner = width - 3
    rows = [Row("", line, False) for line in trouble_lines(page.view, inner)]
    rows += _gate(page, inner)
    if page.pipeline:
        for leg in page.pipeline.legs:
            if leg is not page.pipeline.certification or is_worth_showing(leg):
                rows += [_blank(), *leg_rows(page, leg, inner)]
    rows += [_blank(), *_rejection(page, inner), *_customers(page, inner)]
    return [row._replace(line=fit(row.line, inner)) for row in rows]


def missing(view: OfferView) -> dict[str, Finding]:
    """What keeps the gate closed, by the key of its row, with lines."""
    errors = (error for step in view.located_steps for error in step.errors)
    return {f"{error.rule} {error.field} {error.message}": error for error in errors}


def awaited(page: Page) -> str:
    """What is shown above the keys when nothing else is: what is awaited, or what is next."""
    view, leave = page.view, "You can quit: the stages continue."
    current = next((leg.current for leg in (page.pipeline or ()) if leg and leg.current), None)
    if current and current.phase is Phase.RUNNING:
        return f"Waiting for {current.title}. {leave}"
    if current:
        if not view.actions[APPROVE]:
            return "The final review waits for you: a shows what changes and approves, x rejects."
        return f"Waiting for the final review: {who_decides(page, requester_of(page))}. {leave}"
    found = [error for step in view.steps for error in step.errors]
    if found:
        numbers = sorted({str(error.step) for error in found})
        steps = f"step{'s' * (len(numbers) > 1)} {names_of(numbers, 'and')}"
        are = "is" if len(found) == 1 else "are"
        return f"Production is blocked: {plural(len(found), 'item')} in {steps} {are} open."
    if view.next.text == "-":
        return "Everything is done: this content is in production and tested."
    return f"Next: {view.next.text}."


def what_changes(changes: Sequence[Change]) -> str:
    """Changes as counts: ``3 marketing fields and 1 technical one``."""
    technical = sum(change.technical for change in changes)
    marketing = len(changes) - technical
    if not changes:
        return "nothing"
    if not technical:
        return plural(marketing, "marketing field")
    if not marketing:
        return plural(technical, "technical field")
    return f"{plural(marketing, 'marketing field')} and {plural(technical, 'technical one')}"


# The gate ---------------------------------------------------------------------------------------


def _gate(page: Page, width: int) -> Iterator[Row]:
    view = page.view
    line: Line = [cell("Gate", LABEL, "strong")]
    for step in view.steps:
        title = f" {step.number} {step.title if width >= WIDE - 3 else SHORT_STEPS[step.number]}  "
        role = "" if step.complete and step.required else "muted"
        line += [step_sign(view, step.number), span(title, role)]
    yield Row("", line, False)
    items = missing(view)
    word, role, rest = _gate_words(view, len(items))
    yield Row("", [_indent(), (word, role), span(rest, "muted")], False)
    for key, finding in items.items():
        yield Row(key, _item(finding, width))
    is_explained = items or view.state.busy or view.unreadable or word == "passed"
    for reason in () if is_explained else view.actions[REQUEST]:
        for each in paragraph(reason.message, width - LABEL - 2, "warn"):
            yield Row("", [_indent(), (glyph("warning") + " ", "warn"), *each], False)
    if view.may_request_production:
        asks: Line = [_indent(), ("p", "strong")]
        yield Row("", [*asks, (" requests approval to push to production", "")], False)


def _gate_words(view: OfferView, count: int) -> tuple[str, str, str]:
    """Open or closed, its role, and why."""
    if view.unreadable:
        return "closed", "warn", ": its history cannot be read"
    if not view.definition.is_offer:
        return "closed", "bad", ": the file is not an offer"
    if count:
        return "closed", "bad", f": {plural(count, 'item')} to do before production is requested"
    state = view.state
    content = view.content.hash if view.content else None
    if state.production and state.production.content == content:
        return "passed", "good", f": content {short_content(content)} is in production"
    if state.staged is None:
        return "open", "good", ""
    words = f": content {short_content(state.staged.content)} was staged on "
    words += day(state.staged.at, view.now)
    tester = _last(view.events, Kind.STAGING_TESTED, state.staged.content)
    return "open", "good", words + (f" and tested by {tester.actor}" if tester else "")


def _item(finding: Finding, width: int) -> Line:
    sign = (glyph("pending"), "muted") if finding.progress else (glyph("error"), "bad")
    place = f"step {finding.step}"
    if finding.line and not finding.progress:
        own = finding.file != PUBLISHER_FILE
        place = f"line {finding.line}" if own else f"{finding.file}:{finding.line}"
    text = cell(finding.message, width - LABEL - 2 - len(place) - 2)
    return spread([_indent(), sign, (" ", ""), text], [span(place, "muted")], width)


# Below the stages -------------------------------------------------------------------------------


def _rejection(page: Page, width: int) -> Iterator[Row]:
    view = page.view
    rejection = view.state.rejection
    if rejection is None or view.status in (Status.PRODUCTION_REQUESTED, Status.LISTED):
        return
    at = f"{moment(rejection.at, view.now)} {zone(rejection.at)}"
    text = f"Rejected {at} by {rejection.by}: {rejection.reason}"
    for line in flagged(paragraph(text, width - 2)):
        yield Row("", line, False)
    for field in rejection.fields:
        yield Row(FIELD + field, [("    ", ""), span(field)])
    yield _blank()


def _customers(page: Page, width: int) -> Iterator[Row]:
    """What customers see now, and what the candidate changes for them."""
    for line in paragraph(_production_words(page), width):
        yield Row("", line, False)
    state = page.view.state
    if state.production and not state.busy:
        yield _production_test(page)


def _production_words(page: Page) -> str:
    view = page.view
    production = view.state.production
    if production is None and view.unreadable:
        return "It is unknown whether this offer is in production."
    if production is None:
        return "This offer is not in production yet."
    content = short_content(production.content)
    if view.status is Status.LISTED:
        since = f"{moment(production.at, view.now)} {zone(production.at)}"
        earlier = view.state.listed[-2:-1]
        until = f" Until then they see {short_content(earlier[0].content)}." if earlier else ""
        return f"Listed {since}: customers see {content} once replication is complete.{until}"
    words = f"In production since {day(production.at, view.now)}: content {content}."
    if not page.changes:
        return words
    subject = {
        Status.PRODUCTION_REQUESTED: "This request",
        Status.STAGING: "This push",
    }.get(view.state.status, "The draft")
    return f"{words} {subject} changes {what_changes(page.changes)}: c on History compares."


def _production_test(page: Page) -> Row:
    view = page.view
    production = view.state.production
    assert production is not None
    tested = _last(view.events, Kind.PRODUCTION_TESTED, production.content)
    if tested:
        words = f"Customer scenarios tested in production {moment(tested.at, view.now)}"
        line: Line = [(glyph("complete"), "good"), span(f" {words} by {tested.actor}")]
    else:
        line = [(glyph("pending"), "muted"), (" Test the customer scenarios in production", "")]
        if not view.actions[PRODUCTION_TESTED]:
            line += [(": ", ""), ("t", "strong"), (" records it", "")]
    return Row("production test", line)


def _last(events: Sequence[Event], kind: Kind, content: str) -> Event | None:
    about = (each for each in reversed(events) if each.kind is kind and each.content == content)
    return next(about, None)


def _indent() -> Span:
    return " " * LABEL, ""


def _blank() -> Row:
    return Row("", [], False)
