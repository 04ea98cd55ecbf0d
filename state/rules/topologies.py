"""Solution templates: topologies and their packages."""

from collections.abc import Iterator

from state.domain.assets import AssetError
from state.domain.field_path import ROOT, FieldPath
from state.domain.offer import Topology
from state.domain.offer_types import SOLUTION_TEMPLATE
from state.domain.safe_text import quoted
from state.rules.checks import Version, identifier_violations, shown, version_fault, version_of
from state.rules.context import RuleContext, Violation
from state.rules.packages import LARGEST_PACKAGE, faults_of
from state.rules.registry import rule
from state.rules.rule import Example


def _topologies(context: RuleContext) -> Iterator[tuple[FieldPath, Topology]]:
    for at, item in context.sold():
        if isinstance(item, Topology):
            yield at, item


@rule(
    "topology.present",
    step=3,
    types={SOLUTION_TEMPLATE},
    description="The offer has at least one topology.",
    examples=[
        Example(
            '[[topologies]]\nidentifier = "grid-cluster"…',
            "# no [[topologies]]",
            "The offer has no topology. Add one that begins with [[topologies]].",
        )
    ],
)
def present(context: RuleContext) -> Iterator[Violation]:
    if not any(_topologies(context)):
        message = "The offer has no topology. Add one that begins with [[topologies]]."
        yield Violation(ROOT / "topologies", message)


@rule(
    "topology.identifier",
    step=3,
    types={SOLUTION_TEMPLATE},
    description="A topology's identifier has 1 to 50 lower-case letters, digits, hyphens and "
    "underscores, and no other topology of the offer has it.",
    examples=[
        Example(
            'identifier = "grid-cluster"',
            'identifier = "Grid cluster"',
            '"Grid cluster" is not an identifier. Expected a-z, 0-9, "-" and "_", a letter or '
            'digit first. Write "grid-cluster".',
        )
    ],
)
def identifier(context: RuleContext) -> Iterator[Violation]:
    return identifier_violations(_topologies(context), "topology")


@rule(
    "topology.version",
    step=3,
    types={SOLUTION_TEMPLATE},
    description="A topology's version is three whole numbers, X.Y.Z; higher than production's "
    "where the package differs from production's.",
    examples=[
        Example(
            'version = "1.2.0"',
            'version = "1.2"',
            '"1.2" is not a version. Expected three whole numbers, such as "1.0.0".',
        )
    ],
)
def version(context: RuleContext) -> Iterator[Violation]:
    for at, topology in _topologies(context):
        field = at / "version"
        if (new := version_of(topology.version)) is None:
            yield Violation(field, version_fault(topology.version) or "")
        elif (old := _replaced(context, at, topology)) and new <= old:
            fault = f"The package differs from version {shown(old)} in production"
            fault_of_version = "has the same version" if new == old else f"{shown(new)} is lower"
            remedy = f"Write {shown((*old[:2], old[2] + 1))} or higher."
            yield Violation(
                field, f"{fault}, but {fault_of_version}. {remedy}", needs=(at / "package",)
            )


def _replaced(context: RuleContext, at: FieldPath, topology: Topology) -> Version | None:
    """The version in production, where the topology has a different package now."""
    listed = context.listed_item(at)
    if not isinstance(listed, Topology):
        return None
    known = context.ever_listed.get(listed.identifier)
    old, new = known and known.package, context.assets.digest(topology.package)
    return version_of(listed.version) if old and new and old != new else None


@rule(
    "topology.package",
    step=3,
    types={SOLUTION_TEMPLATE},
    description="A topology's package is a zip file with mainTemplate.json and "
    "createUiDefinition.json at its root, both JSON objects.",
    examples=[
        Example(
            'package = "packages/contoso-grid-1.2.0.zip"',
            'package = "packages/contoso-grid"',
            '"packages/contoso-grid" is missing from the working directory. Name the package\'s zip '
            "file.",
        )
    ],
)
def package(context: RuleContext) -> Iterator[Violation]:
    for at, topology in _topologies(context):
        path = topology.package
        if not path.strip():
            message = (
                "The topology has no package. Name its zip file, such as packages/cluster.zip."
            )
            yield Violation(at / "package", message)
            continue
        try:
            faults = context.assets.inspect(path, faults_of, LARGEST_PACKAGE)
        except AssetError as error:
            yield Violation(at / "package", error.or_else("Name the package's zip file."), path)
            continue
        for fault in faults:
            yield Violation(at / "package", f"{quoted(path, 32)} {fault}", path)
