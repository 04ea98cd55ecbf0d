"""Developer services and data services: plans, the service, the source."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from state.definitions.model_fields import choices_of, limits_of
from state.domain.field_path import ROOT, FieldPath
from state.domain.offer import (
    DataPlan,
    DataServiceOffer,
    DeveloperServiceOffer,
    Service,
    ServicePlan,
    Source,
)
from state.domain.offer_types import DATA_SERVICE, DEVELOPER_SERVICE
from state.domain.safe_text import quoted
from state.domain.text_length import length
from state.rules.checks import identifier_violations, is_web_address, number
from state.rules.context import RuleContext, Violation
from state.rules.registry import rule
from state.rules.rule import Example

_LONGEST_NAME = limits_of(Service)["namespace"]
_STORAGE_ACCOUNT = re.compile(r"[a-z0-9]{3,24}")
_SHOWN_PLANS = 3
_ANY_IDENTIFIER = (ROOT / "plans").each / "identifier"


@rule(
    "plan.present",
    step=3,
    types={DEVELOPER_SERVICE, DATA_SERVICE},
    description="The offer has at least one plan.",
    examples=[
        Example(
            '[[plans]]\nidentifier = "taste"…',
            "# no [[plans]]",
            "The offer has no plan. Add one that begins with [[plans]].",
        )
    ],
)
def present(context: RuleContext) -> Iterator[Violation]:
    if not any(True for _ in context.sold()):
        yield Violation(
            ROOT / "plans", "The offer has no plan. Add one that begins with [[plans]]."
        )


@rule(
    "plan.identifier",
    step=3,
    types={DEVELOPER_SERVICE, DATA_SERVICE},
    description="A plan's identifier has 1 to 50 lower-case letters, digits and hyphens, and no "
    "other plan of the offer has it.",
    examples=[
        Example(
            'identifier = "starter"',
            'identifier = "Starter plan"',
            '"Starter plan" is not an identifier. Expected a-z, 0-9 and "-", a letter or digit '
            'first. Write "starter-plan".',
        )
    ],
)
def identifier(context: RuleContext) -> Iterator[Violation]:
    return identifier_violations(context.sold(), "plan")


@rule(
    "plan.transactions",
    step=3,
    types={DATA_SERVICE},
    description='A plan has a number of transactions a month, or "unlimited".',
    examples=[
        Example(
            "transactions = 10000",
            'transactions = "10000"',
            '"10000" is not a number of transactions. Write the number without quotes.',
        )
    ],
)
def transactions(context: RuleContext) -> Iterator[Violation]:
    for at, plan in _data_plans(context):
        count = plan.transactions
        message = ""
        if count is None:
            message = (
                "The plan has no number of transactions a month. Write one, such as transactions = "
                '10000, or "unlimited".'
            )
        elif isinstance(count, str) and count != "unlimited":
            remedy = 'Write a whole number, or "unlimited"'
            if count.isascii() and count.isdecimal():
                remedy = "Write the number without quotes"
            message = f"{quoted(count)} is not a number of transactions. {remedy}."
        elif isinstance(count, int) and count <= 0:
            message = (
                f"{number(count)} is not a number of transactions a month. Expected one above "
                'zero, or "unlimited".'
            )
        if message:
            yield Violation(at / "transactions", message)


@rule(
    "plan.promotion",
    step=3,
    types={DATA_SERVICE},
    description="A plan is hidden without a code only where it requires a promotion code.",
    examples=[
        Example(
            "promotion_code = false\nhidden_without_code = false",
            "promotion_code = false\nhidden_without_code = true",
            "hidden_without_code = true hides the plan from everyone, as no code is required. "
            "Write false, or promotion_code = true.",
        )
    ],
)
def promotion(context: RuleContext) -> Iterator[Violation]:
    for at, plan in _data_plans(context):
        if plan.hidden_without_code and not plan.promotion_code:
            message = (
                "hidden_without_code = true hides the plan from everyone, as no code is required. "
                "Write false, or promotion_code = true."
            )
            at_fault = at / "hidden_without_code"
            yield Violation(at_fault, message, needs=(at / "promotion_code",))


@rule(
    "plan.migration",
    step=3,
    types={DEVELOPER_SERVICE},
    description="A plan's customers may move to other plans of this offer.",
    examples=[
        Example(
            'migrates_to = ["silver", "gold"]',
            'migrates_to = ["silver", "golden"]',
            '"golden" is not a plan of this offer. Remove it, or name one of silver, gold.',
        )
    ],
)
def migration(context: RuleContext) -> Iterator[Violation]:
    plans = [(at, plan) for at, plan in context.sold() if isinstance(plan, ServicePlan)]
    known = dict.fromkeys(plan.identifier for _, plan in plans if plan.identifier)
    repeated = Counter(plan.identifier for _, plan in plans)
    for at, plan in plans:
        for index, target in enumerate(plan.migrates_to):
            field = (at / "migrates_to").item(index, index)
            if target not in known:
                remedy = _instead(plan.identifier, known)
                message = f"{quoted(target)} is not a plan of this offer. {remedy}."
                yield Violation(field, message, needs=(_ANY_IDENTIFIER,))
            elif target == plan.identifier and repeated[target] == 1:
                remedy = f"Remove {quoted(target)}, or name another plan."
                message = f"A plan cannot migrate to itself. {remedy}"
                yield Violation(field, message)


def _instead(own: str, known: Iterable[str]) -> str:
    others = list(islice((name for name in known if name != own), _SHOWN_PLANS + 1))
    if not others:
        return "Remove it: there is no other"
    more = ", …" if len(others) > _SHOWN_PLANS else ""
    shown = ", ".join(quoted(name, 16)[1:-1] for name in others[:_SHOWN_PLANS])
    return f"Remove it, or name one of {shown}{more}"


@rule(
    "service.namespace",
    step=3,
    types={DEVELOPER_SERVICE},
    description="The service has a namespace of at most 26 characters.",
    examples=[
        Example(
            'namespace = "contoso.mail"',
            'namespace = "contoso.transactional-mail-service"',
            '"contoso.transactional-mail-service" has 34 characters. Expected at most 26. '
            "Shorten it.",
        )
    ],
)
def service_namespace(context: RuleContext) -> Iterator[Violation]:
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
    types={DEVELOPER_SERVICE},
    description="The service has at least one resource type, each of at most 26 characters.",
    examples=[
        Example(
            'resource_types = ["mailbox", "template"]',
            "resource_types = []",
            'No resource type. Name at least one, such as resource_types = ["mailbox"].',
        )
    ],
)
def resource_types(context: RuleContext) -> Iterator[Violation]:
    for at, service in _services(context):
        field = at / "resource_types"
        if not service.resource_types:
            message = 'No resource type. Name at least one, such as resource_types = ["mailbox"].'
            yield Violation(field, message)
        for index, text in enumerate(service.resource_types):
            if not text.strip():
                message = "An empty text is not a resource type. Name one, or remove it."
                yield Violation(field.item(index, index), message)
            elif (count := length(text)) > _LONGEST_NAME:
                message = _too_long(text, count)
                yield Violation(field.item(index, index), message)


@rule(
    "service.endpoint",
    step=3,
    types={DEVELOPER_SERVICE},
    description="The resource provider answers at an https address.",
    examples=[
        Example(
            'endpoint = "https://rp.contoso.example/mail"',
            'endpoint = "http://rp.contoso.example/mail"',
            '"http://rp.contoso.example/mail" begins with http://. Expected https:// for the '
            "endpoint.",
        )
    ],
)
def endpoint(context: RuleContext) -> Iterator[Violation]:
    for at, service in _services(context):
        yield from _judged_address(at / "endpoint", "endpoint", service.endpoint)


@rule(
    "service.metering",
    step=3,
    types={DEVELOPER_SERVICE},
    description="Usage in staging and in production goes to two storage accounts, each named by 3 "
    "to 24 lower-case letters and digits.",
    examples=[
        Example(
            'staging = "contosomailstg", production = "contosomailprod"',
            'staging = "contosomail", production = "contosomail"',
            '"contosomail" already meters staging. Name another account for production.',
        )
    ],
)
def metering(context: RuleContext) -> Iterator[Violation]:
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
    types={DATA_SERVICE},
    description="The source is a database or a web service; a web service has a protocol "
    "(rest, soap or odata) and an https address.",
    examples=[
        Example(
            'protocol = "rest"',
            'protocol = "graphql"',
            '"graphql" is not a protocol. Write "rest", "soap" or "odata".',
        ),
        Example(
            'kind = "web-service"\nprotocol = "rest"',
            'kind = "database"\nprotocol = "grpc"',
            '"grpc" is not a protocol. Write "rest", "soap" or "odata".',
        ),
    ],
)
def source(context: RuleContext) -> Iterator[Violation]:
    if not isinstance(context.definition, DataServiceOffer):
        return
    at, said = ROOT / "source", context.definition.source
    if not said.kind:
        yield Violation(at / "kind", 'No kind of source. Write "database" or "web-service".')
    elif said.kind not in choices_of(Source, "kind"):
        message = f'{quoted(said.kind)} is not a kind of source. Write "database" or "web-service".'
        yield Violation(at / "kind", message)
    is_web_service = said.kind == "web-service"
    if said.protocol and said.protocol not in choices_of(Source, "protocol"):
        message = f'{quoted(said.protocol)} is not a protocol. Write "rest", "soap" or "odata".'
        yield Violation(at / "protocol", message)
    elif is_web_service and not said.protocol:
        message = 'The web service has no protocol. Write "rest", "soap" or "odata".'
        yield Violation(at / "protocol", message)
    if is_web_service or (said.kind != "database" and said.address):
        yield from _judged_address(at / "address", "address of the web service", said.address)


def _judged_address(at: FieldPath, what: str, text: str) -> Iterator[Violation]:
    if not text.strip():
        yield Violation(at, f"No {what}. Write one that begins with https://.")
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
