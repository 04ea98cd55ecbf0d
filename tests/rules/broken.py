"""One way to break one rule, and the check that it breaks nothing else."""

from typing import NamedTuple

from state.findings import Finding
from tests.support import Edit, findings, line_of

LONGEST_MESSAGE = 156


class Broken(NamedTuple):
    """An example that breaks one rule after edits.

    Attributes:
        rule: The rule's id.
        field: The field that is told.
        line: A part of the line that is told, after the edits; empty for the file's first line.
        edits: Replacements in the example's definition.
        example: The stem of an example that is clean before.
        files: Assets written over those of the example.
        severity: Of the one finding.
    """

    rule: str
    field: str
    line: str
    edits: tuple[Edit, ...] = ()
    example: str = "contoso-vault"
    files: dict[str, bytes] | None = None
    severity: str = "error"


def finding_of(broken: Broken) -> Finding:
    """The one finding of a broken example: at its field and line, in a message of two lines."""
    found = findings(broken.example, *broken.edits, files=broken.files)
    told = [(each.rule, str(each.field), each.severity.value) for each in found]
    assert told == [(broken.rule, broken.field, broken.severity)], found
    assert found[0].line == line_of(broken.example, broken.line, *broken.edits)
    assert len(found[0].message) <= LONGEST_MESSAGE, found[0].message
    return found[0]
