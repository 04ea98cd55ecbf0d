"""One fault made in an example or in its world, and the check that it is told once and in place."""

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


class Told(NamedTuple):
    """An example that is clean but for one fault.

    Attributes:
        rule: The id of the one rule that tells it.
        field: The field that is told.
        line: A part of the line that is told, after the edits; "" for the file's first line.
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


def finding_of(told: Told) -> Finding:
    """The one finding of a case: of its rule, at its field and line, in a message of two lines."""
    found = findings(told.example, *told.edits, publisher=told.publisher, **told.world)
    assert [(each.rule, str(each.field), each.severity.value) for each in found] == [
        (told.rule, told.field, told.severity)
    ], found
    one = found[0]
    if all_rules()[told.rule].file == PUBLISHER_FILE:
        assert one.line == line_of("publisher", told.line, *told.publisher)
    else:
        assert one.line == line_of(told.example, told.line, *told.edits)
    assert len(one.message) <= LONGEST_MESSAGE, one.message
    return one


def name_of(case: object) -> str:
    """A short name for a test's case."""
    if isinstance(case, Told):
        made = [new for _, new in (*case.edits, *case.publisher)] or [*case.world]
        return f"{case.rule} {' '.join(made)}"[:60]
    return str(case)[:60]
