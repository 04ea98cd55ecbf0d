"""Whatever files and older versions hold, the rules say something in two lines and never fail."""

import time
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from state.domain.field_path import ROOT
from state.domain.offer import (
    DataDisk,
    DataPlan,
    DataServiceOffer,
    DeveloperServiceOffer,
    Image,
    MarketPrices,
    Metering,
    Offer,
    Price,
    Service,
    ServicePlan,
    Sku,
    Source,
    VirtualMachineOffer,
)
from state.domain.offer_types import OFFER_TYPES
from state.domain.publisher import Approval, Publisher, Registration
from state.domain.safe_text import clean
from state.rules.context import RuleContext
from state.rules.locks import lock_notice
from state.rules.registry import rules_for
from state.storage.assets import DirectoryAssets
from tests.rules.rule_case import LONGEST_MESSAGE
from tests.rules.test_sas import URL
from tests.support import EXAMPLES, NOW, made, offer_of, with_values

KINDS = {kind.model: kind for kind in OFFER_TYPES.values()}
LONG = "vault-" + "solo" * 30

TEXTS = st.sampled_from(
    ["", " ", "a", "b", "US", "ES", "\x1b[31m", "\u202e", LONG, "é" * 60, "1.0"]
)
NUMBERS = st.sampled_from([0, 1, 63, 443, 65535, -1, 16**40, -(16**40)])
MONEY = st.sampled_from(
    [
        Decimal("0.05"),
        Decimal("1E-9"),
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("-1"),
        "1",
        [],
        {},
        Decimal("9" * 60),
        True,
        date(2026, 1, 1),
    ]
)
URLS = st.sampled_from(
    [
        "",
        "?",
        URL,
        URL.replace("sp=rl", "sp=" + "rwd" * 30),
        URL.replace("sr=c", "sr=\x1b" + "b" * 99),
        URL.replace("?", ""),
        URL.replace("https", "h" * 300),
        URL.replace("2027", "9999"),
        URL.replace("2026", "0001").replace("Z&", "%2B23:59&"),
        "\u202e" * 99,
    ]
)


def some(items: st.SearchStrategy[object], most: int = 3) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(items, max_size=most).map(tuple)


def mapped(values: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    return st.dictionaries(TEXTS, values, max_size=3)


IMAGES = st.builds(
    partial(made, Image),
    TEXTS,
    TEXTS,
    st.sampled_from(["", "1.0.0", "1.0.1", "0.9.0", "9" * 18 + ".0.0", LONG]),
    URLS,
    some(TEXTS, 8),
    some(NUMBERS),
    some(st.builds(partial(made, DataDisk), st.none() | NUMBERS, URLS)),
)
PRICES = mapped(
    st.builds(partial(made, MarketPrices), st.sampled_from(["USD", "EUR", "", LONG]), mapped(MONEY))
)
BILLINGS = st.sampled_from(["hourly", "byol", LONG])
TRIALS = st.sampled_from(["none", "one-month", LONG])
SKUS = st.builds(
    partial(made, Sku),
    TEXTS,
    TEXTS,
    TEXTS,
    TEXTS,
    BILLINGS,
    TRIALS,
    st.booleans(),
    IMAGES,
    PRICES,
    some(TEXTS),
)
PRICE = st.builds(partial(made, Price), st.none() | MONEY, mapped(MONEY))
SERVICE_PLANS = st.builds(
    partial(made, ServicePlan), TEXTS, TEXTS, TEXTS, TEXTS, some(TEXTS), PRICE
)
DATA_PLANS = st.builds(
    partial(made, DataPlan),
    TEXTS,
    TEXTS,
    TEXTS,
    TEXTS,
    st.none() | NUMBERS | TEXTS,
    st.booleans(),
    TRIALS,
    st.booleans(),
    st.booleans(),
    PRICE,
)
SERVICES = st.builds(
    partial(made, Service),
    TEXTS,
    some(TEXTS),
    TEXTS,
    st.builds(partial(made, Metering), TEXTS, TEXTS),
)
SOURCES = st.builds(
    partial(made, Source), st.sampled_from(["database", "web-service", "", LONG]), TEXTS, TEXTS
)
OFFERS = st.one_of(
    st.builds(partial(VirtualMachineOffer, type="virtual-machine"), skus=some(SKUS)),
    st.builds(partial(VirtualMachineOffer, type="virtual-machine"), skus=some(SKUS)),
    st.builds(
        partial(DeveloperServiceOffer, type="developer-service"),
        service=SERVICES,
        plans=some(SERVICE_PLANS),
    ),
    st.builds(
        partial(DataServiceOffer, type="data-service"), source=SOURCES, plans=some(DATA_PLANS)
    ),
)
DAYS = st.sampled_from(
    [None, date(2026, 9, 14), date.max, datetime.max, datetime(1, 1, 1, tzinfo=UTC)]
)
PUBLISHERS = st.none() | st.builds(
    partial(made, Publisher),
    TEXTS,
    account=TEXTS | st.just("a" * 60 + "azure@microsoft.com"),
    sell_from=TEXTS,
    approval=st.builds(partial(made, Approval), st.booleans(), st.booleans()),
    registration=st.builds(partial(made, Registration), TEXTS, TEXTS, TEXTS, DAYS),
)
CASES = st.builds(
    RuleContext,
    TEXTS,
    OFFERS,
    st.just(DirectoryAssets(EXAMPLES)),
    st.just(NOW),
    PUBLISHERS,
    st.none() | OFFERS,
    st.none() | st.just(NOW),
    st.none() | OFFERS,
    st.none() | st.just(NOW),
    st.dictionaries(TEXTS, st.frozensets(TEXTS), max_size=2),
    st.none() | TEXTS,
    st.dictionaries(TEXTS, some(TEXTS), max_size=2),
)


def look_at(case: RuleContext) -> None:
    """Run every rule of the offer's type."""
    for rule in rules_for(KINDS[type(case.definition)]):
        for found in rule.check(case) if rule.check else ():
            assert len(found.message) <= LONGEST_MESSAGE, (rule.id, found.message)
            assert found.message == clean(found.message), rule.id


@given(CASES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_offer_in_any_world(case: RuleContext) -> None:
    look_at(case)
    for at, _ in case.sold():
        lock_notice(case, at / "identifier")
    lock_notice(case, ROOT / "namespace")


@given(OFFERS)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_an_offer_breaks_no_lock_of_its_own(offer: Offer) -> None:
    case = RuleContext(
        "contoso-db", offer, DirectoryAssets(EXAMPLES), NOW, staged=offer, production=offer
    )
    told = {
        rule.id
        for rule in rules_for(KINDS[type(offer)])
        if rule.id.startswith(("lock.", "sku.withdrawn")) and rule.check and [*rule.check(case)]
    }
    assert not told


@pytest.mark.parametrize("count", [3000])
def test_time_grows_with_the_size_alone(count: int) -> None:
    """A definition of 3,000 SKUs and disks, or of a megabyte in one value, takes a second or so."""
    vault = offer_of("contoso-vault")
    assert isinstance(vault, VirtualMachineOffer)
    sku = vault.skus[1]
    many = tuple(
        with_values(sku, identifier=f"sku-{index}", title=f"{index}") for index in range(count)
    )
    disks = tuple(made(DataDisk, index, sku.image.os_vhd_url) for index in range(count))
    wide = with_values(
        sku, image=with_values(sku.image, data_disks=disks, open_ports=tuple(range(count)))
    )
    huge = "https://x.example/v/" + "%41&=?" * 200_000
    long = with_values(sku, image=with_values(sku.image, os_vhd_url=huge))
    odd = with_values(
        sku, identifier="a" * 10**6, image=with_values(sku.image, version="1" * 10**6)
    )
    assets = DirectoryAssets(EXAMPLES)
    for skus in (many, (wide,), (long, odd)):
        offer = with_values(vault, skus=skus)
        before = time.process_time()
        look_at(RuleContext("contoso-db", offer, assets, NOW, staged=vault, production=offer))
        assert time.process_time() - before < 3
