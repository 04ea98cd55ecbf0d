"""Models: classes whose annotations say what an instance holds.

They are what frozen dataclasses are, made without compiling a method for each class: with thirty
classes that takes longer than reading a directory of offers, and every command would wait for it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar, TypeVar, dataclass_transform

M = TypeVar("M", bound="Model")

EMPTY: Mapping[str, Any] = MappingProxyType({})
"""The default of a mapping."""


@dataclass_transform(frozen_default=True)
class Model:
    """An immutable record: values by position or by name, equal where all values are."""

    FIELDS: ClassVar[Mapping[str, Any]] = {}
    """The annotation of each field, those of base classes first."""
    DEFAULTS: ClassVar[Mapping[str, Any]] = {}
    """The default of each field that has one."""

    def __init_subclass__(cls) -> None:
        own = {name: each for name, each in cls.__annotations__.items() if name.islower()}
        cls.FIELDS = {**cls.FIELDS, **own}
        defaults = {name: cls.__dict__[name] for name in own if name in cls.__dict__}
        cls.DEFAULTS = {**cls.DEFAULTS, **defaults}

    def __init__(self, *values: Any, **named: Any) -> None:
        given = dict(zip(self.FIELDS, values, strict=False))
        if len(values) > len(self.FIELDS) or not given.keys().isdisjoint(named):
            raise TypeError(f"{type(self).__name__} was given too many values")
        held = {**self.DEFAULTS, **given, **named}
        if held.keys() != self.FIELDS.keys():
            odd = ", ".join(sorted(held.keys() ^ self.FIELDS.keys()))
            raise TypeError(f"{type(self).__name__} lacks or does not know: {odd}")
        self.__dict__.update(held)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash(self._values())

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={self.__dict__[name]!r}" for name in self.FIELDS)
        return f"{type(self).__name__}({shown})"

    def _values(self) -> tuple[Any, ...]:
        return tuple(self.__dict__[name] for name in self.FIELDS)


def replace(model: M, **changes: Any) -> M:
    """A model with some of its values changed.

    Args:
        model: The model.
        changes: The new values by name.

    Returns:
        Another model of the same class.
    """
    return type(model)(**{**{name: model.__dict__[name] for name in model.FIELDS}, **changes})
