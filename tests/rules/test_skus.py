"""The offer's identifier, SKUs, and what was taken out of production."""

import re

import pytest

from state.domain.findings import Finding
from tests.engine_harness import EngineHarness
from tests.rules.rule_case import MAIL, RATES, SEARCH, VAULT, RuleCase
from tests.support import NOW, Edit, example_text, findings, offer_of

SOLO = 'identifier = "vault-solo"'
ONE = 'identifier = "search-one"'
QUORUM = 'identifier = "vault-quorum"'
MONTH = 'free_trial = "one-month"'
HIDDEN = "hidden = false"
BILLING = 'billing = "hourly"'
APPROVED = ("solution_templates = false", "solution_templates = true")


def byol(example: str) -> tuple[Edit, ...]:
    """The edits that sell an example's first SKU as bring-your-own-licence."""
    text = example_text(example)
    first = text.index("[[skus]]")
    second = text.index("[[skus]]", first + 1)
    prices = re.search(
        r"\[skus\.prices\.US\].*?(?=\[\[skus\]\])", text[first:second] + "[[skus]]", re.S
    )
    assert prices is not None
    return ((BILLING, 'billing = "byol"\nmarkets = ["US", "ES"]'), (prices[0], ""))


def without(example: str, key: str, index: int) -> Edit:
    """The edit that takes one of an example's SKUs, plans or topologies out."""
    parts = example_text(example).split(f"[[{key}]]")
    return (f"[[{key}]]{parts[index + 1]}", "")


def listed(example: str, *edits: Edit) -> dict[str, object]:
    """The world in which an example, after edits, was staged and listed."""
    offer = offer_of(example, *edits)
    return {"production": offer, "staged": offer, "staged_at": NOW, "listed_at": NOW}


def sku(rule: str, field: str, old: str, new: str, **more: object) -> RuleCase:
    return RuleCase(rule, field, new, ((old, new),), world=more)


CASES = [
    RuleCase("offer.identifier", "", "", world={"offer": "cv"}),
    RuleCase("offer.identifier", "", "", world={"offer": "c" * 51}),
    sku("sku.identifier", "skus.0.identifier", SOLO, 'identifier = ""'),
    sku("sku.identifier", "skus.-solo.identifier", SOLO, 'identifier = "-solo"'),
    sku("sku.identifier", "skus._solo.identifier", SOLO, 'identifier = "_solo"'),
    sku("sku.identifier", "skus.vault.solo.identifier", SOLO, 'identifier = "vault.solo"'),
    sku("sku.identifier", f"skus.{'s' * 51}.identifier", SOLO, f'identifier = "{"s" * 51}"'),
    sku("sku.identifier", "skus.1.identifier", QUORUM, 'identifier = "vault-solo" # again'),
    RuleCase(
        "sku.identifier",
        "skus.vault-solo.identifier",
        SOLO,
        world={"conflicts": {"vault-solo": ("contoso-safe",)}},
    ),
    RuleCase(
        "sku.identifier",
        "skus.vault-quorum.identifier",
        QUORUM,
        world={"conflicts": {"vault-quorum": ("o" * 60, "contoso-safe", "contoso-db")}},
    ),
    RuleCase("sku.trial", "skus.vault-solo.free_trial", MONTH, byol(VAULT)),
    RuleCase(
        "sku.withdrawn",
        "skus",
        "[[skus]]",
        (without(SEARCH, "skus", 1),),
        SEARCH,
        world=listed(SEARCH),
        severity="warning",
    ),
    RuleCase(
        "sku.withdrawn",
        "plans",
        "[[plans]]",
        (without(RATES, "plans", 0),),
        RATES,
        world=listed(RATES),
        severity="warning",
    ),
    RuleCase(
        "sku.withdrawn",
        "plans",
        "[[plans]]",
        (('identifier = "gold"', 'identifier = "platinum"'), ('["silver", "gold"]', '["silver"]'),
         ('["bronze", "gold"]', '["bronze"]')),
        MAIL,
        world=listed(MAIL),
        severity="warning",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    "edits",
    [
        ((SOLO, 'identifier = "s"'),),
        ((SOLO, 'identifier = "20_04-lts-gen2"'),),
        ((SOLO, f'identifier = "{"s" * 50}"'),),
        (*byol(VAULT), (MONTH, 'free_trial = "none"')),
        ((MONTH, ""),),
    ],
)
def test_at_the_edge_is_in_order(edits: tuple[Edit, ...]) -> None:
    assert findings(VAULT, *edits) == []


@pytest.mark.parametrize("offer", ["c-1", "c" * 50, "0-0"])
def test_an_offer_identifier_has_3_to_50_characters(offer: str) -> None:
    assert findings(VAULT, offer=offer) == []


def test_a_hidden_sku_is_for_those_approved_for_it() -> None:
    assert findings(VAULT, (HIDDEN, "hidden = true"), publisher=(APPROVED,)) == []


def test_without_a_publisher_file_nothing_is_said_about_its_approvals() -> None:
    assert "sku.hidden" not in rules(findings(VAULT, (HIDDEN, "hidden = true"), publisher=None))


def test_a_trial_waits_for_a_billing_model_that_is_one() -> None:
    assert rules(findings(VAULT, (BILLING, 'billing = "daily"'))) == ["price.model"]


def test_an_identifier_is_told_once_though_everything_is_wrong_with_it() -> None:
    found = findings(VAULT, (SOLO, 'identifier = "A"'), (QUORUM, 'identifier = "A"'),
                     conflicts={"A": ("contoso-safe",)})  # fmt: skip
    assert [str(each.field) for each in found] == ["skus.0.identifier", "skus.1.identifier"]


def taken(desk: EngineHarness) -> dict[str, list[str]]:
    """The SKU identifiers that each offer is told to give up, looking at all and at one alone."""
    of_all = {view.offer: view.findings for view in desk.engine.offers()}
    told = {}
    for offer, found in of_all.items():
        named = [each.field.names[1] for each in found if each.rule == "sku.identifier"]
        alone = [
            each for each in desk.engine.offer(offer).findings if each.rule == "sku.identifier"
        ]
        assert [each.field.names[1] for each in alone] == named
        if named:
            told[offer] = named
    return told


def test_two_drafts_are_both_told_and_one_that_is_staged_is_not(desk: EngineHarness) -> None:
    desk.rewrite(SEARCH, ONE, SOLO)
    assert taken(desk) == {VAULT: ["vault-solo"], SEARCH: ["vault-solo"]}
    desk.rewrite(SEARCH, SOLO, ONE)
    desk.stage(VAULT)
    desk.rewrite(SEARCH, ONE, SOLO)
    assert taken(desk) == {SEARCH: ["vault-solo"]}


def test_an_identifier_that_was_listed_stays_taken_after_the_sku_was_withdrawn(
    desk: EngineHarness,
) -> None:
    desk.publish(SEARCH)
    second = without(SEARCH, "skus", 1)[0]
    desk.rewrite(SEARCH, second, "")
    desk.publish(SEARCH)
    desk.rewrite(VAULT, SOLO, 'identifier = "search-fleet"')
    assert taken(desk) == {VAULT: ["search-fleet"]}
    desk.file(SEARCH).write_text(desk.file(SEARCH).read_text() + second.replace("0.28", "0.3"))
    assert taken(desk) == {VAULT: ["search-fleet"]}
    assert rules([*desk.engine.offer(SEARCH).to_fix]) == ["lock.price"]
    desk.file(SEARCH).unlink()
    assert taken(desk) == {VAULT: ["search-fleet"]}


def test_nothing_for_sale_is_told_once_though_it_was_in_production() -> None:
    edits = (without(SEARCH, "skus", 0), without(SEARCH, "skus", 1))
    assert rules(findings(SEARCH, *edits, **listed(SEARCH))) == ["sku.present"]


def rules(found: list[Finding]) -> list[str]:
    return [each.rule for each in found]
