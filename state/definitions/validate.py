"""Tables of a TOML file -> models, and the faults of form on the way."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from state.definitions.model_fields import FieldType, fields_of, wrong_places
from state.definitions.unknown_key import unknown_key
from state.domain.field_path import ROOT, FieldPath, Key, item_names
from state.domain.safe_text import quoted

if TYPE_CHECKING:
    from state.domain.table import Table

M = TypeVar("M", bound="Table")


class Fault(NamedTuple):
    """A key that no model knows, a value of the wrong type, or one that names no marketplace.

    Attributes:
        rule: ``file.key``, ``file.type`` or ``marketplace.backend``.
        field: The key or value at fault.
        message: What is wrong, and the remedy.
        meant: The field that a key was probably meant to be, where there is none as yet.
        hides: The fields that are left out for it, so that nobody knows what they hold; ``each`` of
            a list where some of its items are.
    """

    rule: str
    field: FieldPath
    message: str
    meant: FieldPath | None = None
    hides: tuple[FieldPath, ...] = ()


EXPECTED = {
    "text": 'text in quotes, such as "…"',
    "asset": 'a path in quotes, such as "logos/small.png"',
    "vhd": 'an address in quotes, such as "https://…"',
    "flag": "true or false",
    "whole": "a whole number",
    "whole or text": 'a whole number or text in quotes, such as "unlimited"',
    "number": "a number",
    "number or text": 'a number of seconds, or "manual"',
    "day": "a date without quotes, such as 2026-09-14",
    "list": "a list in brackets, such as [ … ]",
    "map": "a table",
    "model": "a table",
}


def read(model: type[M], table: Mapping[str, Any], at: FieldPath = ROOT) -> tuple[M, list[Fault]]:
    """Read a table as a model.

    A value of the wrong type and an unknown key become faults and are left out; everything else
    is read, so that one slip hides nothing. Where a table is expected among others, an empty one
    takes its place, so that the others keep theirs.

    Args:
        model: One of the models of ``state.domain.offer`` or ``state.domain.publisher``.
        table: The table, as tomllib gives it with ``parse_float=Decimal``.
        at: The place of the table.

    Returns:
        The model and the faults, in the file's order.
    """
    from pydantic import ValidationError

    try:
        return model.model_validate(table), []
    except ValidationError as error:
        sieve = _Sieve(wrong_places(error))
        kept = sieve.table(model, table, at, ())
        return model.model_validate(kept), sieve.faults


def type_name(value: object) -> str:
    """The TOML type of a value, in words."""
    match value:
        case bool():
            return f"the flag {str(value).lower()}"
        case str():
            return f"the text {quoted(value)}"
        case int() | float() | Decimal():
            return f"the number {quoted(str(value))[1:-1]}"
        case datetime():
            return "a date and time"
        case date():
            return "a date"
        case time():
            return "a time"
        case list():
            return "a list"
    return "a table"


class _Sieve:
    """What is left of tables without their wrong values, and a fault for each of these.

    Args:
        wrong: The places of the wrong values.
    """

    def __init__(self, wrong: frozenset[tuple[Key, ...]]) -> None:
        self.faults: list[Fault] = []
        self._wrong = wrong

    def table(
        self, model: "type[Table]", table: Mapping[str, Any], at: FieldPath, place: tuple[Key, ...]
    ) -> dict[str, Any]:
        known = fields_of(model)
        kept = {}
        for key, value in table.items():
            if key not in known:
                fault = Fault("file.key", at / key, *unknown_key(key, at, model, table))
                self.faults.append(fault)
                continue
            found = self._value(known[key].type, value, at / key, (*place, key))
            if found is not _WRONG:
                kept[key] = found
        return kept

    def _value(
        self, field_type: FieldType, value: Any, at: FieldPath, place: tuple[Key, ...]
    ) -> Any:
        inner = field_type.inner
        if place in self._wrong:
            message = f"Expected {EXPECTED[field_type.kind]}, found {type_name(value)}."
            self.faults.append(Fault("file.type", at, message, hides=(at,)))
            return _WRONG
        if field_type.model:
            return self.table(field_type.model, value, at, place)
        if inner and field_type.kind == "map":
            return {
                key: self._among_others(inner, each, at / key, (*place, key))
                for key, each in value.items()
            }
        return self._list(inner, value, at, place) if inner else value

    def _list(
        self, inner: FieldType, values: list[Any], at: FieldPath, place: tuple[Key, ...]
    ) -> Any:
        named = item_names(
            each.get("identifier") if type(each) is dict else None for each in values
        )
        before = len(self.faults)
        items = [
            self._among_others(inner, each, at.item(index, name), (*place, index))
            for index, (name, each) in enumerate(zip(named, values, strict=True))
        ]
        if inner.model or len(self.faults) == before:
            return items
        # Without one value the others would have other places than in the file.
        inside = self.faults[before:]
        self.faults[before:] = [fault._replace(hides=(at,)) for fault in inside]
        return _WRONG

    def _among_others(
        self, field_type: FieldType, value: Any, at: FieldPath, place: tuple[Key, ...]
    ) -> Any:
        """An item of a list or an entry of a map; an empty table where none can be read."""
        found = self._value(field_type, value, at, place)
        return {} if found is _WRONG else found


_WRONG = object()
