"""Tables of a TOML file -> models, and the faults of form on the way."""

from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar, cast

from state.fields import ROOT, Field, item_names
from state.model import Model
from state.shapes import Shape, slots
from state.text import quoted

M = TypeVar("M", bound=Model)


class Fault(NamedTuple):
    """A key that no model knows or a value of the wrong type.

    Attributes:
        rule: ``file.key`` or ``file.type``.
        field: The key or value at fault.
        message: What is wrong, and the remedy.
        meant: The field that is left out for it: the one that a key was probably meant to be, or the
            list that a value stands in.
    """

    rule: str
    field: Field
    message: str
    meant: Field | None = None


WANTED = {
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


def read(model: type[M], table: Mapping[str, Any], at: Field = ROOT) -> tuple[M, list[Fault]]:
    """Read a table as a model.

    A value of the wrong type and an unknown key become faults and are left out; everything else
    is read, so that one slip hides nothing. Where a table is wanted among others, an empty one
    stands in its place, so that the others keep theirs.

    Args:
        model: One of the models of ``state.offer`` or ``state.publisher``.
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


def _model(model: type[Model], table: Mapping[str, Any], at: Field, faults: list[Fault]) -> Model:
    known = slots(model)
    values = {}
    for key, value in table.items():
        slot = known.get(key)
        if slot is None:
            faults.append(_unknown(key, at, set(known), table))
        else:
            read_value = _value(slot.shape, value, at / key, faults)
            if read_value is not _WRONG:
                values[key] = read_value
    return model(**values)


def _value(shape: Shape, value: Any, at: Field, faults: list[Fault]) -> Any:
    if shape.kind == "money":
        return Decimal(value) if type(value) is int else value
    if not _fits(shape.kind, value):
        message = f"{type_name(value)} stands here; {WANTED[shape.kind]} is wanted."
        faults.append(Fault("file.type", at, message[0].upper() + message[1:]))
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
            faults += [fault._replace(meant=at) for fault in inside]
            return _WRONG
        faults += inside
        return tuple(items)
    if shape.kind == "map" and shape.inner:
        inner = shape.inner
        return {key: _among_others(inner, each, at / key, faults) for key, each in value.items()}
    return float(value) if isinstance(value, Decimal) else value


def _among_others(shape: Shape, value: Any, at: Field, faults: list[Fault]) -> Any:
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
        case "number":
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


def _unknown(key: str, at: Field, known: set[str], table: Mapping[str, Any]) -> Fault:
    from difflib import get_close_matches

    # Of two letters, one that is wrong is half of the key.
    likeness = 0.6 if len(key) > 2 else 0.5
    near = get_close_matches(key.lower(), known, n=1, cutoff=likeness)
    place = f'the table "{at}"' if at.names else "the top of the file"
    if near:
        meant = at / near[0] if near[0] not in table else None
        return Fault(
            "file.key",
            at / key,
            f'No key {quoted(key)} in {place}: did you mean "{near[0]}"?',
            meant,
        )
    allowed = ", ".join(sorted(known))
    return Fault("file.key", at / key, f"No key {quoted(key)} in {place}. It may hold: {allowed}.")


_WRONG = object()
