"""The locked fields of an offer, each with the value that it is locked at."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from state.domain.field_path import ROOT, FieldPath
from state.domain.offer import MarketPrices, Sku
from state.domain.offer_types import catalogue_items
from state.domain.safe_text import plain_decimal, quoted
from state.domain.times import day
from state.rules.checks import number
from state.rules.context import RuleContext
from state.rules.identities import locked_identifiers
from state.rules.iso_codes import CURRENCIES
from state.rules.listed_changes import (
    breaks_billing,
    breaks_disks,
    breaks_ports,
    breaks_visibility,
    lost_regions,
)
from state.rules.prices import MOST_PLACES
from state.rules.publisher import namespace_fault

_SHOWN_PORTS = 2
_LACKS = "lacks it"


class Lock(NamedTuple):
    """A locked field.

    Attributes:
        field: Its place in the draft.
        label: What it is called.
        locked_value: The value it is locked at, "" where the label says all of it.
        since: Since when, and by what.
        instead: What may be done instead, "" for nothing.
        draft: How the draft breaks the lock, as in ``says 0.06``; None where it does not.
        partly: Whether the field may be edited in some ways.
    """

    field: FieldPath
    label: str
    locked_value: str
    since: str
    instead: str
    draft: str | None = None
    partly: bool = False

    @property
    def violation(self) -> str:
        """The message where the draft breaks the lock."""
        remedy = f"Restore it, or {self.instead}." if self.instead else "Restore it."
        return f"{self._locked}; the draft {self.draft}. {remedy}"

    @property
    def description(self) -> str:
        """The message for someone who is about to edit the field."""
        return f"{self._locked}. Instead, {self.instead}."

    @property
    def _locked(self) -> str:
        at = f" at {self.locked_value}" * bool(self.locked_value)
        return f"{self.label} is locked{at} ({self.since})"


def type_locks(context: RuleContext) -> Iterator[Lock]:
    if staged := context.staged or context.production:
        differs = context.definition.type != staged.type
        yield Lock(
            ROOT / "type",
            "The offer type",
            quoted(staged.type),
            _since(context.staged_at, "staged"),
            "create another offer",
            draft=f"says {quoted(context.definition.type)}" if differs else None,
        )


def identifier_locks(context: RuleContext) -> Iterator[Lock]:
    """SKU identifiers once staged, those of a data service's plans once listed."""
    found, held = context.identities, locked_identifiers(context.staged, context.production)
    since = {
        "listed": _since(context.listed_at, "listed"),
        "staged": _since(context.staged_at, "staged"),
    }
    for index, (at, item) in enumerate(context.sold()):
        name = found.renamed.get(index, item.identifier)
        if name in held:
            yield Lock(
                at / "identifier",
                "The identifier",
                quoted(name, 22),
                since[held[name]],
                "add a new one at the end",
                draft=f"says {quoted(item.identifier, 20)}" if index in found.renamed else None,
            )
    for name in found.missing:
        yield Lock(
            ROOT / catalogue_items(context.definition)[0],
            f"The SKU {quoted(name, 26)}",
            "",
            since[held[name]],
            "withdraw it once it is listed",
            draft=_LACKS,
            partly=True,
        )


def namespace_locks(context: RuleContext) -> Iterator[Lock]:
    """The publisher's namespace, once the offer is staged."""
    held, publisher = context.locked_namespace, context.publisher
    if held is None or publisher is None:
        return
    differs = publisher.namespace != held and not namespace_fault(publisher, context.definition)
    yield Lock(
        ROOT / "namespace",
        "The namespace",
        quoted(held, 24),
        _since(context.staged_at, "staged"),
        "use another directory",
        draft=f"says {quoted(publisher.namespace, 16)}" if differs else None,
    )


def ports_locks(context: RuleContext) -> Iterator[Lock]:
    for at, sku, listed, since in _listed(context):
        held, ports = listed.image.open_ports, sku.image.open_ports
        yield Lock(
            at / "image" / "open_ports",
            "open_ports",
            _shown_ports(held, _SHOWN_PORTS) or "none",
            since,
            "add another SKU",
            draft=_changed_ports(ports, held) if breaks_ports(sku, listed) else None,
        )


def _changed_ports(ports: tuple[int, ...], held: tuple[int, ...]) -> str:
    now, then = set(ports), set(held)
    added = _shown_ports(tuple(port for port in ports if port not in then), 1)
    removed = _shown_ports(tuple(port for port in held if port not in now), 1)
    changes = [f"adds {added}"] * bool(added) + [f"removes {removed}"] * bool(removed)
    return " and ".join(changes)


def _shown_ports(ports: tuple[int, ...], most: int) -> str:
    shown = [quoted(number(port), 5)[1:-1] for port in ports[:most]]
    return ", ".join([*shown, "…"] if len(ports) > most else shown)


def price_locks(context: RuleContext) -> Iterator[Lock]:
    """The prices of listed SKUs in the regions where they are listed."""
    for at, sku, listed, since in _listed(context):
        if listed.billing == "byol" or breaks_billing(sku, listed):
            continue
        sizes = {size for market in sku.prices.values() for size in market.cores}
        for name, held in listed.prices.items():
            if market := sku.prices.get(name):
                yield from _market(at / "prices" / name, market, held, since, sizes)


def _market(
    at: FieldPath, market: MarketPrices, held: MarketPrices, since: str, sizes: set[str]
) -> Iterator[Lock]:
    """The locks of a listed region, without what price.cores reports."""
    reported = not market.cores or not all(
        size.isascii() and size.isdigit() for size in market.cores
    )
    other = market.currency != held.currency and market.currency in CURRENCIES
    draft = f"says {quoted(market.currency)}" if other else None
    instead = "add a SKU with the new currency"
    yield Lock(at / "currency", "The currency", quoted(held.currency), since, instead, draft)
    for size, amount in held.cores.items():
        draft = None
        if size not in market.cores:
            draft = None if reported or size in sizes else _LACKS
        elif _is_amount(market.cores[size]) and market.cores[size] != amount:
            draft = f"says {_shown_amount(market.cores[size])}"
        field = at / "cores" / size
        instead = "add a SKU with the new price"
        yield Lock(field, "The price", _shown_amount(amount), since, instead, draft)


def billing_locks(context: RuleContext) -> Iterator[Lock]:
    for at, sku, listed, since in _listed(context):
        yield Lock(
            at / "billing",
            "The billing model",
            quoted(listed.billing),
            since,
            "add a SKU with the new model",
            draft=f"says {quoted(sku.billing)}" if breaks_billing(sku, listed) else None,
        )


def region_locks(context: RuleContext) -> Iterator[Lock]:
    """The regions of listed SKUs; others may be added."""
    for at, sku, listed, since in _listed(context):
        hourly = listed.billing != "byol"
        held: Iterable[str] = listed.prices if hourly else listed.markets
        lost = lost_regions(sku, listed)
        for name in held:
            yield Lock(
                at / "prices" / name if hourly else at / "markets",
                f"The region {quoted(name)}",
                "",
                since,
                "",
                draft=_LACKS if name in lost else None,
                partly=True,
            )


def disks_locks(context: RuleContext) -> Iterator[Lock]:
    for at, sku, listed, since in _listed(context):
        count = len(sku.image.data_disks)
        yield Lock(
            at / "image" / "data_disks",
            "The number of data disks",
            str(len(listed.image.data_disks)),
            since,
            "add another SKU",
            draft=f"has {count}" if breaks_disks(sku, listed) else None,
            partly=True,
        )


def visibility_locks(context: RuleContext) -> Iterator[Lock]:
    for at, sku, listed, since in _listed(context):
        yield Lock(
            at / "hidden",
            "hidden",
            str(listed.hidden).lower(),
            since,
            "add another SKU",
            draft=f"says {str(sku.hidden).lower()}" if breaks_visibility(sku, listed) else None,
        )


def hero_locks(context: RuleContext) -> Iterator[Lock]:
    """The hero logo, once there was one."""
    for version, at, event in (
        (context.staged, context.staged_at, "staged"),
        (context.production, context.listed_at, "listed"),
    ):
        if version and (held := version.marketing.logos.hero):
            yield Lock(
                ROOT / "marketing" / "logos" / "hero",
                "The hero logo",
                quoted(held, 26),
                _since(at, event),
                "name another picture",
                draft=None if context.definition.marketing.logos.hero else _LACKS,
                partly=True,
            )
            return


def _is_amount(value: object) -> bool:
    """Whether a value is a price: a decimal of zero or more with at most four decimal places."""
    if not isinstance(value, Decimal) or not value.is_finite() or value < 0:
        return False
    text = plain_decimal(value)
    return "E-" not in text and len(text.partition(".")[2]) <= MOST_PLACES


def _listed(context: RuleContext) -> Iterator[tuple[FieldPath, Sku, Sku, str]]:
    """The SKUs that were ever listed: field, draft, as listed last, and since when."""
    for at, sku in context.skus():
        if listed := context.listed_sku(at):
            yield at, sku, listed, _since(context.listed_since(at), "listed")


def _since(at: datetime | None, event: str) -> str:
    return f"since {day(at)}, {event}" if at else event


def _shown_amount(amount: object) -> str:
    text = plain_decimal(amount) if isinstance(amount, Decimal) else str(amount)
    return quoted(text, 20)[1:-1]
