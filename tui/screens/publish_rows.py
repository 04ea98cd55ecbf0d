"""The Publish screen as rows: the gate, the stages of staging and production, what customers see."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from state.conditions import APPROVE, PRODUCTION_TESTED, REQUEST, STAGE
from state.content import Change
from state.events import Event, Kind
from state.findings import Finding
from state.offer import OfferType
from state.pipeline import Leg, Phase, Pipeline, StageView
from state.publisher import Publisher
from state.stages import FINAL_REVIEW, real_duration
from state.status import Status
from state.text import plural
from state.views import OfferView
from tui.glyphs import glyph
from tui.lines import Line, Span, bar, cell, cut, fit, paragraph, plain, span, spread, width_of
from tui.screens.offers import step_sign
from tui.widgets.rows import Row
from tui.words import day, duration, moment, names_of, short_content, zone

LABEL = 13
STAGE_NAME = 19
BAR = 20
SHORT_STEPS = {1: "Get approved", 2: "Register", 3: "Create, certify", 4: "Staging"}
SIGNS = {
    Phase.TO_COME: ("todo", "muted"),
    Phase.RUNNING: ("running", ""),
    Phase.WAITING: ("running", "warn"),
    Phase.DONE: ("complete", "good"),
    Phase.FAILED: ("mend", "bad"),
    Phase.SKIPPED: ("not_required", "muted"),
}


class Page(NamedTuple):
    """What the Publish screen shows.

    Attributes:
        view: The offer.
        pipeline: Its stages, None where its type cannot be told.
        actor: Who looks.
        publisher: The publisher file.
        changes: What the candidate changes against production; None where nothing is there yet.
    """

    view: OfferView
    pipeline: Pipeline | None
    actor: str
    publisher: Publisher
    changes: Sequence[Change] | None = None


def publish_rows(page: Page, width: int) -> list[Row]:
    """The whole page.

    Args:
        page: What it shows.
        width: The cells of the window.

    Returns:
        The rows; items of the gate and stages that have ended can be opened.
    """
    inner = width - 3
    rows = list(_gate(page, inner))
    if page.pipeline:
        for leg in page.pipeline.legs:
            if leg is not page.pipeline.certification or _is_worth_showing(leg):
                rows += [_blank(), *_leg(page, leg, inner)]
    rows += [_blank(), *_rejection(page, inner), *_customers(page, inner)]
    return rows


def missing(view: OfferView) -> dict[str, Finding]:
    """What keeps the gate closed, by the key of its row, with lines."""
    errors = (error for step in view.located_steps for error in step.errors)
    return {f"{error.rule} {error.field} {error.message}": error for error in errors}


def stage_key(stage: StageView, leg: Leg) -> str:
    """The key of a stage's row."""
    return f"{leg.title} {stage.name}"


def awaited(page: Page) -> str:
    """What stands above the keys while nothing else is said: what is awaited, or what is next."""
    view, leave = page.view, "You may leave: nothing stops when you quit."
    if view.broken:
        return f"The history is broken, so nothing can be asked: {view.broken}."
    current = next((leg.current for leg in (page.pipeline or ()) if leg and leg.current), None)
    if current and current.phase is Phase.RUNNING:
        return f"Waiting for {current.title}. {leave}"
    if current:
        if not view.actions[APPROVE]:
            return "The final review waits for you: a shows what changes and approves, x rejects."
        return f"Waiting for the final review: {_who_decides(page, _requester(page))}. {leave}"
    found = [error for step in view.steps for error in step.errors]
    if found:
        numbers = sorted({str(error.step) for error in found})
        steps = f"{plural(len(numbers), 'step').partition(' ')[2]} {names_of(numbers, 'and')}"
        is_open = f"{plural(len(found), 'item')} in {steps} {'is' if len(found) == 1 else 'are'} open"
        return f"Production is blocked: {is_open}."
    if view.next.text == "-":
        return "Everything is done: this content is in production, and tested there."
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


def deciders(publisher: Publisher, requester: str) -> tuple[str, ...] | None:
    """Who may give the final review of a request.

    Args:
        publisher: The publisher file.
        requester: Who requests.

    Returns:
        Their names; None where everybody may.
    """
    if publisher.roles is None:
        return None
    own = {requester} if publisher.approval.four_eyes else set()
    return tuple(name for name in publisher.roles.approvers if name not in own)


def _who_decides(page: Page, requester: str) -> str:
    names = deciders(page.publisher, requester)
    if names is None:
        but = f" but {requester}" if page.publisher.approval.four_eyes else ""
        return f"anybody{but} decides"
    return f"{names_of(names) or 'nobody'} decides"


def _requester(page: Page) -> str:
    flight = page.view.state.flight
    if flight and page.view.status is Status.PRODUCTION_REQUESTED:
        return flight.version.by
    return page.actor


# The gate ---------------------------------------------------------------------------------------


def _gate(page: Page, width: int) -> Iterator[Row]:
    view = page.view
    line: Line = [cell("Gate", LABEL, "strong")]
    for step in view.steps:
        title = f" {step.number} {step.title if width >= 107 else SHORT_STEPS[step.number]}  "
        sign, role = step_sign(view, step.number) if view.definition.offer else _unknown()
        line += [(sign, role), span(title, "" if step.complete and step.required else "muted")]
    yield Row("", fit(line, width), False)
    items = missing(view)
    for each in paragraph(_gate_words(view, len(items)), width - LABEL, "muted"):
        yield Row("", [_indent(), *each], False)
    for key, finding in items.items():
        yield Row(key, _item(finding, width))
    for reason in view.actions[REQUEST] if not items and not view.state.busy else ():
        for each in paragraph(reason.message, width - LABEL - 2, "warn"):
            yield Row("", [_indent(), (glyph("warning") + " ", "warn"), *each], False)
    if view.may_request_production:
        asks: Line = [_indent(), ("p", "strong")]
        yield Row("", [*asks, (" requests approval to push to production", "")], False)


def _unknown() -> Span:
    return glyph("todo"), "muted"


def _gate_words(view: OfferView, count: int) -> str:
    if not view.definition.is_offer:
        return "closed: the file is not an offer"
    if count:
        return f"closed: {plural(count, 'item')} to do before production may be requested"
    state = view.state
    content = view.content.hash if view.content else None
    if state.production and state.production.content == content:
        return f"passed: content {short_content(content)} is in production"
    if state.staged is None:
        return "open"
    words = f"content {short_content(state.staged.content)} was staged on "
    words += day(state.staged.at, view.now)
    tester = _last(view.events, Kind.STAGING_TESTED, state.staged.content)
    return f"open: {words}" + (f" and tested by {tester.actor}" if tester else "")


def _item(finding: Finding, width: int) -> Line:
    sign = (glyph("todo"), "muted") if finding.progress else (glyph("mend"), "bad")
    place = f"step {finding.step}"
    if finding.line and not finding.progress:
        place = f"{finding.file}:{finding.line}"
    text = cut(plain([span(finding.message)]), width - LABEL - 2 - len(place) - 2)
    return spread([_indent(), sign, (" ", ""), span(text)], [span(place, "muted")], width)


# The stages -------------------------------------------------------------------------------------


def _is_worth_showing(leg: Leg) -> bool:
    """The certification of step 3 stands here while it runs and where it failed."""
    return any(stage.phase in (Phase.RUNNING, Phase.FAILED) for stage in leg.stages)


def _leg(page: Page, leg: Leg, width: int) -> Iterator[Row]:
    yield Row("", fit([cell(leg.title, LABEL, "strong"), *_asked(page, leg)], width), False)
    for stage in leg.stages:
        yield Row(stage_key(stage, leg), fit(_stage(page, leg, stage, width), width))


def _asked(page: Page, leg: Leg) -> Line:
    """What went in, when and by whom; else how it goes in."""
    view = page.view
    if leg.asked:
        verb = "requested" if leg.title == "Production" else "pushed"
        verb = "asked for" if leg.title == "Certification" else verb
        at = f"{moment(leg.asked.at, view.now)} {zone(leg.asked.at)}"
        edited = view.content is None or leg.content != view.content.hash
        since = ", edited since" if edited else ""
        content = f"content {short_content(leg.content)}"
        return [span(f"{content} {verb} {at} by {leg.asked.actor}{since}", "muted")]
    if leg.title == "Staging" and not view.actions[STAGE]:
        return [("s", "strong"), (" pushes this content to staging", "")]
    return [("not yet", "muted")]


def _stage(page: Page, leg: Leg, stage: StageView, width: int) -> Line:
    name, role = SIGNS[stage.phase]
    title = cell(stage.title, STAGE_NAME, "muted" if role == "muted" else "")
    line: Line = [_indent(), (glyph(name), role), (" ", ""), title]
    room = width - width_of(line)
    match stage.phase:
        case Phase.RUNNING:
            return [*line, *_progress(stage, room)]
        case Phase.DONE | Phase.FAILED:
            return [*line, *_ended(page, leg, stage)]
        case Phase.SKIPPED:
            return [*line, span(f"skipped: {stage.why}", "muted")]
        case Phase.WAITING:
            return [*line, span(_waits(page), "warn")]
    return [*line, span(_to_come(page, stage), "muted")]


def _progress(stage: StageView, room: int) -> Line:
    size = min(BAR, room - 27) if room < 60 else BAR + 10
    fraction, left = stage.fraction or 0.0, stage.seconds_left or 0.0
    again = f"   attempt {stage.attempt}" if stage.attempt > 1 else ""
    words = f"  {int(fraction * 100):>3} %   about {duration(left)} left{again}"
    return [(bar(fraction, max(4, size)), "muted"), (words, "")]


def _ended(page: Page, leg: Leg, stage: StageView) -> Line:
    event = stage.event
    assert event is not None, "a stage has ended with an event"
    at = moment(event.at, page.view.now)
    took = duration((event.at - stage.began).total_seconds()) if stage.began else ""
    by = "" if event.actor == "marketplace" else f" by {event.actor}"
    words = {Kind.APPROVED: "approved", Kind.REJECTED: "rejected", Kind.STAGED: "staged"}
    verb = words.get(event.kind, "passed" if stage.phase is Phase.DONE else "failed")
    if stage.why and event.kind is not Kind.REJECTED:
        return [span(f"{verb} {at}: {stage.why}", "bad")]
    role = "bad" if stage.phase is Phase.FAILED else "muted"
    return [cell(took, 15, "muted"), span(f"{verb} {at}{by}", role)]


def _waits(page: Page) -> str:
    if not page.view.actions[APPROVE]:
        return "waits for you: a approves, x rejects"
    return f"waits: {_who_decides(page, _requester(page))}"


def _to_come(page: Page, stage: StageView) -> str:
    if stage.name == FINAL_REVIEW and stage.seconds is None:
        requester = _requester(page)
        names = deciders(page.publisher, requester)
        own = page.publisher.approval.four_eyes and requester == page.actor
        if page.actor in (names or ()) or (names is None and not own):
            return "you may decide when it comes to that"
        return _who_decides(page, requester)
    return expected(stage, page.view.kind)


def expected(stage: StageView, kind: OfferType | None) -> str:
    """How long a stage to come will take, here and in a real marketplace."""
    real = real_duration(stage.name, kind)
    if stage.seconds is None:
        return real or ""
    here = f"about {duration(stage.seconds)}"
    return f"{here}; in a real marketplace {real}" if real else here


# Below the stages -------------------------------------------------------------------------------


def _rejection(page: Page, width: int) -> Iterator[Row]:
    view = page.view
    rejection = view.state.rejection
    if rejection is None or view.status in (Status.PRODUCTION_REQUESTED, Status.LISTED):
        return
    at = f"{moment(rejection.at, view.now)} {zone(rejection.at)}"
    text = f"Rejected {at} by {rejection.by}: {rejection.reason}"
    lead: Line = [(glyph("mend"), "bad"), (" ", "")]
    for line in paragraph(text, width - 2):
        yield Row("", [*lead, *line], False)
        lead = [("  ", "")]
    for field in rejection.fields:
        yield Row(f"field {field}", [("    ", ""), span(field)])
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
    if production is None:
        return "Nothing of this offer is in production yet."
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
        line = [(glyph("todo"), "muted"), (" Test the customer scenarios in production", "")]
        line += [] if view.actions[PRODUCTION_TESTED] else [(": ", ""), ("t", "strong"), (" records it", "")]
    return Row("production test", line)


def _last(events: Sequence[Event], kind: Kind, content: str) -> Event | None:
    about = (each for each in reversed(events) if each.kind is kind and each.content == content)
    return next(about, None)


def _indent() -> Span:
    return " " * LABEL, ""


def _blank() -> Row:
    return Row("", [], False)
