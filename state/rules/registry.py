"""The table of rules. Every module of this package is imported; each enters its rules."""

from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from state.definitions.validate import LeftOut
from state.domain.field_path import FieldPath
from state.domain.findings import Finding, Severity
from state.domain.offer_types import EVERY_TYPE, OfferType
from state.rules.follow_ups import drop_follow_ups
from state.rules.rule import Check, Example, Rule

if TYPE_CHECKING:
    from state.rules.context import RuleContext

_RULES: dict[str, Rule] = {}


def rule(
    id: str,
    *,
    step: int,
    description: str,
    examples: Iterable[Example],
    types: Collection[OfferType] = EVERY_TYPE,
    severity: Severity = Severity.ERROR,
    file: str | None = None,
) -> Callable[[Check], Check]:
    """Enter a function into the table of rules; the arguments are those of ``Rule``."""

    def enter(check: Check) -> Check:
        declare(Rule(id, step, description, tuple(examples), types, severity, file, check))
        return check

    return enter


def declare(rule: Rule) -> Rule:
    """Enter a rule into the table."""
    if rule.id in _RULES:
        raise ValueError(f"two rules have the id {rule.id}")
    _RULES[rule.id] = rule
    return rule


@cache
def all_rules() -> dict[str, Rule]:
    """Every rule by its id, in the order of the steps."""
    for module in iter_modules([Path(__file__).parent], "state.rules."):
        import_module(module.name)
    return {
        each.id: each for each in sorted(_RULES.values(), key=lambda each: (each.step, each.id))
    }


@cache
def rules_for(kind: OfferType) -> tuple[Rule, ...]:
    """The content rules of a type, in the order of the steps."""
    return tuple(each for each in all_rules().values() if kind in each.types and each.check)


def check(
    context: "RuleContext", kind: OfferType, file: str, unknown: Iterable[FieldPath] = ()
) -> Iterator[Finding]:
    """Run the content rules on an offer.

    Args:
        context: What they look at.
        kind: The offer's type.
        file: The name of the definition's file.
        unknown: The fields of the definition and of publisher.toml that cannot be read.

    Yields:
        The findings by step, each fault once, not yet located in the file.
    """
    unknown = tuple(unknown)
    left_out = LeftOut(type(context.definition), unknown)
    every = [
        (each, found._replace(field=left_out.place(found.field)))
        for each in rules_for(kind)
        if each.check
        for found in each.check(context)
    ]
    for each, found in drop_follow_ups(every, unknown):
        severity = Severity.WARNING if found.warning else each.severity
        about = each.file or file
        yield Finding(
            each.id, severity, each.step, found.field, about, found.message, asset=found.asset
        )
