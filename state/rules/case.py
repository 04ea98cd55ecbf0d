"""What a rule is given, and what it gives back."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

from state.assets import Assets
from state.fields import ROOT, Field, named_items
from state.model import EMPTY, Model
from state.offer import Offer, Sellable, Sku, sellables
from state.publisher import Publisher


class Found(NamedTuple):
    """A fault that a rule found.

    Attributes:
        field: The value at fault, or the value that is missing.
        message: What is wrong with the value as written, what is wanted, and the remedy, in that
            order and in at most 156 characters.
        asset: The path of the image or package at fault.
        warning: A warning, though the rule's findings are errors otherwise.
    """

    field: Field
    message: str
    asset: str | None = None
    warning: bool = False


class Case(Model):
    """Everything that a content rule may look at: files, versions that were kept, and the time."""

    offer: str
    """The offer's identifier: the stem of its file."""
    definition: Offer
    """The draft as its file says it."""
    assets: Assets
    """The files that the definition names."""
    now: datetime
    """The time, in UTC."""
    publisher: Publisher | None = None
    """The publisher file, None where there is none."""
    staged: Offer | None = None
    """The version staged last."""
    staged_at: datetime | None = None
    """When it was staged."""
    production: Offer | None = None
    """The version in production."""
    listed_at: datetime | None = None
    """When that was listed."""
    listed_images: Mapping[str, frozenset[str]] = EMPTY
    """The image versions of each SKU that were ever listed."""
    locked_namespace: str | None = None
    """The publisher's namespace when the offer was staged, None before that."""
    namesakes: Mapping[str, tuple[str, ...]] = EMPTY
    """For each SKU identifier, the other offers that use it and before which this one gives way."""

    def sold(self) -> Iterator[tuple[Field, Sellable]]:
        """The SKUs, plans or topologies, each with its field."""
        yield from self._sold

    def skus(self) -> Iterator[tuple[Field, Sku]]:
        """The SKUs of a virtual machine offer, each with its field."""
        for at, item in self.sold():
            if isinstance(item, Sku):
                yield at, item

    def listed_sku(self, at: Field) -> Sku | None:
        """What a SKU of the draft is in production: the one of the same identifier.

        Args:
            at: The SKU's field in the draft.

        Returns:
            The SKU in production. None where there is none, and for a SKU of the draft that repeats
            the identifier of an earlier one.
        """
        return self._listed_skus.get(at)

    @cached_property
    def _sold(self) -> list[tuple[Field, Sellable]]:
        key, items = sellables(self.definition)
        return named_items(ROOT / key, items)

    @cached_property
    def _listed_skus(self) -> Mapping[Field, Sku]:
        items = sellables(self.production)[1] if self.production else ()
        listed = {item.identifier: item for item in reversed(items) if isinstance(item, Sku)}
        return {at: found for at, sku in self.skus() if (found := listed.pop(sku.identifier, None))}
