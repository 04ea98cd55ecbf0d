"""The types of offer: what each is called, sells and goes through, and which model reads it.

A type is one object here. A new one needs its model, its object, a file of rules of its own, and a
renderer only where it must look special.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from state.domain.stages import (
    CONTENT_VALIDATION,
    FINAL_REVIEW,
    PRODUCTION_CERTIFICATION,
    PRODUCTION_REPLICATION,
    STAGING_REPLICATION,
)

if TYPE_CHECKING:
    from state.domain.offer import CatalogueItem, Offer

LONGEST_NAMESPACE = 50
"""The most characters of a publisher's namespace, where its type has no other limit."""

Points = tuple[tuple[str, str], ...]


class OfferType(NamedTuple):
    """A type of offer.

    Attributes:
        value: The value of ``type`` in a definition.
        short_label: The label in one short word, for a narrow column.
        key: The key that chooses it for a new offer.
        model_path: Where its model is, as ``module:class``.
        items_key: The key of the list of what it sells.
        item_noun: What one of these is called.
        items_title: The heading above them on a page for customers.
        checks: The points of the staging checklist: name, and what is looked at.
        is_certified: Whether its technical content is certified in step 3 (documented).
        is_certified_in_production: Whether it is certified within a production request (documented).
        needs_approval: Whether only an approved publisher may publish it (documented).
        namespace_limit: The most characters of its publisher's namespace.
        locks_identifiers: The events after which identifiers of what it sells cannot change: ``staged``
            (inferred), ``listed`` (documented).
        durations: How long stages take in a real marketplace, as the documentation says.
        backends: The marketplaces that take it.
    """

    value: str
    label: str
    short_label: str
    key: str
    model_path: str
    items_key: str
    item_noun: str
    items_title: str
    checks: Points
    is_certified: bool = False
    is_certified_in_production: bool = False
    needs_approval: bool = False
    namespace_limit: int = LONGEST_NAMESPACE
    locks_identifiers: tuple[str, ...] = ()
    durations: tuple[tuple[str, str], ...] = (
        (STAGING_REPLICATION, "24 to 48 h"),
        (PRODUCTION_REPLICATION, "24 to 48 h"),
    )
    backends: tuple[str, ...] = ("rehearsal",)

    def __str__(self) -> str:
        return self.value

    @property
    def model(self) -> "type[Offer]":
        """The model of its definitions, loaded on first use."""
        module, _, name = self.model_path.partition(":")
        model: type[Offer] = getattr(import_module(module), name)
        return model

    @property
    def checklist(self) -> Mapping[str, str]:
        return dict(self.checks)

    def production_stages(self, *, marketing_only: bool) -> tuple[str, ...]:
        """The stages of a production request, in order; fewer where only marketing content differs."""
        certified = self.is_certified_in_production and not marketing_only
        first = (PRODUCTION_CERTIFICATION,) if certified else ()
        return (*first, CONTENT_VALIDATION, FINAL_REVIEW, PRODUCTION_REPLICATION)


def catalogue_items(offer: "Offer") -> "tuple[str, tuple[CatalogueItem, ...]]":
    """What an offer sells, after the list's key: ``skus``, ``plans`` or ``topologies``."""
    key = OFFER_TYPES[offer.type].items_key
    return key, getattr(offer, key)


_MARKETING = ("marketing", "Marketing content shows correctly")
_DEPLOYMENT = (_MARKETING, ("deployment", "The offer deploys end to end"))

VIRTUAL_MACHINE = OfferType(
    value="virtual-machine",
    label="Virtual machine",
    short_label="VM",
    key="v",
    model_path="state.domain.offer:VirtualMachineOffer",
    items_key="skus",
    item_noun="SKU",
    items_title="What you can buy",
    checks=_DEPLOYMENT,
    is_certified=True,
    is_certified_in_production=True,
    needs_approval=True,
    locks_identifiers=("staged", "listed"),
)

DEVELOPER_SERVICE = OfferType(
    value="developer-service",
    label="Developer service",
    short_label="service",
    key="d",
    model_path="state.domain.offer:DeveloperServiceOffer",
    items_key="plans",
    item_noun="plan",
    items_title="Plans",
    checks=(
        _MARKETING,
        ("purchase", "A plan can be bought"),
        ("upgrade", "A plan can be upgraded"),
        ("deletion", "A purchase can be deleted"),
    ),
    is_certified_in_production=True,
    needs_approval=True,
    namespace_limit=26,
)

DATA_SERVICE = OfferType(
    value="data-service",
    label="Data service",
    short_label="data",
    key="t",
    model_path="state.domain.offer:DataServiceOffer",
    items_key="plans",
    item_noun="plan",
    items_title="Plans",
    checks=(
        _MARKETING,
        ("logo", "Logo"),
        ("name", "Offer name"),
        ("publisher-link", "Link to the publisher"),
        ("categories", "Categories"),
        ("support-link", "Support link"),
        ("description", "Description"),
        ("plans", "Plans and billing"),
        ("code-link", "Link to code"),
        ("sample-images", "Sample images"),
        ("metadata", "Input and output metadata"),
        ("terms-of-use", "Terms of use"),
        ("data-preview", "Data preview"),
    ),
    locks_identifiers=("listed",),
    durations=((STAGING_REPLICATION, "10 to 15 min"), (PRODUCTION_REPLICATION, "24 to 48 h")),
)

SOLUTION_TEMPLATE = OfferType(
    value="solution-template",
    label="Solution template",
    short_label="template",
    key="s",
    model_path="state.domain.offer:SolutionTemplateOffer",
    items_key="topologies",
    item_noun="topology",
    items_title="What you can deploy",
    checks=_DEPLOYMENT,
    is_certified=True,
    is_certified_in_production=True,
    needs_approval=True,
)

OFFER_TYPES: dict[str, OfferType] = {
    each.value: each
    for each in (VIRTUAL_MACHINE, DEVELOPER_SERVICE, DATA_SERVICE, SOLUTION_TEMPLATE)
}
"""Every type by its value."""


class TypeGroup(Collection[OfferType]):
    """The types of which ``is_in`` is true, those that are registered later too."""

    def __init__(self, is_in: Callable[[OfferType], bool]) -> None:
        self._is_in = is_in

    def __contains__(self, kind: object) -> bool:
        return isinstance(kind, OfferType) and self._is_in(kind)

    def __iter__(self) -> Iterator[OfferType]:
        return filter(self._is_in, OFFER_TYPES.values())

    def __len__(self) -> int:
        return len([*self])


EVERY_TYPE = TypeGroup(lambda kind: True)
CERTIFIED_TYPES = TypeGroup(lambda kind: kind.is_certified)
APPROVED_TYPES = TypeGroup(lambda kind: kind.needs_approval)
"""The types that only an approved publisher may publish."""


def build_models() -> None:
    """Build the models of all files now, so that whoever reads one first need not wait for that."""
    from state.domain.publisher import Publisher

    Publisher.model_rebuild()
    for kind in OFFER_TYPES.values():
        kind.model.model_rebuild()
