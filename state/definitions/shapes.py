"""What the models' annotations say, as a small tree that the reader and the content share."""

from collections.abc import Mapping
from datetime import date
from types import NoneType, UnionType
from typing import Any, NamedTuple, get_args, get_origin

from state.domain.model import Model
from state.domain.offer import AssetPath, Money, VhdUrl


class Shape(NamedTuple):
    """The type of a value.

    Attributes:
        kind: ``model``, ``list``, ``map``, or the name of a scalar: ``text``, ``flag``, ``whole``,
            ``whole or text``, ``number or text``, ``number``, ``day``, ``money``, ``asset``, ``vhd``.
        model: The class, of a model.
        inner: The shape of the items, of a list or a map.
    """

    kind: str
    model: type[Model] | None = None
    inner: "Shape | None" = None


class Slot(NamedTuple):
    """A key of a table: its name, its shape and its default."""

    name: str
    shape: Shape
    default: Any


_SCALARS: dict[Any, str] = {
    str: "text",
    bool: "flag",
    int: "whole",
    float: "number",
    date: "day",
    Money: "money",
    AssetPath: "asset",
    VhdUrl: "vhd",
}


_SLOTS: dict[type[Model], dict[str, Slot]] = {}


def slots(model: type[Model]) -> dict[str, Slot]:
    """The keys that a model's table may hold.

    Args:
        model: One of the models of ``state.domain.offer`` or ``state.domain.publisher``.

    Returns:
        The slots by key, in the order of the model.
    """
    if model not in _SLOTS:
        _SLOTS[model] = {
            name: Slot(name, _shape(annotation), model.DEFAULTS[name])
            for name, annotation in model.FIELDS.items()
        }
    return _SLOTS[model]


def _shape(annotation: Any) -> Shape:
    if annotation in _SCALARS:
        return Shape(_SCALARS[annotation])
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is UnionType or NoneType in arguments:
        kinds = [_shape(each) for each in arguments if each is not NoneType]
        return kinds[0] if len(kinds) == 1 else Shape(" or ".join(each.kind for each in kinds))
    if origin is tuple:
        return Shape("list", inner=_shape(arguments[0]))
    if origin is Mapping:
        return Shape("map", inner=_shape(arguments[1]))
    return Shape("model", model=annotation)
