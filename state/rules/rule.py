"""What is known of a rule."""

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, NamedTuple

from state.domain.findings import Severity
from state.domain.offer_types import EVERY_TYPE, OfferType

if TYPE_CHECKING:
    from state.rules.context import RuleContext, Violation

Check = Callable[["RuleContext"], Iterable["Violation"]]


class Example(NamedTuple):
    """An edit that breaks a rule. The tests make it in one of the example offers.

    Attributes:
        good: Text of an example offer or of its publisher file, with ``…`` for any text; or the
            name of a file.
        bad: What takes its place; another name where ``good`` is the name of a file.
        message: What the rule says then. Its dates are those of the tests' clock.
        after: The action that was performed on the good content before the edit, such as ``stage``.
    """

    good: str
    bad: str
    message: str
    after: str = ""


class Rule(NamedTuple):
    """One rule.

    Attributes:
        id: The stable id, such as ``sas.permissions``.
        step: The walkthrough step that its errors keep from completing.
        description: The rule in one sentence.
        examples: Edits that break it; the first one is shown to people.
        types: The offer types that it is for.
        severity: Of its findings, unless one says otherwise.
        file: The file that it is about: None for the definition, else publisher.toml.
        check: The function; None for a rule that is checked elsewhere (while the file is read, or
            against the recorded events).
    """

    id: str
    step: int
    description: str
    examples: tuple[Example, ...]
    types: Collection[OfferType] = EVERY_TYPE
    severity: Severity = Severity.ERROR
    file: str | None = None
    check: Check | None = None

    @property
    def is_lock(self) -> bool:
        """Whether it keeps a field as it was staged or listed."""
        return self.id.startswith("lock.")
