"""What can no longer change once it was staged or listed."""

import re
from datetime import UTC, datetime

import pytest

from state.domain.actions import Command
from state.domain.field_path import ROOT, FieldPath
from state.domain.findings import Refusal
from state.rules.context import Listed, RuleContext
from state.rules.locks import lock_notice
from state.storage.assets import DirectoryAssets
from tests.engine_harness import MACHINE, EngineHarness
from tests.rules.rule_case import MAIL, RATES, SEARCH, VAULT, RuleCase, finding_of
from tests.rules.test_skus import byol, listed, rules, without
from tests.support import (
    EXAMPLES,
    NOW,
    Edit,
    example_text,
    findings,
    offer_of,
    publisher_of,
)

STAGED = {"staged": offer_of(VAULT), "staged_at": NOW, "locked_namespace": "contoso"}
SOLO = 'identifier = "vault-solo"'
QUORUM = 'identifier = "vault-quorum"'
ONE = 'identifier = "search-one"'
ONE_TITLE = 'title = "One index"'
PORTS = "open_ports = [443, 9200]"
BILLING = 'billing = "hourly"'
HERO = re.findall(r"hero = .*", example_text(VAULT))[0]
HERO_OF_SEARCH = re.findall(r"hero = .*", example_text(SEARCH))[0]
DISK = re.findall(r"data_disks = .*", example_text(SEARCH))[0]
SPAIN = re.findall(r"\[skus\.prices\.ES\]\n.*\n.*\n", example_text(SEARCH))[0]
US_CORES = 'cores = { "1" = 0.06, "2" = 0.12, "4" = 0.22, "8" = 0.42 }'
ES_CORES = 'cores = { "1" = 0.055, "2" = 0.11, "4" = 0.205, "8" = 0.39 }'
MARKETS = 'markets = ["US", "ES"]'


SPAIN_OF_VAULT = re.findall(r"\[skus\.prices\.ES\]\n.*\n.*\n", example_text(VAULT))[0]
REGIONS_OF_SEARCH = tuple(
    (each, "")
    for each in re.findall(r"\[skus\.prices\.\w+\].*\n.*\n.*\n", example_text(SEARCH))[:2]
)
MARKETS_GONE = (MARKETS, "markets = []")


def staged(rule: str, field: str, line: str, *edits: Edit) -> RuleCase:
    return RuleCase(rule, field, line, edits, world=STAGED)


def held(rule: str, field: str, line: str, *edits: Edit) -> RuleCase:
    return RuleCase(rule, field, line, edits, SEARCH, world=listed(SEARCH))


CASES = [
    RuleCase("lock.type", "type", "type = ", world={"staged": offer_of(MAIL), "staged_at": NOW}),
    staged("lock.identifier", "skus.0.identifier", 'identifier = ""', (SOLO, 'identifier = ""')),
    staged("lock.identifier", "skus.1.identifier", SOLO + " # 2", (QUORUM, SOLO + " # 2")),
    staged("lock.identifier", "skus", "[[skus]]", without(VAULT, "skus", 1)),
    held(
        "lock.identifier",
        "skus.search-1.identifier",
        'identifier = "search-1"',
        (ONE, 'identifier = "search-1"'),
    ),
    RuleCase(
        "lock.identifier",
        "plans.basic.identifier",
        'identifier = "basic"',
        (('identifier = "starter"', 'identifier = "basic"'),),
        RATES,
        world=listed(RATES),
    ),
    held(
        "lock.ports",
        "skus.search-one.image.open_ports",
        "open_ports = []",
        (PORTS, "open_ports = []"),
    ),
    held(
        "lock.ports",
        "skus.search-one.image.open_ports",
        "open_ports = [443, 0, 99999999999]",
        (PORTS, "open_ports = [443, 0, 99999999999]"),
    ),
    held(
        "lock.price",
        "skus.search-one.prices.US.cores.2",
        "0.125",
        (US_CORES, US_CORES.replace("0.12", "0.125")),
    ),
    held(
        "lock.price",
        "skus.search-one.prices.ES.currency",
        'currency = "GBP"',
        ('currency = "EUR"', 'currency = "GBP"'),
    ),
    held("lock.billing", "skus.search-one.billing", 'billing = "byol"', *byol(SEARCH)),
    held("lock.region", "skus.search-one.prices.ES", "[skus.prices.US]", (SPAIN, "")),
    RuleCase(
        "lock.region",
        "skus.search-one.markets",
        "markets",
        (
            *byol(SEARCH),
            (MARKETS, 'markets = ["US"]'),
            ('free_trial = "one-month"', 'free_trial = "none"'),
        ),
        SEARCH,
        world=listed(SEARCH, *byol(SEARCH)),
    ),
    staged("lock.hero", "marketing.logos.hero", "[marketing.logos]", (HERO, "")),
]


def test_a_message_says_the_locked_value_since_when_and_what_instead() -> None:
    since = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)
    world = {**listed(SEARCH), "listed_at": since}
    edits = ((US_CORES, US_CORES.replace("0.06", "0.07")),)
    told = RuleCase(
        "lock.price", "skus.search-one.prices.US.cores.1", "0.07", edits, SEARCH, world=world
    )
    assert finding_of(told).message == (
        "The price is locked at 0.06 (since 20 Nov 2026, listed); the draft says 0.07. Restore it, "
        "or add a SKU with the new price."
    )


@pytest.mark.parametrize(
    "edits",
    [
        (),
        (("0.06", "0.060"),),
        ((PORTS, "open_ports = [9200, 443]"),),
        ((SPAIN, SPAIN + "\n" + SPAIN.replace("ES", "FR")),),
        ((US_CORES, US_CORES[:-2] + ', "16" = 1 }'), (ES_CORES, ES_CORES[:-2] + ', "16" = 1 }')),
        (('free_trial = "one-month"', 'free_trial = "none"'),),
        (('title = "One index"', 'title = "One"'),),
        ((HERO_OF_SEARCH, 'hero = "logos/contoso-vault/hero.png"'),),
    ],
)
def test_everything_else_may_change(edits: tuple[Edit, ...]) -> None:
    assert findings(SEARCH, *edits, **listed(SEARCH)) == []


def test_a_new_sku_is_bound_by_nothing_that_is_listed() -> None:
    text = example_text(SEARCH)
    fleet = "[[skus]]" + text.split("[[skus]]")[2]
    new = (
        fleet.replace("search-fleet", "search-edge")
        .replace('title = "Fleet"', 'title = "Edge"')
        .replace("[443, 9200, 9300]", "[80]")
        .replace("0.28", "0.5")
    )
    assert findings(SEARCH, (fleet, f"{new}\n{fleet}"), **listed(SEARCH)) == []


@pytest.mark.parametrize(
    ("example", "edits", "told"),
    [
        (SEARCH, REGIONS_OF_SEARCH, ["lock.region US", "lock.region ES"]),
        (SEARCH, (MARKETS_GONE,), ["lock.region markets", "lock.region markets"]),
        (
            VAULT,
            ((SPAIN_OF_VAULT, ""), ("[skus.prices.DE]", "[skus.prices.ZZ]")),
            ["lock.region ES", "price.amount ZZ"],
        ),
        (VAULT, (("[skus.prices.ES]", "[skus.prices.ZZ]"),), ["price.amount ZZ"]),
    ],
)
def test_every_region_that_is_missing_is_told(
    example: str, edits: tuple[Edit, ...], told: list[str]
) -> None:
    before = byol(SEARCH) if MARKETS_GONE in edits else ()
    trial = (('free_trial = "one-month"', 'free_trial = "none"'),) if before else ()
    found = findings(example, *before, *trial, *edits, **listed(example, *before))
    assert [f"{each.rule} {each.field.path[-1]}" for each in found] == told


def test_a_sku_that_was_withdrawn_comes_back_with_its_locks_and_its_version() -> None:
    then = datetime(2026, 10, 3, tzinfo=UTC)
    before = offer_of(SEARCH)
    ever = {each.identifier: Listed(each, then) for each in before.skus}  # type: ignore[attr-defined]
    world = {**listed(SEARCH, without(SEARCH, "skus", 1)), "ever_listed": ever}
    assert findings(SEARCH, **world) == []
    edits = (("0.28", "0.5"), (DISK, "data_disks = []"))
    found = findings(SEARCH, *edits, **world)
    assert rules(found) == ["lock.disks", "lock.price"]
    assert all("(since 3 Oct 2026, listed)" in each.message for each in found)
    edits = (("search-fleet-2.3.0.vhd", "search-fleet-2.4.0.vhd"),)
    assert rules(findings(SEARCH, *edits, **world)) == ["image.version"]


def test_another_type_is_one_fault_and_what_the_file_says_of_the_old_one_none(
    desk: EngineHarness,
) -> None:
    desk.stage(MACHINE)
    desk.rewrite(MACHINE, 'type = "virtual-machine"', 'type = "solution-template"')
    assert rules([*desk.engine.offer(MACHINE).to_fix]) == ["lock.type"]
    answer = desk.engine.perform(MACHINE, Command("stage"))
    assert isinstance(answer, Refusal)
    assert "lock.type" in [each.rule for each in answer.reasons]


def test_what_is_staged_only_may_change_but_for_its_identifiers() -> None:
    edits = (("open_ports = [8200]", "open_ports = [1]"), ("0.045", "0.05"), ("hidden = false", ""))
    assert findings(VAULT, *edits, **STAGED) == []


@pytest.mark.parametrize(
    ("edit", "rule"),
    [
        ((US_CORES, US_CORES.replace("0.06", '"0.07"')), "price.amount"),
        ((ES_CORES, ES_CORES.replace('"1" = 0.055, ', "")), "price.cores"),
        ((ES_CORES, ES_CORES.replace('"1"', '"one"')), "price.cores"),
        (("[skus.prices.ES]", "[skus.prices.es]"), "price.amount"),
    ],
)
def test_a_value_that_is_none_is_told_by_its_own_rule(edit: Edit, rule: str) -> None:
    assert rules(findings(SEARCH, edit, **listed(SEARCH))) == [rule]


@pytest.mark.parametrize(
    ("edit", "rule"),
    [
        ((BILLING, 'billing = "daily"'), "lock.billing"),
        ((US_CORES, US_CORES.replace("0.06", "0.06001")), "lock.price"),
        ((US_CORES, US_CORES.replace("0.06", "nan")), "lock.price"),
        (('currency = "EUR"', 'currency = "Euro"'), "lock.price"),
        (("hidden = false", "hidden = true"), "lock.visibility"),
        ((PORTS, "open_ports = [443, 443, 0]"), "lock.ports"),
        ((BILLING, "billing = 5"), "file.type"),
        ((PORTS, "open_ports = ['443']"), "file.type"),
    ],
)
def test_in_one_field_the_file_comes_before_the_lock_and_the_lock_before_the_rule(
    edit: Edit, rule: str
) -> None:
    assert rules(findings(SEARCH, edit, **listed(SEARCH))) == [rule]


def test_a_lock_that_leaves_room_says_nothing_of_what_lies_in_its_field() -> None:
    edit = (DISK, DISK.replace("}", '}, { lun = 64, vhd_url = "" }', 1))
    found = {each.rule for each in findings(SEARCH, edit, **listed(SEARCH))}
    assert {"lock.disks", "image.disks"} <= found


def test_a_namespace_that_is_none_breaks_the_lock() -> None:
    edit = ('namespace = "contoso"', 'namespace = "Fabrikam!"')
    assert rules(findings(VAULT, publisher=(edit,), **STAGED)) == ["lock.namespace"]


def test_a_size_taken_out_of_every_region_is_a_price_that_is_missing() -> None:
    edits = (
        (US_CORES, US_CORES.replace('"1" = 0.06, ', "")),
        (ES_CORES, ES_CORES.replace('"1" = 0.055, ', "")),
    )
    found = findings(SEARCH, *edits, **listed(SEARCH))
    assert [(each.rule, str(each.field)) for each in found] == [
        ("lock.price", "skus.search-one.prices.US.cores.1"),
        ("lock.price", "skus.search-one.prices.ES.cores.1"),
    ]


def field(*keys: str | int) -> FieldPath:
    return FieldPath(keys, keys)


def context_of(*edits: Edit, **world: object) -> RuleContext:
    offer, assets = offer_of(SEARCH, *edits), DirectoryAssets(EXAMPLES)
    return RuleContext(SEARCH, offer, assets, NOW, publisher_of(), **world)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("at", "locked"),
    [
        (field("type"), "all"),
        (field("skus", 0, "identifier"), "all"),
        (field("skus", 0, "image", "open_ports"), "all"),
        (field("skus", 0, "image", "open_ports", 1), "all"),
        (field("skus", 0, "prices", "US", "cores", "1"), "all"),
        (field("skus", 0, "prices", "US", "currency"), "all"),
        (field("skus", 0, "billing"), "all"),
        (field("skus", 0, "hidden"), "all"),
        (field("skus", 0, "prices", "US", "cores"), "partly"),
        (field("skus", 0, "prices"), "partly"),
        (field("skus", 1, "image", "data_disks"), "partly"),
        (field("marketing", "logos", "hero"), "partly"),
        (field("skus", 0, "title"), "none"),
        (field("skus", 0, "image", "version"), "none"),
        (field("skus", 0, "prices", "US", "cores", "64"), "none"),
        (field("skus", 0, "prices", "FR", "currency"), "none"),
        (field("skus", 1, "image", "data_disks", 0, "lun"), "none"),
        (field("categories"), "none"),
    ],
    ids=lambda value: ".".join(map(str, value.path)) if isinstance(value, FieldPath) else "",
)
def test_a_field_says_what_is_locked_before_it_is_edited(at: FieldPath, locked: str) -> None:
    assert lock_notice(context_of(), at) is None
    notice = lock_notice(context_of(**listed(SEARCH)), at)
    assert (("partly" if notice.partly else "all") if notice else "none") == locked
    assert notice is None or (
        "(since 22 Nov 2026, " in notice.message and len(notice.message) <= 156
    )


def test_the_namespace_and_a_changed_field_say_it_too() -> None:
    case = context_of((BILLING, 'billing = "byol"'), **listed(SEARCH), locked_namespace="contoso")
    said = [lock_notice(case, at) for at in (ROOT / "namespace", field("skus", 0, "billing"))]
    assert [notice.message for notice in said if notice] == [
        'The namespace is locked at "contoso" (since 22 Nov 2026, staged). '
        "Instead, use another directory.",
        'The billing model is locked at "hourly" (since 22 Nov 2026, listed). '
        "Instead, add a SKU with the new model.",
    ]


def test_all_prices_of_a_market_are_counted() -> None:
    at = field("skus", 0, "prices", "ES", "cores")
    notice = lock_notice(context_of(**listed(SEARCH)), at)
    assert notice and notice.message == (
        "The price is locked at 0.055 (since 22 Nov 2026, listed). Instead, add a SKU with the new "
        "price. So are 3 other values in it."
    )
