"""What the rules say, in one file to review. VITRINA_UPDATE=1 writes it again."""

import os
from pathlib import Path

from tests.rules import (
    test_images,
    test_locks,
    test_logos,
    test_marketing,
    test_plans,
    test_prices,
    test_publisher,
    test_sale,
    test_sas,
    test_skus,
    test_topologies,
)
from tests.rules.rule_case import RuleCase, finding_of

SNAPSHOT = Path(__file__).parent / "messages.txt"
MODULES = (
    test_images, test_locks, test_logos, test_marketing, test_plans, test_prices, test_publisher,
    test_sale, test_sas, test_skus, test_topologies,
)  # fmt: skip
CASES: list[RuleCase] = [case for module in MODULES for case in module.CASES]


def test_messages() -> None:
    lines = sorted({f"{case.rule}: {finding_of(case).message}" for case in CASES})
    text = "\n".join(lines) + "\n"
    if os.environ.get("VITRINA_UPDATE") == "1":
        SNAPSHOT.write_text(text)
    assert SNAPSHOT.read_text() == text
