"""What a solution template deploys: topologies and their packages."""

from collections.abc import Iterator

from state.assets import AssetError
from state.fields import ROOT, Field
from state.offer import Topology
from state.rules.case import Case, Found
from state.rules.packages import LARGEST_PACKAGE, faults_of
from state.rules.registry import S, rule
from state.rules.values import misnamed, version_of
from state.text import quoted


def _topologies(case: Case) -> Iterator[tuple[Field, Topology]]:
    for at, item in case.sold():
        if isinstance(item, Topology):
            yield at, item


@rule(
    "topology.present",
    step=3,
    types={S},
    says="The offer has at least one topology.",
    good='[[topologies]]\nidentifier = "cluster"',
    bad="topologies = []",
)
def present(case: Case) -> Iterator[Found]:
    """An offer that deploys nothing."""
    if not any(_topologies(case)):
        message = "There is no topology to deploy: add one that begins with [[topologies]]."
        yield Found(ROOT / "topologies", message)


@rule(
    "topology.identifier",
    step=3,
    types={S},
    says="A topology's identifier has 1 to 50 lower-case letters, digits and hyphens, and no other "
    "topology of the offer has it.",
    good='identifier = "cluster"',
    bad='identifier = "Big cluster"',
)
def identifier(case: Case) -> Iterator[Found]:
    """Topologies without an identifier of their own."""
    return misnamed(_topologies(case), "topology")


@rule(
    "topology.version",
    step=3,
    types={S},
    says="A topology's version is three whole numbers, X.Y.Z.",
    good='version = "1.2.0"',
    bad='version = "1.2"',
)
def version(case: Case) -> Iterator[Found]:
    """Versions that are missing or not of three numbers."""
    for at, topology in _topologies(case):
        if not topology.version.strip():
            message = 'The topology has no version: give it three numbers, such as "1.0.0".'
            yield Found(at / "version", message)
        elif version_of(topology.version) is None:
            message = (
                f"{quoted(topology.version)} is no version: write three whole numbers with points "
                'between them, such as "1.2.0".'
            )
            yield Found(at / "version", message)


@rule(
    "topology.package",
    step=3,
    types={S},
    says="A topology's package is a zip file with mainTemplate.json and createUiDefinition.json at "
    "its root, both valid JSON.",
    good='package = "packages/cluster-1.0.0.zip"',
    bad='package = "packages/cluster"',
)
def package(case: Case) -> Iterator[Found]:
    """Packages that are missing, cannot be read, or lack one of the two files."""
    for at, topology in _topologies(case):
        path = topology.package
        if not path.strip():
            message = (
                "The topology has no package: name its zip file, such as packages/cluster.zip."
            )
            yield Found(at / "package", message)
            continue
        try:
            faults = case.assets.inspect(path, faults_of, LARGEST_PACKAGE)
        except AssetError as error:
            yield Found(at / "package", f"{error} Name the package's zip file.", path)
            continue
        for fault in faults:
            yield Found(at / "package", f"{quoted(path, 32)} {fault}", path)
