"""The four steps, each complete or with its findings. They are derived, never stored."""

from collections.abc import Iterable
from functools import cache

from state.domain.findings import Finding
from state.domain.offer_types import OfferType
from state.domain.steps import STEP_TITLES, Step
from state.rules.registry import all_rules


def steps_of(
    kind: OfferType | None, findings: Iterable[Finding], *, readable: bool
) -> tuple[Step, ...]:
    """The four steps of an offer; none is complete where its definition cannot be read."""
    found = list(findings)
    steps = []
    for number, title in STEP_TITLES.items():
        own = [each for each in found if each.step == number]
        own.sort(key=lambda each: (not each.is_error, each.progress))
        broken = {each.rule for each in own}
        in_order = len(_rules_of(kind, number) - broken)
        complete = readable and not any(each.is_error for each in own)
        required = number > 1 or kind is None or kind.needs_approval
        steps.append(
            Step(number, title, complete, required, tuple(own), in_order if readable else 0)
        )
    return tuple(steps)


@cache
def _rules_of(kind: OfferType | None, step: int) -> frozenset[str]:
    return frozenset(
        each.id for each in all_rules().values() if each.step == step and kind in each.types
    )
