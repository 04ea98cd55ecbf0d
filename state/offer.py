"""An offer's definition, as the words of its file.

The models say which keys a table may hold and what type each value has; whether a value is any
good is for the rules. Every key has a default, because a definition under way lacks things. The
docstring below a key is the one description that people see, in the JSON Schema too.

Importing pydantic takes longer than reading a directory of offers, so only the schema command does
it, over these same classes.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NewType

from state.model import EMPTY, Model

AssetPath = NewType("AssetPath", str)
"""A file's path, relative to the working directory. Its bytes are part of the content."""

VhdUrl = NewType("VhdUrl", str)
"""An address of a disk image. Its query is a token that changes nothing about the content."""

Money = NewType("Money", object)
"""An amount: a Decimal as the file writes it, or whatever else stands there, for the rule to tell."""


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


class DataDisk(Model):
    lun: int | None = None
    """The disk's logical unit, 0 to 63."""
    vhd_url: VhdUrl = VhdUrl("")
    """The https address of the disk's VHD, with its SAS token."""


class Image(Model):
    os_family: str = ""
    """linux or windows."""
    os: str = ""
    """The operating system's name."""
    version: str = ""
    """X.Y.Z, integers; each new image has a higher one."""
    os_vhd_url: VhdUrl = VhdUrl("")
    """The https address of the system disk's VHD, with its SAS token."""
    recommended_sizes: tuple[str, ...] = ()
    """One to six VM sizes."""
    open_ports: tuple[int, ...] = ()
    """Ports open to the network, 1 to 65535, at most 100."""
    data_disks: tuple[DataDisk, ...] = ()
    """At most sixteen data disks."""


class MarketPrices(Model):
    currency: str = ""
    """The currency's ISO 4217 code."""
    cores: Mapping[str, Money] = EMPTY
    """The price of an hour for each number of cores."""


class Sku(Model):
    identifier: str = ""
    """Lower-case letters, digits and hyphens, at most 50; unique in the working directory."""
    title: str = ""
    """At most 50 characters."""
    summary: str = ""
    """At most 100 characters."""
    description: str = ""
    """At most 2000 characters, in simple HTML."""
    billing: str = ""
    """hourly or byol (customers bring their own licence)."""
    free_trial: str = "none"
    """none or one-month."""
    hidden: bool = False
    """Only solution templates can use the SKU; for publishers approved for them."""
    image: Image = Image()
    """The machine image."""
    prices: Mapping[str, MarketPrices] = EMPTY
    """Hourly: prices by market (ISO 3166-1 alpha-2); the first is the base market."""
    markets: tuple[str, ...] = ()
    """BYOL: the markets in which the SKU is for sale."""


class Metering(Model):
    staging: str = ""
    """The storage account that holds the usage of staging."""
    production: str = ""
    """The storage account that holds the usage of production; not the same."""


class Service(Model):
    namespace: str = ""
    """The resource provider's namespace, at most 26 characters."""
    resource_types: tuple[str, ...] = ()
    """The types of resource, at most 26 characters each."""
    endpoint: str = ""
    """The https address of the resource provider."""
    metering: Metering = Metering()
    """Where usage is reported."""


class Price(Model):
    base: Money | None = None
    """The price of a month, in USD."""
    meters: Mapping[str, Money] = EMPTY
    """The price of a unit of each meter, in USD."""


class ServicePlan(Model):
    identifier: str = ""
    """Lower-case letters, digits and hyphens, at most 50; unique in the offer."""
    title: str = ""
    """At most 50 characters."""
    summary: str = ""
    """At most 100 characters."""
    description: str = ""
    """At most 2000 characters, in simple HTML."""
    migrates_to: tuple[str, ...] = ()
    """The plans that a customer of this one may move to."""
    price: Price = Price()
    """A base price, meters, or both."""


class Source(Model):
    kind: str = ""
    """database or web-service."""
    protocol: str = ""
    """Web service: rest, soap or odata."""
    address: str = ""
    """Web service: its https address."""


class DataPlan(Model):
    identifier: str = ""
    """Lower-case letters, digits and hyphens, at most 50; unique in the offer."""
    title: str = ""
    """At most 50 characters."""
    summary: str = ""
    """At most 100 characters."""
    description: str = ""
    """At most 2000 characters, in simple HTML."""
    transactions: int | str | None = None
    """Transactions a month, or unlimited."""
    free: bool = False
    """The plan costs nothing."""
    free_trial: str = "none"
    """none or one-month."""
    promotion_code: bool = False
    """A customer needs a promotion code."""
    hidden_without_code: bool = False
    """The plan is not shown to customers without the code."""
    price: Price = Price()
    """The base price of a month."""


class Topology(Model):
    identifier: str = ""
    """Lower-case letters, digits and hyphens, at most 50; unique in the offer."""
    version: str = ""
    """X.Y.Z, integers."""
    package: AssetPath = AssetPath("")
    """A zip file with mainTemplate.json and createUiDefinition.json at its root."""
    title: str = ""
    """At most 50 characters."""
    summary: str = ""
    """At most 100 characters."""
    description: str = ""
    """At most 2000 characters, in simple HTML."""


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

Sellable = Sku | ServicePlan | DataPlan | Topology
"""What an offer consists of: SKUs, plans or topologies."""


def sellables(offer: Offer) -> tuple[str, tuple[Sellable, ...]]:
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
