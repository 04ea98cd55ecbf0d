"""What offers sell, as the words of their file: SKUs with images, plans, topologies.

Whatever ``state.domain.offer`` says of its models goes for these too.
"""

from collections.abc import Mapping
from typing import NewType

from state.domain.model import EMPTY, Model

AssetPath = NewType("AssetPath", str)
"""A file's path, relative to the working directory. Its bytes are part of the content."""

VhdUrl = NewType("VhdUrl", str)
"""An address of a disk image. Its query is a token that changes nothing about the content."""

Money = NewType("Money", object)
"""An amount: a Decimal as the file writes it, or whatever else stands there, for the rule to tell."""


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
    """Lower-case letters, digits, hyphens, underscores, at most 50; unique in the working directory."""
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
    """Lower-case letters, digits, hyphens and underscores, at most 50; unique in the offer."""
    version: str = ""
    """X.Y.Z, integers; another package has a higher one."""
    package: AssetPath = AssetPath("")
    """A zip file with mainTemplate.json and createUiDefinition.json at its root."""
    title: str = ""
    """At most 50 characters."""
    summary: str = ""
    """At most 100 characters."""
    description: str = ""
    """At most 2000 characters, in simple HTML."""
