"""The stages of an offer as rows: how far each is, how long it takes, who decides."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from state.domain.actions import APPROVE, STAGE
from state.domain.changes import Change
from state.domain.events import MARKETPLACE, Kind, clock_of
from state.domain.offer_state import Status
from state.domain.offer_types import OfferType
from state.domain.safe_text import short_content
from state.domain.stages import FINAL_REVIEW
from state.workspace.offer_view import OfferView
from state.workspace.pipeline import Phase, Pipeline, StageView, Track
from tui.render.glyphs import glyph
from tui.render.lines import Line, Row, bar, cell, span, width_of
from tui.render.words import duration, moment, names_of, zone

if TYPE_CHECKING:
    from state.domain.publisher import Publisher

LABEL = 13
"""The cells of the labels at the left."""
STAGE_NAME, BAR, LONG_BAR = 19, 16, 30

SIGNS = {
    Phase.TO_COME: ("pending", "muted"),
    Phase.RUNNING: ("running", ""),
    Phase.WAITING: ("running", "warn"),
    Phase.DONE: ("complete", "good"),
    Phase.FAILED: ("error", "bad"),
    Phase.SKIPPED: ("not_required", "muted"),
}


class Page(NamedTuple):
    """What the Publish screen shows; ``changes`` are against production, None for none there."""

    view: OfferView
    pipeline: Pipeline | None
    actor: str
    publisher: "Publisher"
    changes: Sequence[Change] | None = None


def stage_key(stage: StageView, leg: Track) -> str:
    return f"{leg.title} {stage.name}"


def deciders(publisher: "Publisher", *requester: str | None) -> tuple[str, ...] | None:
    """Who may give the final review of a request by these accounts; None where everybody may."""
    if publisher.roles is None:
        return None
    own = requester if publisher.approval.four_eyes else ()
    return tuple(name for name in publisher.roles.approvers if name not in own)


def who_decides(page: Page, requester: str) -> str:
    """Who gives the final review of a request, as a sentence without its end."""
    run = page.view.state.run
    names = deciders(page.publisher, requester, run.login if run else None)
    if names is None:
        if not page.publisher.approval.four_eyes:
            return "anybody decides"
        return f"someone other than {'you' if requester == page.actor else requester} decides"
    return f"{names_of(names) or 'no one'} decides"


def requester_of(page: Page) -> str:
    run = page.view.state.run
    if run and page.view.status is Status.PRODUCTION_REQUESTED:
        return run.version.by
    return page.actor


def is_worth_showing(leg: Track) -> bool:
    """The certification of step 3, while it runs and where it failed."""
    return any(stage.phase in (Phase.RUNNING, Phase.FAILED) for stage in leg.stages)


def leg_rows(page: Page, leg: Track, width: int) -> Iterator[Row]:
    yield Row("", [cell(leg.title, LABEL, "strong"), *_asked(page, leg)], False)
    for stage in leg.stages:
        yield Row(stage_key(stage, leg), _stage(page, leg, stage, width))


def _asked(page: Page, leg: Track) -> Line:
    """What went in, when and by whom; else how it goes in."""
    view = page.view
    if leg.asked:
        verb = "requested" if leg.title == "Production" else "pushed"
        verb = "asked for" if leg.title == "Certification" else verb
        at = f"{moment(leg.asked.at, view.now)} {zone(leg.asked.at)}"
        edited = view.content is None or leg.content != view.content.hash
        since = ", edited since" if edited else ""
        content = f"content {short_content(leg.content)}"
        return [span(f"{content} {verb} {at} by {leg.asked.who}{since}", "muted")]
    if leg.title == "Staging" and not view.actions[STAGE]:
        return [("s", "strong"), (" pushes this content to staging", "")]
    return [("not yet", "muted")]


def _stage(page: Page, leg: Track, stage: StageView, width: int) -> Line:
    name, role = SIGNS[stage.phase]
    title = cell(stage.title, STAGE_NAME, "muted" if role == "muted" else "")
    line: Line = [(" " * LABEL, ""), (glyph(name), role), (" ", ""), title]
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
    size = BAR if room < 60 else LONG_BAR
    fraction, left = stage.fraction or 0.0, stage.seconds_left or 0.0
    again = f"   attempt {stage.attempt}" if stage.attempt > 1 else ""
    words = f"  {int(fraction * 100):>3} %   about {duration(left)} left{again}"
    return [(bar(fraction, size), "muted"), (words, "")]


def _ended(page: Page, leg: Track, stage: StageView) -> Line:
    event = stage.event
    assert event is not None, "a stage has ended with an event"
    at = moment(event.at, page.view.now)
    took = duration((clock_of(event) - stage.began).total_seconds()) if stage.began else ""
    by = "" if event.actor == MARKETPLACE else f" by {event.who}"
    words = {Kind.APPROVED: "approved", Kind.REJECTED: "rejected", Kind.STAGED: "staged"}
    verb = words.get(event.kind, "passed" if stage.phase is Phase.DONE else "failed")
    if stage.why and event.kind is not Kind.REJECTED:
        return [span(f"{verb} {at}: {stage.why}", "bad")]
    role = "bad" if stage.phase is Phase.FAILED else "muted"
    return [cell(took, 11, "muted"), span(f"{verb} {at}{by}", role)]


def _waits(page: Page) -> str:
    if not page.view.actions[APPROVE]:
        return "waits for you: a approves, x rejects"
    return f"waits: {who_decides(page, requester_of(page))}"


def plan(page: Page, stages: Sequence[StageView]) -> str:
    """What will happen, in a sentence: the stages, how long each takes, what is skipped, who decides."""
    parts = []
    for stage in stages:
        if stage.phase is Phase.SKIPPED:
            how = f" is skipped ({stage.why})"
        elif stage.name == FINAL_REVIEW and stage.seconds is None:
            how = f" ({who_decides(page, page.actor)})"
        else:
            how = f", {expected(stage, page.view.kind)}"
        parts.append(stage.title + how)
    text = "; ".join(parts)
    return text[:1].upper() + text[1:] + "."


def _to_come(page: Page, stage: StageView) -> str:
    if stage.name == FINAL_REVIEW and stage.seconds is None:
        requester = requester_of(page)
        names = deciders(page.publisher, requester)
        own = page.publisher.approval.four_eyes and requester == page.actor
        may = page.actor in (names or ()) or (names is None and not own)
        if page.view.status is Status.PRODUCTION_REQUESTED:
            may = all(each.rule == "status.busy" for each in page.view.actions[APPROVE])
        if may:
            return "you may decide then"
        return who_decides(page, requester)
    return expected(stage, page.view.kind)


def expected(stage: StageView, kind: OfferType | None) -> str:
    """How long a stage to come will take, here and in a real marketplace."""
    real = dict(kind.durations).get(stage.name) if kind else None
    if stage.seconds is None:
        return real or ""
    here = f"about {duration(stage.seconds)}"
    return f"{here} here, {real} in reality" if real else here
