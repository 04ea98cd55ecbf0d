"""What the rules of marketing, logos, topologies, sale and prices say, in one place to read."""

import os
from pathlib import Path

from state.rules import all_rules
from tests.rules import test_logos, test_marketing, test_prices, test_sale, test_topologies
from tests.rules.rule_case import finding_of

SNAPSHOT = Path(__file__).parent / "messages_b.txt"
MODULES = (test_topologies, test_marketing, test_logos, test_sale, test_prices)
AREAS = (
    "topology", "marketing", "plan.title", "plan.summary", "plan.description", "duplicate", "link",
    "legal", "logo", "sample_image", "support", "category", "price", "staging.subscriptions",
)  # fmt: skip
CASES = [case for module in MODULES for case in module.CASES]


def test_every_rule_is_broken_once_at_least() -> None:
    share = {id for id in all_rules() if id.startswith(AREAS)}
    assert {case.rule for case in CASES} == share


def test_the_messages_are_those_of_the_snapshot() -> None:
    """With VITRINA_UPDATE=1 the snapshot is written anew."""
    lines = sorted({f"{case.rule}: {finding_of(case).message}" for case in CASES})
    text = "\n".join(lines) + "\n"
    if os.environ.get("VITRINA_UPDATE") == "1":
        SNAPSHOT.write_text(text)
    assert SNAPSHOT.read_text() == text
