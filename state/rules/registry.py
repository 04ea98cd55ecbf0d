"""The table of rules: each a small function with its id, step, types and one sentence beside it."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module

from state.domain.field_path import FieldPath
from state.domain.findings import Finding, Severity
from state.domain.offer import OfferType
from state.rules.context import RuleContext
from state.rules.once import deduplicate
from state.rules.rule import Check, Rule

V, D, T, S = (
    OfferType.VIRTUAL_MACHINE,
    OfferType.DEVELOPER_SERVICE,
    OfferType.DATA_SERVICE,
    OfferType.SOLUTION_TEMPLATE,
)
EVERY_TYPE = frozenset(OfferType)


_RULES: dict[str, Rule] = {}

_MODULES = (
    "form", "progress", "publisher", "skus", "images", "sas", "plans", "topologies",
    "marketing", "logos", "prices", "sale", "locks",
)  # fmt: skip


_FAMILIES = (
    "approval", "publisher", "marketplace", "registration", "file", "offer", "sku", "image", "sas",
    "service", "plan", "source", "topology", "certification", "marketing", "duplicate", "legal",
    "link", "logo", "sample_image", "category", "price", "support", "lock", "staging",
)  # fmt: skip
"""What the ids begin with, in the order in which a step tells its rules."""


def rule(
    id: str,
    *,
    step: int,
    says: str,
    types: Iterable[OfferType] = EVERY_TYPE,
    severity: Severity = Severity.ERROR,
    good: str = "",
    bad: str = "",
    file: str | None = None,
) -> Callable[[Check], Check]:
    """Enter a function into the table of rules; the arguments are those of ``Rule``."""

    def enter(function: Check) -> Check:
        declare(id, step, says, types, severity, good, bad, file, function)
        return function

    return enter


def declare(
    id: str,
    step: int,
    says: str,
    types: Iterable[OfferType] = EVERY_TYPE,
    severity: Severity = Severity.ERROR,
    good: str = "",
    bad: str = "",
    file: str | None = None,
    check: Check | None = None,
) -> Rule:
    """Enter a rule into the table, without a function where it is checked elsewhere."""
    if id in _RULES:
        raise ValueError(f"two rules have the id {id}")
    _RULES[id] = Rule(id, step, frozenset(types), severity, says, good, bad, file, check)
    return _RULES[id]


@cache
def all_rules() -> dict[str, Rule]:
    """Every rule by its id, in the order of the steps."""
    for module in _MODULES:
        import_module(f"state.rules.{module}")
    order = {family: place for place, family in enumerate(_FAMILIES)}
    return dict(
        sorted(_RULES.items(), key=lambda item: (item[1].step, order[item[0].partition(".")[0]]))
    )


@cache
def rules_for(kind: OfferType) -> tuple[Rule, ...]:
    """The rules of a type that look at files, in the order of the steps."""
    return tuple(each for each in all_rules().values() if kind in each.types and each.check)


def check(
    context: RuleContext, kind: OfferType, file: str, spoken: Iterable[FieldPath] = ()
) -> Iterator[Finding]:
    """Run the content rules on an offer.

    Args:
        context: What they look at.
        kind: The offer's type.
        file: The name of the definition's file.
        spoken: The fields that faults of form speak for, in the definition and in publisher.toml.

    Yields:
        The findings, each fault once, by step, not yet located in the file.
    """
    every = [
        (each, found) for each in rules_for(kind) if each.check for found in each.check(context)
    ]
    for each, found in deduplicate(every, spoken):
        severity = Severity.WARNING if found.warning else each.severity
        about = each.file or file
        yield Finding(
            each.id, severity, each.step, found.field, about, found.message, asset=found.asset
        )
