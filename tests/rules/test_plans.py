"""Plans, the service behind them, and the source of the data."""

import pytest

from tests.rules.rule_case import MAIL, RATES, RuleCase
from tests.rules.test_skus import listed, rules, without
from tests.support import Edit, example_text, findings

TARGETS = 'migrates_to = ["silver", "gold"]'
NAMESPACE = 'namespace = "contoso.mail"'
TYPES = 'resource_types = ["mailbox", "template"]'
ENDPOINT = 'endpoint = "https://rp.contoso.example/mail"'
METERING = 'metering = { staging = "contosomailstg", production = "contosomailprod" }'

TASTE = 'identifier = "taste"'
STARTER = 'identifier = "starter"'
COUNT = "transactions = 10000"
HIDDEN = "hidden_without_code = false"
KIND = 'kind = "web-service"'
PROTOCOL = 'protocol = "rest"'
WEB = 'address = "https://api.contoso.example/rates"'


def mail(rule: str, field: str, old: str, new: str, line: str | None = None) -> RuleCase:
    return RuleCase(rule, field, line or new, ((old, new),), MAIL)


def rates(rule: str, field: str, old: str, new: str, line: str | None = None) -> RuleCase:
    return RuleCase(rule, field, line or new, ((old, new),), RATES)


def migration(old: str, new: str, at: int) -> RuleCase:
    return mail("plan.migration", f"plans.bronze.migrates_to.{at}", old, new)


def metering(key: str, old: str, new: str) -> RuleCase:
    return mail("service.metering", f"service.metering.{key}", old, new, "metering")


PLANS = tuple(without(MAIL, "plans", index) for index in range(3))

CASES = [
    RuleCase("plan.present", "plans", "", PLANS, MAIL),
    rates("plan.identifier", "plans.0.identifier", TASTE, 'identifier = ""'),
    rates("plan.identifier", "plans.Taste.identifier", TASTE, 'identifier = "Taste"'),
    rates("plan.identifier", "plans.1.identifier", STARTER, 'identifier = "taste" # again'),
    rates("plan.transactions", "plans.taste.transactions", "transactions = 500", "", "[[plans]]"),
    rates("plan.transactions", "plans.starter.transactions", COUNT, "transactions = 0"),
    rates("plan.transactions", "plans.starter.transactions", COUNT, "transactions = -10000"),
    rates("plan.transactions", "plans.starter.transactions", COUNT, 'transactions = "Unlimited"'),
    migration(TARGETS, 'migrates_to = ["bronze", "gold"]', 0),
    migration(TARGETS, 'migrates_to = [""]', 0),
    mail("service.namespace", "service.namespace", NAMESPACE, "", "[service]"),
    mail("service.namespace", "service.namespace", NAMESPACE, f'namespace = "{"m" * 27}"'),
    mail("service.resource_types", "service.resource_types.0", TYPES, 'resource_types = [""]'),
    mail("service.resource_types", "service.resource_types.1", TYPES,
         f'resource_types = ["mailbox", "{"m" * 27}"]'),
    mail("service.endpoint", "service.endpoint", ENDPOINT, 'endpoint = ""'),
    mail("service.endpoint", "service.endpoint", ENDPOINT, 'endpoint = "http://rp.contoso.example"'),
    mail("service.endpoint", "service.endpoint", ENDPOINT, 'endpoint = "rp.contoso.example"'),
    metering("staging", 'staging = "contosomailstg", ', ""),
    metering("production", "contosomailprod", "Contoso-Mail"),
    metering("production", "contosomailprod", "contosomailstg"),
    metering("production", "contosomailprod", "co"),
    rates("source.kind", "source.kind", KIND, "", "[source]"),
    rates("source.kind", "source.kind", KIND, 'kind = "spreadsheet"'),
    rates("source.kind", "source.protocol", PROTOCOL, "", "[source]"),
    rates("source.kind", "source.address", WEB, 'address = "http://api.contoso.example/rates"'),
    rates("source.kind", "source.address", WEB, "", "[source]"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("example", "edits"),
    [
        (MAIL, ((NAMESPACE, f'namespace = "{"é" * 26}"'),)),
        (MAIL, ((TYPES, f'resource_types = ["{"e" * 25}e\u0301"]'),)),
        (MAIL, ((METERING, 'metering = { staging = "abc", production = "' + "9" * 24 + '" }'),)),
        (MAIL, ((TARGETS, "migrates_to = []"),)),
        (RATES, ((COUNT, "transactions = 1"),)),
        (
            RATES,
            ((HIDDEN, HIDDEN[:-5] + "true"), ("promotion_code = false", "promotion_code = true")),
        ),
        (RATES, ((KIND, 'kind = "database"'), (PROTOCOL, ""), (WEB, ""))),
        (RATES, ((PROTOCOL, 'protocol = "odata"'),)),
        (RATES, ((STARTER, f'identifier = "{"p" * 50}"'),)),
    ],
)
def test_at_the_edge_is_in_order(example: str, edits: tuple[Edit, ...]) -> None:
    assert findings(example, *edits) == []


@pytest.mark.parametrize("kind", ['kind = "x"', "kind = 5", ""])
def test_a_wrong_kind_of_source_hides_neither_protocol_nor_address(kind: str) -> None:
    edits = ((KIND, kind), (PROTOCOL, 'protocol = "grpc"'), (WEB, 'address = "ftp://x"'))
    found = findings(RATES, *edits)
    assert {str(each.field) for each in found} == {
        "source.kind",
        "source.protocol",
        "source.address",
    }


def test_a_plan_taken_out_leaves_those_who_should_move_to_it() -> None:
    text = example_text(MAIL)
    assert text.count('"gold"') == 3
    found = findings(MAIL, without(MAIL, "plans", 2))
    assert [str(each.field) for each in found] == [
        "plans.bronze.migrates_to.1",
        "plans.silver.migrates_to.1",
    ]


SILVER = 'identifier = "silver"'
GOLD_TARGET = 'migrates_to = ["silver"] '


@pytest.mark.parametrize(
    ("edits", "told"),
    [
        (((SILVER, 'identifier = "gold"'),), ["plans.2.identifier"]),
        (((SILVER, 'identifier = "Silver"'),), ["plans.Silver.identifier"]),
        (((SILVER, ""),), ["plans.1.identifier"]),
        (
            ((SILVER, 'identifier = "Silver"'), (GOLD_TARGET, 'migrates_to = ["platinum"] ')),
            ["plans.Silver.identifier"],
        ),
        (
            ((SILVER, 'identifier = 5'), (GOLD_TARGET, 'migrates_to = ["platinum"] ')),
            ["plans.1.identifier"],
        ),
        (((TARGETS, 'migrates_to = ["bronze", "gold"]'), (SILVER, "identifier = '-'")),
         ["plans.-.identifier", "plans.bronze.migrates_to.0"]),
    ],
)  # fmt: skip
def test_a_bad_identifier_leaves_unknown_which_plans_there_are(
    edits: tuple[Edit, ...], told: list[str]
) -> None:
    """A target that no plan has is reported once every identifier is in order."""
    assert [str(each.field) for each in findings(MAIL, *edits)] == told


def test_plans_taken_out_of_production_are_told_once() -> None:
    everything = [without(RATES, "plans", index) for index in range(3)]
    assert rules(findings(RATES, *everything, **listed(RATES))) == ["plan.present"]
