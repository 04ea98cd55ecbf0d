"""What the rules of publisher, SKUs, images, tokens, plans and locks say, in one place to read."""

import os
from pathlib import Path

from state.rules import all_rules
from tests.rules import (
    test_images,
    test_locks,
    test_plans,
    test_publisher,
    test_sas,
    test_skus,
)  # fmt: skip
from tests.rules.rule_case import Told, finding_of
from tests.support import findings

SNAPSHOT = Path(__file__).parent / "messages_a.txt"
MODULES = (test_publisher, test_skus, test_images, test_sas, test_plans, test_locks)
AREAS = (
    "approval", "registration", "offer", "sku", "image", "sas", "plan.present", "plan.identifier",
    "plan.transactions", "plan.promotion", "plan.migration", "service", "source", "lock",
)  # fmt: skip
CASES: list[Told] = [case for module in MODULES for case in module.CASES]


def test_every_rule_is_broken_once_at_least() -> None:
    """publisher.missing has a test of its own, in which there is no file with lines."""
    share = {id for id in all_rules() if id.startswith(AREAS)}
    assert {case.rule for case in CASES} == share


def test_the_messages_are_those_of_the_snapshot() -> None:
    """With VITRINA_UPDATE=1 the snapshot is written anew."""
    told = {f"{case.rule}: {finding_of(case).message}" for case in CASES}
    alone = findings("contoso-vault", publisher=None)
    lines = sorted(told | {f"{each.rule}: {each.message}" for each in alone})
    text = "\n".join(lines) + "\n"
    if os.environ.get("VITRINA_UPDATE") == "1":
        SNAPSHOT.write_text(text)
    assert SNAPSHOT.read_text() == text
