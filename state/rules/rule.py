"""What is known of a rule."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from state.domain.findings import Severity
from state.domain.offer import OfferType
from state.rules.context import RuleContext, Violation

Check = Callable[[RuleContext], Iterable[Violation]]


class Rule(NamedTuple):
    """One rule.

    Attributes:
        id: The stable id, such as ``sas.permissions``.
        step: The walkthrough step that its errors keep from completing.
        types: The offer types that it is for.
        severity: Of its findings, unless one says otherwise.
        says: The rule in one sentence.
        good: A value that keeps it, as it stands in a file.
        bad: A value that breaks it.
        file: The file that it is about: None for the definition, else publisher.toml.
        check: The function; None for a rule that is checked elsewhere (while the file is read, or
            against the recorded events).
    """

    id: str
    step: int
    types: frozenset[OfferType]
    severity: Severity
    says: str
    good: str
    bad: str
    file: str | None
    check: Check | None
