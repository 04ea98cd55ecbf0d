"""An offer as text: the walkthrough, what blocks what comes next, the pipeline."""

from collections.abc import Iterator

from state.domain.actions import (
    APPROVE,
    CANCEL,
    CERTIFY,
    DISCARD,
    PRODUCTION_TESTED,
    REJECT,
    REQUEST,
    STAGE,
    TESTED,
)
from state.domain.findings import Finding, Reason
from state.domain.safe_text import plural
from state.domain.steps import Step
from state.workspace.offer_view import OfferView
from state.workspace.pipeline import Phase, StageView, pipeline_of
from tui.cli.messages import local_time, short_hash, status_span
from tui.cli.output import wrap_after
from tui.render.glyphs import glyph
from tui.render.lines import Line, Span
from tui.render.words import duration

_OFFERED = (
    CERTIFY, STAGE, TESTED, REQUEST, APPROVE, REJECT, CANCEL, PRODUCTION_TESTED, DISCARD,
)  # fmt: skip
_BY_RULE = {
    "certification.current": CERTIFY, "staging.current": STAGE, "staging.tested": TESTED,
}  # fmt: skip
_TYPED = {PRODUCTION_TESTED: "tested --production"}
"""What is typed for an action, where that is not its name."""
_LABEL = 15
_PHASE_SIGNS = {
    Phase.TO_COME: ("pending", "muted"),
    Phase.RUNNING: ("running", "warn"),
    Phase.WAITING: ("running", "warn"),
    Phase.DONE: ("complete", "good"),
    Phase.FAILED: ("error", "bad"),
    Phase.SKIPPED: ("not_required", "muted"),
}


def shown(view: OfferView) -> Iterator[Line]:
    """An offer, line by line."""
    kind = view.kind.label if view.kind else "type unknown"
    dot = glyph("dot")
    yield [(view.offer, "strong"), (f" {dot} {kind} {dot} ", ""), status_span(view.summary)]
    if view.title:
        yield [(view.title, "")]
    yield []
    for step in view.located_steps:
        yield from _step(step, view)
    yield []
    yield from wrap_after(_label("Next"), view.next.text, indent=_LABEL)
    yield from _ahead(view)
    yield from _versions(view)
    pipeline = pipeline_of(view)
    if pipeline:
        yield []
        for leg in pipeline.legs:
            for number, stage in enumerate(leg.stages):
                yield from _stage("" if number else leg.title, stage)


def _label(text: str) -> Line:
    return [(f"{text:<{_LABEL}}", "muted")]


def _step(step: Step, view: OfferView) -> Iterator[Line]:
    to_fix = [error for error in step.errors if not error.progress]
    sign, words = (glyph("complete"), "good"), "complete"
    if not step.required:
        sign, words = (glyph("not_required"), "muted"), "not required"
    elif to_fix:
        sign, words = (glyph("error"), "bad"), f"{len(to_fix)} to fix"
    elif view.definition.offer is None:
        sign, words = (glyph("pending"), "muted"), "not known yet"
    elif not step.complete:
        sign, words = (glyph("pending"), "muted"), f"{len(step.errors)} to do"
    yield [sign, (f" {step.number}  {step.title:<40} ", "strong"), (words, sign[1])]
    for finding in step.findings:
        yield from _finding(finding, view.offer)
    if step.findings and step.in_order:
        yield [
            ("       ", ""),
            (glyph("complete"), "good"),
            (f" {step.in_order} more are in order", "muted"),
        ]


def _finding(finding: Finding, offer: str) -> Iterator[Line]:
    sign: Span = (glyph("error"), "bad") if finding.is_error else (glyph("warning"), "warn")
    text = f"{finding.message} ({finding.rule})"
    if finding.progress:
        sign = (glyph("pending"), "muted")
        text = f"{finding.message} (vitrina {_BY_RULE[finding.rule]} {offer})"
    lead: Line = [("       ", ""), sign, (" ", "")]
    if finding.line and not finding.progress:
        lead.append((f"{finding.file}:{finding.line}  ", "muted"))
    yield from wrap_after(lead, text, indent=9)


def _ahead(view: OfferView) -> Iterator[Line]:
    """What blocks the way to production, and what may be done now."""
    if view.trouble:
        yield from wrap_after(_label("History"), view.trouble, indent=_LABEL, role="bad")
        return
    if not view.definition.is_offer:
        return
    ahead = next((_BY_RULE[each.rule] for each in view.errors if each.progress), REQUEST)
    for action in (REQUEST,) if view.state.busy else dict.fromkeys((ahead, REQUEST)):
        if reasons := view.actions[action]:
            name = "production" if action == REQUEST else action
            yield from wrap_after(_label("Blocked"), f"{name}: {_in_short(reasons)}", indent=_LABEL)
    allowed = [_TYPED.get(action, action) for action in _OFFERED if not view.actions[action]]
    if allowed:
        yield from wrap_after(_label("You may"), ", ".join(allowed), indent=_LABEL)


def _in_short(reasons: tuple[Reason, ...]) -> str:
    """Reasons in one line: the findings, which stand above, are counted."""
    steps = sorted({reason.step for reason in reasons if reason.step})
    found = sum(reason.step is not None for reason in reasons)
    parts = [reason.message for reason in reasons if reason.step is None]
    if found:
        where = f"step{'s' * (len(steps) > 1)} {' and '.join(map(str, steps))}"
        parts.insert(0, f"{plural(found, 'item')} in {where} {'is' if found == 1 else 'are'} open.")
    return " ".join(parts)


def _versions(view: OfferView) -> Iterator[Line]:
    content = short_hash(view.content.hash if view.content else None)
    edited = ", edited since the push" if view.edited else ""
    yield [*_label("Content"), (f"{content}{edited}", "")]
    certification, state = view.state.certification, view.state
    if certification:
        about = short_hash(certification.version.content)
        reason = f": {certification.reason}" if certification.reason else ""
        text = f"{certification.state} for {about}{reason}"
        yield from wrap_after(_label("Certification"), text, indent=_LABEL)
    if state.staged:
        staged = f"{short_hash(state.staged.content)} since {local_time(state.staged.at)}"
        yield [*_label("Staged"), (staged, "")]
    if state.rejection:
        fields = f" ({', '.join(state.rejection.fields)})" if state.rejection.fields else ""
        text = f"by {state.rejection.by}: {state.rejection.reason}{fields}"
        yield from wrap_after(_label("Rejected"), text, indent=_LABEL, role="bad")
    if state.production:
        since = f"{short_hash(state.production.content)} since {local_time(state.production.at)}"
        yield [*_label("Production"), (since, "")]


def _stage(leg: str, stage: StageView) -> Iterator[Line]:
    sign, role = _PHASE_SIGNS[stage.phase]
    words = "" if stage.phase is Phase.TO_COME else stage.phase.value
    if stage.fraction is not None:
        left = duration(stage.seconds_left or 0)
        words = f"{int(stage.fraction * 100)} %, about {left} left"
    if stage.event:
        words = f"{words} {local_time(stage.event.at)}"
    if stage.attempt > 1:
        words = f"{words}, attempt {stage.attempt}"
    if stage.why:
        words = f"{words}: {stage.why}"
    lead: Line = [*_label(leg), (glyph(sign), role), (f" {stage.title:<20}", "")]
    yield from wrap_after(lead, words, indent=_LABEL + 2, role=role)
