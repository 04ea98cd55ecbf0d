"""A definition's bytes -> what the file says, and the faults of its form."""

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from state.definitions.syntax_faults import MARK, bytes_fault, text_fault
from state.definitions.validate import Fault, read, type_name
from state.domain.errors import StorageError
from state.domain.field_path import ROOT, FieldPath
from state.domain.findings import Finding, Severity
from state.domain.offer_types import OFFER_TYPES, OfferType
from state.domain.safe_text import either, quoted
from state.domain.suggestions import suggest

if TYPE_CHECKING:
    from state.domain.offer import Offer

LARGEST_FILE = 16 * 1024 * 1024
"""The most bytes of a definition that are read."""

MOST_PARTS = 500_000
"""The most lines, commas, dots and brackets of a definition: each takes far more memory than a byte."""

_PARTS = (b"\n", b",", b".", b"[")

_LONG = re.compile(r"[0-9A-Fa-f_]{1000,}|[eE][+-]?[0-9_]{16,}")
_LONGEST_BITS = 4096
_DEEPEST = 100
_TOO_DEEP = (
    f"Brackets or tables are nested too deeply. Expected at most {_DEEPEST} levels. Remove some."
)


class TomlFile(NamedTuple):
    """A TOML file as tomllib reads it, or why and where it cannot be read, from 1."""

    values: Mapping[str, Any] | None
    message: str = ""
    line: int = 1
    column: int = 1


class Definition(NamedTuple):
    """What the file of an offer says.

    Attributes:
        raw: Its bytes, None where there are none or they cannot be read.
        kind: The offer's type, None where it is unknown.
        offer: The definition, None where it cannot be read.
        findings: What is wrong with the file itself.
        unknown: The fields that cannot be read because of those findings: no rule reports them again.
        is_offer: False for a TOML file that has no ``type`` and hence is something else.
        is_closed: Whether it is there and this account may not read it.
    """

    file: str
    raw: bytes | None
    kind: OfferType | None = None
    offer: "Offer | None" = None
    findings: tuple[Finding, ...] = ()
    unknown: tuple[FieldPath, ...] = ()
    is_offer: bool = True
    is_closed: bool = False

    def check_read(self) -> None:
        """Raise a StorageError where it is there and could not be read."""
        if self.raw is None and not self.is_missing:
            raise StorageError(self.findings[0].message)

    @property
    def has_syntax_fault(self) -> bool:
        """Whether it is not TOML, so that no value has a place."""
        return any(finding.rule == "file.syntax" for finding in self.findings)

    @property
    def is_missing(self) -> bool:
        return not self.is_closed and any(each.rule == "file.missing" for each in self.findings)


def parse_table(raw: bytes) -> TomlFile:
    """The table of a TOML file's bytes, or why and where it cannot be read."""
    raw = raw.removeprefix(MARK)
    if sum(map(raw.count, _PARTS)) > MOST_PARTS:
        return TomlFile(
            None, f"The file has more than {MOST_PARTS:,} lines and values. Shorten it."
        )
    if fault := bytes_fault(raw):
        return TomlFile(None, *fault)
    text = raw.decode()
    try:
        values = tomllib.loads(text, parse_float=_decimal)
        fault = text_fault(text) if _takes_more() else None
    except RecursionError:
        return TomlFile(None, _TOO_DEEP)
    except tomllib.TOMLDecodeError:
        return _syntax(text)
    except ValueError:
        return _too_long(text)
    return TomlFile(None, *fault) if fault else _within_limits(values, text)


@cache
def _takes_more() -> bool:
    """Whether this Python's tomllib takes more than TOML 1.0."""
    try:
        tomllib.loads("a = { b = 1, }")
    except tomllib.TOMLDecodeError:
        return False
    return True


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(text) from None


def _within_limits(values: Mapping[str, Any], text: str) -> TomlFile:
    """A table in which nothing is nested or written so long that it could not be handled."""
    level: list[Any] = [values]
    for _ in range(_DEEPEST):
        inside: list[Any] = []
        for each in level:
            if isinstance(each, int) and each.bit_length() > _LONGEST_BITS:
                return _too_long(text)
            if isinstance(each, dict):
                inside += each.values()
            elif isinstance(each, list):
                inside += each
        if not inside:
            return TomlFile(values)
        level = inside
    return TomlFile(None, _TOO_DEEP)


def _too_long(text: str) -> TomlFile:
    """What there is to say of a number that cannot be handled, at its place where it is found."""
    found = _LONG.search(text)
    at = found.start() if found else 0
    line, column = text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1
    return TomlFile(None, "This number is too long to be read: shorten it.", line, column)


def parse_definition(raw: bytes, file: str) -> Definition:
    """What the bytes of an offer's file say, with the faults of form."""
    table = parse_table(raw)
    if table.values is None:
        return unreadable(file, raw, table.message, table.line, table.column)
    values = table.values
    if "type" not in values:
        near = suggest("type", values)
        instead = f"; rename {quoted(near)}" if near else ""
        message = (
            f'Not an offer: it has no key "type"{instead}. '
            'An offer begins with, say, type = "virtual-machine".'
        )
        finding = Finding("file.type", Severity.WARNING, 3, ROOT / "type", file, message, line=1)
        return Definition(file, raw, findings=(finding,), is_offer=False)
    name = values["type"]
    if fault := type_fault(name):
        finding = Finding("file.type", Severity.ERROR, 3, ROOT / "type", file, fault)
        return Definition(file, raw, findings=(finding,))
    kind = OFFER_TYPES[name]
    offer, faults = read(kind.model, values)
    findings = tuple(_of_form(fault, file) for fault in faults)
    return Definition(file, raw, kind, offer, findings, unknown_fields(faults))


def type_fault(value: object) -> str | None:
    """Why a value is not a type of offer, None where it is one."""
    if not isinstance(value, str):
        return f"Expected one of {either(OFFER_TYPES)}, found {type_name(value)}."
    if value in OFFER_TYPES:
        return None
    return f"{quoted(value)} is not a type of offer. Write {either(OFFER_TYPES)}."


def lost_type(definition: Definition) -> Definition:
    """A file without a type that has a history: an offer all the same, though not a readable one."""
    message = 'The key "type" is gone: write it back, such as type = "virtual-machine", or revert.'
    at = ROOT / "type"
    finding = Finding("file.type", Severity.ERROR, 3, at, definition.file, message, line=1)
    return definition._replace(findings=(finding,), is_offer=True)


def missing_draft(definition: Definition) -> Definition:
    """The missing file of an offer that may also be discarded."""
    message = f"{definition.file} is missing. Restore it with revert, or discard the draft."
    finding = definition.findings[0]._replace(message=message)
    return definition._replace(findings=(finding,))


def unknown_fields(faults: list[Fault]) -> tuple[FieldPath, ...]:
    """The fields whose values are unknown because of faults of form."""
    return tuple(field for fault in faults for field in fault.unknown)


def unreadable(
    file: str, raw: bytes | None, message: str, line: int | None = 1, column: int | None = 1
) -> Definition:
    """A definition that cannot be read, with the reason."""
    finding = Finding("file.syntax", Severity.ERROR, 3, ROOT, file, message, line, column)
    return Definition(file, raw, findings=(finding,))


def _syntax(text: str) -> TomlFile:
    try:
        fault = text_fault(text)
    except RecursionError:
        return TomlFile(None, _TOO_DEEP)
    return TomlFile(None, *(fault or ["The file is not TOML 1.0."]))


def _of_form(fault: Fault, file: str) -> Finding:
    meant = str(fault.meant.names[-1]) if fault.meant else None
    return Finding(fault.rule, Severity.ERROR, 3, fault.field, file, fault.message, meant=meant)
