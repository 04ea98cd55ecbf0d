"""The part of a report that shows the offer as a customer would read it."""

from base64 import b64encode
from collections.abc import Iterator
from decimal import Decimal

from state.definitions.content import plain_decimal
from state.domain.offer import (
    CatalogueItem,
    Contact,
    DataPlan,
    Offer,
    ServicePlan,
    Sku,
    Topology,
    catalogue_items,
)
from tui.report.markup import LONGEST_TEXT, Html, Part, customer_html, table, tag
from tui.report.subject import Subject, named_pictures

_HEADS = {"skus": "What you can buy", "plans": "Plans", "topologies": "What you can deploy"}


def customer_part(subject: Subject) -> Html:
    """The offer's page in the marketplace.

    Args:
        subject: What the report is about.

    Returns:
        The page, or why there is none.
    """
    offer = subject.offer
    if offer is None:
        return tag("p", "The definition cannot be read, so there is no page to show.")
    marketing = offer.marketing
    return tag(
        "article",
        _head(subject, offer),
        tag("div", customer_html(marketing.long_summary), class_="lead"),
        tag("div", customer_html(marketing.description)),
        *_sold(offer),
        *_pictures(subject, offer),
        *_links(offer),
        tag("h3", "Support"),
        tag("p", " · ".join(_contact(offer.support.customer)) or "No contact yet"),
        tag("p", offer.support.url),
        *_terms(subject, offer),
        class_="customer",
    )


def picture(raw: bytes, about: str) -> Html:
    """A PNG file as part of the page."""
    return tag("img", src=f"data:image/png;base64,{b64encode(raw).decode()}", alt=about)


def _head(subject: Subject, offer: Offer) -> Html:
    marketing, publisher = offer.marketing, subject.publisher
    logo = subject.pictures.get(marketing.logos.large) or subject.pictures.get(
        marketing.logos.medium
    )
    by = publisher.display_name or publisher.namespace or "nobody yet"
    return tag(
        "header",
        picture(logo, "logo") if logo else None,
        tag(
            "div",
            tag("h2", marketing.title or "No title yet"),
            tag("p", f"by {by}", tag("span", f" {publisher.website}", class_="address")),
            tag("div", customer_html(marketing.summary)),
            tag("p", ", ".join(offer.categories) or "No category yet", class_="muted"),
        ),
    )


def _sold(offer: Offer) -> Iterator[Html]:
    key, items = catalogue_items(offer)
    yield tag("h3", _HEADS.get(key, "What you can buy"))
    if not items:
        yield tag("p", "Nothing yet.", class_="muted")
    for item in items:
        yield tag(
            "section",
            tag("h4", item.title or item.identifier),
            tag("div", customer_html(item.summary), class_="lead"),
            tag("div", customer_html(item.description)),
            *_terms_of_sale(item),
            class_="sold",
        )


def _terms_of_sale(item: CatalogueItem) -> Iterator[Html]:
    match item:
        case Sku():
            yield from _sku(item)
        case ServicePlan():
            base = [("a month", _money(item.price.base))] if item.price.base is not None else []
            meters = [
                (f"a unit of {name}", _money(each)) for name, each in item.price.meters.items()
            ]
            if base or meters:
                yield table(("Price", "USD"), [*base, *meters])
            if item.migrates_to:
                yield tag("p", f"May move to: {', '.join(item.migrates_to)}")
        case DataPlan():
            yield tag("p", ", ".join(_data_plan(item)))
        case Topology():
            yield tag("p", f"Version {item.version}")


def _sku(sku: Sku) -> Iterator[Html]:
    how = {"byol": "Bring your own licence", "hourly": "By the hour"}.get(sku.billing, "")
    words = [how or f"Billing: {sku.billing or 'not given'}"]
    words += ["first month free"] * (sku.free_trial == "one-month")
    words += ["hidden: only solution templates use it"] * sku.hidden
    yield tag("p", ", ".join(words))
    if sku.markets:
        yield tag("p", f"For sale in: {', '.join(sku.markets)}")
    sizes = list(dict.fromkeys(size for each in sku.prices.values() for size in each.cores))
    if sizes:
        rows = [
            (market, each.currency, *(_money(each.cores.get(size)) for size in sizes))
            for market, each in sku.prices.items()
        ]
        titles = (f"{size} {'core' if size == '1' else 'cores'}" for size in sizes)
        yield table(("Market", "Currency", *titles), rows, class_="numbers")


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


def _pictures(subject: Subject, offer: Offer) -> Iterator[Html]:
    named = named_pictures(offer)
    if named:
        yield tag("h3", "Pictures")
        yield tag(
            "div", *(_figure(subject, each, named[each]) for each in named), class_="pictures"
        )


def _figure(subject: Subject, name: str, path: str) -> Html:
    raw = subject.pictures.get(path)
    shown: Part = picture(raw, name) if raw else tag("p", "no PNG file to show", class_="muted")
    return tag("figure", shown, tag("figcaption", f"{name}: {path}"))


def _links(offer: Offer) -> Iterator[Html]:
    if offer.marketing.links:
        yield tag("h3", "Links")
        yield tag(
            "ul",
            *(
                tag("li", link.title or "untitled", tag("span", f" {link.url}", class_="address"))
                for link in offer.marketing.links
            ),
        )


def _contact(contact: Contact) -> list[str]:
    return [each for each in (contact.name, contact.email, contact.phone) if each]


def _terms(subject: Subject, offer: Offer) -> Iterator[Html]:
    words = subject.terms
    yield tag("h3", "Legal")
    yield tag("p", "Privacy policy: ", offer.marketing.policy_url or "none yet")
    if not words.strip():
        yield tag("p", "No terms of use yet.", class_="muted")
        return
    more = f" The first {LONGEST_TEXT:,} characters are shown." if len(words) > LONGEST_TEXT else ""
    yield tag("p", f"Terms of use, {len(words):,} characters.{more}")
    yield tag("div", customer_html(words), class_="terms")
