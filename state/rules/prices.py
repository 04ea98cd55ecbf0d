"""Prices: the model, the markets, the core sizes, and each amount."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from state.definitions.model_fields import choices_of
from state.definitions.validate import type_name
from state.domain.field_path import FieldPath
from state.domain.offer import DataPlan, MarketPrices, ServicePlan, Sku
from state.domain.offer_types import VIRTUAL_MACHINE
from state.domain.safe_text import plural, quoted
from state.rules.context import RuleContext, Violation
from state.rules.iso_codes import COUNTRIES, CURRENCIES
from state.rules.registry import rule
from state.rules.rule import Example

MOST_PLACES = 4
"""The most decimal places of an amount."""

_CORES = re.compile(r"[1-9][0-9]{0,3}")
_SHOWN_SIZES = 6


@rule(
    "price.model",
    step=4,
    description="A SKU is sold by the hour or BYOL, a developer service's plan at a base price, by "
    "consumption or both, a data service's plan at a base price; a topology has no price.",
    examples=[
        Example(
            'billing = "hourly"',
            'billing = "monthly"',
            '"monthly" is not a billing model. Write "hourly", or "byol" (own licence).',
        )
    ],
)
def model(context: RuleContext) -> Iterator[Violation]:
    for at, item in context.sold():
        match item:
            case Sku():
                yield from _sku_model(at, item)
            case ServicePlan(price=price) if price.base is None and not price.meters:
                message = "The plan has no price. Give a base price a month, meters, or both."
                yield Violation(at / "price", message, needs=(at / "price",))
            case DataPlan():
                yield from _data_model(at, item)


def _sku_model(at: FieldPath, sku: Sku) -> Iterator[Violation]:
    if not sku.billing.strip():
        yield Violation(
            at / "billing", 'The SKU has no billing. Write "hourly", or "byol" (own licence).'
        )
    elif sku.billing not in choices_of(Sku, "billing"):
        yield Violation(
            at / "billing",
            f'{quoted(sku.billing)} is not a billing model. Write "hourly", or "byol" (own licence).',
        )
    elif sku.billing == "hourly" and sku.prices and sku.markets:
        yield Violation(
            at / "markets",
            "An hourly SKU is sold where it has prices. Remove the markets: they are for BYOL.",
        )
    elif sku.billing == "byol" and sku.prices and sku.markets:
        yield Violation(
            at / "prices",
            'A BYOL SKU has no prices. Remove them, or write billing = "hourly" and no markets.',
        )


def _data_model(at: FieldPath, plan: DataPlan) -> Iterator[Violation]:
    base = plan.price.base
    if plan.price.meters:
        yield Violation(
            at / "price" / "meters",
            "A data service has no meters, only a base price a month. Write price = { base = … }.",
        )
    elif base is None and not plan.free:
        yield Violation(
            at / "price" / "base",
            "The plan has no base price a month. Give one, or write free = true.",
            needs=(at / "free",),
        )
    elif plan.free and _is_above_zero(base):
        yield Violation(
            at / "price" / "base",
            "The plan is free (free = true), but has a price. Remove one of the two.",
        )


@rule(
    "price.present",
    step=4,
    types={VIRTUAL_MACHINE},
    description="An hourly SKU has at least one market with prices, a BYOL SKU at least one market.",
    examples=[
        Example(
            '[skus.prices.US]\ncurrency = "USD"\ncores = { "4" = 0.28…',
            "# no [skus.prices.US]",
            "No market with prices. Add one, such as [skus.prices.US], with currency and cores.",
        )
    ],
)
def present(context: RuleContext) -> Iterator[Violation]:
    for at, sku in context.skus():
        if sku.billing == "hourly" and not any(each.cores for each in sku.prices.values()):
            instead = " instead of markets" if sku.markets and not sku.prices else ""
            markets = tuple(at / "prices" / market / "cores" for market in sku.prices)
            yield Violation(
                at / "prices",
                f"No market with prices. Add one{instead}, such as [skus.prices.US], with currency "
                "and cores.",
                needs=(at / "billing", *(markets or (at / "prices",))),
            )
        elif sku.billing == "byol" and not sku.markets:
            instead = " instead of prices" if sku.prices else ""
            message = f'No market to sell in. Write markets{instead}, such as ["US", "ES"].'
            yield Violation(at / "markets", message, needs=(at / "billing",))


@rule(
    "price.cores",
    step=4,
    types={VIRTUAL_MACHINE},
    description="Every market of an hourly SKU prices the same core sizes as its base market, the "
    "first.",
    examples=[
        Example(
            'cores = { "1" = 0.042, "2" = 0.084, "4" = 0.16 }',
            'cores = { "1" = 0.042, "2" = 0.084 }',
            "ES has no price for cores 4, but the base market US has. Add it.",
        )
    ],
)
def cores(context: RuleContext) -> Iterator[Violation]:
    for at, sku in context.skus():
        if sku.billing == "hourly" and any(each.cores for each in sku.prices.values()):
            yield from _core_sizes(at / "prices", sku.prices)


def _core_sizes(at: FieldPath, prices: Mapping[str, MarketPrices]) -> Iterator[Violation]:
    base = next(iter(prices))
    if not prices[base].cores:
        message = f"{_name(base)}, the base market, has no core sizes. Price those of the others."
        yield Violation(at / base / "cores", message)
        return
    wanted = _sizes(prices[base])
    for market, each in prices.items():
        sizes = _sizes(each)
        for size in each.cores:
            if size not in sizes:
                message = f'{quoted(size)} is not a number of cores. Write one such as "4".'
                yield Violation(at / market / "cores" / size, message)
        # A malformed size may be one that is missing.
        odd, odd_base = len(each.cores) - len(sizes), len(prices[base].cores) - len(wanted)
        if len(wanted - sizes) > odd or len(sizes - wanted) > odd_base:
            message = _difference(_name(market), _name(base), sizes, wanted)
            yield Violation(at / market / "cores", message)


def _sizes(prices: MarketPrices) -> set[str]:
    return {size for size in prices.cores if _CORES.fullmatch(size)}


def _difference(market: str, base: str, sizes: set[str], wanted: set[str]) -> str:
    missing, more = _listed(wanted - sizes), _listed(sizes - wanted)
    if not more:
        return f"{market} has no price for cores {missing}, but the base market {base} has. Add it."
    if not missing:
        return (
            f"{market} has a price for cores {more}, but the base market {base} has none. "
            "Add it there, or remove it here."
        )
    return (
        f"{market} prices cores {more} and not {missing}, unlike the base market {base}. "
        "Price the same sizes in both."
    )


def _listed(sizes: set[str]) -> str:
    shown = sorted(sizes, key=int)
    more = f" and {len(shown) - _SHOWN_SIZES} more" if len(shown) > _SHOWN_SIZES else ""
    return f"{', '.join(shown[:_SHOWN_SIZES])}{more}"


@rule(
    "price.amount",
    step=4,
    description="An amount is zero or more, with at most 4 decimal places; a market is an ISO "
    "3166-1 alpha-2 code and its currency an ISO 4217 code.",
    examples=[
        Example(
            '"1" = 0.045',
            '"1" = "0.045"',
            'The text "0.045" is not an amount. Write a number, such as 0.05.',
        )
    ],
)
def amount(context: RuleContext) -> Iterator[Violation]:
    for at, item in context.sold():
        match item:
            case Sku():
                yield from _sku_amounts(at, item)
            case ServicePlan(price=price):
                if price.base is not None:
                    yield from _amount(at / "price" / "base", price.base)
                for meter, value in price.meters.items():
                    yield from _amount(at / "price" / "meters" / meter, value)
            case DataPlan(price=price) if price.base is not None:
                yield from _amount(at / "price" / "base", price.base)


def _sku_amounts(at: FieldPath, sku: Sku) -> Iterator[Violation]:
    """The prices of a BYOL SKU and the markets of an hourly one are ignored here."""
    if sku.billing != "byol":
        for market, prices in sku.prices.items():
            yield from _market(at / "prices" / market, market)
            yield from _currency(at / "prices" / market / "currency", prices.currency)
            for size, value in prices.cores.items():
                yield from _amount(at / "prices" / market / "cores" / size, value)
    if sku.billing != "hourly":
        for index, market in enumerate(sku.markets):
            yield from _market((at / "markets").item(index, index), market)


def _market(at: FieldPath, code: str) -> Iterator[Violation]:
    if code not in COUNTRIES:
        yield Violation(at, _no_code(code, "market", "an ISO 3166-1 code, such as ES", COUNTRIES))


def _currency(at: FieldPath, code: str) -> Iterator[Violation]:
    if not code.strip():
        yield Violation(at, 'No currency. Write its ISO 4217 code, such as currency = "USD".')
    elif code not in CURRENCIES:
        yield Violation(at, _no_code(code, "currency", "an ISO 4217 code, such as USD", CURRENCIES))


def _no_code(code: str, what: str, wanted: str, known: frozenset[str]) -> str:
    meant = code.strip().upper()
    remedy = f"Write {meant}" if meant in known else f"Expected {wanted}"
    return f"{quoted(code)} is not a {what}. {remedy}."


def _amount(at: FieldPath, value: object) -> Iterator[Violation]:
    if not isinstance(value, Decimal):
        said = type_name(value)
        message = f"{said[0].upper()}{said[1:]} is not an amount. Write a number, such as 0.05."
    elif not value.is_finite():
        written = str(value).lower().replace("infinity", "inf")
        message = f"{quoted(written)[1:-1]} is not an amount. Write a number, such as 0.05."
    elif value.is_signed() and not value.is_zero():
        message = f"{_shown(value)} is below zero. Write zero or more."
    elif (places := _places(value)) > MOST_PLACES:
        message = (
            f"{_shown(value)} has {plural(places, 'decimal place')}. Expected at most "
            f"{MOST_PLACES}. Round it."
        )
    else:
        return
    yield Violation(at, message)


def _is_above_zero(value: object) -> bool:
    return isinstance(value, Decimal) and value.is_finite() and value > 0


def _places(value: Decimal) -> int:
    """The decimal places of a finite amount; zeros at the end do not count."""
    _, digits, exponent = value.as_tuple()
    text = "".join(map(str, digits))
    zeros = len(text) - len(text.rstrip("0"))
    return max(0, -int(exponent) - zeros) if zeros < len(text) else 0


def _shown(value: Decimal) -> str:
    return quoted(str(value))[1:-1]


def _name(market: str) -> str:
    return quoted(market, 12)[1:-1]
