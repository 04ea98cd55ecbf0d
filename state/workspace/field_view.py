"""The fields of a definition, whether the file holds them or not."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from state.definitions import model_fields
from state.definitions.content import is_technical
from state.definitions.form_input import format_input
from state.definitions.model_fields import FieldType, fields_of, nodes_of
from state.domain.field_path import FieldPath
from state.domain.findings import Finding, Severity
from state.domain.safe_text import plural
from state.workspace.offer_view import OfferView

_LONGEST_TEXT = 200


class FieldView(NamedTuple):
    """A field whose value, or default, can be typed in one place.

    ``has_items`` is true of a list whose items have fields of their own.
    """

    field: FieldPath
    description: str
    value: Any
    has_items: bool

    @property
    def text(self) -> str:
        """The beginning of the value on one line; how many items of a list have fields of their own."""
        if self.value and self.has_items:
            return plural(len(self.value), "item")
        return " ".join(format_input(self.value)[:_LONGEST_TEXT].split())


def typed_fields(view: OfferView) -> Iterator[FieldView]:
    """The fields of an offer whose values can be typed in one place."""
    inside: list[tuple[Any, ...]] = []
    for node in nodes_of(view.definition.offer):
        keys = node.field.path
        if any(keys[: len(each)] == each for each in inside) or not can_be_typed(node.type):
            continue
        if not node.type.model:
            items = node.type.inner
            has_items = bool(items and items.model)
            yield FieldView(node.field, node.description, node.value, has_items)
            if node.type.kind in ("list", "map"):
                inside.append(keys)


def can_be_typed(field_type: FieldType) -> bool:
    """Whether a value fits on a line: a scalar, or a list or table of nothing but scalars."""
    if field_type.model:
        types = [spec.type for spec in fields_of(field_type.model).values()]
        return all(each.model is None and each.inner is None for each in types)
    return field_type.inner is None or can_be_typed(field_type.inner)


def field_named(view: OfferView, name: str) -> FieldPath | None:
    """The field of the definition that people call by a name, None where there is none."""
    return model_fields.field_named(view.definition.offer, name)


def step_of(field: FieldPath) -> int:
    """The step to which a field belongs: 3 for technical content, 4 for marketing content."""
    return 3 if is_technical(field.names) else 4


def finding_at(view: OfferView, field: FieldPath) -> Finding:
    """The first finding in a field, with its line; one without a message where there is none."""
    found = [each for each in view.findings if each.field.names and each.field.within(field)]
    nothing = Finding("", Severity.WARNING, step_of(field), field, view.definition.file, "")
    return view.locate([*found, nothing])[0]
