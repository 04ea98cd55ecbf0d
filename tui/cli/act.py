"""The commands that act: certify, stage, tested, request, cancel, approve, reject, remark."""

from state.domain.actions import (
    APPROVE,
    CANCEL,
    CERTIFY,
    PRODUCTION_TESTED,
    REJECT,
    REMARK,
    REQUEST,
    STAGE,
    TESTED,
    Command,
    Shown,
)
from state.domain.findings import Refusal
from state.domain.safe_text import quoted
from state.domain.suggestions import did_you_mean
from state.workspace.offer_view import OfferView
from tui.cli.messages import refused, short_hash
from tui.cli.output import print_error, print_json, print_line
from tui.cli.run import Call
from tui.launch import DONE, UsageError
from tui.render.glyphs import glyph
from tui.render.lines import Span

_DONE = {
    CERTIFY: "certification requested",
    STAGE: "pushed to staging",
    TESTED: "staging test of content {} recorded",
    PRODUCTION_TESTED: "test of content {} in production recorded",
    REQUEST: "approval to push to production requested",
    APPROVE: "approved and listed",
    REJECT: "rejected",
    CANCEL: "cancelled",
    REMARK: "remark added",
}


def act(call: Call) -> int:
    """Do what needs no more than a note: certify, stage, request, cancel or approve."""
    return _perform(call, call.options.action, call.options.note)


def reject(call: Call) -> int:
    options = call.options
    if not options.reason.strip():
        raise UsageError("--reason is empty. Say what has to change: the publisher reads it.")
    return _perform(call, REJECT, options.reason, fields=_fields(call))


def remark(call: Call) -> int:
    text = " ".join(call.options.text)
    if not text.strip():
        raise UsageError("The remark is empty. Write what the history is to keep.")
    return _perform(call, REMARK, text, fields=_fields(call))


def _fields(call: Call) -> tuple[str, ...]:
    fields = tuple(dict.fromkeys(call.options.fields or ()))
    if fields:
        from state.engine.field_form import known_fields

        view = call.engine.offer(call.options.offer)
        known = known_fields(call.engine, view)
        for field in fields:
            if known and field not in known:
                hint = did_you_mean(field, known)
                raise UsageError(f'{view.offer} has no field "{field}".{hint}')
    return fields


def tested(call: Call) -> int:
    """Record the staging checklist, or the customer scenarios in production, as passed."""
    options = call.options
    points = tuple(dict.fromkeys(options.points or ()))
    if options.production:
        if points:
            raise UsageError(
                "--point names points of the staging checklist. Leave out --point or --production."
            )
        return _perform(call, PRODUCTION_TESTED, options.note)
    _check_points(call.engine.offer(options.offer), points)
    return _perform(call, TESTED, options.note, points=points)


def _check_points(view: OfferView, points: tuple[str, ...]) -> None:
    """Refuse points that the checklist lacks; where it is unknown, the action is refused anyway."""
    known = view.checklist or points
    for point in points:
        if point not in known:
            hint, names = did_you_mean(point, known), ", ".join(known)
            raise UsageError(
                f'There is no point "{point}".{hint} Points of the checklist: {names}.'
            )


def _perform(
    call: Call,
    action: str,
    note: str | None,
    fields: tuple[str, ...] = (),
    points: tuple[str, ...] = (),
) -> int:
    command = Command(action, note, fields, points, shown_to(call))
    done = call.engine.perform(call.options.offer, command)
    if isinstance(done, Refusal):
        return refused(call, done)
    assert done.view is not None, "only a discarded offer is gone"
    content = done.events[0].content
    tested = {"tested": content} if action in (TESTED, PRODUCTION_TESTED) else {}
    report(call, done.view, _DONE[action].format(short_hash(content)), **tested)
    for each in done.notes:
        print_error(each)
    return DONE


def shown_to(call: Call) -> Shown | None:
    """The content that a person says was shown (``--content``), None without.

    Raises:
        UsageError: It is no content.
    """
    said = getattr(call.options, "content", None)
    if said is None:
        return None
    digits = said.removeprefix("sha256:").lower()
    if not 8 <= len(digits) <= 64 or set(digits) - set("0123456789abcdef"):
        raise UsageError(
            f"--content {quoted(said, 72)} is not a content hash. Expected 8 or more of its "
            "hexadecimal digits, with or without sha256: before them."
        )
    return Shown(f"sha256:{digits}")


def report(call: Call, view: OfferView, words: str, **more: object) -> None:
    """Say what was done to an offer, and what is next; ``more`` is what else the document holds."""
    if call.json:
        from tui.cli.json_documents import show_document

        print_json({**show_document(view), **more})
        return
    sign: Span = (glyph("complete"), "good")
    print_line([sign, (f" {view.offer}: {words}. ", ""), (f"Next: {view.next.text}", "muted")])
