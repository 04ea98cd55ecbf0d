"""What a person sees of one field before changing it, as data and as lines."""

from collections.abc import Callable
from typing import Any, NamedTuple

from state.fields import Field
from state.files.definition import parse_table
from state.findings import Finding
from state.inputs import as_input, parse_input, shape_of
from state.offer import OfferType
from state.publisher import Publisher
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

LOCKED = (
    "A locked field is not changed here. The file is yours: e opens it, and the walkthrough tells "
    "what no longer fits."
)

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
        kind: The kind of its shape.
    """

    field: Field
    found: Finding
    says: str = ""
    locked: str | None = None
    text: str | None = None
    why_not: str = ""
    limit: int | None = None
    several_lines: bool = False
    kind: str = ""

    @property
    def about_publisher(self) -> bool:
        """Whether the field is one of publisher.toml."""
        return self.found.file == PUBLISHER_FILE


def form_of(
    view: OfferView,
    publisher: Publisher | None,
    found: Finding,
    locked: Callable[[Field], str | None],
) -> Form:
    """What is offered for a finding.

    Args:
        view: The offer.
        publisher: The publisher file.
        found: The finding, with its line.
        locked: Says why a field can no longer change.

    Returns:
        The form.
    """
    form = Form(found.field, found)
    editor = f"e opens the file in your editor{f' at line {found.line}' if found.line else ''}."
    model = publisher if form.about_publisher else view.definition.offer
    if publisher is None if form.about_publisher else view.definition.raw is None:
        return form._replace(why_not="There is no file to edit.")
    if model is None:
        return form._replace(
            why_not=f"Nothing can be edited here until the file can be read: {editor}"
        )
    kind = None if form.about_publisher else view.kind
    field = _whole_list(kind, found.field)
    node, shape = node_at(model, field), shape_of(kind, field.keys)
    if node is None or shape is None or not field.keys:
        return form._replace(why_not=f"No field of that name can be edited here: {editor}")
    form = form._replace(
        field=field, says=node.says, locked=locked(field), limit=limit_of(field), kind=shape.kind
    )
    raw = raw_of(view, found.file)
    value = _value_at(raw, field)
    if not can_be_typed(shape) or (isinstance(value, dict) and _has_header(raw, field)):
        what = "a list of tables" if shape.kind == "list" else "a table"
        return form._replace(why_not=f"This is {what}, too much for one line: {editor}")
    text = as_input(value)
    if len(text) > MOST_TYPED or clean(text, keep_lines=True) != text:
        return form._replace(
            why_not=f"This text is too long, or holds control characters: {editor}"
        )
    if form.locked and not _breaks_a_lock(view, field):
        return form._replace(why_not=LOCKED)
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
    """What is known of a field: its use, what is wrong, what the rule wants, where it stands.

    Args:
        form: The field.
        view: The offer.
        width: The cells of a line.
        height: The lines there are.

    Returns:
        The lines; the surroundings in the file take what the rest leaves.
    """
    inner = width - MARGIN
    known = [_head(form, inner), _trouble(form, inner), _lock(form, inner)]
    lines = _apart([*known, list(rule_lines(form.found.rule, inner))])
    if len(lines) + 1 + SMALLEST_EXCERPT > height:
        lines = _apart([*known, list(rule_lines(form.found.rule, inner, examples=False))])
    room = min(LARGEST_EXCERPT, height - len(lines) - 1)
    raw = raw_of(view, form.found.file)
    return _apart([lines, excerpt(raw, form.found.line, room, inner) if room > 0 else []])


def verdict(
    form: Form, findings: tuple[Finding, ...], before: tuple[Finding, ...]
) -> tuple[str, str]:
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


def typed_value(kind: OfferType | None, form: Form, text: str) -> Any:
    """The value that a typed text means; line ends are left out where there can be only one line.

    Raises:
        InputError: It is no value of that field.
    """
    kind = None if form.about_publisher else kind
    return parse_input(
        kind, form.field, text if form.several_lines else " ".join(text.splitlines())
    )


def _head(form: Form, inner: int) -> list[Line]:
    """The field's name and place, and what it is for."""
    name = str(form.field) or form.found.file
    lines = [spread([span(name, "strong")], [span(place(form.found), "muted")], inner)]
    return lines + (paragraph(form.says, inner, "muted", lines=2) if form.says else [])


def _trouble(form: Form, inner: int) -> list[Line]:
    """What is wrong with it."""
    if not form.found.message:
        return []
    sign, role = ("mend", "bad") if form.found.is_error else ("warning", "warn")
    lines = paragraph(form.found.message, inner - 2, lines=4)
    return [[(f"{' ' if at else glyph(sign)} ", role), *line] for at, line in enumerate(lines)]


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


def _whole_list(kind: OfferType | None, field: Field) -> Field:
    """The list, where a field is an item of it that has no fields of its own."""
    above = Field(field.keys[:-1], field.names[:-1])
    shape = shape_of(kind, above.keys) if above.keys else None
    plain_list = shape and shape.kind == "list" and shape.inner and not shape.inner.model
    return above if plain_list else field


def can_be_typed(shape: Shape) -> bool:
    """Whether a value fits into a line: a scalar, or a list or table of nothing but scalars."""
    if shape.model:
        return all(_is_scalar(slot.shape) for slot in slots(shape.model).values())
    return shape.inner is None or can_be_typed(shape.inner)


def _is_scalar(shape: Shape) -> bool:
    return shape.model is None and shape.inner is None


def _has_header(raw: bytes, field: Field) -> bool:
    """Whether a table stands below a header, so that a line cannot take its place."""
    from state.files.places import Places

    place = Places(raw).exact(field.keys)
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
