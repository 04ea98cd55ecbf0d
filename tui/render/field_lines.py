"""What is known of one field, as lines above the box in which it is changed."""

from state.domain.safe_text import quoted
from state.engine.field_form import Form
from state.workspace.offer_view import OfferView
from tui.render.excerpt import LARGEST_EXCERPT, excerpt, labelled, rule_lines
from tui.render.lines import Line, paragraph, span, spread
from tui.render.offers_rows import flagged, place

MARGIN = 2
SMALLEST_EXCERPT = 3
MOST_QUOTED = 200
"""The most characters shown of a text that the file got meanwhile."""


def field_lines(form: Form, view: OfferView, width: int, height: int) -> list[Line]:
    """A field: its use, what is wrong, what the rule expects; its surroundings get the lines left."""
    inner, own = width - MARGIN, view.definition.file
    trouble, lock = _trouble(form, inner), [*_meanwhile(form, inner), *_lock(form, inner)]
    known = [[*_name(form, own, inner), *_use(form, inner), *_hidden(form, inner)], trouble, lock]
    rule = view.rule_of(form.found)
    lines = _apart([*known, list(rule_lines(rule, inner))])
    if len(lines) + 1 + SMALLEST_EXCERPT > height:
        lines = _apart([*known, list(rule_lines(rule, inner, examples=False))])
    if len(lines) > height:
        lines = _apart(known)
    if len(lines) > height:
        lines = [*_name(form, own, inner), *lock, *trouble][: max(0, height)]
    room = min(LARGEST_EXCERPT, height - len(lines) - 1)
    raw = view.raw(form.found.file)
    return _apart([lines, excerpt(raw, form.found.line, room, inner) if room > 0 else []])


def _name(form: Form, own: str, inner: int) -> list[Line]:
    name = str(form.field) or form.found.file
    return [spread([span(name, "strong")], [span(place(form.found, own), "muted")], inner)]


def _use(form: Form, inner: int) -> list[Line]:
    return paragraph(form.description, inner, "muted", lines=2) if form.description else []


def _hidden(form: Form, inner: int) -> list[Line]:
    """What the file has, where that is not what typing begins with."""
    if not form.hidden or form.meanwhile is not None:
        return []
    return list(labelled("Now", form.hidden, inner, lines=3))


def _trouble(form: Form, inner: int) -> list[Line]:
    if not form.found.message:
        return []
    sign = ("error", "bad") if form.found.is_error else ("warning", "warn")
    return [*flagged(paragraph(form.found.message, inner - 2, lines=4), sign)]


def _meanwhile(form: Form, inner: int) -> list[Line]:
    """What the file got while a person typed something else."""
    if form.meanwhile is None:
        return []
    said = f"The file now says {quoted(form.meanwhile, MOST_QUOTED)}; yours is below."
    return list(labelled("Now", said, inner, "warn", lines=4))


def _lock(form: Form, inner: int) -> list[Line]:
    """Since when it can no longer change, where the fault itself does not say that."""
    if form.locked is None or form.found.rule.startswith("lock."):
        return []
    return list(labelled("Locked", form.locked, inner, "warn"))


def _apart(parts: list[list[Line]]) -> list[Line]:
    """Parts with an empty line between any two of them."""
    lines: list[Line] = []
    for part in parts:
        lines += [*([[]] if lines and part else []), *part]
    return lines
