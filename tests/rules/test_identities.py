"""Which SKU of the draft is which of those that were staged or listed."""

import pytest

from tests.rules.rule_case import RATES, SEARCH, VAULT
from tests.rules.test_locks import ONE, ONE_TITLE, QUORUM, SOLO, STAGED
from tests.rules.test_plans import STARTER, TASTE
from tests.rules.test_skus import listed, rules, without
from tests.support import Edit, example_text, findings, offer_of

_, FIRST, SECOND = example_text(VAULT).split("[[skus]]")
MOVED = (f"[[skus]]{FIRST}[[skus]]{SECOND}", f"[[skus]]{SECOND}\n[[skus]]{FIRST}")


@pytest.mark.parametrize(
    "edits",
    [
        ((SOLO, QUORUM + " # again"),),
        ((QUORUM, SOLO + " # again"),),
        (MOVED, (SOLO, 'identifier = "solo"')),
        ((SOLO, 'identifer = "solo"'),),
        (MOVED, (SOLO, "identifier = 5")),
    ],
)
def test_a_sku_is_known_by_its_title_when_its_identifier_is_not_its_own(
    edits: tuple[Edit, ...],
) -> None:
    """Nothing else that is locked of the SKU is told to differ, and the other SKU keeps its own."""
    (found,) = findings(VAULT, *edits, **listed(VAULT))
    assert found.rule in ("lock.identifier", "file.key", "file.type")
    assert found.field.path[-1] in ("identifier", "identifer")
    lines = example_text(VAULT, *edits).split("\n")
    assert found.line is not None and lines[found.line - 1] == edits[-1][1]


@pytest.mark.parametrize("example", [VAULT, RATES])
def test_swapped_identifiers_are_told_at_each_and_nothing_else(example: str) -> None:
    one, two = (SOLO, QUORUM) if example == VAULT else (TASTE, STARTER)
    edits = ((one, "identifier = 'x'"), (two, one), ("identifier = 'x'", two))
    found = findings(example, *edits, **listed(example))
    assert rules(found) == ["lock.identifier", "lock.identifier"]


def test_a_sku_that_takes_the_place_of_a_listed_one_withdraws_it() -> None:
    edits = ((ONE, 'identifier = "search-two"'), (ONE_TITLE, 'title = "Two indexes"'))
    assert rules(findings(SEARCH, *edits, **listed(SEARCH))) == ["sku.withdrawn"]


def test_a_staged_sku_that_is_listed_may_be_withdrawn() -> None:
    assert rules(
        findings(VAULT, without(VAULT, "skus", 1), **STAGED, production=offer_of(VAULT))
    ) == ["sku.withdrawn"]
