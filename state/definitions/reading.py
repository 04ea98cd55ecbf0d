"""Tables of a TOML file -> models, and the faults of form on the way."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar, cast

from state.definitions.shapes import Shape, Slot, slots
from state.domain.field_path import EACH_NAME, ROOT, FieldPath, item_names
from state.domain.model import EMPTY, Model
from state.domain.safe_text import quoted

M = TypeVar("M", bound=Model)


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
    is read, so that one slip hides nothing. Where a table is wanted among others, an empty one
    stands in its place, so that the others keep theirs.

    Args:
        model: One of the models of ``state.domain.offer`` or ``state.domain.publisher``.
        table: The table, as tomllib gives it with ``parse_float=Decimal``.
        at: Where the table stands.

    Returns:
        The model and the faults, in the file's order.
    """
    faults: list[Fault] = []
    return cast(M, _model(model, table, at, faults)), faults


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


def _model(
    model: type[Model], table: Mapping[str, Any], at: FieldPath, faults: list[Fault]
) -> Model:
    known = slots(model)
    values = {}
    for key, value in table.items():
        slot = known.get(key)
        if slot is None:
            faults.append(_unknown(key, at, known, table))
        else:
            read_value = _value(slot.shape, value, at / key, faults)
            if read_value is not _WRONG:
                values[key] = read_value
    return model(**values)


def _value(shape: Shape, value: Any, at: FieldPath, faults: list[Fault]) -> Any:
    if shape.kind == "money":
        return Decimal(value) if type(value) is int else value
    if not _fits(shape.kind, value):
        message = f"Expected {EXPECTED[shape.kind]}, found {type_name(value)}."
        faults.append(Fault("file.type", at, message, hides=(at,)))
        return _WRONG
    if shape.model:
        return _model(shape.model, value, at, faults)
    if shape.kind == "list" and shape.inner:
        names = item_names(item.get("identifier") if type(item) is dict else None for item in value)
        inside: list[Fault] = []
        items = [
            _among_others(shape.inner, item, at.item(index, name), inside)
            for index, (name, item) in enumerate(zip(names, value, strict=True))
        ]
        if shape.inner.model is None and inside:
            # Without one value the others would stand at other places than in the file.
            faults += [fault._replace(hides=(at,)) for fault in inside]
            return _WRONG
        faults += inside
        return tuple(items)
    if shape.kind == "map" and shape.inner:
        inner = shape.inner
        return {key: _among_others(inner, each, at / key, faults) for key, each in value.items()}
    return float(value) if isinstance(value, Decimal) else value


def _among_others(shape: Shape, value: Any, at: FieldPath, faults: list[Fault]) -> Any:
    """An item of a list or an entry of a map; an empty table where none can be read."""
    found = _value(shape, value, at, faults)
    return shape.model() if found is _WRONG and shape.model else found


def _fits(kind: str, value: object) -> bool:
    match kind:
        case "text" | "asset" | "vhd":
            return isinstance(value, str)
        case "flag":
            return isinstance(value, bool)
        case "whole":
            return type(value) is int
        case "whole or text":
            return type(value) is int or isinstance(value, str)
        case "number" | "money":
            return _is_number(value)
        case "number or text":
            return _is_number(value) or isinstance(value, str)
        case "day":
            return isinstance(value, date)
        case "list":
            return isinstance(value, list)
    return isinstance(value, dict)


def _is_number(value: object) -> bool:
    return type(value) is int or (isinstance(value, Decimal) and value.is_finite())


def _unknown(key: str, at: FieldPath, known: Mapping[str, Slot], table: Mapping[str, Any]) -> Fault:
    from difflib import get_close_matches

    word = key[:_LONGEST_WORD].lower()
    parts = [each for each in known if len(word) > 1 and _begins_or_ends(each, word)]
    # Of two letters, one that is wrong is half of the key.
    likeness = 0.6 if len(key) > 2 else 0.5
    near = get_close_matches(word, known, 1, likeness) or get_close_matches(word, parts, 1, 0)
    place = f'in the table "{at}"' if at.names else "at the top of the file"
    if near:
        field = at / near[0]
        message = f'No key {quoted(key)} {place}: did you mean "{near[0]}"?'
        if near[0] not in table:
            return Fault("file.key", at / key, message, field, hides=(field,))
        hides = tuple(_elsewhere(table[key], table[near[0]], field))
        return Fault("file.key", at / key, message, hides=hides)
    if len(inside := list(_inside(key, at, known))) == 1:
        said = ".".join(str(each) for each in inside[0].names if each != EACH_NAME)
        message = f'No key {quoted(key)} {place}: did you mean "{said}"?'
        return Fault("file.key", at / key, message, hides=(inside[0],))
    missed = _missed(key, known, table)
    others = [each for each in get_close_matches(word, known, len(known), 0) if each not in missed]
    allowed = ", ".join([*missed, *others])
    message = f"No key {quoted(key)} {place}. It may hold, nearest first: {allowed}."
    return Fault("file.key", at / key, message, hides=tuple(at / each for each in missed))


def _inside(key: str, at: FieldPath, known: Mapping[str, Slot]) -> Iterator[FieldPath]:
    """The fields of that name in the tables inside a table, which a header without it may mean."""
    for name, slot in known.items():
        below, shape = at / name, slot.shape
        if shape.kind == "list" and shape.inner:
            below, shape = below.each, shape.inner
        if shape.model:
            inner = slots(shape.model)
            if key in inner:
                yield below / key
            yield from _inside(key, below, inner)


def _begins_or_ends(text: str, word: str) -> bool:
    return text.startswith(word) or text.endswith(word)


def _elsewhere(value: Any, there: Any, at: FieldPath) -> Iterator[FieldPath]:
    """What a field lacks, as it stands under a misspelt key: headers share out a table or a list."""
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


def _missed(key: str, known: Mapping[str, Slot], table: Mapping[str, Any]) -> list[str]:
    """The key that an unlike one may stand for: of a table's needed ones the only one it lacks."""
    absent = {name: slot for name, slot in known.items() if name not in table}
    if len(table) - (len(known) - len(absent)) > 1:
        return []
    fitting = [
        name
        for name, slot in absent.items()
        if _is_empty(slot.default) and _fits(slot.shape.kind, table[key])
    ]
    return fitting if len(fitting) == 1 else []


def _is_empty(default: Any) -> bool:
    return default is None or isinstance(default, Model) or default in ("", (), EMPTY)


_LONGEST_WORD = 64
_WRONG = object()
