"""The four steps of the walkthrough."""

from collections.abc import Mapping
from typing import NamedTuple

from state.domain.findings import Finding

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
