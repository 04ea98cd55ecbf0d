"""Tables of a TOML file -> models, and the faults of form on the way."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from state.definitions.model_fields import type_at, wrong_places
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
        meant: The field that a key was probably meant to be, where there is none as yet.
        unknown: The fields that are left out for it, so that nobody knows what they hold; ``each`` of
            a list where some of its items are.
    """

    rule: str
    field: FieldPath
    message: str
    meant: FieldPath | None = None
    unknown: tuple[FieldPath, ...] = ()


EXPECTED = {
    "text": 'text in quotes, such as "…"',
    "asset": 'a path in quotes, such as "folder/file"',
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


def read(model: type[M], table: Mapping[str, Any]) -> tuple[M, list[Fault]]:
    """Read a table, as tomllib gives it with ``parse_float=Decimal``, as a model, with its faults.

    A value of the wrong type and an unknown key become faults and are left out; everything else is read,
    so that one slip hides nothing. Where a table is expected among others, an empty one keeps its place;
    of other items, ``LeftOut`` knows the places.
    """
    from pydantic import ValidationError

    try:
        return model.model_validate(table), []
    except ValidationError as error:
        sieve = _Sieve(model, wrong_places(error))
        return model.model_validate(sieve.sift(table, ROOT)), sieve.faults


class LeftOut:
    """The items that lists of a model lack because they cannot be read.

    Args:
        model: The model.
        unknown: The fields that cannot be read, of this file or others.
    """

    def __init__(self, model: "type[Table]", unknown: Iterable[FieldPath]) -> None:
        self._indices: dict[tuple[Key, ...], list[int]] = {}
        for field in unknown:
            *above, last = field.path or ("",)
            # A table that cannot be read keeps its place as an empty one.
            if isinstance(last, int) and _is_scalar(model, field):
                self._indices.setdefault(tuple(above), []).append(last)

    def place(self, field: FieldPath) -> FieldPath:
        """Where a field of the model is in the file."""
        path, names = list(field.path), list(field.names)
        for length, key in enumerate(field.path):
            if isinstance(key, int):
                for index in sorted(self._indices.get(tuple(path[:length]), ())):
                    path[length] = int(path[length]) + (index <= int(path[length]))
                names[length] = path[length] if names[length] == key else names[length]
        return FieldPath(tuple(path), tuple(names))


def _is_scalar(model: "type[Table]", field: FieldPath) -> bool:
    try:
        return type_at(model, field.path).model is None
    except KeyError:
        return False


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
    """What is left of a table without its wrong values, by their places, and a fault for each."""

    def __init__(self, model: "type[Table]", wrong: Mapping[tuple[Key, ...], str]) -> None:
        self.faults: list[Fault] = []
        self._model = model
        self._wrong = wrong

    def sift(self, value: Any, at: FieldPath) -> Any:
        """A value without what is wrong in it; ``_WRONG`` where nothing is left."""
        error = self._wrong.get(at.path)
        if error:
            message = f"Expected {EXPECTED[type_at(self._model, at.path).kind]}, found "
            self.faults.append(
                Fault("file.type", at, f"{message}{type_name(value)}.", unknown=(at,))
            )
            # Among others, an empty table keeps the place.
            return {} if error == "model_type" else _WRONG
        if isinstance(value, list):
            return self._list(value, at)
        return self._table(value, at) if isinstance(value, dict) else value

    def _table(self, table: Mapping[str, Any], at: FieldPath) -> dict[str, Any]:
        kept = {}
        for key, value in table.items():
            field = at / key
            if self._wrong.get(field.path) == "extra_forbidden":
                model = type_at(self._model, at.path).model
                assert model is not None
                self.faults.append(Fault("file.key", field, *unknown_key(key, at, model, table)))
            elif (found := self.sift(value, field)) is not _WRONG:
                kept[key] = found
        return kept

    def _list(self, values: list[Any], at: FieldPath) -> Any:
        names = item_names(
            each.get("identifier") if type(each) is dict else None for each in values
        )
        items = (
            self.sift(each, at.item(index, name))
            for index, (name, each) in enumerate(zip(names, values, strict=True))
        )
        return [each for each in items if each is not _WRONG]


_WRONG = object()
