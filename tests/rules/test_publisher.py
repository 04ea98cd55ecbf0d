"""Steps 1 and 2: the publisher file."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from state.domain.offer import DataServiceOffer, DeveloperServiceOffer, Price, VirtualMachineOffer
from state.domain.publisher import Publisher
from state.rules.iso_codes import COUNTRIES, CURRENCIES
from state.rules.publisher import is_commercial, namespace_fault
from tests.rules.rule_case import MAIL, RATES, VAULT, RuleCase
from tests.support import Edit, findings, offer_of, with_values

COMPANY = 'company = "approved"'
TAX = 'tax = "approved"'
PAYOUT = 'payout = "approved"'
DAY = "agreement = 2026-09-14"
NAMESPACE = 'namespace = "contoso"'
ACCOUNT = '"marketplace@contoso.example"'
COUNTRY = 'sell_from = "ES"'
CERTIFIED = "azure_certified = true"


def publisher(rule: str, field: str, old: str, new: str, example: str = VAULT) -> RuleCase:
    return RuleCase(rule, field, new, example=example, publisher=((old, new),))


def registered(key: str, old: str, new: str, example: str = VAULT) -> RuleCase:
    return publisher(f"registration.{key}", f"registration.{key}", old, new, example)


def own(key: str, old: str, new: str, example: str = VAULT) -> RuleCase:
    return publisher(f"registration.{key}", key, old, new, example)


CASES = [
    registered("company", COMPANY, 'company = "not-started"'),
    registered("company", COMPANY, 'company = "Approved"'),
    registered("payout", PAYOUT, 'payout = "not-started"', RATES),
    registered("agreement", DAY, "agreement = 2026-12-24"),
    registered("agreement", DAY, "agreement = 2026-12-24T00:00:00Z"),
    registered("agreement", DAY, "agreement = 2026-11-22T23:59:00Z"),
    RuleCase(
        "registration.agreement", "registration.agreement", "[registration]", publisher=((DAY, ""),)
    ),
    own("namespace", NAMESPACE, 'namespace = ""'),
    own("namespace", NAMESPACE, 'namespace = "c"'),
    own("namespace", NAMESPACE, 'namespace = "-contoso"'),
    own("namespace", NAMESPACE, f'namespace = "{"c" * 51}"'),
    own("namespace", NAMESPACE, f'namespace = "{"c" * 27}"', MAIL),
    own("account", ACCOUNT, '""'),
    own("account", ACCOUNT, '"marketplace at contoso"'),
    own("account", ACCOUNT, '"ana@Microsoft.com"'),
    own("account", ACCOUNT, '"ana@corp.microsoft.com"'),
    own("account", ACCOUNT, '"Azure.team@contoso.example"'),
    own("account", ACCOUNT, '"our-microsoft-team@contoso.example"'),
    own("sell_from", COUNTRY, 'sell_from = ""'),
    own("sell_from", COUNTRY, 'sell_from = "es"'),
    own("sell_from", COUNTRY, 'sell_from = "UK"'),
]


@pytest.mark.parametrize(
    ("example", "edit"),
    [
        (VAULT, (NAMESPACE, 'namespace = "c1"')),
        (VAULT, (NAMESPACE, f'namespace = "{"c" * 50}"')),
        (MAIL, (NAMESPACE, f'namespace = "{"c" * 26}"')),
        (VAULT, (ACCOUNT, '"ana@notmicrosoft.com"')),
        (VAULT, (DAY, "agreement = 2026-11-22")),
        (VAULT, (DAY, "agreement = 2026-11-22T11:59:00+01:00")),
        (RATES, (CERTIFIED, "azure_certified = false")),
        ("contoso-grid", (TAX, 'tax = "not-started"')),
        ("contoso-grid", (PAYOUT, 'payout = "submitted"')),
    ],
)
def test_at_the_edge_is_in_order(example: str, edit: Edit) -> None:
    noon = datetime(2026, 11, 22, 11, tzinfo=UTC)
    assert findings(example, publisher=(edit,), now=noon) == []


@pytest.mark.parametrize(
    ("example", "rules"),
    [(VAULT, ["approval.certified", "publisher.missing"]), (RATES, ["publisher.missing"])],
)
def test_without_a_publisher_file_step_2_has_one_finding(example: str, rules: list[str]) -> None:
    found = findings(example, publisher=None)
    assert [each.rule for each in found] == rules
    assert {each.file for each in found} == {"publisher.toml"}


@pytest.fixture
def far_east() -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Pacific/Auckland"
    time.tzset()
    yield
    os.environ.pop("TZ")
    if before is not None:
        os.environ["TZ"] = before
    time.tzset()


@pytest.mark.usefixtures("far_east")
def test_an_agreement_of_today_is_not_in_the_future_where_the_day_began_already() -> None:
    evening = datetime(2026, 11, 22, 20, tzinfo=UTC)
    today, tomorrow = (
        (DAY, f"agreement = {day}") for day in (date(2026, 11, 23), date(2026, 11, 24))
    )
    assert findings(VAULT, publisher=(today,), now=evening) == []
    assert findings(VAULT, publisher=(tomorrow,), now=evening) != []


@pytest.mark.parametrize(
    ("amount", "commercial"),
    [
        (Decimal("0.0001"), True),
        (Decimal(0), False),
        (Decimal(-1), False),
        (Decimal("NaN"), False),
        (Decimal("Infinity"), False),
        ("19", False),
        ([1], False),
        (None, False),
    ],
)
def test_a_price_above_zero_makes_an_offer_commercial(amount: object, commercial: bool) -> None:
    mail, rates = offer_of(MAIL), offer_of(RATES)
    assert isinstance(mail, DeveloperServiceOffer)
    assert isinstance(rates, DataServiceOffer)
    for price in (Price(base=amount), Price(meters={"meter01": amount})):  # type: ignore[arg-type,dict-item]
        assert (
            is_commercial(with_values(mail, plans=(with_values(mail.plans[0], price=price),)))
            is commercial
        )
        paid, free = (with_values(rates.plans[0], price=price, free=free) for free in (False, True))
        assert is_commercial(with_values(rates, plans=(paid,))) is commercial
        assert not is_commercial(with_values(rates, plans=(free,)))


def test_byol_is_not_commercial() -> None:
    vault = offer_of(VAULT)
    assert isinstance(vault, VirtualMachineOffer)
    assert is_commercial(vault)
    assert not is_commercial(with_values(vault, skus=(with_values(vault.skus[0], billing="byol"),)))


def test_a_namespace_of_any_size_is_looked_at_in_a_line() -> None:
    for text in ("c" * 10**6, "-" * 10**6, "é" * 10**6, "\x1b[0m"):
        message = namespace_fault(
            Publisher(namespace=text), VirtualMachineOffer(type="virtual-machine")
        )
        assert message is not None
        assert len(message) <= 156
        assert "\x1b" not in message


def test_the_codes_are_those_of_the_standards() -> None:
    assert len(COUNTRIES) == 249
    assert {"ES", "US", "GB", "XK"} & COUNTRIES == {"ES", "US", "GB"}
    assert all(len(code) == 3 and code.isupper() for code in CURRENCIES)
    assert {"USD", "EUR", "XCG", "ZWG", "BGN", "HRK"} & CURRENCIES == {"USD", "EUR", "XCG", "ZWG"}
