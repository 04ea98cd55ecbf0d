"""What a table of a file is made of: the base of its models, and the marks of their fields.

A model says once what its table may hold: the type of each value, what is particular about it (its
limit, its choices, that it names a file) as a mark in ``Annotated``, and what it is for. Reading,
the JSON Schema, templates, rules, forms and the content's hash all read that.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    InstanceOf,
    Strict,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WithJsonSchema,
    WrapValidator,
)
from pydantic_core import PydanticCustomError

T = TypeVar("T")
M = TypeVar("M", bound="Table")


class Table(BaseModel):
    """A table of a file. Its keys have defaults, because an unfinished file lacks things."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)


@dataclass(frozen=True)
class Mark:
    """What is particular about a field. It refuses nothing: whether a value is valid is for the rules.

    Attributes:
        kind: What a value is where its type does not tell, such as ``asset``.
        is_technical: Whether the field, with all that is in it, is technical content (documented:
            only that is certified). Everything else is marketing content.
        longest: The most characters of a text.
        most: The most items of a list.
        range: The least and the most that a number may be.
        choices: The words that a text may be.
    """

    kind: str = ""
    is_technical: bool = False
    longest: int | None = None
    most: int | None = None
    range: tuple[int, int] | None = None
    choices: tuple[str, ...] = ()

    def __get_pydantic_json_schema__(self, core: Any, handler: Any) -> Any:
        least, last = self.range or (None, None)
        words = {
            "maxLength": self.longest,
            "maxItems": self.most,
            "minimum": least,
            "maximum": last,
            "enum": [*self.choices] or None,
        }
        return handler(core) | {word: value for word, value in words.items() if value is not None}


TECHNICAL = Mark(is_technical=True)


def _exact(value: object) -> object:
    return Decimal(value) if type(value) is int else value


def _seconds(value: object) -> object:
    """A number of a file as a float; what is too large for one counts as infinite."""
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError("not finite")
    return float(Decimal(value)) if type(value) is int or isinstance(value, Decimal) else value


def _one_fault(value: object, handler: ValidatorFunctionWrapHandler) -> object:
    """Report a value that fits none of several types once."""
    try:
        return handler(value)
    except ValidationError:
        raise PydanticCustomError("type", "Value of the wrong type") from None


Items = Annotated[tuple[T, ...], Strict(False)]
"""A list."""

AssetPath = Annotated[str, Mark("asset")]
"""A file's path, relative to the working directory. Its bytes are part of the content."""

VhdUrl = Annotated[str, Mark("vhd")]
"""An address of a disk image. Its query is a token that changes nothing about the content."""

Money = Annotated[
    object, BeforeValidator(_exact), WithJsonSchema({"type": "number"}), Mark("money")
]
"""An amount: a Decimal as the file writes it, or any other value, which a rule reports."""

Day = Annotated[date, InstanceOf(), Mark("day")]
"""A day, or a time on it."""

Seconds = Annotated[float, BeforeValidator(_seconds), Mark("number")]

SecondsOrText = Annotated[
    float | str, BeforeValidator(_seconds), WrapValidator(_one_fault), Mark("number or text")
]

WholeOrText = Annotated[int | str, WrapValidator(_one_fault), Mark("whole or text")]


def inner(model: type[M], description: str) -> M:
    """A table in a table, which may be left out."""
    made: M = Field(default_factory=model.model_construct, description=description)
    return made
