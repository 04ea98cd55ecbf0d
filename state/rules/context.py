"""What a rule may look at, and what it returns."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from state.domain.assets import Assets
from state.domain.field_path import ROOT, FieldPath, named_items
from state.domain.offer import CatalogueItem, Offer, Sku
from state.domain.offer_types import catalogue_items
from state.domain.publisher import Publisher
from state.domain.table import VhdUrl
from state.rules.identities import Identities, identities
from state.rules.sas_address import address_of, vhd_urls


class Violation(NamedTuple):
    """A fault that a rule found.

    Attributes:
        field: The value at fault, or the value that is missing.
        message: What is wrong with the value as found, what is expected, and the remedy, in that
            order and in at most 156 characters.
        asset: The path of the image or package at fault.
        warning: A warning, though the rule's findings are errors otherwise.
        needs: Other fields that the rule looked at. Where one of them cannot be read or is at fault
            itself, this fault may follow from that one and is not reported.
        is_whole: Whether nothing else is reported of what lies in the field.
    """

    field: FieldPath
    message: str
    asset: str | None = None
    warning: bool = False
    needs: tuple[FieldPath, ...] = ()
    is_whole: bool = False


class Listed(NamedTuple):
    """A SKU, plan or topology as it was listed last, with the SHA-256 of a topology's package."""

    item: CatalogueItem
    at: datetime
    package: str | None = None


@dataclass(frozen=True)
class RuleContext:
    """Everything that a content rule may look at: files, versions that were kept, and the time.

    Attributes:
        offer: The offer's identifier.
        definition: The draft.
        assets: The files that the definition names.
        now: In UTC.
        staged: The version staged last.
        production: The version in production.
        listed_images: The image versions of each SKU that were ever listed.
        locked_namespace: The publisher's namespace when the offer was staged, None before that.
        conflicts: The other offers that use a SKU identifier and take precedence, by identifier.
        ever_listed: Everything that was ever listed, by identifier, withdrawn or not.
    """

    offer: str
    definition: Offer
    assets: Assets
    now: datetime
    publisher: Publisher | None = None
    staged: Offer | None = None
    staged_at: datetime | None = None
    production: Offer | None = None
    listed_at: datetime | None = None
    listed_images: Mapping[str, frozenset[str]] = field(default_factory=dict)
    locked_namespace: str | None = None
    conflicts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ever_listed: Mapping[str, Listed] = field(default_factory=dict)

    def is_past(self, moment: datetime, ahead: timedelta = timedelta()) -> bool:
        """Whether a moment lies before now, or before some time ahead of now.

        Rules ask here, so that it is known when the answer turns.
        """
        if moment < self.now + ahead:
            return True
        with suppress(OverflowError):
            self._turns.append(moment - ahead + timedelta.resolution)
        return False

    @property
    def until(self) -> datetime | None:
        """The first moment at which a question about time is answered otherwise; None for never."""
        return min(self._turns, default=None)

    def sold(self) -> Iterator[tuple[FieldPath, CatalogueItem]]:
        """The SKUs, plans or topologies, each with its field."""
        yield from self._sold

    def skus(self) -> Iterator[tuple[FieldPath, Sku]]:
        """The SKUs of a virtual machine offer, each with its field."""
        for at, item in self.sold():
            if isinstance(item, Sku):
                yield at, item

    def listed_sku(self, at: FieldPath) -> Sku | None:
        """``listed_item`` of a SKU."""
        listed = self.listed_item(at)
        return listed if isinstance(listed, Sku) else None

    def listed_item(self, at: FieldPath) -> CatalogueItem | None:
        """An item of the draft as it was listed last, withdrawn or not, whatever its identifier now."""
        return self.identities.listed.get(int(at.path[1]))

    def listed_since(self, at: FieldPath) -> datetime | None:
        """When a SKU of the draft was listed last."""
        listed, item = self.ever_listed.get(str(at.names[1])), self.listed_item(at)
        return listed.at if listed and listed.item == item else self.listed_at

    @cached_property
    def _turns(self) -> list[datetime]:
        return []

    @cached_property
    def identities(self) -> Identities:
        ever = {name: listed.item for name, listed in self.ever_listed.items()}
        return identities(self.definition, self.staged, self.production, ever)

    @cached_property
    def listed_addresses(self) -> frozenset[VhdUrl]:
        """The VHD addresses in production, without their tokens."""
        items = named_items(ROOT, catalogue_items(self.production)[1] if self.production else ())
        urls = (url for at, item in items if isinstance(item, Sku) for _, url in vhd_urls(at, item))
        return frozenset(map(address_of, urls)) - {""}

    @cached_property
    def _sold(self) -> list[tuple[FieldPath, CatalogueItem]]:
        key, items = catalogue_items(self.definition)
        return named_items(ROOT / key, items)
