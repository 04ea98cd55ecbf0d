"""A key that no model knows: what it was probably meant to be, and what is unknown because of it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

from state.definitions.model_fields import FieldSpec, fields_of, that_can_hold
from state.domain.field_path import EACH_NAME, FieldPath
from state.domain.safe_text import quoted
from state.domain.suggestions import suggest

if TYPE_CHECKING:
    from state.domain.table import Table

_LONGEST_WORD = 64


class UnknownKey(NamedTuple):
    """What there is to say of a key that no model knows.

    Attributes:
        meant: The field that it was probably meant to be, where the file has none as yet.
        unknown: The fields whose values nobody knows because of it.
    """

    message: str
    meant: FieldPath | None = None
    unknown: tuple[FieldPath, ...] = ()


def unknown_key(
    key: str, at: FieldPath, model: "type[Table]", table: Mapping[str, Any]
) -> UnknownKey:
    """What there is to say of an unknown key of the table ``at``."""
    known = fields_of(model)
    word = key[:_LONGEST_WORD].lower()
    parts = [each for each in known if each.startswith(word) or each.endswith(word)]
    near = suggest(key, known) or (suggest(key, parts, 0) if len(word) > 1 else None)
    place = f'in the table "{at}"' if at.names else "at the top of the file"
    if near:
        field = at / near
        message = f'No key {quoted(key)} {place}: did you mean "{near}"?'
        if near not in table:
            return UnknownKey(message, field, (field,))
        return UnknownKey(message, unknown=tuple(_elsewhere(table[key], table[near], field)))
    if len(inside := list(_inside(key, at, known))) == 1:
        name = ".".join(str(each) for each in inside[0].names if each != EACH_NAME)
        message = f'No key {quoted(key)} {place}: did you mean "{name}"?'
        return UnknownKey(message, unknown=(inside[0],))
    missed = _missed(key, model, table)
    others = [each for each in get_close_matches(word, known, len(known), 0) if each not in missed]
    allowed = ", ".join([*missed, *others])
    message = f"No key {quoted(key)} {place}. It may hold, nearest first: {allowed}."
    return UnknownKey(message, unknown=tuple(at / each for each in missed))


def _inside(key: str, at: FieldPath, known: Mapping[str, FieldSpec]) -> Iterator[FieldPath]:
    """The fields of that name in the tables inside a table, which a header without it may mean."""
    for name, spec in known.items():
        below, field_type = at / name, spec.type
        if field_type.kind == "list" and field_type.inner:
            below, field_type = below.each, field_type.inner
        if field_type.model:
            inner = fields_of(field_type.model)
            if key in inner:
                yield below / key
            yield from _inside(key, below, inner)


def _elsewhere(value: Any, there: Any, at: FieldPath) -> Iterator[FieldPath]:
    """The values that a field lacks and a misspelt key holds: headers share out a table or a list."""
    if isinstance(value, dict) and isinstance(there, dict):
        for key, each in value.items():
            if key in there:
                yield from _elsewhere(each, there[key], at / key)
            else:
                yield at / key
    elif isinstance(there, list):
        if isinstance(value, dict):
            yield from (at.each / key for key in value)
        elif isinstance(value, list):
            yield at.each


def _missed(key: str, model: "type[Table]", table: Mapping[str, Any]) -> list[str]:
    """The field that an unlike key may mean: the only required one that the table lacks."""
    known, value = fields_of(model), table[key]
    absent = [spec for name, spec in known.items() if name not in table]
    if len(table) - (len(known) - len(absent)) > 1:
        return []
    is_amount = isinstance(value, int | Decimal) and not isinstance(value, bool)
    empty = [
        spec for spec in absent if _is_empty(spec) and (spec.type.kind != "money" or is_amount)
    ]
    fitting = that_can_hold(model, [spec.name for spec in empty], value)
    return fitting if len(fitting) == 1 else []


def _is_empty(spec: FieldSpec) -> bool:
    return spec.type.kind == "model" or spec.default in (None, "", (), {})
