"""What a developer service and a data service consist of: plans, the service, the source."""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from itertools import islice

from state.domain.field_path import ROOT, FieldPath
from state.domain.limits import length
from state.domain.offer import (
    DataPlan,
    DataServiceOffer,
    DeveloperServiceOffer,
    Service,
    ServicePlan,
)
from state.domain.safe_text import quoted
from state.rules.addresses import is_web_address
from state.rules.checks import identifier_violations, number
from state.rules.context import RuleContext, Violation
from state.rules.registry import D, T, rule

_LONGEST_NAME = 26
_PROTOCOLS = ("rest", "soap", "odata")
_STORAGE_ACCOUNT = re.compile(r"[a-z0-9]{3,24}")
_SHOWN_PLANS = 3
_NO_WORD = re.compile(r"[^a-z0-9]+")
_ANY_PLAN = (ROOT / "plans").each / "*"


@rule(
    "plan.present",
    step=3,
    types={D, T},
    says="The offer has at least one plan.",
    good='[[plans]]\nidentifier = "bronze"',
    bad="plans = []",
)
def present(context: RuleContext) -> Iterator[Violation]:
    """An offer that sells nothing."""
    if not any(True for _ in context.sold()):
        yield Violation(
            ROOT / "plans", "There is no plan to sell. Add one that begins with [[plans]]."
        )


@rule(
    "plan.identifier",
    step=3,
    types={D, T},
    says="A plan's identifier has 1 to 50 lower-case letters, digits and hyphens, and no other "
    "plan of the offer has it.",
    good='identifier = "bronze"',
    bad='identifier = "Bronze plan"',
)
def identifier(context: RuleContext) -> Iterator[Violation]:
    """Plans without an identifier of their own; of a changed locked one, the lock tells."""
    return identifier_violations(context.not_renamed(), "plan")


@rule(
    "plan.transactions",
    step=3,
    types={T},
    says="A plan says how many transactions a month it has, or that they are unlimited.",
    good="transactions = 10000",
    bad='transactions = "10000"',
)
def transactions(context: RuleContext) -> Iterator[Violation]:
    """Numbers of transactions that are missing or none."""
    for at, plan in _data_plans(context):
        count = plan.transactions
        message = ""
        if count is None:
            message = (
                "No number of transactions a month. Write one, such as transactions = 10000, or "
                '"unlimited".'
            )
        elif isinstance(count, str) and count != "unlimited":
            remedy = 'Write a whole number, or "unlimited"'
            if count.isascii() and count.isdecimal():
                remedy = "Write the number without quotes"
            message = f"{quoted(count)} is not a number of transactions. {remedy}."
        elif isinstance(count, int) and count <= 0:
            message = (
                f"{number(count)} is not a number of transactions a month. Write one above zero, or "
                '"unlimited".'
            )
        if message:
            yield Violation(at / "transactions", message)


@rule(
    "plan.promotion",
    step=3,
    types={T},
    says="A plan is hidden without a code only where it requires a promotion code.",
    good="promotion_code = true\nhidden_without_code = true",
    bad="promotion_code = false\nhidden_without_code = true",
)
def promotion(context: RuleContext) -> Iterator[Violation]:
    """Plans that nobody could see."""
    for at, plan in _data_plans(context):
        if plan.hidden_without_code and not plan.promotion_code:
            message = (
                "hidden_without_code = true hides the plan from everybody, as no code is required. "
                "Write false, or promotion_code = true."
            )
            at_fault = at / "hidden_without_code"
            yield Violation(at_fault, message, depends_on=(at / "promotion_code",))


@rule(
    "plan.migration",
    step=3,
    types={D},
    says="A plan's customers may move to other plans of this offer.",
    good='migrates_to = ["silver"]',
    bad='migrates_to = ["silver-plan"]',
)
def migration(context: RuleContext) -> Iterator[Violation]:
    """Targets that are no plan, or the very plan."""
    plans = [(at, plan) for at, plan in context.sold() if isinstance(plan, ServicePlan)]
    misnamed_at = {found.field for found in identifier(context)}
    doubtful = [plan for at, plan in plans if at / "identifier" in misnamed_at]
    known = dict.fromkeys(plan.identifier for _, plan in plans if plan.identifier)
    repeated = Counter(plan.identifier for _, plan in plans)
    forgiven = _meant(plans, known, doubtful)
    for at, plan in plans:
        for index, target in enumerate(plan.migrates_to):
            field = (at / "migrates_to").item(index, index)
            if target in forgiven:
                continue
            if target not in known:
                remedy = _instead(plan.identifier, known)
                message = f"{quoted(target)} is not a plan of this offer. {remedy}."
                # A plan may stand under another header than [[plans]], which is told there.
                yield Violation(field, message, depends_on=(_ANY_PLAN,))
            elif target == plan.identifier and repeated[target] == 1:
                message = f"{quoted(target)} is this very plan. Name another one, or take it out."
                yield Violation(field, message)


def _meant(
    plans: list[tuple[FieldPath, ServicePlan]], known: Container[str], doubtful: list[ServicePlan]
) -> set[str]:
    """The unknown targets that the plans without a good identifier may have: one each.

    Those that a plan's words spell come first.
    """
    targets = dict.fromkeys(target for _, plan in plans for target in plan.migrates_to)
    unknown = [target for target in targets if target not in known]
    words = {_NO_WORD.sub("-", text.lower()) for plan in doubtful
             for text in (plan.identifier, plan.title) if text}  # fmt: skip
    unknown.sort(key=lambda target: target not in words)
    return set(unknown[: len(doubtful)])


def _instead(own: str, known: Iterable[str]) -> str:
    """The remedy, with the first plans that could have been meant."""
    others = list(islice((name for name in known if name != own), _SHOWN_PLANS + 1))
    if not others:
        return "Take it out: there is no other"
    more = ", …" if len(others) > _SHOWN_PLANS else ""
    shown = ", ".join(quoted(name, 16)[1:-1] for name in others[:_SHOWN_PLANS])
    return f"Take it out, or name one of {shown}{more}"


@rule(
    "service.namespace",
    step=3,
    types={D},
    says="The service has a namespace of at most 26 characters.",
    good='namespace = "contoso.mail"',
    bad='namespace = "contoso.transactional-mail-service"',
)
def service_namespace(context: RuleContext) -> Iterator[Violation]:
    """Namespaces that are missing or too long."""
    for at, service in _services(context):
        text = service.namespace
        if not text.strip():
            message = 'The service has no namespace. Write one, such as namespace = "contoso.mail".'
            yield Violation(at / "namespace", message)
        elif (count := length(text)) > _LONGEST_NAME:
            message = _too_long(text, count)
            yield Violation(at / "namespace", message)


@rule(
    "service.resource_types",
    step=3,
    types={D},
    says="The service has at least one resource type, each of at most 26 characters.",
    good='resource_types = ["mailbox"]',
    bad="resource_types = []",
)
def resource_types(context: RuleContext) -> Iterator[Violation]:
    """No resource types, and empty or too long ones."""
    for at, service in _services(context):
        field = at / "resource_types"
        if not service.resource_types:
            message = 'No resource type. Name at least one, such as resource_types = ["mailbox"].'
            yield Violation(field, message)
        for index, text in enumerate(service.resource_types):
            if not text.strip():
                message = "An empty text is not a resource type. Name it, or take it out."
                yield Violation(field.item(index, index), message)
            elif (count := length(text)) > _LONGEST_NAME:
                message = _too_long(text, count)
                yield Violation(field.item(index, index), message)


@rule(
    "service.endpoint",
    step=3,
    types={D},
    says="The resource provider answers at an https address.",
    good='endpoint = "https://rp.contoso.example"',
    bad='endpoint = "http://rp.contoso.example"',
)
def endpoint(context: RuleContext) -> Iterator[Violation]:
    """Endpoints that are missing or not https."""
    for at, service in _services(context):
        yield from _judged_address(at / "endpoint", "endpoint", service.endpoint)


@rule(
    "service.metering",
    step=3,
    types={D},
    says="Usage of staging and of production goes to two storage accounts, each named by 3 to 24 "
    "lower-case letters and digits.",
    good='metering = { staging = "contosostg", production = "contosoprod" }',
    bad='metering = { staging = "contoso", production = "contoso" }',
)
def metering(context: RuleContext) -> Iterator[Violation]:
    """Storage accounts that are missing, none, or the same."""
    for at, service in _services(context):
        accounts = {"staging": service.metering.staging, "production": service.metering.production}
        for key, name in accounts.items():
            message = ""
            if not name:
                message = f'No storage account for the usage of {key}. Name it, {key} = "…".'
            elif not _STORAGE_ACCOUNT.fullmatch(name):
                message = (
                    f"{quoted(name)} is not a storage account. Expected 3 to 24 lower-case letters "
                    "a-z and digits."
                )
            elif key == "production" and name == accounts["staging"]:
                message = (
                    f"{quoted(name)} already meters staging. Name another account for production."
                )
            if message:
                yield Violation(at / "metering" / key, message)


@rule(
    "source.kind",
    step=3,
    types={T},
    says="The data comes from a database or a web service; a web service has a protocol (rest, "
    "soap or odata) and an https address.",
    good='kind = "web-service"\nprotocol = "rest"\naddress = "https://api.contoso.example/rates"',
    bad='kind = "web-service"\nprotocol = "graphql"',
)
def source(context: RuleContext) -> Iterator[Violation]:
    """Sources that are none, and web services that cannot be called."""
    if not isinstance(context.definition, DataServiceOffer):
        return
    at, said = ROOT / "source", context.definition.source
    if not said.kind:
        yield Violation(at / "kind", 'No kind of source. Write "database" or "web-service".')
    elif said.kind not in ("database", "web-service"):
        message = f'{quoted(said.kind)} is not a kind of source. Write "database" or "web-service".'
        yield Violation(at / "kind", message)
    if said.kind == "web-service":
        if not said.protocol:
            message = 'The web service has no protocol. Write "rest", "soap" or "odata".'
            yield Violation(at / "protocol", message)
        elif said.protocol not in _PROTOCOLS:
            message = f'{quoted(said.protocol)} is not a protocol. Write "rest", "soap" or "odata".'
            yield Violation(at / "protocol", message)
        yield from _judged_address(at / "address", "address of the web service", said.address)


def _judged_address(at: FieldPath, what: str, text: str) -> Iterator[Violation]:
    if not text.strip():
        yield Violation(at, f"No {what}. Give it, beginning with https://.")
    elif is_web_address(text, "http"):
        yield Violation(
            at, f"{quoted(text)} begins with http://. Expected https:// for the {what}."
        )
    elif not is_web_address(text, "https"):
        yield Violation(
            at, f"{quoted(text)} is not an https address. Write the {what} as https://…."
        )


def _too_long(text: str, count: int) -> str:
    return f"{quoted(text)} has {count} characters. Expected at most {_LONGEST_NAME}. Shorten it."


def _services(context: RuleContext) -> Iterator[tuple[FieldPath, Service]]:
    if isinstance(context.definition, DeveloperServiceOffer):
        yield ROOT / "service", context.definition.service


def _data_plans(context: RuleContext) -> Iterator[tuple[FieldPath, DataPlan]]:
    for at, item in context.sold():
        if isinstance(item, DataPlan):
            yield at, item
