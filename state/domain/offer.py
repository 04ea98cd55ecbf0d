"""An offer's definition, as the words of its file; what it sells stands in ``state.domain.sold``.

The models say which keys a table may hold and what type each value has; whether a value is any
good is for the rules. Every key has a default, because a definition under way lacks things. The
docstring below a key is the one description that people see, in the JSON Schema too.

Importing pydantic takes longer than reading a directory of offers, so only the schema command does
it, over these same classes.
"""

from collections.abc import Mapping
from enum import StrEnum

from state.domain.model import Model
from state.domain.sold import (
    AssetPath,
    DataDisk,
    DataPlan,
    Image,
    MarketPrices,
    Metering,
    Money,
    Price,
    Service,
    ServicePlan,
    Sku,
    Source,
    Topology,
    VhdUrl,
)

__all__ = [
    "OFFER_MODELS",
    "AssetPath",
    "CatalogueItem",
    "Contact",
    "DataDisk",
    "DataPlan",
    "DataServiceOffer",
    "DeveloperServiceOffer",
    "Image",
    "Link",
    "Logos",
    "MarketPrices",
    "Marketing",
    "Metering",
    "Money",
    "Offer",
    "OfferType",
    "Price",
    "Service",
    "ServicePlan",
    "Sku",
    "SolutionTemplateOffer",
    "Source",
    "Staging",
    "Subscription",
    "Support",
    "Topology",
    "VhdUrl",
    "VirtualMachineOffer",
    "catalogue_items",
]


class OfferType(StrEnum):
    """The four kinds of offer."""

    VIRTUAL_MACHINE = "virtual-machine"
    DEVELOPER_SERVICE = "developer-service"
    DATA_SERVICE = "data-service"
    SOLUTION_TEMPLATE = "solution-template"

    @property
    def words(self) -> str:
        """The type in words: ``Virtual machine``."""
        return self.value.replace("-", " ").capitalize()

    @property
    def short(self) -> str:
        """The type in one short word, for a narrow column."""
        return _SHORT_TYPE[self]


_SHORT_TYPE = {
    OfferType.VIRTUAL_MACHINE: "VM",
    OfferType.DEVELOPER_SERVICE: "service",
    OfferType.DATA_SERVICE: "data",
    OfferType.SOLUTION_TEMPLATE: "template",
}


class Link(Model):
    title: str = ""
    """What the link is called on the offer's page."""
    url: str = ""
    """An http or https address."""


class Logos(Model):
    small: AssetPath = AssetPath("")
    """PNG, 40x40 pixels."""
    medium: AssetPath = AssetPath("")
    """PNG, 90x90 pixels."""
    large: AssetPath = AssetPath("")
    """PNG, 115x115 pixels."""
    wide: AssetPath = AssetPath("")
    """PNG, 255x115 pixels."""
    hero: AssetPath = AssetPath("")
    """Optional. PNG, 815x290 pixels, background not black, white or transparent. Once staged it
    cannot be removed."""


class Marketing(Model):
    title: str = ""
    """The offer's name in the marketplace, at most 50 characters."""
    summary: str = ""
    """One sentence for lists, at most 100 characters."""
    long_summary: str = ""
    """A paragraph, at most 256 characters."""
    description: str = ""
    """The offer's page, at most 1300 characters, in simple HTML."""
    terms_of_use: str = ""
    """The terms of use as text; or give terms_file."""
    terms_file: AssetPath = AssetPath("")
    """A file that holds the terms of use, instead of terms_of_use."""
    policy_url: str = ""
    """The address of the privacy policy."""
    links: tuple[Link, ...] = ()
    """Links on the offer's page."""
    sample_images: tuple[AssetPath, ...] = ()
    """Screenshots, PNG; one is shown."""
    logos: Logos = Logos()
    """The pictures that stand for the offer."""


class Contact(Model):
    name: str = ""
    """A person or a desk."""
    email: str = ""
    """An e-mail address."""
    phone: str = ""
    """A telephone number with its country code."""


class Support(Model):
    url: str = ""
    """Where customers find help."""
    engineering: Contact = Contact()
    """Whom the marketplace calls when something technical is wrong."""
    customer: Contact = Contact()
    """Whom customers call."""


class Subscription(Model):
    id: str = ""
    """A subscription's GUID."""
    kind: str = ""
    """What kind it is, such as pay-as-you-go; csp, dreamspark and open cannot see staging."""


class Staging(Model):
    subscriptions: tuple[Subscription, ...] = ()
    """The subscriptions that see the offer in staging."""


class Offer(Model):
    """What every type of offer has."""

    type: str = ""
    """virtual-machine, developer-service, data-service or solution-template."""
    categories: tuple[str, ...] = ()
    """One to five categories of the marketplace."""
    marketing: Marketing = Marketing()
    """What customers read."""
    support: Support = Support()
    """Whom to call."""
    staging: Staging = Staging()
    """Who sees the offer before it is in production."""


class VirtualMachineOffer(Offer):
    skus: tuple[Sku, ...] = ()
    """What customers buy: an image and its prices each."""


class DeveloperServiceOffer(Offer):
    service: Service = Service()
    """The resource provider behind the offer."""
    plans: tuple[ServicePlan, ...] = ()
    """What customers buy."""


class DataServiceOffer(Offer):
    source: Source = Source()
    """Where the data comes from."""
    plans: tuple[DataPlan, ...] = ()
    """What customers buy."""


class SolutionTemplateOffer(Offer):
    topologies: tuple[Topology, ...] = ()
    """What customers deploy."""


OFFER_MODELS: Mapping[OfferType, type[Offer]] = {
    OfferType.VIRTUAL_MACHINE: VirtualMachineOffer,
    OfferType.DEVELOPER_SERVICE: DeveloperServiceOffer,
    OfferType.DATA_SERVICE: DataServiceOffer,
    OfferType.SOLUTION_TEMPLATE: SolutionTemplateOffer,
}
"""The model of each type of offer."""

CatalogueItem = Sku | ServicePlan | DataPlan | Topology
"""What an offer consists of: SKUs, plans or topologies."""


def catalogue_items(offer: Offer) -> tuple[str, tuple[CatalogueItem, ...]]:
    """What an offer consists of.

    Args:
        offer: A definition of any type.

    Returns:
        The key of the list in the file (``skus``, ``plans`` or ``topologies``) and its items.
    """
    match offer:
        case VirtualMachineOffer(skus=skus):
            return "skus", skus
        case DeveloperServiceOffer(plans=service_plans):
            return "plans", service_plans
        case DataServiceOffer(plans=data_plans):
            return "plans", data_plans
        case SolutionTemplateOffer(topologies=topologies):
            return "topologies", topologies
    return "", ()
