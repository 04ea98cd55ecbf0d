"""A fault in an example offer or in its earlier versions, and the check of its one finding."""

from collections.abc import Mapping
from typing import NamedTuple

from state.domain.findings import PUBLISHER_FILE, Finding
from state.rules.registry import all_rules
from tests.support import Edit, findings, line_of

LONGEST_MESSAGE = 156

VAULT = "contoso-vault"
SEARCH = "contoso-search"
MAIL = "contoso-mail"
RATES = "contoso-rates"
GRID = "contoso-grid"


class RuleCase(NamedTuple):
    """An example offer with one fault.

    Attributes:
        rule: The id of the one rule that reports it.
        field: The field of the finding.
        line: A part of its line, after the edits; "" for the file's first line.
        edits: Replacements in the example's definition.
        example: The stem of the example.
        publisher: Replacements in the publisher file.
        world: More of what ``findings`` takes, such as ``production``.
        severity: Of the one finding.
    """

    rule: str
    field: str
    line: str
    edits: tuple[Edit, ...] = ()
    example: str = VAULT
    publisher: tuple[Edit, ...] = ()
    world: Mapping[str, object] = {}
    severity: str = "error"


def finding_of(case: RuleCase) -> Finding:
    """The one finding of a case: of its rule, at its field and line, in a message of two lines."""
    found = findings(case.example, *case.edits, publisher=case.publisher, **case.world)
    assert [(each.rule, str(each.field), each.severity.value) for each in found] == [
        (case.rule, case.field, case.severity)
    ], (name_of(case), found)
    one = found[0]
    if all_rules()[case.rule].file == PUBLISHER_FILE:
        assert one.line == line_of("publisher", case.line, *case.publisher)
    else:
        assert one.line == line_of(case.example, case.line, *case.edits)
    assert len(one.message) <= LONGEST_MESSAGE, one.message
    return one


def name_of(case: object) -> str:
    """A short name for a test's case."""
    if isinstance(case, RuleCase):
        made = [new for _, new in (*case.edits, *case.publisher)] or [*case.world]
        return f"{case.rule} {' '.join(made)}"[:60]
    return str(case)[:60]
