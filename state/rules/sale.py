"""Support contacts, categories, and the subscriptions that see the offer in staging."""

import re
from collections import Counter
from collections.abc import Iterator

from state.definitions.model_fields import limits_of
from state.domain.field_path import ROOT, FieldPath
from state.domain.offer import Contact, Offer
from state.domain.offer_types import SOLUTION_TEMPLATE, VIRTUAL_MACHINE
from state.domain.safe_text import plural, quoted
from state.rules.checks import address_violations, is_email
from state.rules.context import RuleContext, Violation
from state.rules.registry import rule
from state.rules.rule import Example

BLIND_KINDS = frozenset({"csp", "dreamspark", "open"})
"""The kinds of subscription that cannot see staging."""

_SUPPORT = ROOT / "support"
_CATEGORIES = ROOT / "categories"
_MOST = limits_of(Offer)["categories"]
_SUBSCRIPTIONS = ROOT / "staging" / "subscriptions"
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)
_FEWEST_DIGITS = 3
_PARTS = {"name": "name", "email": "e-mail address", "phone": "phone number"}


@rule(
    "support.contacts",
    step=4,
    description="There are an engineering and a customer contact, each with name, e-mail and "
    "phone, and the address of a support page.",
    examples=[
        Example(
            'email = "maria.soler@contoso.example"',
            'email = "maria.soler"',
            '"maria.soler" is not an e-mail address. Write one such as "name@example.com".',
        )
    ],
)
def contacts(context: RuleContext) -> Iterator[Violation]:
    support = context.definition.support
    yield from _contact(_SUPPORT / "engineering", "engineering", support.engineering)
    yield from _contact(_SUPPORT / "customer", "customer", support.customer)
    yield from address_violations(_SUPPORT / "url", "address of the support page", support.url)


def _contact(at: FieldPath, who: str, contact: Contact) -> Iterator[Violation]:
    missing = [key for key in _PARTS if not getattr(contact, key).strip()]
    if len(missing) == len(_PARTS):
        message = f"No {who} contact. Give a name, an e-mail address and a phone number."
        yield Violation(at, message, needs=(at,))
        return
    for key in missing:
        yield Violation(at / key, f"The {who} contact has no {_PARTS[key]}. Add it.")
    if contact.email.strip() and not is_email(contact.email):
        message = (
            f"{quoted(contact.email)} is not an e-mail address. "
            'Write one such as "name@example.com".'
        )
        yield Violation(at / "email", message)
    digits = sum(character.isdecimal() for character in contact.phone)
    if contact.phone.strip() and digits < _FEWEST_DIGITS:
        message = f"{quoted(contact.phone)} is not a phone number. Write it with its country code."
        yield Violation(at / "phone", message)


@rule(
    "category.count",
    step=4,
    description="The offer is in 1 to 5 categories, each named once.",
    examples=[
        Example(
            'categories = ["finance", "data", "analytics"]',
            'categories = ["finance", "data", "finance"]',
            'The category "finance" is named 2 times. Name it once.',
        )
    ],
)
def categories(context: RuleContext) -> Iterator[Violation]:
    named = context.definition.categories
    count = Counter(named)
    if not named:
        yield Violation(
            _CATEGORIES, f"No category. Name 1 to {_MOST} categories of the marketplace."
        )
    elif len(count) > _MOST:
        over = len(count) - _MOST
        yield Violation(
            _CATEGORIES,
            f"{len(count)} categories. Expected at most {_MOST}. Remove {over}.",
        )
    seen: set[str] = set()
    for index, name in enumerate(named):
        at = _CATEGORIES.item(index, index)
        if name not in seen and not name.strip():
            yield Violation(
                at, f"{quoted(name)} is not a category. Name one, or remove the empty text."
            )
        elif name in seen and count[name] > 1:
            times = plural(count.pop(name), "time")
            yield Violation(at, f"The category {quoted(name)} is named {times}. Name it once.")
        seen.add(name)


@rule(
    "staging.subscriptions",
    step=4,
    types={VIRTUAL_MACHINE, SOLUTION_TEMPLATE},
    description="At least one subscription, by its GUID, sees the offer in staging; none is of "
    "kind csp, dreamspark or open.",
    examples=[
        Example(
            'kind = "pay-as-you-go"',
            'kind = "csp"',
            'A subscription of kind "csp" cannot see staging. Use another one, such as '
            "pay-as-you-go.",
        )
    ],
)
def subscriptions(context: RuleContext) -> Iterator[Violation]:
    named = context.definition.staging.subscriptions
    if not named:
        yield Violation(
            _SUBSCRIPTIONS,
            "No subscription sees the offer in staging. Add one by its id, a GUID.",
        )
    for index, subscription in enumerate(named):
        at = _SUBSCRIPTIONS.item(index, index)
        if not subscription.id.strip():
            message = (
                "The subscription has no id. Write its GUID, as shown on the subscriptions page."
            )
            yield Violation(at / "id", message)
        elif not _GUID.fullmatch(subscription.id):
            yield Violation(
                at / "id",
                f"{quoted(subscription.id)} is not a subscription id. Expected a GUID, such as "
                "6f3c0c2e-4b55-4d5b-9d0e-2f6f9f0a1b2c.",
            )
        if subscription.kind.strip().lower() in BLIND_KINDS:
            yield Violation(
                at / "kind",
                f"A subscription of kind {quoted(subscription.kind)} cannot see staging. "
                "Use another one, such as pay-as-you-go.",
            )
