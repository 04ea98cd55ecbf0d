"""The offer as a customer reads it, as rows."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from state.domain.offer import (
    CatalogueItem,
    Contact,
    DataPlan,
    MarketPrices,
    Offer,
    ServicePlan,
    Sku,
    Topology,
)
from state.domain.offer_types import OFFER_TYPES, catalogue_items
from state.domain.publisher import Publisher
from state.domain.safe_text import plain_decimal
from tui.render.glyphs import glyph
from tui.render.html_text import html_lines
from tui.render.lines import Line, Row, flow, paragraph, span, spread, width_of
from tui.render.words import names_of

MEASURE = 92
"""The most cells of a line of text: longer ones are hard to read."""
TERMS = 6
"""How many lines of the terms are shown."""


class Shown(NamedTuple):
    """What the preview shows.

    Attributes:
        market: The market whose prices are shown, None where the offer has no markets.
        terms: The beginning of the terms of use.
        pictures: Lines of the pictures that can be shown, by path.
    """

    offer: Offer
    publisher: Publisher
    market: str | None = None
    terms: str = ""
    pictures: Mapping[str, Sequence[Line]] = {}


def preview_rows(shown: Shown, width: int) -> list[Row]:
    """The page; the cursor stops at each row that says something, so that all can be reached."""
    inner = min(width - 3, MEASURE)
    lines = [*_head(shown, inner), [], *_texts(shown.offer, inner), *_sold(shown, inner)]
    lines += [*_pictures(shown, inner), *_links(shown.offer, inner)]
    lines += [*_support(shown.offer, inner), *_terms(shown, inner)]
    return [Row(f"line {at}", line, _is_text(line)) for at, line in enumerate(lines)]


def markets_of(offer: Offer) -> list[str]:
    """The markets in which something of the offer is for sale, in the file's order."""
    found: dict[str, None] = {}
    for item in catalogue_items(offer)[1]:
        if isinstance(item, Sku):
            found |= dict.fromkeys([*item.prices, *item.markets])
    return list(found)


def picture_paths(offer: Offer) -> list[str]:
    """The pictures that the page shows: the logo of lists, the wide ones, the first screenshot."""
    logos = offer.marketing.logos
    wanted = (logos.medium, logos.wide, logos.hero, *offer.marketing.sample_images[:1])
    return [path for path in wanted if path]


def _head(shown: Shown, width: int) -> Iterator[Line]:
    offer, publisher = shown.offer, shown.publisher
    logo = list(shown.pictures.get(offer.marketing.logos.medium, ()))
    indent = width_of(logo[0]) + 2 if logo else 0
    room = width - indent
    by = f"by {publisher.display_name or publisher.namespace or 'nobody yet'}"
    texts: list[Line] = [
        [span(offer.marketing.title or "No title yet", "strong")],
        *flow([span(by), span(f"  {publisher.website}", "muted")], room),
        [],
        *html_lines(offer.marketing.summary, room),
        [],
        *paragraph(", ".join(offer.categories) or "No category yet", room, "muted"),
    ]
    for at in range(max(len(logo), len(texts))):
        left: Line = [*logo[at], ("  ", "")] if at < len(logo) else [(" " * indent, "")]
        yield [*left, *(texts[at] if at < len(texts) else [])]


def _texts(offer: Offer, width: int) -> Iterator[Line]:
    marketing = offer.marketing
    for text in (marketing.long_summary, marketing.description):
        if text.strip():
            yield from html_lines(text, width)
            yield []


def _heading(text: str, width: int, right: str = "") -> Iterator[Line]:
    yield spread([span(text, "strong")], [span(right, "muted")], width)
    yield [(glyph("rule") * width, "faint")]


# What is sold ---------------------------------------------------------------------------------


def _sold(shown: Shown, width: int) -> Iterator[Line]:
    items = catalogue_items(shown.offer)[1]
    markets = markets_of(shown.offer)
    right = ""
    if shown.market:
        number = f"{markets.index(shown.market) + 1} of {len(markets)}"
        more = "; m shows another" if len(markets) > 1 else ""
        right = f"prices in {shown.market}, {number}{more}"
    yield from _heading(OFFER_TYPES[shown.offer.type].items_title, width, right)
    if not items:
        yield [("Nothing yet.", "muted")]
        yield []
    for item in items:
        yield from _item(item, shown.market, width)
        yield []


def _item(item: CatalogueItem, market: str | None, width: int) -> Iterator[Line]:
    kind, prices = _terms_of_sale(item, market)
    yield spread([span(item.title or item.identifier, "strong")], [span(kind, "muted")], width)
    for text in (item.summary, item.description):
        if text.strip():
            yield from ([("  ", ""), *line] for line in html_lines(text, width - 2))
    for line in prices:
        yield from ([("  ", ""), *each] for each in paragraph(line, width - 2))


def _terms_of_sale(item: CatalogueItem, market: str | None) -> tuple[str, list[str]]:
    """How it is sold, in a few words, and its prices."""
    match item:
        case Sku():
            return _sku(item, market)
        case ServicePlan():
            moves = [f"May move to {names_of(item.migrates_to)}."] if item.migrates_to else []
            used, base = item.price.meters, item.price.base
            meters = [f"{name}: {_money(each)} USD a unit" for name, each in used.items()]
            monthly = [f"{_money(base)} USD a month"] if base is not None else []
            return "a month and by use" if base and meters else "", [*monthly, *meters, *moves]
        case DataPlan():
            return _data_plan(item)
        case Topology():
            return f"version {item.version}", []
    return "", []


def _sku(sku: Sku, market: str | None) -> tuple[str, list[str]]:
    if sku.hidden:
        return "hidden", ["Not shown to customers: only solution templates use it."]
    trial = ", first month free" if sku.free_trial == "one-month" else ""
    if sku.billing == "byol":
        sold = [] if market in sku.markets else [f"Not for sale in {market or 'any market'}."]
        return f"bring your own licence{trial}", sold
    prices = sku.prices.get(market or "")
    return f"by the hour{trial}", [_cores(prices) if prices else f"Not for sale in {market}."]


def _cores(prices: MarketPrices) -> str:
    each = (
        f"{count} {'core' if count == '1' else 'cores'} {_money(price)}"
        for count, price in prices.cores.items()
    )
    return f"{', '.join(each)} {prices.currency} an hour"


def _data_plan(plan: DataPlan) -> tuple[str, list[str]]:
    count = plan.transactions
    many = f"{count:,}" if isinstance(count, int) else str(count or "no")
    price = "free" if plan.free else f"{_money(plan.price.base)} USD a month"
    lines = [f"{many} transactions a month, {price}"]
    if plan.free_trial == "one-month":
        lines.append("The first month is free.")
    if plan.promotion_code:
        hidden = "shown and sold" if plan.hidden_without_code else "sold"
        lines.append(f"Only {hidden} to customers with a promotion code.")
    return "", lines


def _money(value: object) -> str:
    return plain_decimal(value) if isinstance(value, Decimal) else str(value)


# Below ------------------------------------------------------------------------------------------


def _pictures(shown: Shown, width: int) -> Iterator[Line]:
    logos = shown.offer.marketing.logos
    samples = shown.offer.marketing.sample_images
    named = [("Wide logo", logos.wide), ("Hero", logos.hero), *(("Screenshot", s) for s in samples)]
    found = [(title, path) for title, path in named if path]
    if not found:
        return
    yield from _heading("Pictures", width)
    for title, path in found:
        yield from flow([span(title), span(f"  {path}", "muted")], width)
        lines = shown.pictures.get(path, ())
        yield from lines
        if lines:
            yield []
    if not shown.pictures:
        yield []


def _links(offer: Offer, width: int) -> Iterator[Line]:
    links = [(link.title or link.url, link.url) for link in offer.marketing.links]
    if not links:
        return
    yield from _heading("Links", width)
    for title, url in links:
        yield from flow([span(title), span(f"  {url}", "muted")], width)
    yield []


def _support(offer: Offer, width: int) -> Iterator[Line]:
    yield from _heading("Support", width)
    if offer.support.url:
        yield from flow([span(offer.support.url)], width)
    contact: Contact = offer.support.customer
    words = [each for each in (contact.name, contact.email, contact.phone) if each]
    yield from flow([span("   ".join(words) or "No contact yet", "" if words else "muted")], width)
    yield []


def _terms(shown: Shown, width: int) -> Iterator[Line]:
    yield from _heading("Terms of use and privacy", width)
    lines = html_lines(shown.terms, width)
    yield from lines[:TERMS]
    if len(lines) > TERMS:
        yield [(glyph("cut"), "muted")]
    if not lines:
        yield [("No terms yet", "muted")]
    if shown.offer.marketing.policy_url:
        address = span(shown.offer.marketing.policy_url, "muted")
        yield from flow([("Privacy policy  ", ""), address], width)


def _is_text(line: Line) -> bool:
    """Whether the cursor stops at a line; painting a picture anew for it would cost too much."""
    roles = [role for _, role in line]
    return bool(roles) and roles[0] != "faint" and not any(role[:1] == "#" for role in roles)
