"""What is wrong with an offer, and why an action is refused."""

from enum import StrEnum
from typing import NamedTuple

from state.domain.field_path import FieldPath

PUBLISHER_FILE = "publisher.toml"
"""The name of the publisher's file in a working directory."""


class Severity(StrEnum):
    """An error keeps a step from completing; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


class Finding(NamedTuple):
    """One fault, reported at one place.

    Attributes:
        rule: The stable id of the rule.
        step: The walkthrough step, 1 to 4, that an error keeps from completing.
        message: What is wrong, what is expected and the remedy.
        line: The line of the value, or of the table that should hold it; None until located.
        column: The column, where the file itself cannot be read.
        asset: The path of the image or package at fault.
        progress: Whether something has to be done with the content, rather than fixed in it.
        meant: The key that a misspelt one was probably meant to be.
    """

    rule: str
    severity: Severity
    step: int
    field: FieldPath
    file: str
    message: str
    line: int | None = None
    column: int | None = None
    asset: str | None = None
    progress: bool = False
    meant: str | None = None

    @property
    def is_error(self) -> bool:
        """Whether the finding keeps its step from completing."""
        return self.severity is Severity.ERROR


class Reason(NamedTuple):
    """One reason of a refusal: a finding, or what the status, a role or four eyes forbid.

    Its rule is that of the finding, or an id such as ``status.busy``; only a finding has a step
    and a field.
    """

    rule: str
    step: int | None
    field: str | None
    message: str

    @classmethod
    def of(cls, finding: Finding) -> "Reason":
        return cls(finding.rule, finding.step, str(finding.field) or None, finding.message)


class Refusal(NamedTuple):
    """The engine's no, with every reason against an action, at least one."""

    action: str
    reasons: tuple[Reason, ...]
