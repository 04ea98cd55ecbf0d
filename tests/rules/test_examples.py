"""Each rule's examples: the edit breaks that rule, with that message, and nothing else is wrong."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from state.definitions.locate import Places
from state.domain.findings import Finding
from state.domain.offer_types import OFFER_TYPES
from state.rules.registry import all_rules
from state.rules.rule import Example, Rule
from tests.engine_harness import EngineHarness
from tests.rules.rule_case import GRID, LONGEST_MESSAGE, MAIL, RATES, SEARCH, VAULT
from tests.support import EXAMPLES

ASSETS = Path(__file__).parent / "assets"
KINDS = {
    RATES: "data-service",
    SEARCH: "virtual-machine",
    VAULT: "virtual-machine",
    MAIL: "developer-service",
    GRID: "solution-template",
}
"""The example offers in which the edits are tried, the first one that fits."""

BEFORE = {
    "": (),
    "certify": ("certify",),
    "stage": ("stage",),
    "tested": ("stage", "tested"),
    "approve": ("stage", "tested", "request", "approve"),
}
ELSEWHERE = {
    "certification.current", "staging.current", "staging.tested",
    "plan.present", "sku.present", "sku.withdrawn", "topology.present",
    "duplicate.description", "image.version", "lock.region", "price.present",
}  # fmt: skip
"""The rules whose examples are reported at another line than the edited one."""

CASES = [(rule, example) for rule in all_rules().values() for example in rule.examples]

Desks = Callable[[str, str], EngineHarness]


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Desks:
    """Directories in which an offer has gone through an action."""

    @cache
    def desk_of(offer: str, action: str) -> EngineHarness:
        desk = EngineHarness(tmp_path_factory.mktemp("desk"))
        shutil.copytree(ASSETS, desk.root, dirs_exist_ok=True)
        for each in BEFORE[action]:
            desk.stage(offer) if each == "stage" else desk.do(offer, each)
        return desk

    return desk_of


@pytest.mark.parametrize(
    ("rule", "example"), CASES, ids=[f"{rule.id} {example.bad[:40]}" for rule, example in CASES]
)
def test_example(rule: Rule, example: Example, desks: Desks) -> None:
    assert len(example.message) <= LONGEST_MESSAGE
    offer, path = _place(rule, example)
    desk = desks(offer if example.after else "", example.after)
    file = desk.root / path
    assert _findings(desk, offer, rule) == []
    with _edited(file, example) as lines:
        edited = Path(example.bad).stem if rule.id == "offer.identifier" else offer
        found = _findings(desk, edited, rule)
        assert [(each.rule, each.message) for each in found] == [(rule.id, example.message)]
        if file.exists() and rule.id not in ELSEWHERE:
            places = Places(file.read_bytes())
            assert (found[0].line or places.line(found[0].field.path)) in lines


@contextmanager
def _edited(file: Path, example: Example) -> Iterator[range]:
    """Make an example's edit, or rename the file, until the block ends; gives the edited lines."""
    text = file.read_text()
    good = None if example.good == file.name else _pattern(example.good).search(text)
    try:
        if good is None:
            file.rename(file.with_name(example.bad))
            yield range(0)
            file.with_name(example.bad).unlink()
        else:
            file.write_text(text[: good.start()] + example.bad + text[good.end() :])
            first = text.count("\n", 0, good.start()) + 1
            yield range(first, first + example.bad.count("\n") + 1)
    finally:
        file.write_text(text)


def _place(rule: Rule, example: Example) -> tuple[str, str]:
    """The offer and the file in which an example's edit can be made."""
    for offer, kind in KINDS.items():
        path = rule.file or f"{offer}.toml"
        text = (EXAMPLES / path).read_text()
        if OFFER_TYPES[kind] in rule.types and (
            example.good == path or _pattern(example.good).search(text)
        ):
            return offer, path
    raise AssertionError(f"no example offer has {example.good!r}")


def _pattern(good: str) -> re.Pattern[str]:
    end = r"\Z" if good.endswith("…") else ""
    return re.compile(re.escape(good).replace("…", ".*?") + end, re.DOTALL)


def _findings(desk: EngineHarness, offer: str, rule: Rule) -> list[Finding]:
    """What is wrong with an offer. Of what is still to be done, only what the rule says."""
    found = desk.engine.offer(offer).findings
    return [each for each in found if not each.progress or each.rule == rule.id]


def test_every_rule_has_an_example() -> None:
    assert [rule.id for rule in all_rules().values() if not rule.examples] == []
