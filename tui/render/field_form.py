"""What a person is offered of one field, as data: its text, or why it cannot be typed."""

from collections.abc import Callable
from typing import Any, NamedTuple

from state.definitions.form_input import format_input, parse_input, shape_of
from state.definitions.model_fields import field_named, node_at
from state.definitions.parse import parse_table
from state.definitions.shapes import Shape, slots
from state.domain.field_path import FieldPath
from state.domain.findings import Finding
from state.domain.limits import OFFER_LIMITS, SOLD_LIMITS
from state.domain.offer import OfferType
from state.domain.publisher import PUBLISHER_FILE, Publisher
from state.domain.safe_text import clean, masked, typeable
from state.workspace.offer_view import OfferView
from tui.render.excerpt import raw_of
from tui.render.glyphs import glyph
from tui.render.remark_lines import REMARK

SEVERAL_LINES = ("description", "terms_of_use")
"""The keys whose texts have several lines as a rule."""

MOST_TYPED = 20_000
"""The most characters that the box takes; longer texts are for an editor."""

LOCKED = (
    "A locked field is not changed here. The file is yours: e opens it, and the walkthrough tells "
    "what no longer fits."
)


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
        hidden: The value that the file has, where typing begins with an empty line: a token is
            replaced and never edited, since it is signed.
        meanwhile: The text that the file got while the person typed another, None where it got none.
    """

    field: FieldPath
    found: Finding
    says: str = ""
    locked: str | None = None
    text: str | None = None
    why_not: str = ""
    limit: int | None = None
    several_lines: bool = False
    kind: str = ""
    hidden: str = ""
    meanwhile: str | None = None

    @property
    def about_publisher(self) -> bool:
        """Whether the field is one of publisher.toml."""
        return self.found.file == PUBLISHER_FILE


def form_of(
    view: OfferView,
    publisher: Publisher | None,
    found: Finding,
    locked: Callable[[FieldPath], str | None],
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
        return form._replace(why_not=no_file(view, found.file))
    if model is None:
        return form._replace(
            why_not=f"Nothing can be edited here until the file can be read: {editor}"
        )
    kind = None if form.about_publisher else view.kind
    field = _whole_list(kind, found.field)
    node, shape = node_at(model, field), shape_of(kind, field.path)
    if node is None or shape is None or not field.path:
        return form._replace(why_not=f"No field of that name can be edited here: {editor}")
    form = form._replace(
        field=field, says=node.says, locked=locked(field), limit=limit_of(field), kind=shape.kind
    )
    raw = raw_of(view, found.file)
    value = _value_at(raw, field)
    if not can_be_typed(shape) or (isinstance(value, dict) and _has_header(raw, field)):
        what = "a list of tables" if shape.kind == "list" else "a table"
        return form._replace(why_not=f"This is {what}, too much for one line: {editor}")
    text = format_input(value)
    if len(text) > MOST_TYPED:
        return form._replace(why_not=f"This text has {len(text)} characters, too many: {editor}")
    if control := next((each for each in text if typeable(each) != each), None):
        holds = f"This text holds the control character {clean(control)}"
        return form._replace(why_not=f"{holds}: {editor}")
    if form.locked and not _breaks_a_lock(view, field):
        return form._replace(why_not=LOCKED)
    several = "\n" in text or field.path[-1] in SEVERAL_LINES
    if shape.kind == "vhd" or masked(text) != text:
        if shape.inner or several:
            return form._replace(why_not=f"It holds the signature of a SAS token: {editor}")
        return form._replace(text="", hidden=text)
    return form._replace(text=text, several_lines=several)


def no_file(view: OfferView, file: str) -> str:
    """What is said where a file to edit is not there, or not to be read."""
    if file == PUBLISHER_FILE:
        return f"There is no {file}: enter on the walkthrough writes one."
    if view.definition.is_missing:
        return f"{file} is gone: 3, then r writes it back from the history."
    return next((each.message for each in view.definition.findings), f"{file} cannot be read.")


def found_now(view: OfferView, publisher: Publisher | None, form: Form) -> Finding | None:
    """What led to a form, as the files stand now.

    Args:
        view: The offer.
        publisher: The publisher file.
        form: The form.

    Returns:
        The finding, without a message where nothing is wrong any more; None where the field that
        it is about is gone. Items of lists may have moved, so the field is found by its name.
    """
    found, field = form.found, form.field
    model = publisher if form.about_publisher else view.definition.offer
    if model is not None and field.path:
        named = field_named(model, str(field))
        if named is None:
            return None
        field = named
    about = (each for each in view.findings if each.file == found.file and each.field.within(field))
    same = next((each for each in about if each.rule == found.rule), None)
    said = found.message if found.rule == REMARK else ""
    return view.locate([same or found._replace(field=field, message=said, line=None)])[0]


def limit_of(field: FieldPath) -> int | None:
    """The most characters of a field's text, None where there is no limit."""
    match field.path:
        case "marketing", str(key):
            return OFFER_LIMITS.get(key)
        case str(), int(), str(key):
            return SOLD_LIMITS.get(key)
    return None


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
        sign, role = ("error", "bad") if each.is_error else ("warning", "warn")
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


def _whole_list(kind: OfferType | None, field: FieldPath) -> FieldPath:
    """The list, where a field is an item of it that has no fields of its own."""
    above = FieldPath(field.path[:-1], field.names[:-1])
    shape = shape_of(kind, above.path) if above.path else None
    plain_list = shape and shape.kind == "list" and shape.inner and not shape.inner.model
    return above if plain_list else field


def can_be_typed(shape: Shape) -> bool:
    """Whether a value fits into a line: a scalar, or a list or table of nothing but scalars."""
    if shape.model:
        return all(_is_scalar(slot.shape) for slot in slots(shape.model).values())
    return shape.inner is None or can_be_typed(shape.inner)


def _is_scalar(shape: Shape) -> bool:
    return shape.model is None and shape.inner is None


def _has_header(raw: bytes, field: FieldPath) -> bool:
    """Whether a table stands below a header, so that a line cannot take its place."""
    from state.definitions.locate import Places

    place = Places(raw).exact(field.path)
    return place is not None and not place.is_value


def _value_at(raw: bytes, field: FieldPath) -> Any:
    """What stands in the file, whatever its type; None where nothing does."""
    value: Any = parse_table(raw).values
    for key in field.path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _breaks_a_lock(view: OfferView, field: FieldPath) -> bool:
    """Whether the draft does not keep to a lock of a field, which then can be set back."""
    return any(each.rule.startswith("lock.") and each.field.within(field) for each in view.findings)
