"""The publisher's file: what it says, and what is wrong with its form."""

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from state.definitions.parse import LARGEST_FILE, parse_table, unknown_fields
from state.definitions.validate import Fault, LeftOut, read
from state.domain.errors import PublisherFileError, StorageError
from state.domain.field_path import FieldPath
from state.domain.findings import PUBLISHER_FILE, Finding, Severity
from state.domain.offer_types import OfferType
from state.domain.suggestions import suggest
from state.marketplace.backends import faults_of, refusal_of
from state.storage.atomic import read_plain

if TYPE_CHECKING:
    from state.domain.publisher import Publisher


class PublisherFile(NamedTuple):
    """What publisher.toml says.

    Attributes:
        publisher: The publisher, None where there is no such file.
        findings: What is wrong with its form, for an offer that needs every step.
        covered: The fields that those findings speak for.
    """

    publisher: "Publisher | None" = None
    raw: bytes = b""
    findings: tuple[Finding, ...] = ()
    unknown: tuple[FieldPath, ...] = ()

    @property
    def title(self) -> tuple[str, ...]:
        """The publisher's name and the marketplace that answers, as a list is headed."""
        named = self.publisher
        return (named.display_name, named.marketplace.backend) if named else ()

    @property
    def values(self) -> "Publisher":
        """What it says; the defaults where there is no such file."""
        from state.domain.publisher import Publisher

        return self.publisher or Publisher()

    def no_marketplace_for(self, kind: OfferType | None) -> str | None:
        """Why no marketplace can be asked about an offer of a type, None where one can."""
        return refusal_of(self.values.marketplace, kind, self.findings, self.unknown)

    def findings_for(self, kind: OfferType) -> tuple[Finding, ...]:
        """What is wrong with its form, for an offer of a type: not all of them need step 1."""
        least = 1 if kind.needs_approval else 2
        return tuple(each._replace(step=max(each.step, least)) for each in self.findings)


def read_publisher(root: Path) -> PublisherFile:
    """What publisher.toml says; a PublisherFileError where it is there and cannot be read."""
    try:
        raw = read_plain(root / PUBLISHER_FILE, LARGEST_FILE)
    except FileNotFoundError:
        return PublisherFile()
    except StorageError as trouble:
        raise PublisherFileError(str(trouble)) from trouble
    return parse_publisher(raw)


def parse_publisher(raw: bytes) -> PublisherFile:
    """What publisher.toml says, or would say with other bytes; as ``read_publisher``."""
    from state.domain.publisher import Publisher, Roles

    table = parse_table(raw)
    if table.values is None:
        place = f"{PUBLISHER_FILE}, line {table.line}, column {table.column}"
        raise PublisherFileError(f"{place}: {table.message} Fix it first: it defines the roles.")
    publisher, faults = read(Publisher, table.values)
    if publisher.roles is None and any(map(_is_about_roles, faults)):
        # A slip in this table must not let everybody do everything.
        publisher = publisher.model_copy(update={"roles": Roles()})
    left_out = LeftOut(Publisher, unknown_fields(faults))
    faults += [
        each._replace(field=left_out.place(each.field)) for each in faults_of(publisher.marketplace)
    ]
    findings = tuple(
        Finding(each.rule, Severity.ERROR, _step_of(each), each.field, PUBLISHER_FILE, each.message)
        for each in faults
    )
    return PublisherFile(publisher, raw, findings, unknown_fields(faults))


def _step_of(fault: Fault) -> int:
    """The step that a fault keeps from completing: 1 where it hides the approval."""
    from state.rules.publisher import AZURE_CERTIFIED

    return 1 if any(map(AZURE_CERTIFIED.within, unknown_fields([fault]))) else 2


def _is_about_roles(fault: Fault) -> bool:
    """Whether a fault is probably about the roles, wherever in the file it is."""
    return suggest(str(fault.field.path[-1]), _ROLE_WORDS, 0.75) is not None


_ROLE_WORDS = ("role", "roles", "publishers", "approvers")
