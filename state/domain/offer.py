"""An offer's definition, as the tables of its file.

The models say which keys a table may hold and of what type each value is; whether a value is valid
is for the rules.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from state.domain.table import (
    TECHNICAL,
    AssetPath,
    Items,
    Mark,
    Money,
    Table,
    VhdUrl,
    WholeOrText,
    inner,
)

FreeTrial = Annotated[str, Mark(choices=("none", "one-month"))]

_PLAN_IDENTIFIER = "Lower-case letters, digits and hyphens, at most 50; unique in the offer."
_TYPE: Any = Field(description="The type of offer. It cannot change once the offer is staged.")


class Link(Table):
    title: str = Field(default="", description="What the link is called on the offer's page.")
    url: str = Field(default="", description="An http or https address.")


class Logos(Table):
    small: AssetPath = Field(default="", description="PNG, 40x40 pixels.")
    medium: AssetPath = Field(default="", description="PNG, 90x90 pixels.")
    large: AssetPath = Field(default="", description="PNG, 115x115 pixels.")
    wide: AssetPath = Field(default="", description="PNG, 255x115 pixels.")
    hero: AssetPath = Field(
        default="",
        description="Optional. PNG, 815x290 pixels, background not black, white or transparent. "
        "Once staged it cannot be removed.",
    )


class Marketing(Table):
    title: Annotated[str, Mark(longest=50)] = Field(
        default="",
        description="The offer's name in the marketplace, at most 50 characters.",
    )
    summary: Annotated[str, Mark(longest=100)] = Field(
        default="",
        description="One sentence for lists, at most 100 characters.",
    )
    long_summary: Annotated[str, Mark(longest=256)] = Field(
        default="",
        description="A paragraph, at most 256 characters.",
    )
    description: Annotated[str, Mark(longest=1300)] = Field(
        default="",
        description="The offer's page, at most 1300 characters, in simple HTML.",
    )
    terms_of_use: Annotated[str, Mark(longest=1_000_000)] = Field(
        default="",
        description="The terms of use as text; or give terms_file.",
    )
    terms_file: AssetPath = Field(
        default="",
        description="A file that holds the terms of use, instead of terms_of_use.",
    )
    policy_url: str = Field(default="", description="The address of the privacy policy.")
    links: Items[Link] = Field(default=(), description="Links on the offer's page.")
    sample_images: Items[AssetPath] = Field(
        default=(), description="Screenshots, PNG; one is shown."
    )
    logos: Logos = inner(Logos, "The offer's logos.")


class Contact(Table):
    name: str = Field(default="", description="A person or a team.")
    email: str = Field(default="", description="An e-mail address.")
    phone: str = Field(default="", description="A telephone number with its country code.")


class Support(Table):
    url: str = Field(default="", description="Where customers find help.")
    engineering: Contact = inner(Contact, "Whom the marketplace calls about technical problems.")
    customer: Contact = inner(Contact, "Whom customers call.")


class Subscription(Table):
    id: str = Field(default="", description="A subscription's GUID.")
    kind: str = Field(
        default="",
        description="Such as pay-as-you-go; csp, dreamspark and open cannot see staging.",
    )


class Staging(Table):
    subscriptions: Items[Subscription] = Field(
        default=(),
        description="The subscriptions that see the offer in staging.",
    )


class Offer(Table):
    """What every type of offer has. A model of a type names it as the only value of ``type``."""

    type: Annotated[str, TECHNICAL] = _TYPE
    categories: Annotated[Items[str], Mark(most=5)] = Field(
        default=(),
        description="One to five categories of the marketplace.",
    )
    marketing: Marketing = inner(Marketing, "What customers read.")
    support: Support = inner(Support, "Whom to call.")
    staging: Staging = inner(Staging, "Who sees the offer before it is in production.")


class CatalogueItem(Table):
    """What an offer sells one of: a SKU, a plan or a topology."""

    identifier: Annotated[str, TECHNICAL] = Field(
        default="",
        description="Lower-case letters, digits, hyphens and underscores, at most 50; unique in the "
        "offer.",
    )
    title: Annotated[str, Mark(longest=50)] = Field(
        default="", description="At most 50 characters."
    )
    summary: Annotated[str, Mark(longest=100)] = Field(
        default="", description="At most 100 characters."
    )
    description: Annotated[str, Mark(longest=2000)] = Field(
        default="",
        description="At most 2000 characters, in simple HTML.",
    )


class DataDisk(Table):
    lun: Annotated[int | None, Mark(range=(0, 63))] = Field(
        default=None,
        description="The disk's logical unit, 0 to 63.",
    )
    vhd_url: VhdUrl = Field(
        default="",
        description="The https address of the disk's VHD, with its SAS token.",
    )


class Image(Table):
    os_family: Annotated[str, Mark(choices=("linux", "windows"))] = Field(
        default="",
        description="linux or windows.",
    )
    os: str = Field(default="", description="The operating system's name.")
    version: str = Field(
        default="", description="X.Y.Z, integers; each new image has a higher one."
    )
    os_vhd_url: VhdUrl = Field(
        default="",
        description="The https address of the system disk's VHD, with its SAS token.",
    )
    recommended_sizes: Annotated[Items[str], Mark(most=6)] = Field(
        default=(),
        description="One to six VM sizes.",
    )
    open_ports: Annotated[Items[Annotated[int, Mark(range=(1, 65535))]], Mark(most=100)] = Field(
        default=(),
        description="Ports open to the network, 1 to 65535, at most 100.",
    )
    data_disks: Annotated[Items[DataDisk], Mark(most=16)] = Field(
        default=(),
        description="At most sixteen data disks.",
    )


class MarketPrices(Table):
    currency: str = Field(default="", description="The currency's ISO 4217 code.")
    cores: Mapping[str, Money] = Field(
        default_factory=dict, description="The price of an hour for each number of cores."
    )


class Sku(CatalogueItem):
    identifier: Annotated[str, TECHNICAL] = Field(
        default="",
        description="Lower-case letters, digits, hyphens, underscores, at most 50; unique in the "
        "working directory.",
    )
    billing: Annotated[str, Mark(choices=("hourly", "byol"))] = Field(
        default="",
        description="hourly or byol (customers bring their own licence).",
    )
    free_trial: FreeTrial = Field(default="none", description="none or one-month.")
    hidden: bool = Field(
        default=False,
        description="Only solution templates can use the SKU; for publishers approved for them.",
    )
    image: Annotated[Image, TECHNICAL] = inner(Image, "The machine image.")
    prices: Mapping[str, MarketPrices] = Field(
        default_factory=dict,
        description="Hourly: prices by market (ISO 3166-1 alpha-2); the first is the base market.",
    )
    markets: Items[str] = Field(
        default=(), description="BYOL: the markets in which the SKU is for sale."
    )


class VirtualMachineOffer(Offer):
    type: Annotated[Literal["virtual-machine"], TECHNICAL] = _TYPE
    skus: Items[Sku] = Field(
        default=(), description="What customers buy: an image and its prices each."
    )


class Metering(Table):
    staging: str = Field(
        default="", description="The storage account that holds the usage of staging."
    )
    production: str = Field(
        default="",
        description="The storage account that holds the usage of production; not the same.",
    )


class Service(Table):
    namespace: Annotated[str, Mark(longest=26)] = Field(
        default="",
        description="The resource provider's namespace, at most 26 characters.",
    )
    resource_types: Items[Annotated[str, Mark(longest=26)]] = Field(
        default=(),
        description="The types of resource, at most 26 characters each.",
    )
    endpoint: str = Field(default="", description="The https address of the resource provider.")
    metering: Metering = inner(Metering, "Where usage is reported.")


class Price(Table):
    base: Money | None = Field(default=None, description="The price of a month, in USD.")
    meters: Mapping[str, Money] = Field(
        default_factory=dict, description="The price of a unit of each meter, in USD."
    )


class ServicePlan(CatalogueItem):
    identifier: Annotated[str, TECHNICAL] = Field(default="", description=_PLAN_IDENTIFIER)
    migrates_to: Annotated[Items[str], TECHNICAL] = Field(
        default=(),
        description="The plans that a customer of this one may move to.",
    )
    price: Price = inner(Price, "A base price, meters, or both.")


class DeveloperServiceOffer(Offer):
    type: Annotated[Literal["developer-service"], TECHNICAL] = _TYPE
    service: Annotated[Service, TECHNICAL] = inner(
        Service, "The resource provider behind the offer."
    )
    plans: Items[ServicePlan] = Field(default=(), description="What customers buy.")


class Source(Table):
    kind: Annotated[str, Mark(choices=("database", "web-service"))] = Field(
        default="",
        description="database or web-service.",
    )
    protocol: Annotated[str, Mark(choices=("rest", "soap", "odata"))] = Field(
        default="",
        description="Web service: rest, soap or odata.",
    )
    address: str = Field(default="", description="Web service: its https address.")


class DataPlan(CatalogueItem):
    identifier: Annotated[str, TECHNICAL] = Field(default="", description=_PLAN_IDENTIFIER)
    transactions: Annotated[WholeOrText | None, TECHNICAL] = Field(
        default=None,
        description="Transactions a month, or unlimited.",
    )
    free: bool = Field(default=False, description="The plan costs nothing.")
    free_trial: FreeTrial = Field(default="none", description="none or one-month.")
    promotion_code: bool = Field(default=False, description="A customer needs a promotion code.")
    hidden_without_code: bool = Field(
        default=False,
        description="The plan is not shown to customers without the code.",
    )
    price: Price = inner(Price, "The base price of a month.")


class DataServiceOffer(Offer):
    type: Annotated[Literal["data-service"], TECHNICAL] = _TYPE
    source: Annotated[Source, TECHNICAL] = inner(Source, "Where the data comes from.")
    plans: Items[DataPlan] = Field(default=(), description="What customers buy.")


class Topology(CatalogueItem):
    version: Annotated[str, TECHNICAL] = Field(
        default="",
        description="X.Y.Z, integers; another package has a higher one.",
    )
    package: Annotated[AssetPath, TECHNICAL] = Field(
        default="",
        description="A zip file with mainTemplate.json and createUiDefinition.json at its root.",
    )


class SolutionTemplateOffer(Offer):
    type: Annotated[Literal["solution-template"], TECHNICAL] = _TYPE
    topologies: Items[Topology] = Field(default=(), description="What customers deploy.")
