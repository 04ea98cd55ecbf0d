"""Prices: models, markets, core sizes and amounts."""

import time
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from state.domain.offer import (
    DataPlan,
    DataServiceOffer,
    DeveloperServiceOffer,
    MarketPrices,
    Price,
    ServicePlan,
    Sku,
    VirtualMachineOffer,
)
from state.domain.safe_text import clean
from state.rules.context import RuleContext
from state.rules.prices import amount, cores, model, present
from state.storage.assets import DirectoryAssets
from tests.rules.rule_case import LONGEST_MESSAGE, RuleCase
from tests.support import EXAMPLES, NOW, Edit, example_text, findings, made

SKU = "skus.vault-solo"
TEXT = example_text("contoso-vault")
BILLING = 'billing = "hourly"'
US = 'cores = { "1" = 0.045, "2" = 0.09, "4" = 0.17 }'
ES = 'currency = "EUR"\ncores = { "1" = 0.042, "2" = 0.084, "4" = 0.16 }'
PRICES = TEXT[TEXT.index("[skus.prices.US]") : TEXT.index('[[skus]]\nidentifier = "vault-quorum"')]
NO_PRICES = (PRICES, "")
BYOL = 'billing = "byol"'
HALF_EMPTY = '[skus.prices.US]\ncurrency = "USD"\ncores = {}\n'
MAIL_PRICE = "price = { base = 10.00, meters = { meter01 = 0.0009, meter02 = 0.12 } }"
RATES_PRICE = "price = { base = 19.00 }"


def sku(rule: str, field: str, line: str, *edits: Edit) -> RuleCase:
    return RuleCase(rule, f"{SKU}.{field}", line, edits)


def mail(rule: str, field: str, price: str) -> RuleCase:
    edit = (MAIL_PRICE, price)
    line = price or "[[plans]]"
    return RuleCase(rule, f"plans.bronze.{field}", line, (edit,), "contoso-mail")


def rates(rule: str, field: str, line: str, price: str, *edits: Edit) -> RuleCase:
    return RuleCase(
        rule, f"plans.starter.{field}", line, ((RATES_PRICE, price), *edits), "contoso-rates"
    )


def us_amount(value: str) -> RuleCase:
    line = f'cores = {{ "1" = {value}, "2" = 0.09, "4" = 0.17 }}'
    return sku("price.amount", "prices.US.cores.1", line, (US, line))


CASES = [
    sku("price.model", "billing", "[[skus]]", (BILLING, "")),
    sku("price.model", "billing", "Hourly", (BILLING, 'billing = "Hourly"')),
    sku("price.model", "markets", "markets", (BILLING, f'{BILLING}\nmarkets = ["US"]')),
    sku(
        "price.model",
        "prices",
        "[skus.prices.US]",
        (BILLING, f'{BYOL}\nmarkets = ["US"]'),
        ('free_trial = "one-month"', ""),
    ),
    mail("price.model", "price", ""),
    mail("price.model", "price", "price = {}"),
    rates(
        "price.model",
        "price.base",
        "[[plans]] # starter",
        "",
        ('[[plans]]\nidentifier = "starter"', '[[plans]] # starter\nidentifier = "starter"'),
    ),
    rates("price.model", "price.base", "price = {}", "price = {}"),
    rates("price.model", "price.meters", "meter01", "price = { meters = { meter01 = 1.0 } }"),
    rates(
        "price.model",
        "price.base",
        "base = 19.00",
        RATES_PRICE,
        ("transactions = 10000\nfree = false", "transactions = 10000\nfree = true"),
    ),
    sku("price.present", "prices", "[[skus]]", NO_PRICES),
    sku("price.present", "prices", "[skus.prices.US]", (PRICES, HALF_EMPTY)),
    sku(
        "price.present",
        "prices",
        "[[skus]]",
        NO_PRICES,
        (BILLING, f'{BILLING}\nmarkets = ["US"]'),
    ),
    sku(
        "price.present",
        "markets",
        "[[skus]]",
        (BILLING, BYOL),
        ('free_trial = "one-month"', ""),
    ),
    sku(
        "price.present",
        "markets",
        "[[skus]]",
        (BILLING, BYOL),
        ('free_trial = "one-month"', ""),
        NO_PRICES,
    ),
    sku("price.cores", "prices.ES.cores", "0.4", (ES, 'currency = "EUR"\ncores = { "1" = 0.4 }')),
    sku("price.cores", "prices.ES.cores", "[skus.prices.ES]", (ES, 'currency = "EUR"')),
    sku("price.cores", "prices.ES.cores", '"8" = 0.3', (ES, ES.replace(" }", ', "8" = 0.3 }'))),
    sku("price.cores", "prices.ES.cores", '"8" = 0.16', (ES, ES.replace('"4"', '"8"'))),
    sku("price.cores", "prices.US.cores", "cores = {}", (US, "cores = {}")),
    sku("price.cores", "prices.ES.cores.four", "four", (ES, ES.replace('"4"', '"four"'))),
    *map(
        us_amount,
        (
            '"0.05"',
            "true",
            "-0.01",
            "0.00001",
            "0.12345",
            "1e-5",
            "nan",
            "-inf",
            "[]",
            "{}",
            "2026-01-01",
            "07:32:00",
            "2026-01-01T00:00:00Z",
            "-1E+99999999",
            f"0.{'1' * 2000}",
        ),
    ),
    sku("price.amount", "prices.US.currency", "[skus.prices.US]", ('currency = "USD"\n', "")),
    sku("price.amount", "prices.US.currency", "usd", ('"USD"', '"usd"')),
    sku("price.amount", "prices.US.currency", "dollars", ('"USD"', '"dollars"')),
    sku("price.amount", "prices.es", "[skus.prices.es]", ("[skus.prices.ES]", "[skus.prices.es]")),
    sku("price.amount", "prices.EU", "[skus.prices.EU]", ("[skus.prices.ES]", "[skus.prices.EU]")),
    sku(
        "price.amount",
        "markets.1",
        '"UK"',
        (BILLING, f'{BYOL}\nmarkets = ["US", "UK"]'),
        ('free_trial = "one-month"', ""),
        NO_PRICES,
    ),
    mail("price.amount", "price.base", "price = { base = -10.00 }"),
    mail("price.amount", "price.meters.meter01", 'price = { meters = { meter01 = "1" } }'),
    rates("price.amount", "price.base", "19.00001", "price = { base = 19.00001 }"),
]


@pytest.mark.parametrize(
    ("example", "edit"),
    [
        *(
            ("contoso-vault", (US, US.replace("0.045", value)))
            for value in ("0", "0.0", "-0.0", "0.1234", "0.12340000", "1e-4", "1E+5", "0x10", "12")
        ),
        ("contoso-vault", (US, 'cores = { "4" = 0.17, "2" = 0.09, "1" = 0.045 }')),
        ("contoso-mail", (MAIL_PRICE, "price = { base = 0 }")),
        ("contoso-mail", (MAIL_PRICE, "price = { meters = { meter01 = 0.0009 } }")),
        ("contoso-rates", (RATES_PRICE, "price = { base = 0 }")),
        ("contoso-rates", ("price = { base = 0 }", "")),
    ],
)
def test_at_the_edge_is_in_order(example: str, edit: Edit) -> None:
    assert findings(example, edit) == []


AMOUNTS = st.one_of(
    st.decimals(),
    st.booleans(),
    st.text(max_size=60),
    st.just([]),
    st.none(),
    st.integers().map(Decimal),
)
PRICED = st.dictionaries(st.text(max_size=3), AMOUNTS, max_size=3)
MARKETS = st.dictionaries(
    st.text(max_size=3),
    st.builds(partial(made, MarketPrices), st.text(max_size=3), PRICED),
    max_size=3,
)
BILLINGS = st.sampled_from(["hourly", "byol", "", "x"])
PRICE = st.builds(partial(made, Price), AMOUNTS, PRICED)
OFFERS = st.one_of(
    st.builds(Sku, billing=BILLINGS, prices=MARKETS, markets=st.just(("ES", "\x1b"))).map(
        lambda each: VirtualMachineOffer(type="virtual-machine", skus=(each,))
    ),
    st.builds(ServicePlan, price=PRICE).map(
        lambda each: DeveloperServiceOffer(type="developer-service", plans=(each,))
    ),
    st.builds(DataPlan, price=PRICE).map(
        lambda each: DataServiceOffer(type="data-service", plans=(each,))
    ),
)


@given(OFFERS)
@settings(max_examples=60, deadline=None)
def test_any_prices(offer: VirtualMachineOffer) -> None:
    case = RuleContext("x", offer, DirectoryAssets(EXAMPLES), NOW)
    for check in (model, present, cores, amount):
        for found in check(case):
            assert len(found.message) <= LONGEST_MESSAGE and found.message == clean(found.message)


@pytest.mark.parametrize(
    ("edit", "size", "difference"),
    [
        (
            (ES, 'currency = "EUR"\ncores = { "x" = 0.1 }'),
            "ES.cores.x",
            "no price for cores 1, 2, 4",
        ),
        ((US, 'cores = { "1" = 0.05, "x" = 1 }'), "US.cores.x", "a price for cores 2, 4, but"),
    ],
)
def test_a_wrong_size_hides_no_more_than_one_that_is_missing(
    edit: Edit, size: str, difference: str
) -> None:
    wrong, other, *_ = findings("contoso-vault", edit)
    assert str(wrong.field) == f"{SKU}.prices.{size}"
    assert str(other.field) == f"{SKU}.prices.ES.cores" and difference in other.message


def test_thousands_of_markets_and_sizes_take_linear_time() -> None:
    sizes = {str(size): Decimal(1) for size in range(1, 1000)}
    markets = {f"M{index}": MarketPrices(currency="XXXX", cores=sizes) for index in range(200)}
    markets["US"] = MarketPrices(currency="USD", cores={"1": Decimal(1)})
    offer = VirtualMachineOffer(
        type="virtual-machine", skus=(Sku(identifier="a", billing="hourly", prices=markets),)
    )
    case = RuleContext("x", offer, DirectoryAssets(EXAMPLES), NOW)
    began = time.process_time()
    assert len(list(cores(case))) == 1
    assert time.process_time() - began < 10
