"""The JSON Schema of the files that people write, for editors, made from the models.

Only here is pydantic imported: it takes longer than any command that does without it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, create_model

from state.model import Model
from state.offer import OFFER_MODELS, Image, Marketing, OfferType, Sku, Source, sold_models
from state.publisher import Publisher, Registration
from state.rules.images import LAST_LUN, LAST_PORT, MOST_DISKS, MOST_PORTS, MOST_SIZES
from state.rules.lengths import OFFER_LIMITS, SOLD_LIMITS, TERMS_LIMIT
from state.rules.sale import MOST_CATEGORIES
from state.shapes import Shape, Slot, slots
from state.tree import descriptions

DIALECT = "https://json-schema.org/draft/2020-12/schema"
"""The JSON Schema that is written."""
