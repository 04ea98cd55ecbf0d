"""Steps 1 and 2: who publishes. These rules look at ``publisher.toml``."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial

from state.domain.field_path import ROOT
from state.domain.offer import (
    DataPlan,
    DeveloperServiceOffer,
    Offer,
    ServicePlan,
    Sku,
    catalogue_items,
)
from state.domain.publisher import PUBLISHER_FILE, Publisher
from state.domain.safe_text import quoted
from state.rules.addresses import is_email
from state.rules.context import RuleContext, Violation
from state.rules.iso_codes import COUNTRIES
from state.rules.registry import D, S, V, declare, rule

AZURE_CERTIFIED = ROOT / "approval" / "azure_certified"
SOLUTION_TEMPLATES = ROOT / "approval" / "solution_templates"
"""What the marketplace has approved, in publisher.toml."""

_NAMESPACE = re.compile(r"[a-z0-9][a-z0-9-]{1,49}")
_LONGEST_NAMESPACE = 50
_LONGEST_SERVICE_NAMESPACE = 26

PublisherCheck = Callable[[Publisher, RuleContext], Iterator[Violation]]


@rule(
    "approval.certified",
    step=1,
    types={V, D, S},
    says="The marketplace has approved the publisher.",
    good="azure_certified = true",
    bad="azure_certified = false",
    file=PUBLISHER_FILE,
)
def certified(context: RuleContext) -> Iterator[Violation]:
    """Publishers who may not publish this type of offer yet."""
    if context.publisher is None:
        yield Violation(
            AZURE_CERTIFIED,
            "No publisher.toml says that the publisher is approved: once it is, the file says "
            "azure_certified = true under [approval].",
        )
    elif not context.publisher.approval.azure_certified:
        yield Violation(
            AZURE_CERTIFIED,
            "The publisher is not approved (azure_certified = false): apply to the marketplace, "
            "and write true once it agrees.",
        )


@rule(
    "publisher.missing",
    step=2,
    says="There is a publisher.toml beside the definitions.",
    good="publisher.toml",
    bad="no such file",
    file=PUBLISHER_FILE,
)
def missing(context: RuleContext) -> Iterator[Violation]:
    """A directory in which nobody publishes."""
    if context.publisher is None:
        message = (
            'There is no publisher.toml in this directory: "vitrina init" writes one to fill in.'
        )
        yield Violation(ROOT, message)


def _registration(
    id: str, *, says: str, good: str, bad: str
) -> Callable[[PublisherCheck], PublisherCheck]:
    """Enter a rule of step 2 that has nothing to say where there is no publisher file."""

    def enter(function: PublisherCheck) -> PublisherCheck:
        def checked(context: RuleContext) -> Iterator[Violation]:
            return function(context.publisher, context) if context.publisher else iter(())

        declare(id, 2, says, good=good, bad=bad, file=PUBLISHER_FILE, check=checked)
        return function

    return enter


def _approved(
    key: str, what: str, publisher: Publisher, context: RuleContext
) -> Iterator[Violation]:
    """One of the registrations that the marketplace approves."""
    state = str(getattr(publisher.registration, key))
    wanted = f'{key} = "approved"'
    if state == "not-started":
        message = f"{what} is not started. Submit it, and write {wanted} once it is approved."
    elif state == "submitted":
        message = f"{what} is submitted, not approved. Write {wanted} once it is."
    else:
        message = (
            f'{quoted(state)} is not a state of a registration. Write "submitted" or "approved".'
        )
    if state != "approved":
        yield Violation(ROOT / "registration" / key, message)


def _approved_to_sell(
    key: str, what: str, publisher: Publisher, context: RuleContext
) -> Iterator[Violation]:
    """One that only an offer needs that costs something."""
    if is_commercial(context.definition):
        yield from _approved(key, f"{what}, needed to sell,", publisher, context)


for _key, _what, _check in (
    ("company", "The company's registration", _approved),
    ("tax", "The tax registration", _approved_to_sell),
    ("payout", "The payout account", _approved_to_sell),
):
    _registration(
        f"registration.{_key}",
        says=f"{_what} is approved{', where the offer has a price' * (_check != _approved)}.",
        good=f'{_key} = "approved"',
        bad=f'{_key} = "submitted"',
    )(partial(_check, _key, _what))


@_registration(
    "registration.agreement",
    says="The publisher agreement has been accepted, on a day that is not in the future.",
    good="agreement = 2026-09-14",
    bad="agreement = 2099-01-01",
)
def agreement(publisher: Publisher, context: RuleContext) -> Iterator[Violation]:
    """Agreements that nobody has accepted yet."""
    accepted = publisher.registration.agreement
    message = ""
    if accepted is None:
        message = (
            "The publisher agreement has not been accepted. Accept it and write the day, such as "
            f"agreement = {context.now.astimezone().date()}."
        )
    elif _is_to_come(accepted, context):
        shown = f"{accepted:%Y-%m-%d %H:%M}" if isinstance(accepted, datetime) else accepted
        message = (
            f"The agreement's day {shown} is in the future. Write the day on which it was accepted."
        )
    if message:
        yield Violation(ROOT / "registration" / "agreement", message)


def _is_to_come(accepted: date, context: RuleContext) -> bool:
    """Whether a day or a time is yet to come; without a zone it is one where the person is."""
    at = accepted if isinstance(accepted, datetime) else datetime.combine(accepted, time())
    try:
        return not context.is_past(at.astimezone(), timedelta.resolution)
    except (OverflowError, ValueError):
        return accepted.year > context.now.year


@_registration(
    "registration.namespace",
    says="The namespace has 2 to 50 lower-case letters, digits and hyphens; at most 26 for a "
    "developer service.",
    good='namespace = "contoso"',
    bad='namespace = "Contoso Ltd"',
)
def namespace(publisher: Publisher, context: RuleContext) -> Iterator[Violation]:
    """Namespaces that are missing, too long, or none."""
    if message := namespace_fault(publisher, context.definition):
        yield Violation(ROOT / "namespace", message)


def namespace_fault(publisher: Publisher, offer: Offer) -> str | None:
    """What is wrong with the publisher's namespace.

    Args:
        publisher: The publisher file.
        offer: The offer to be published under it.

    Returns:
        The message, None where nothing is wrong.
    """
    text = publisher.namespace
    service = isinstance(offer, DeveloperServiceOffer)
    most = _LONGEST_SERVICE_NAMESPACE if service else _LONGEST_NAMESPACE
    if not text:
        return 'No namespace is set. Write the publisher\'s, such as namespace = "contoso".'
    if len(text) > most and _NAMESPACE.fullmatch(text[:most]):
        whose = "of a developer service's publisher " if service else ""
        return f"The namespace {whose}has {len(text)} of {most} characters. Shorten {quoted(text)}."
    if not _NAMESPACE.fullmatch(text):
        return (
            f"{quoted(text)} is not a namespace. Write 2 to {most} lower-case letters a-z, digits and "
            "hyphens, a letter or digit first."
        )
    return None


@_registration(
    "registration.account",
    says="The account is an e-mail address, not at microsoft.com, and its name has neither "
    '"Azure" nor "Microsoft" in it.',
    good='account = "marketplace@contoso.example"',
    bad='account = "azure-team@contoso.example"',
)
def account(publisher: Publisher, context: RuleContext) -> Iterator[Violation]:
    """Accounts that are missing, no e-mail address, or may not register."""
    text = publisher.account
    name, _, host = text.lower().rpartition("@")
    message = ""
    if not text:
        message = "No account is given. Write the e-mail address of the account that registered."
    elif not is_email(text):
        message = (
            f"{quoted(text)} is not an e-mail address. "
            'Write one such as "marketplace@contoso.example".'
        )
    elif f".{host}".endswith(".microsoft.com"):
        message = (
            f"{quoted(text)} is at microsoft.com. Register with an account of your own company."
        )
    elif word := next((each for each in ("Azure", "Microsoft") if each.lower() in name), ""):
        message = f'{quoted(text)} has "{word}" in its name. Register with an account without it.'
    if message:
        yield Violation(ROOT / "account", message)


@_registration(
    "registration.sell_from",
    says="The country that the publisher sells from is an ISO 3166-1 alpha-2 code.",
    good='sell_from = "ES"',
    bad='sell_from = "Spain"',
)
def sell_from(publisher: Publisher, context: RuleContext) -> Iterator[Violation]:
    """Countries that are missing or none."""
    text = publisher.sell_from
    if text in COUNTRIES:
        return
    message = 'No country is given to sell from. Write its two letters, such as sell_from = "ES".'
    if text:
        meant = "GB" if text == "UK" else text.strip().upper()
        instead = meant if meant in COUNTRIES else "ES"
        such = "" if meant in COUNTRIES else "the two letters, such as "
        message = f'{quoted(text)} is not a country code. Write {such}"{instead}".'
    yield Violation(ROOT / "sell_from", message)


def is_commercial(offer: Offer) -> bool:
    """Whether an offer has a price above zero; its publisher then needs tax and payout details."""
    return any(
        isinstance(amount, Decimal) and amount.is_finite() and amount > 0
        for amount in _amounts(offer)
    )


def _amounts(offer: Offer) -> Iterator[object]:
    """The amounts that customers pay: not those of a BYOL SKU or a free plan."""
    for item in catalogue_items(offer)[1]:
        match item:
            case Sku(billing="byol") | DataPlan(free=True):
                continue
            case Sku(prices=prices):
                for market in prices.values():
                    yield from market.cores.values()
            case ServicePlan(price=price) | DataPlan(price=price):
                yield price.base
                yield from price.meters.values()
