"""What can no longer change: identifiers once staged, and how a SKU is sold once it is listed.

Each lock knows the field, the value it is locked at and what may be done instead. The rules tell
the locks that the draft breaks; ``locked`` tells of a field before anyone edits it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import NamedTuple

from state.content import plain_decimal
from state.fields import ROOT, Field
from state.offer import MarketPrices, Money, Sku, sellables
from state.rules.case import Case, Found
from state.rules.codes import COUNTRIES, CURRENCIES
from state.rules.identities import identities, locked_identifiers
from state.rules.prices import MOST_PLACES
from state.rules.publisher import namespace_fault
from state.rules.registry import PUBLISHER_FILE, declare
from state.rules.values import day, number
from state.text import quoted

_MODELS = ("hourly", "byol")
_NEW_SKU = "A new SKU may have another."
_SHOWN_PORTS = 5


class Lock(NamedTuple):
    """A locked field.

    Attributes:
        field: Where it stands in the draft.
        label: What it is called.
        held: The value it is locked at, "" where the label says all of it.
        since: Since when, and by what.
        instead: What may be done instead, as a sentence.
        draft: What the draft has there, None where it keeps to the lock.
        partly: Whether the field may be edited in some ways.
    """

    field: Field
    label: str
    held: str
    since: str
    instead: str
    draft: str | None = None
    partly: bool = False

    @property
    def broken(self) -> str:
        """The message where the draft does not keep to the lock."""
        return f"{self.label} is {self.draft}, but {self._locked}: set it back. {self.instead}"

    @property
    def standing(self) -> str:
        """The message for someone who is about to edit the field."""
        return f"{self.label} is {self._locked}. {self.instead}"

    @property
    def _locked(self) -> str:
        return f"locked at {self.held} {self.since}" if self.held else f"locked {self.since}"


Locks = Callable[[Case], Iterator[Lock]]


def locked(case: Case, field: Field) -> str | None:
    """Say that a field is locked, before it is edited.

    Args:
        case: The offer as it stands.
        field: The field of the draft; ``namespace`` is that of the publisher file.

    Returns:
        The value it is locked at, since when, and what may be done instead; None where it may be
        edited, if only in some ways (a hero logo may be replaced, a region added).
    """
    for locks in _LOCKS.values():
        for lock in locks(case):
            if field.within(lock.field) and not lock.partly:
                return lock.standing
    return None


def breaks_billing(case: Case, sku: Sku) -> bool:
    """Whether a listed SKU has another billing model than it is locked at."""
    listed = case.listed_sku(sku.identifier)
    return listed is not None and sku.billing in _MODELS and sku.billing != listed.billing


def breaks_visibility(case: Case, sku: Sku) -> bool:
    """Whether a listed SKU has been hidden or shown against its lock."""
    listed = case.listed_sku(sku.identifier)
    return listed is not None and sku.hidden != listed.hidden


def breaks_ports(case: Case, sku: Sku) -> bool:
    """Whether a listed SKU opens other ports than it is locked at."""
    listed = case.listed_sku(sku.identifier)
    return listed is not None and set(sku.image.open_ports) != set(listed.image.open_ports)


def breaks_disks(case: Case, sku: Sku) -> bool:
    """Whether a listed SKU has another number of data disks than it is locked at."""
    listed = case.listed_sku(sku.identifier)
    return listed is not None and len(sku.image.data_disks) != len(listed.image.data_disks)


def _identifier(case: Case) -> Iterator[Lock]:
    found, held = identities(case), locked_identifiers(case)
    for index, (at, item) in enumerate(case.sold()):
        name = found.renamed.get(index, item.identifier)
        if name in held:
            yield Lock(
                at / "identifier",
                "The identifier",
                quoted(name, 26),
                _since(*held[name]),
                "A new one goes after the others.",
                draft=quoted(item.identifier, 20) if index in found.renamed else None,
            )
    for name in found.missing:
        yield Lock(
            ROOT / sellables(case.definition)[0],
            f"The SKU {quoted(name, 26)}",
            "",
            _since(*held[name]),
            "It can be withdrawn once it is listed.",
            draft="missing",
            partly=True,
        )


def _namespace(case: Case) -> Iterator[Lock]:
    held, publisher = case.locked_namespace, case.publisher
    if held is None or publisher is None:
        return
    differs = publisher.namespace != held and not namespace_fault(publisher, case.definition)
    yield Lock(
        ROOT / "namespace",
        "The namespace",
        quoted(held, 24),
        _since(case.staged_at, "staged"),
        "Another one needs a directory of its own.",
        draft=quoted(publisher.namespace, 16) if differs else None,
    )


def _ports(case: Case) -> Iterator[Lock]:
    for at, sku, listed, since in _listed(case):
        yield Lock(
            at / "image" / "open_ports",
            "The set of open ports",
            _shown_ports(listed.image.open_ports),
            since,
            _NEW_SKU,
            draft=_shown_ports(sku.image.open_ports) if breaks_ports(case, sku) else None,
        )


def _price(case: Case) -> Iterator[Lock]:
    for at, sku, listed, since in _listed(case):
        if listed.billing == "byol" or breaks_billing(case, sku):
            continue
        sizes = {size for market in sku.prices.values() for size in market.cores}
        for name, held in listed.prices.items():
            if market := sku.prices.get(name):
                yield from _market(at / "prices" / name, market, held, since, sizes)


def _market(
    at: Field, market: MarketPrices, held: MarketPrices, since: str, sizes: set[str]
) -> Iterator[Lock]:
    """The locks of a listed region, where price.cores does not speak for the sizes already."""
    told = not market.cores or not all(size.isascii() and size.isdigit() for size in market.cores)
    other = market.currency != held.currency and market.currency in CURRENCIES
    currency = quoted(market.currency) if other else None
    yield Lock(at / "currency", "The currency", quoted(held.currency), since, _NEW_SKU, currency)
    for size, amount in held.cores.items():
        draft = None
        if size not in market.cores:
            draft = None if told or size in sizes else "missing"
        elif _is_amount(market.cores[size]) and market.cores[size] != amount:
            draft = _shown_amount(market.cores[size])
        field = at / "cores" / size
        yield Lock(field, "The price", _shown_amount(amount), since, _NEW_SKU, draft)


def _billing(case: Case) -> Iterator[Lock]:
    for at, sku, listed, since in _listed(case):
        draft = quoted(sku.billing) if breaks_billing(case, sku) else None
        yield Lock(
            at / "billing", "The billing model", quoted(listed.billing), since, _NEW_SKU, draft
        )


def _region(case: Case) -> Iterator[Lock]:
    for at, sku, listed, since in _listed(case):
        hourly = listed.billing != "byol"
        held: Iterable[str] = listed.prices if hourly else listed.markets
        have = set(sku.prices if hourly else sku.markets)
        # An unknown code may be the very region that is missing; price.amount tells of it.
        told = not have <= COUNTRIES or not have or breaks_billing(case, sku)
        for name in held:
            yield Lock(
                at / "prices" / name if hourly else at / "markets",
                f"The region {quoted(name)}",
                "",
                since,
                "Regions may be added, not removed.",
                draft=None if told or name in have else "missing",
                partly=True,
            )


def _disks(case: Case) -> Iterator[Lock]:
    for at, sku, listed, since in _listed(case):
        count = len(sku.image.data_disks)
        yield Lock(
            at / "image" / "data_disks",
            "The number of data disks",
            str(len(listed.image.data_disks)),
            since,
            _NEW_SKU,
            draft=str(count) if breaks_disks(case, sku) else None,
            partly=True,
        )


def _visibility(case: Case) -> Iterator[Lock]:
    for at, sku, listed, since in _listed(case):
        yield Lock(
            at / "hidden",
            "The flag hidden",
            str(listed.hidden).lower(),
            since,
            _NEW_SKU,
            draft=str(sku.hidden).lower() if breaks_visibility(case, sku) else None,
        )


def _hero(case: Case) -> Iterator[Lock]:
    for version, at, event in (
        (case.staged, case.staged_at, "staged"),
        (case.production, case.listed_at, "listed"),
    ):
        if version and (held := version.marketing.logos.hero):
            yield Lock(
                ROOT / "marketing" / "logos" / "hero",
                "The hero logo",
                quoted(held, 26),
                _since(at, event),
                "Another picture may take its place.",
                draft=None if case.definition.marketing.logos.hero else "missing",
                partly=True,
            )
            return


def _is_amount(value: Money) -> bool:
    """Whether a value is a price: a decimal of zero or more with at most four decimal places."""
    if not isinstance(value, Decimal) or not value.is_finite() or value < 0:
        return False
    text = plain_decimal(value)
    return "E-" not in text and len(text.partition(".")[2]) <= MOST_PLACES


def _listed(case: Case) -> Iterator[tuple[Field, Sku, Sku, str]]:
    """The SKUs that are in production: field, draft, production, and since when."""
    since = _since(case.listed_at, "listed")
    for at, sku in case.skus():
        if listed := case.listed_sku(sku.identifier):
            yield at, sku, listed, since


def _since(at: datetime | None, event: str) -> str:
    return f"since {day(at)} ({event})" if at else f"({event})"


def _shown_ports(ports: tuple[int, ...]) -> str:
    shown = ", ".join(number(port) for port in islice(ports, _SHOWN_PORTS))
    return f"{shown}, …" if len(ports) > _SHOWN_PORTS else shown or "empty"


def _shown_amount(amount: Money) -> str:
    text = plain_decimal(amount) if isinstance(amount, Decimal) else str(amount)
    return quoted(text, 20)[1:-1]


_LOCKS: Mapping[str, Locks] = {
    "lock.identifier": _identifier,
    "lock.namespace": _namespace,
    "lock.ports": _ports,
    "lock.price": _price,
    "lock.billing": _billing,
    "lock.region": _region,
    "lock.disks": _disks,
    "lock.visibility": _visibility,
    "lock.hero": _hero,
}

_SAYS: Mapping[str, tuple[str, str, str]] = {
    "lock.identifier": (
        "A SKU keeps its identifier once it is staged, and a data service's plan once it is listed.",
        'identifier = "standard"',
        'identifier = "basic", staged as "standard"',
    ),
    "lock.namespace": (
        "The publisher's namespace stays as it was when the offer was staged.",
        'namespace = "contoso"',
        'namespace = "fabrikam", staged under "contoso"',
    ),
    "lock.ports": (
        "A listed SKU keeps its open ports.",
        "open_ports = [443]",
        "open_ports = [443, 9200], listed with [443]",
    ),
    "lock.price": (
        "A listed SKU keeps its prices in the regions where it is listed.",
        'cores = { "1" = 0.05 }',
        'cores = { "1" = 0.06 }, listed with 0.05',
    ),
    "lock.billing": (
        "A listed SKU keeps its billing model.",
        'billing = "hourly"',
        'billing = "byol", listed as "hourly"',
    ),
    "lock.region": (
        "A listed SKU keeps its regions; new ones may be added.",
        "[skus.prices.ES]",
        "[skus.prices.ES] taken out after the listing",
    ),
    "lock.disks": (
        "A listed SKU keeps its number of data disks.",
        'data_disks = [{ lun = 0, vhd_url = "https://…" }]',
        "data_disks = [], listed with one",
    ),
    "lock.visibility": (
        "A listed SKU stays hidden or shown, as it was listed.",
        "hidden = false",
        "hidden = true, listed with false",
    ),
    "lock.hero": (
        "A hero logo that was staged is not taken out; it may be replaced.",
        'hero = "logos/contoso-db/hero.png"',
        'hero = "", staged with one',
    ),
}


def _broken(locks: Locks, case: Case) -> Iterator[Found]:
    for lock in locks(case):
        if lock.draft is not None:
            yield Found(lock.field, lock.broken)


for _id, _locks in _LOCKS.items():
    _says, _good, _bad = _SAYS[_id]
    declare(
        _id,
        4,
        _says,
        good=_good,
        bad=_bad,
        file=PUBLISHER_FILE if _id == "lock.namespace" else None,
        check=partial(_broken, _locks),
    )
