"""The JSON Schema of the files that people write, for editors."""

from functools import reduce
from operator import or_
from typing import Annotated, Any

from pydantic import Field, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import NullableSchema, WithDefaultSchema

from state.domain.offer_types import OFFER_TYPES
from state.domain.publisher import Publisher

DIALECT = GenerateJsonSchema.schema_dialect
"""The version of JSON Schema that is written."""


class _TomlSchema(GenerateJsonSchema):
    """A schema of TOML, which has no null; a key without a value is left out."""

    def nullable_schema(self, schema: NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: WithDefaultSchema) -> JsonSchemaValue:
        if schema.get("default") in (None, "", ()):
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)


def schema(publisher: bool = False) -> dict[str, Any]:
    """The JSON Schema of a definition or of publisher.toml.

    It describes the form; whether an offer is valid is for ``check``.
    """
    made = adapter(publisher).json_schema(schema_generator=_TomlSchema)
    # A word of OpenAPI's, which JSON Schema does not know.
    made.pop("discriminator", None)
    title = "Publisher" if publisher else "Offer"
    return {"$schema": DIALECT, **made, "title": title}


def adapter(publisher: bool = False) -> TypeAdapter[Any]:
    """What validates the form that the schema describes."""
    if publisher:
        return TypeAdapter(Publisher)
    either: Any = reduce(or_, [kind.model for kind in OFFER_TYPES.values()])
    return TypeAdapter(Annotated[either, Field(discriminator="type")])
