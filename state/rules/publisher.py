"""Steps 1 and 2: who publishes. These rules look at ``publisher.toml``."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial

from state.definitions.content import leaves_of
from state.domain.field_path import ROOT
from state.domain.findings import PUBLISHER_FILE
from state.domain.offer import DataPlan, Offer, Sku
from state.domain.offer_types import APPROVED_TYPES, LONGEST_NAMESPACE, OFFER_TYPES, catalogue_items
from state.domain.publisher import Publisher
from state.domain.safe_text import quoted
from state.rules.checks import is_email
from state.rules.context import RuleContext, Violation
from state.rules.iso_codes import COUNTRIES
from state.rules.registry import declare, rule
from state.rules.rule import Example, Rule

AZURE_CERTIFIED = ROOT / "approval" / "azure_certified"
SOLUTION_TEMPLATES = ROOT / "approval" / "solution_templates"
"""The fields of publisher.toml with what the marketplace has approved."""

_NAMESPACE = re.compile(r"[a-z0-9][a-z0-9-]{1,49}")

PublisherCheck = Callable[[Publisher, RuleContext], Iterator[Violation]]


@rule(
    "approval.certified",
    step=1,
    types=APPROVED_TYPES,
    description="The marketplace has approved the publisher.",
    examples=[
        Example(
            "azure_certified = true",
            "azure_certified = false",
            "The publisher is not approved (azure_certified = false). Apply to the marketplace, "
            "and write true once it is.",
        )
    ],
    file=PUBLISHER_FILE,
)
def certified(context: RuleContext) -> Iterator[Violation]:
    if context.publisher is None:
        yield Violation(
            AZURE_CERTIFIED,
            "publisher.toml is missing, so the publisher counts as not approved. Once approved, write "
            "azure_certified = true under [approval].",
        )
    elif not context.publisher.approval.azure_certified:
        yield Violation(
            AZURE_CERTIFIED,
            "The publisher is not approved (azure_certified = false). Apply to the marketplace, "
            "and write true once it is.",
        )


@rule(
    "publisher.missing",
    step=2,
    description="There is a publisher.toml beside the definitions.",
    examples=[
        Example(
            "publisher.toml",
            "publisher.toml.bak",
            'publisher.toml is missing. Create it, for example with "vitrina init".',
        )
    ],
    file=PUBLISHER_FILE,
)
def missing(context: RuleContext) -> Iterator[Violation]:
    if context.publisher is None:
        message = 'publisher.toml is missing. Create it, for example with "vitrina init".'
        yield Violation(ROOT, message)


def _registration(
    id: str, *, description: str, examples: Iterable[Example]
) -> Callable[[PublisherCheck], PublisherCheck]:
    """Enter a rule of step 2 that is silent where there is no publisher file."""

    def enter(function: PublisherCheck) -> PublisherCheck:
        def check(context: RuleContext) -> Iterator[Violation]:
            return function(context.publisher, context) if context.publisher else iter(())

        declare(Rule(id, 2, description, tuple(examples), file=PUBLISHER_FILE, check=check))
        return function

    return enter


def _approved(
    key: str, what: str, to_sell: bool, publisher: Publisher, context: RuleContext
) -> Iterator[Violation]:
    """A registration that the marketplace approves; some are needed only by offers with a price."""
    state = str(getattr(publisher.registration, key))
    if state == "approved" or (to_sell and not is_commercial(context.definition)):
        return
    subject = f"{what}, needed to sell," if to_sell else what
    remedy = f'write {key} = "approved" once it is approved.'
    if state == "not-started":
        message = f"{subject} is not started. Submit it, and {remedy}"
    elif state == "submitted":
        message = f"{subject} is submitted, not approved. W{remedy[1:]}"
    else:
        message = (
            f'{quoted(state)} is not a state of a registration. Expected "not-started", '
            '"submitted" or "approved".'
        )
    yield Violation(ROOT / "registration" / key, message)


for _key, _what, _to_sell in (
    ("company", "The company registration", False),
    ("tax", "The tax registration", True),
    ("payout", "The payout account", True),
):
    _registration(
        f"registration.{_key}",
        description=f"{_what} is approved{', where the offer has a price' * _to_sell}.",
        examples=[
            Example(
                f'{_key} = "approved"',
                f'{_key} = "submitted"',
                f"{_what}{', needed to sell,' * _to_sell} is submitted, not approved. "
                f'Write {_key} = "approved" once it is approved.',
            )
        ],
    )(partial(_approved, _key, _what, _to_sell))


@_registration(
    "registration.agreement",
    description="The publisher agreement has been accepted, on a day that is not in the future.",
    examples=[
        Example(
            "agreement = 2026-09-14",
            "agreement = 2099-01-01",
            "The agreement date 2099-01-01 is in the future. Write the day on which it was "
            "accepted.",
        )
    ],
)
def agreement(publisher: Publisher, context: RuleContext) -> Iterator[Violation]:
    accepted = publisher.registration.agreement
    message = ""
    if accepted is None:
        message = (
            "The publisher agreement has not been accepted. Accept it, and write the day, such as "
            f"agreement = {context.now.astimezone().date()}."
        )
    elif _is_to_come(accepted, context):
        shown = f"{accepted:%Y-%m-%d %H:%M}" if isinstance(accepted, datetime) else accepted
        message = (
            f"The agreement date {shown} is in the future. Write the day on which it was accepted."
        )
    if message:
        yield Violation(ROOT / "registration" / "agreement", message)


def _is_to_come(accepted: date, context: RuleContext) -> bool:
    """Whether a day or a time is in the future; without a zone it is local time."""
    at = accepted if isinstance(accepted, datetime) else datetime.combine(accepted, time())
    try:
        return not context.is_past(at.astimezone(), timedelta.resolution)
    except (OverflowError, ValueError):
        return accepted.year > context.now.year


@_registration(
    "registration.namespace",
    description="The namespace has 2 to 50 lower-case letters, digits and hyphens; at most 26 for "
    "a developer service.",
    examples=[
        Example(
            'namespace = "contoso"',
            'namespace = "Contoso Ltd"',
            '"Contoso Ltd" is not a namespace. Expected 2 to 50 of a-z, 0-9 and "-", a letter or '
            "digit first.",
        )
    ],
)
def namespace(publisher: Publisher, context: RuleContext) -> Iterator[Violation]:
    if message := namespace_fault(publisher, context.definition):
        yield Violation(ROOT / "namespace", message)


def namespace_fault(publisher: Publisher, offer: Offer) -> str | None:
    """The fault of the namespace that an offer is to be published under, None where it is valid."""
    text = publisher.namespace
    kind = OFFER_TYPES[offer.type]
    most = kind.namespace_limit
    if not text:
        return 'No namespace. Write the publisher\'s, such as namespace = "contoso".'
    if len(text) > most and _NAMESPACE.fullmatch(text[:most]):
        whose = f" for a publisher of {kind.label.lower()}s" if most < LONGEST_NAMESPACE else ""
        fault = f"{quoted(text, 30)} has {len(text)} characters"
        return f"{fault}. Expected at most {most}{whose}. Shorten it."
    if not _NAMESPACE.fullmatch(text):
        return (
            f'{quoted(text)} is not a namespace. Expected 2 to {most} of a-z, 0-9 and "-", a letter '
            "or digit first."
        )
    return None


@_registration(
    "registration.account",
    description="The account is an e-mail address, not at microsoft.com, and its name has neither "
    '"Azure" nor "Microsoft" in it.',
    examples=[
        Example(
            'account = "marketplace@contoso.example"',
            'account = "azure-team@contoso.example"',
            '"azure-team@contoso.example" has "Azure" in its name. Register with an account '
            "without it.",
        )
    ],
)
def account(publisher: Publisher, context: RuleContext) -> Iterator[Violation]:
    text = publisher.account
    name, _, host = text.lower().rpartition("@")
    message = ""
    if not text:
        message = "No account. Write the e-mail address of the account that registered."
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
    description="The country that the publisher sells from is an ISO 3166-1 alpha-2 code.",
    examples=[
        Example(
            'sell_from = "ES"',
            'sell_from = "Spain"',
            '"Spain" is not a country code. Write the two letters, such as "ES".',
        )
    ],
)
def sell_from(publisher: Publisher, context: RuleContext) -> Iterator[Violation]:
    text = publisher.sell_from
    if text in COUNTRIES:
        return
    message = 'No country to sell from. Write its two letters, such as sell_from = "ES".'
    if text:
        meant = "GB" if text == "UK" else text.strip().upper()
        instead = meant if meant in COUNTRIES else "ES"
        such = "" if meant in COUNTRIES else "the two letters, such as "
        message = f'{quoted(text)} is not a country code. Write {such}"{instead}".'
    yield Violation(ROOT / "sell_from", message)


def is_commercial(offer: Offer) -> bool:
    """Whether an offer has a price above zero, so that tax and payout details are needed."""
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
        yield from (leaf.value for leaf in leaves_of(item) if leaf.kind == "money")
