"""What a report shows of an offer as a customer reads it."""

from base64 import b64encode
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from markupsafe import Markup

from state.domain.assets import AssetError, Assets
from state.domain.offer import CatalogueItem, DataPlan, Offer, ServicePlan, Sku, Topology
from state.domain.offer_types import OFFER_TYPES, catalogue_items
from state.domain.safe_text import plain_decimal
from tui.report.markup import LONGEST_TEXT

LARGEST_PICTURE = 2 * 1024 * 1024
"""The most bytes of a picture that become part of a report."""

LARGEST_TERMS = 4 * 1024 * 1024


class Terms(NamedTuple):
    """The terms of a sale in words, and a table of prices."""

    lines: list[str]
    titles: tuple[str, ...] = ()
    prices: tuple[tuple[str, ...], ...] = ()


def customer_values(offer: Offer, assets: Assets) -> dict[str, Any]:
    """The values of the template that a customer reads, from a definition and its files."""
    items = catalogue_items(offer)[1]
    logos, samples = offer.marketing.logos, enumerate(offer.marketing.sample_images, 1)
    named = {name: getattr(logos, name) for name in ("small", "medium", "large", "wide", "hero")}
    named |= {f"sample {number}": path for number, path in samples}
    pictures = {name: path for name, path in named.items() if path}
    return {
        "offer": offer,
        "heading": OFFER_TYPES[offer.type].items_title,
        "sold": [(item, _terms(item)) for item in items],
        "pictures": pictures,
        "png": {path: png for path in pictures.values() if (png := _png(assets, path))},
        "terms_of_use": _terms_of_use(offer, assets),
        "longest_text": LONGEST_TEXT,
    }


def _png(assets: Assets, path: str) -> Markup | None:
    """A picture as an address that holds it whole, None for what is not a PNG file."""
    try:
        raw = assets.read(path, LARGEST_PICTURE)
    except AssetError:
        return None
    # Other kinds of file could hold more than a picture.
    if not raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return None
    return Markup(f"data:image/png;base64,{b64encode(raw).decode()}")


def _terms_of_use(offer: Offer, assets: Assets) -> str:
    marketing = offer.marketing
    if marketing.terms_of_use or not marketing.terms_file:
        return marketing.terms_of_use
    try:
        return assets.read(marketing.terms_file, LARGEST_TERMS).decode(errors="replace")
    except AssetError as error:
        return str(error)


def _terms(item: CatalogueItem) -> Terms:
    match item:
        case Sku():
            return _sku(item)
        case ServicePlan():
            prices = [("a month", _money(item.price.base))] if item.price.base is not None else []
            prices += (
                (f"a unit of {name}", _money(each)) for name, each in item.price.meters.items()
            )
            moves = [f"May move to: {', '.join(item.migrates_to)}"] if item.migrates_to else []
            return Terms(moves, ("Price", "USD"), tuple(prices))
        case DataPlan():
            return Terms([", ".join(_data_plan(item))])
        case Topology():
            return Terms([f"Version {item.version}"])
    return Terms([])


def _sku(sku: Sku) -> Terms:
    how = {"byol": "Bring your own licence", "hourly": "By the hour"}.get(sku.billing, "")
    words = [how or f"Billing: {sku.billing or 'not given'}"]
    words += ["first month free"] * (sku.free_trial == "one-month")
    words += ["hidden: only solution templates use it"] * sku.hidden
    lines = [", ".join(words)]
    lines += [f"For sale in: {', '.join(sku.markets)}"] * bool(sku.markets)
    sizes = list(dict.fromkeys(size for each in sku.prices.values() for size in each.cores))
    titles = (f"{size} {'core' if size == '1' else 'cores'}" for size in sizes)
    prices = (
        (market, each.currency, *(_money(each.cores.get(size)) for size in sizes))
        for market, each in sku.prices.items()
    )
    return Terms(lines, ("Market", "Currency", *titles), tuple(prices) if sizes else ())


def _data_plan(plan: DataPlan) -> Iterator[str]:
    count = plan.transactions
    yield f"{count:,} transactions a month" if isinstance(count, int) else f"{count} transactions"
    yield "free" if plan.free else f"{_money(plan.price.base)} USD a month"
    if plan.free_trial == "one-month":
        yield "first month free"
    if plan.promotion_code:
        yield "with a promotion code only"
    if plan.hidden_without_code:
        yield "not shown without the code"


def _money(value: object) -> str:
    if value is None:
        return "–"
    return plain_decimal(value) if isinstance(value, Decimal) else str(value)
