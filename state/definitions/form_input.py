"""What a person types into a field, as a value of that field's type, and the other way round."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from state.definitions.model_fields import FieldType, fields_of, type_at
from state.definitions.parse import parse_table, type_fault
from state.definitions.validate import EXPECTED, read
from state.domain.errors import InputError
from state.domain.field_path import FieldPath, Key
from state.domain.offer_types import OfferType
from state.domain.safe_text import quoted

if TYPE_CHECKING:
    from state.domain.table import Table

_WHOLE = re.compile(r"[+-]?[0-9]{1,100}", re.ASCII)
_NUMBER = re.compile(r"[+-]?[0-9]{1,100}(\.[0-9]{1,100})?", re.ASCII)
_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def type_of(kind: OfferType | None, keys: tuple[Key, ...]) -> FieldType | None:
    """The type of a field's values, None where unknown; ``kind`` is None for the publisher file."""
    try:
        return type_at(_model(kind), keys)
    except KeyError:
        return None


def parse_input(kind: OfferType | None, field: FieldPath, text: str) -> Any:
    """The value that a typed text means, as ``state.definitions.edit`` takes it.

    A list is typed with commas, or as TOML; a table as TOML. None where nothing was typed into a
    field that holds no text, which takes the key away. ``kind`` is None for a field of the
    publisher file.

    Raises:
        InputError: It is not a valid value of that field.
    """
    field_type = type_of(kind, field.path)
    if field_type is None:
        owner = f"A {kind.label.lower()}" if kind else "The publisher file"
        raise InputError(f'{owner} has no field "{field}".')
    value = _typed(field_type, text)
    if kind and field.path == ("type",):
        if message := type_fault(value):
            raise InputError(message)
    elif value is not None:
        nested = value
        for key in reversed(field.path):
            nested = {key: nested} if isinstance(key, str) else [nested]
        _, faults = read(_model(kind), ({"type": kind.value} if kind else {}) | nested)
        if faults:
            raise InputError(faults[0].message)
    return value


def format_input(value: Any) -> str:
    """A value of a file or of a model as a person would type it."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case list() | tuple() if not any(_needs_quotes(each) for each in value):
            return ", ".join(format_input(each) for each in value)
        case list() | tuple() | Mapping():
            from state.definitions.rendering import value_text

            return value_text(value)
    return str(value)


def _model(kind: OfferType | None) -> "type[Table]":
    if kind:
        return kind.model
    from state.domain.publisher import Publisher

    return Publisher


def _needs_quotes(value: Any) -> bool:
    """Whether an item of a list would be read as something else without quotes."""
    if isinstance(value, str):
        return bool(re.search(r"[,\n\r\"'\[]", value)) or value != value.strip() or not value
    return isinstance(value, Mapping | list | tuple)


def _typed(field_type: FieldType, text: str) -> Any:
    typed = text.strip()
    if field_type.kind == "text":
        return text
    if field_type.kind in ("asset", "vhd"):
        return typed
    if field_type.kind == "list":
        return _list(field_type.inner, typed)
    if not typed:
        return None
    if field_type.kind in ("model", "map"):
        return _toml(field_type, typed)
    value = _SCALARS[field_type.kind](typed)
    if value is None:
        raise InputError(f"Expected {_wanted(field_type)}, found {quoted(typed)}.")
    return value


def _list(inner: FieldType | None, typed: str) -> Any:
    if typed.startswith("[") or inner is None or inner.model:
        return _toml(FieldType("list", inner=inner), typed) if typed else []
    items = (item.strip() for item in re.split(r"[,\n]", typed))
    return [_typed(inner, item) for item in items if item]


def _toml(field_type: FieldType, typed: str) -> Any:
    table = parse_table(f"value = {typed}".encode(errors="replace"))
    if table.values is None or len(table.values) != 1:
        if table.message and typed[0] + typed[-1] in ("{}", "[]"):
            raise InputError(table.message)
        raise InputError(f"Expected {_wanted(field_type)}, found {quoted(typed)}.")
    return table.values["value"]


def _whole(typed: str) -> int | None:
    return int(typed) if _WHOLE.fullmatch(typed) else None


def _number(typed: str) -> Decimal | None:
    return Decimal(typed) if _NUMBER.fullmatch(typed) else None


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _wanted(field_type: FieldType) -> str:
    inner = field_type.inner
    if field_type.kind == "list" and inner and inner.model:
        keys = ", ".join(f"{name} = …" for name in fields_of(inner.model))
        return f"a list of tables, such as [{{ {keys} }}]"
    return _TYPED.get(field_type.kind) or EXPECTED[field_type.kind]


_SCALARS: Mapping[str, Callable[[str], Any]] = {
    "flag": lambda typed: _FLAGS.get(typed.lower()),
    "whole": _whole,
    "whole or text": lambda typed: typed if _whole(typed) is None else _whole(typed),
    "number": _number,
    "number or text": lambda typed: typed if _number(typed) is None else _number(typed),
    "money": _number,
    "day": _day,
}
_TYPED = {
    "money": "an amount with a decimal point, such as 0.05",
    "day": "a date such as 2026-09-14",
    "map": "a table such as { key = 1 }",
    "model": "a table such as { key = 1 }",
}
"""What is expected where that differs from what a file holds."""
