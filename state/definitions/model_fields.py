"""What a model says of its fields: the type of each, its limits and choices, and what it is for."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from types import NoneType
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, get_args, get_origin

from state.domain.field_path import ROOT, FieldPath, Key, named_items

if TYPE_CHECKING:
    from pydantic import ValidationError

    from state.domain.table import Mark, Table

REQUIRED = ...
"""The default of a field that has none."""


class FieldType(NamedTuple):
    """The type of a value.

    Attributes:
        kind: ``model``, ``list``, ``map``, or the name of a scalar: ``text``, ``flag``, ``whole``,
            ``whole or text``, ``number``, ``number or text``, ``day``, ``money``, ``asset``, ``vhd``.
        model: The class, of a model.
        inner: The type of the items, of a list or a map.
        most: The most items of a list.
        range: The least and the most that a number may be.
        choices: The words that a text may be.
    """

    kind: str
    model: "type[Table] | None" = None
    inner: "FieldType | None" = None
    longest: int | None = None
    most: int | None = None
    range: tuple[int, int] | None = None
    choices: tuple[str, ...] = ()


class FieldSpec(NamedTuple):
    """A key of a table; ``is_technical`` with all that is in it."""

    name: str
    type: FieldType
    default: Any
    description: str
    is_technical: bool


class Node(NamedTuple):
    """A field that a file holds or could hold, with its value or default."""

    field: FieldPath
    type: FieldType
    value: Any
    description: str


@cache
def fields_of(model: "type[Table]") -> Mapping[str, FieldSpec]:
    """The keys that a model's table may hold, in the order of the model."""
    return {
        name: FieldSpec(
            name,
            _type(info.annotation, info.metadata),
            REQUIRED if info.is_required() else info.get_default(call_default_factory=True),
            info.description or "",
            any(mark.is_technical for mark in _marks(info.metadata)),
        )
        for name, info in model.model_fields.items()
    }


def limits_of(model: "type[Table]") -> Mapping[str, int]:
    """The most characters or items of each field that has a limit."""
    limits = {name: spec.type.longest or spec.type.most for name, spec in fields_of(model).items()}
    return {name: limit for name, limit in limits.items() if limit}


def choices_of(model: "type[Table]", name: str) -> tuple[str, ...]:
    return fields_of(model)[name].type.choices


def range_of(model: "type[Table]", name: str) -> range:
    """The numbers that a field, or an item of its list, may be."""
    field_type = fields_of(model)[name].type
    least, most = (field_type.inner or field_type).range or (0, -1)
    return range(least, most + 1)


@cache
def technical_fields(model: "type[Table]") -> Mapping[str, frozenset[str]]:
    """The keys of a definition that are technical content or hold some.

    For each of them the technical keys of the items of its list; none where all of it is.
    """
    found = {}
    for name, spec in fields_of(model).items():
        sold = spec.type.inner.model if spec.type.inner else None
        inside = (
            [each.name for each in fields_of(sold).values() if each.is_technical] if sold else []
        )
        if spec.is_technical or inside:
            found[name] = frozenset(() if spec.is_technical else inside)
    return found


def that_can_hold(model: "type[Table]", names: Sequence[str], value: object) -> list[str]:
    """Those of some fields that can hold a value, whatever is wrong in it."""
    from pydantic import ValidationError

    try:
        model.model_validate(dict.fromkeys(names, value))
    except ValidationError as error:
        wrong = wrong_places(error)
        return [name for name in names if (name,) not in wrong]
    return list(names)


def wrong_places(error: "ValidationError") -> Mapping[tuple[Key, ...], str]:
    """The values that a model cannot hold: the kind of pydantic's error by place."""
    details = error.errors(include_url=False, include_context=False, include_input=False)
    return {each["loc"]: each["type"] for each in details}


def type_at(model: "type[Table]", path: tuple[Key, ...]) -> FieldType:
    """The type of the values at a place; a KeyError where no model knows it."""
    found = FieldType("model", model)
    for key in path:
        if found.model:
            found = fields_of(found.model)[str(key)].type
        elif found.inner:
            found = found.inner
        else:
            raise KeyError(key)
    return found


def nodes_of(model: "Table | None") -> Iterator[Node]:
    """Every field of a model, tables before what they hold; none where it cannot be read."""
    if model is not None:
        yield from _below(Node(ROOT, FieldType("model", type(model)), model, ""))


def field_named(model: "Table | None", name: str) -> FieldPath | None:
    """The field, in the file or not, that people call by a name, such as ``skus.standard.title``."""
    return next((node.field for node in nodes_of(model) if str(node.field) == name), None)


def node_at(model: "Table | None", field: FieldPath) -> Node | None:
    """The field at a place; None where no model knows it."""
    return next((node for node in nodes_of(model) if node.field.path == field.path), None)


def _marks(metadata: "Sequence[Any]") -> "list[Mark]":
    from state.domain.table import Mark

    return [each for each in metadata if isinstance(each, Mark)]


_SCALARS = {bool: "flag", int: "whole"}


def _type(annotation: Any, metadata: "Sequence[Any]" = ()) -> FieldType:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        found = _type(arguments[0], annotation.__metadata__)
    elif NoneType in arguments:
        found = _type(next(each for each in arguments if each is not NoneType))
    elif origin is tuple:
        found = FieldType("list", inner=_type(arguments[0]))
    elif origin is Mapping:
        found = FieldType("map", inner=_type(arguments[1]))
    elif hasattr(annotation, "model_fields"):
        found = FieldType("model", annotation)
    else:
        found = FieldType(_SCALARS.get(annotation, "text"))
    for mark in _marks(metadata):
        given = {name: value for name, value in vars(mark).items() if value}
        found = found._replace(**{name: given[name] for name in found._fields if name in given})
    return found


def _below(node: Node) -> Iterator[Node]:
    for child in _children(node):
        yield child
        yield from _below(child)


def _children(node: Node) -> Iterator[Node]:
    model, inner, value = node.type.model, node.type.inner, node.value
    if model and value is not None:
        for spec in fields_of(model).values():
            held = getattr(value, spec.name)
            yield Node(node.field / spec.name, spec.type, held, spec.description)
    elif inner and node.type.kind == "map":
        for key, each in value.items():
            yield Node(node.field / key, inner, each, node.description)
    elif inner:
        for field, each in named_items(node.field, value):
            yield Node(field, inner, each, node.description)
