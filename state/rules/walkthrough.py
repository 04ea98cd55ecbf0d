"""Facts -> four steps, each complete or with what is missing. Nothing here is ever stored."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from state.domain.findings import Finding
from state.domain.offer import OfferType
from state.domain.stages import NEEDS_APPROVAL
from state.rules import all_rules

STEP_TITLES: Mapping[int, str] = {
    1: "Get approved",
    2: "Register your company",
    3: "Create and certify your offer",
    4: "Get to staging",
}
"""The four steps of the walkthrough (the title of 2 is documented, the others are inferred)."""


class Step(NamedTuple):
    """One step of the walkthrough.

    Attributes:
        number: 1 to 4.
        title: Its title.
        complete: Whether nothing is missing.
        required: False where the offer's type has no need of the step.
        findings: What is wrong or missing, errors first.
        in_order: How many rules of the step found nothing.
    """

    number: int
    title: str
    complete: bool
    required: bool
    findings: tuple[Finding, ...]
    in_order: int

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep the step from completing."""
        return tuple(finding for finding in self.findings if finding.is_error)


def without_progress(step: Step) -> Step:
    """A step as the content rules alone see it."""
    return step._replace(findings=tuple(each for each in step.findings if not each.progress))


def steps_of(
    kind: OfferType | None, findings: Iterable[Finding], *, readable: bool
) -> tuple[Step, ...]:
    """The four steps.

    Args:
        kind: The offer's type, None where it is not known.
        findings: Everything that was found, progress rules included.
        readable: Whether the definition could be read. Without that no step is complete.

    Returns:
        The steps 1 to 4.
    """
    found = list(findings)
    steps = []
    for number, title in STEP_TITLES.items():
        own = [each for each in found if each.step == number]
        own.sort(key=lambda each: (not each.is_error, each.progress))
        broken = {each.rule for each in own}
        in_order = len(_rules_of(kind, number) - broken)
        complete = readable and not any(each.is_error for each in own)
        required = number > 1 or kind is None or kind in NEEDS_APPROVAL
        steps.append(
            Step(number, title, complete, required, tuple(own), in_order if readable else 0)
        )
    return tuple(steps)


@cache
def _rules_of(kind: OfferType | None, step: int) -> frozenset[str]:
    return frozenset(
        each.id for each in all_rules().values() if each.step == step and kind in each.types
    )
