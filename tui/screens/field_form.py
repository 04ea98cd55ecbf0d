"""What a person sees of one field before changing it, as data and as lines."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from state.fields import Field
from state.files.definition import parse_table
from state.findings import Finding
from state.inputs import as_input, parse_input, shape_of
from state.offer import OfferType
from state.rules import PUBLISHER_FILE
from state.rules.lengths import OFFER_LIMITS, SOLD_LIMITS
from state.shapes import Shape, slots
from state.text import clean
from state.tree import node_at
from state.views import OfferView
from tui.glyphs import glyph
from tui.lines import Line, paragraph, span, spread
from tui.screens.excerpt import LARGEST_EXCERPT, excerpt, labelled, raw_of, rule_lines
from tui.screens.walkthrough_rows import place

SEVERAL_LINES = ("description", "terms_of_use")
"""The keys whose texts have several lines as a rule."""

MOST_TYPED = 20_000
"""The most characters that the box takes; longer texts are for an editor."""

MARGIN = 2
SMALLEST_EXCERPT = 3


class Form(NamedTuple):
    """A field as it is offered for editing.

    Attributes:
        field: The field.
        found: What led here, with its line.
        says: What the field is for.
        locked: Why it can no longer change, None where it can.
        text: Its value as a person would type it, None where it cannot be typed here.
        why_not: Why it cannot be typed here.
        limit: The most characters, None where there is no limit.
        several_lines: Whether the text may have several lines.
    """

    field: Field
    found: Finding
    says: str = ""
    locked: str | None = None
    text: str | None = None
    why_not: str = ""
    limit: int | None = None
    several_lines: bool = False


def form_of(view: OfferView, found: Finding, locked: Callable[[Field], str | None]) -> Form:
    """What is offered for a finding.

    Args:
        view: The offer.
        found: The finding, with its line.
        locked: Says why a field can no longer change.

    Returns:
        The form.
    """
    form = Form(found.field, found)
    editor = f"e opens the file in your editor{f' at line {found.line}' if found.line else ''}."
    if found.file == PUBLISHER_FILE:
        return form._replace(why_not=f"This stands in {PUBLISHER_FILE}, for all offers: {editor}")
    offer, raw = view.definition.offer, view.definition.raw
    if raw is None:
        return form._replace(why_not="There is no file to edit.")
    if offer is None or view.kind is None:
        return form._replace(why_not=f"Nothing can be edited here until the file can be read: {editor}")
    field = _whole_list(view.kind, found.field)
    node, shape = node_at(offer, field), shape_of(view.kind, field.keys)
    if node is None or shape is None or not field.keys:
        return form._replace(why_not=f"No field of that name can be edited here: {editor}")
    value = _value_at(raw, field)
    form = form._replace(field=field, says=node.says, locked=locked(field), limit=limit_of(field))
    if not _can_be_typed(shape) or (isinstance(value, dict) and _has_header(view, field)):
        what = "a list of tables" if shape.kind == "list" else "a table"
        return form._replace(why_not=f"This is {what}, too much for one line: {editor}")
    text = as_input(value)
    if len(text) > MOST_TYPED or clean(text, keep_lines=True) != text:
        return form._replace(why_not=f"This text is too long, or holds control characters: {editor}")
    if form.locked and not _breaks_a_lock(view, field):
        return form._replace(why_not="It cannot be changed here.")
    several = "\n" in text or field.keys[-1] in SEVERAL_LINES
    return form._replace(text=text, several_lines=several)


def limit_of(field: Field) -> int | None:
    """The most characters of a field's text, None where there is no limit."""
    match field.keys:
        case "marketing", str(key):
            return OFFER_LIMITS.get(key)
        case str(), int(), str(key):
            return SOLD_LIMITS.get(key)
    return None


def matter(form: Form, view: OfferView, width: int, height: int) -> list[Line]:
    """What is known of a field: what it is for, what is wrong, what the rule wants, where it stands.

    Args:
        form: The field.
        view: The offer.
        width: The cells of a line.
        height: The lines there are.

    Returns:
        The lines; the surroundings in the file take what the rest leaves.
    """
    inner = width - MARGIN
    head = [*_head(form, inner), *_trouble(form, inner)]
    rule = list(rule_lines(form.found.rule, inner))
    if len(head) + len(rule) + 1 + SMALLEST_EXCERPT > height:
        rule = list(rule_lines(form.found.rule, inner, examples=False))
    room = min(LARGEST_EXCERPT, height - len(head) - len(rule) - 1)
    raw = raw_of(view, form.found.file)
    around = excerpt(raw, form.found.line, room, inner) if room > 0 else []
    return [*head, *rule, *([[]] if around else []), *around]


def verdict(form: Form, findings: tuple[Finding, ...], before: tuple[Finding, ...]) -> tuple[str, str]:
    """What the rules would say of a value.

    Args:
        form: The field.
        findings: What they would find in the whole definition.
        before: What they find now.

    Returns:
        A sentence and its role: the first fault in the field itself, else a new one elsewhere.
    """
    here = [each for each in findings if each.field.within(form.field) or form.field == each.field]
    known = {(each.rule, each.field) for each in before}
    new = [each for each in findings if (each.rule, each.field) not in known]
    for each in sorted([*here, *new], key=lambda each: not each.is_error):
        sign, role = ("mend", "bad") if each.is_error else ("warning", "warn")
        return f"{glyph(sign)} {each.message}", role
    return f"{glyph('complete')} Nothing is wrong with this value.", "good"


def typed_value(kind: OfferType, form: Form, text: str) -> Any:
    """The value that a typed text means; line ends are left out where there can be only one line.

    Raises:
        InputError: It is no value of that field.
    """
    return parse_input(kind, form.field, text if form.several_lines else " ".join(text.splitlines()))


def _head(form: Form, inner: int) -> Iterator[Line]:
    name = str(form.field) or form.found.file
    yield spread([span(name, "strong")], [span(place(form.found), "muted")], inner)
    if form.says:
        yield from paragraph(form.says, inner, "muted", lines=2)
    yield []


def _trouble(form: Form, inner: int) -> Iterator[Line]:
    """What is wrong with it, and what is locked."""
    if form.found.message:
        role, sign = ("bad", "mend") if form.found.is_error else ("warn", "warning")
        for number, line in enumerate(paragraph(form.found.message, inner - 2, lines=3)):
            yield [(f"{' ' if number else glyph(sign)} ", role), *line]
        yield []
    if form.locked:
        yield from labelled("Locked", form.locked, inner, "warn")
        yield []


def _whole_list(kind: OfferType, field: Field) -> Field:
    """The list, where a field is an item of it that has no fields of its own."""
    above = Field(field.keys[:-1], field.names[:-1])
    shape = shape_of(kind, above.keys) if above.keys else None
    plain_list = shape and shape.kind == "list" and shape.inner and not shape.inner.model
    return above if plain_list else field


def _can_be_typed(shape: Shape) -> bool:
    """Whether a value fits into a line: a scalar, or a list or table of nothing but scalars."""
    if shape.model:
        return all(_is_scalar(slot.shape) for slot in slots(shape.model).values())
    return shape.inner is None or _can_be_typed(shape.inner)


def _is_scalar(shape: Shape) -> bool:
    return shape.model is None and shape.inner is None


def _has_header(view: OfferView, field: Field) -> bool:
    """Whether a table stands below a header, so that a line cannot take its place."""
    from state.files.places import Places

    place = Places(view.definition.raw or b"").exact(field.keys)
    return place is not None and not place.is_value


def _value_at(raw: bytes, field: Field) -> Any:
    """What stands in the file, whatever its type; None where nothing does."""
    value: Any = parse_table(raw).values
    for key in field.keys:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _breaks_a_lock(view: OfferView, field: Field) -> bool:
    """Whether the draft does not keep to a lock of a field, which then can be set back."""
    return any(each.rule.startswith("lock.") and each.field.within(field) for each in view.findings)
