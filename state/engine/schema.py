"""The JSON Schema of the files that people write, for editors, made from the models.

Only here is pydantic imported: that takes longer than most commands do.
"""

from collections.abc import Mapping
from datetime import date
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, create_model

from state.definitions.model_fields import descriptions
from state.definitions.shapes import Shape, slots
from state.domain.limits import (
    LAST_LUN,
    LAST_PORT,
    MOST_CATEGORIES,
    MOST_DISKS,
    MOST_PORTS,
    MOST_SIZES,
    OFFER_LIMITS,
    SOLD_LIMITS,
    TERMS_LIMIT,
)
from state.domain.model import Model
from state.domain.offer import (
    OFFER_MODELS,
    DataDisk,
    DataPlan,
    Image,
    Marketing,
    OfferType,
    ServicePlan,
    Sku,
    Source,
    Topology,
)
from state.domain.publisher import Publisher, Registration, Rehearsal
from state.domain.stages import STAGES

DIALECT = "https://json-schema.org/draft/2020-12/schema"
"""The version of JSON Schema that is written."""

_Place = tuple[type[Model], str]

_LONGEST: Mapping[_Place, int] = {
    (Marketing, "terms_of_use"): TERMS_LIMIT,
    **{(Marketing, key): most for key, most in OFFER_LIMITS.items()},
    **{
        (model, key): most
        for model in (Sku, ServicePlan, DataPlan, Topology)
        for key, most in SOLD_LIMITS.items()
    },
    **{(model, "categories"): MOST_CATEGORIES for model in OFFER_MODELS.values()},
    (Image, "recommended_sizes"): MOST_SIZES,
    (Image, "open_ports"): MOST_PORTS,
    (Image, "data_disks"): MOST_DISKS,
}
"""The most characters of a text, or items of a list."""

_RANGES: Mapping[_Place, tuple[int, int]] = {
    (DataDisk, "lun"): (0, LAST_LUN),
    (Image, "open_ports"): (1, LAST_PORT),
}
"""The least and the most that a number may be."""

_STATES = ("not-started", "submitted", "approved")
_CHOICES: Mapping[_Place, tuple[str, ...]] = {
    (Sku, "billing"): ("hourly", "byol"),
    (Sku, "free_trial"): ("none", "one-month"),
    (DataPlan, "free_trial"): ("none", "one-month"),
    (Image, "os_family"): ("linux", "windows"),
    (Source, "kind"): ("database", "web-service"),
    (Source, "protocol"): ("rest", "soap", "odata"),
    (Registration, "company"): _STATES,
    (Registration, "tax"): _STATES,
    (Registration, "payout"): _STATES,
    (Rehearsal, "fail"): tuple(STAGES),
}
"""The words that a text, or an item of a list, may be."""

_SCALARS: Mapping[str, Any] = {
    "text": str,
    "asset": str,
    "vhd": str,
    "flag": bool,
    "whole": int,
    "number": float,
    "money": float,
    "day": date,
    "whole or text": int | str,
    "number or text": float | str,
}


def schema(publisher: bool = False) -> dict[str, Any]:
    """The JSON Schema of a file.

    Args:
        publisher: That of publisher.toml, instead of that of a definition.

    Returns:
        The schema, as JSON holds it. It knows the form; whether an offer is any good is for
        ``check``.
    """
    made = adapter(publisher).json_schema()
    # A word of OpenAPI's, which JSON Schema does not know.
    made.pop("discriminator", None)
    title = "Publisher" if publisher else "Offer"
    return {"$schema": DIALECT, **made, "title": title}


def adapter(publisher: bool = False) -> TypeAdapter[Any]:
    """What tells whether the values of a file have the form that the schema describes.

    Args:
        publisher: For publisher.toml, instead of a definition.
    """
    made: dict[type[Model], type[BaseModel]] = {}
    if publisher:
        return TypeAdapter(_model(Publisher, made))
    offers = tuple(_model(model, made, kind) for kind, model in OFFER_MODELS.items())
    either: Any = reduce(or_, offers)
    return TypeAdapter(Annotated[either, Field(discriminator="type")])


def _model(
    model: type[Model], made: dict[type[Model], type[BaseModel]], kind: OfferType | None = None
) -> type[BaseModel]:
    """A model as one of pydantic's."""
    if model not in made:
        fields: dict[str, Any] = {
            key: (_type(slot.shape, (model, key), made), _field(model, key))
            for key, slot in slots(model).items()
        }
        if kind:
            fields["type"] = (
                Literal[kind.value],
                Field(description=descriptions(model)["type"]),
            )
        config = ConfigDict(extra="forbid", strict=True)
        name, doc = model.__name__, model.__doc__ if "__doc__" in model.__dict__ else None
        made[model] = create_model(name, __config__=config, __doc__=doc, **fields)
    return made[model]


def _field(model: type[Model], key: str) -> Any:
    default, says = slots(model)[key].default, descriptions(model).get(key)
    longest = _LONGEST.get((model, key))
    # Only a default that says something is told; every key may be left out all the same.
    if isinstance(default, str | bool | int | float) and default != "":
        return Field(default, description=says, max_length=longest)
    return Field(default_factory=lambda: default, description=says, max_length=longest)


def _type(shape: Shape, place: _Place, made: dict[type[Model], type[BaseModel]]) -> Any:
    if shape.model:
        return _model(shape.model, made)
    if shape.inner:
        inner = _type(shape.inner, place, made)
        return list[inner] if shape.kind == "list" else dict[str, inner]  # type: ignore[valid-type]
    scalar = _SCALARS[shape.kind]
    if words := _CHOICES.get(place):
        return Annotated[scalar, Field(json_schema_extra={"enum": [*words]})]
    if place in _RANGES:
        least, most = _RANGES[place]
        return Annotated[scalar, Field(ge=least, le=most)]
    return scalar
