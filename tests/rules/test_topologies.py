"""Topologies and their packages."""

import hashlib
import io
import json
import time
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from state.domain.actions import Command
from state.domain.findings import Refusal
from state.rules.context import Listed
from state.rules.packages import faults_of
from tests.engine_harness import EngineHarness
from tests.rules.rule_case import RuleCase, finding_of
from tests.rules.test_skus import listed
from tests.support import EXAMPLES, NOW, Edit, example_text, findings

TOPOLOGY = example_text("contoso-grid").split("[[topologies]]")[1]
IDENTIFIER = 'identifier = "grid-cluster"'
VERSION = 'version = "1.2.0"'
PACKAGE = 'package = "packages/contoso-grid-1.2.0.zip"'
PATH = "packages/contoso-grid-1.2.0.zip"
TEMPLATE, INTERFACE = "mainTemplate.json", "createUiDefinition.json"

POINTER = (
    b"version https://git-lfs.github.com/spec/v1\n"
    b"oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"
)
"""What a checkout has in place of a large file that was not fetched."""


def packed(**changes: Any) -> bytes:
    """A package; a keyword changes a root file's text or leaves it out, ``more`` adds entries."""
    files = {TEMPLATE: changes.get("template", "{}"), INTERFACE: changes.get("interface", "{}")}
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", changes.get("method", zipfile.ZIP_DEFLATED)) as archive:
        for name, text in {**files, **changes.get("more", {})}.items():
            if text is not None:
                archive.writestr(name, text)
    return held.getvalue()


def locked() -> bytes:
    """A package whose first entry says that it is encrypted."""
    data = bytearray(packed())
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    return bytes(data)


def broken(rule: str, key: str, line: str, *edits: Edit) -> RuleCase:
    return RuleCase(rule, f"topologies.grid-cluster.{key}", line, edits, "contoso-grid")


def package(data: bytes) -> RuleCase:
    return RuleCase(
        "topology.package",
        "topologies.grid-cluster.package",
        PACKAGE,
        (),
        "contoso-grid",
        world={"files": {PATH: data}},
    )


PACKAGES = {
    "empty": b"",
    "not a zip file": b"text" * 100,
    "cut off": packed()[:-30],
    "neither": packed(template=None, interface=None),
    "no template": packed(template=None),
    "no interface": packed(interface=None),
    "in a folder": packed(template=None, interface=None, more={f"grid/{TEMPLATE}": "{}"}),
    "capitals": packed(template=None, more={"maintemplate.JSON": "{}"}),
    "not JSON": packed(template='{\n  "a": 1,\n}'),
    "not a number": packed(interface='{"a": NaN}'),
    "not text": packed(interface=b"{\xff}"),
    "UTF-16": packed(template='{"a": 1}'.encode("utf-16")),
    "UTF-16, no mark": packed(template='{"a": 1}'.encode("utf-16-le")),
    "two byte order marks": packed(interface=b"\xef\xbb\xbf\xef\xbb\xbf{}"),
    "a number": packed(template="null"),
    "a list": packed(interface="[{}]"),
    "half a comment": packed(template="{} /* and so on"),
    "a comment with #": packed(template="# first\n{}"),
    "behind a backslash": packed(
        template=None, interface=None, more={f"pkg\\{TEMPLATE}": "{}", f"pkg\\{INTERFACE}": "{}"}
    ),
    "below the root of a disk": packed(template=None, more={f"/{TEMPLATE}": "{}"}),
    "bzip2": packed(method=zipfile.ZIP_BZIP2),
    "lzma": packed(more={"a": "b"}, method=zipfile.ZIP_LZMA),
    "not fetched": POINTER,
    "nested": packed(template="[" * 100_000),
    "too large": packed(template=" " * (10_000_001)),
    "climbs": packed(more={"a/../../b": "", "/etc/passwd": ""}),
    "drive": packed(more={"C:\\b": ""}),
    "locked": locked(),
    "damaged": packed(template=json.dumps(list(range(100)))).replace(b"PK\3\4", b"PK\3\5", 1),
    "many": packed(more=dict.fromkeys(map(str, range(9_999)), "")),
}
VERSIONS = [
    f'version = "{text}"'
    for text in ("1.2.0.1", "v1.2.0", "1.2.-1", "1.2.٣", "1.2.0\\n", "01.2.0", "1.02.00")
]
CASES = [
    RuleCase(
        "topology.identifier",
        "topologies.0.identifier",
        "[[topologies]]",
        ((IDENTIFIER, ""),),
        "contoso-grid",
    ),
    RuleCase(
        "topology.identifier",
        "topologies._grid.identifier",
        "_grid",
        ((IDENTIFIER, 'identifier = "_grid"'),),
        "contoso-grid",
    ),
    broken("topology.version", "version", "[[topologies]]", (VERSION, "")),
    *(broken("topology.version", "version", line, (VERSION, line)) for line in VERSIONS),
    broken("topology.package", "package", "[[topologies]]", (PACKAGE, "")),
    broken("topology.package", "package", "grid.zip", (PACKAGE, 'package = "grid.zip"')),
    broken("topology.package", "package", "../grid.zip", (PACKAGE, 'package = "../grid.zip"')),
    *map(package, PACKAGES.values()),
]


def test_the_package_at_fault_is_told() -> None:
    assert finding_of(package(b"text")).asset == PATH


def test_two_topologies_of_one_identifier() -> None:
    second = TOPOLOGY.replace("Coordinators and workers", "Workers")
    found = findings("contoso-grid", (TOPOLOGY, f"{TOPOLOGY}\n[[topologies]]{second}"))
    assert [(each.rule, str(each.field)) for each in found] == [
        ("topology.identifier", "topologies.1.identifier")
    ]


def test_at_the_edge_is_in_order() -> None:
    edits = ((IDENTIFIER, f'identifier = "{"0_" * 25}"'), (VERSION, 'version = "0.0.0"'))
    data = packed(
        template="{}",
        interface='{"a": [1e400, %s]}' % ("9" * 5000),
        more={**dict.fromkeys(map(str, range(9_997)), ""), "a..b/..c": ""},
    )
    assert findings("contoso-grid", *edits, files={PATH: data}) == []
    assert faults_of(b"#!/bin/sh\n" + packed()) == ()


def test_each_fault_of_a_package_is_told() -> None:
    data = packed(template="{", interface="}", more={"../a": ""})
    climbs, *no_json = faults_of(data)
    assert "../a" in climbs
    assert [name in fault for name, fault in zip((TEMPLATE, INTERFACE), no_json, strict=True)]


def test_a_directory_of_a_million_entries_is_not_read() -> None:
    entry = b"PK\1\2" + b"\0" * 24 + b"\1\0" + b"\0" * 16 + b"a"
    directory = entry * 1_000_000
    end = b"PK\5\6" + b"\0" * 8 + len(directory).to_bytes(4, "little") + b"\0" * 6
    began = time.process_time()
    assert "more than 10,000 entries" in faults_of(directory + end)[0]
    assert time.process_time() - began < 10


GOOD = packed(more={"a/b.json": "[]"})


@given(st.binary(max_size=60), st.integers(0, len(GOOD)), st.integers(0, len(GOOD)))
@settings(max_examples=100, deadline=None)
def test_any_bytes(data: bytes, start: int, end: int) -> None:
    for fault in faults_of(GOOD[:start] + data + GOOD[end:]):
        assert len(fault) <= 156 - 35


def released(*edits: Edit, package: str = "0" * 64) -> dict[str, object]:
    """The world in which the solution template is in production, with another package."""
    world = listed("contoso-grid", *edits)
    (item,) = world["production"].topologies  # type: ignore[attr-defined]
    return {**world, "ever_listed": {item.identifier: Listed(item, NOW, package)}}


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("1.2.0", "but has the same version. Write 1.2.1 or higher."),
        ("1.1.9", "but 1.1.9 is lower. Write 1.2.1 or higher."),
        ("1.2.1", ""),
        ("2.0.0", ""),
    ],
)
def test_another_package_than_in_production_has_a_higher_version(
    version: str, message: str
) -> None:
    edit = (VERSION, f'version = "{version}"')
    told = findings("contoso-grid", edit, **released())
    assert [(each.rule, str(each.field)) for each in told] == [
        ("topology.version", "topologies.grid-cluster.version")
    ] * bool(message)
    assert all(each.message.endswith(message) and len(each.message) <= 156 for each in told)


def test_the_same_package_may_keep_its_version_under_another_path() -> None:
    same = hashlib.sha256((EXAMPLES / PATH).read_bytes()).hexdigest()
    assert findings("contoso-grid", **released(package=same)) == []
    moved = (PACKAGE, 'package = "packages/other.zip"')
    data = {"packages/other.zip": (EXAMPLES / PATH).read_bytes()}
    assert findings("contoso-grid", moved, files=data, **released(package=same)) == []


def test_of_a_package_that_is_at_fault_itself_nothing_else_is_told() -> None:
    (found,) = findings("contoso-grid", files={PATH: b"text"}, **released())
    assert found.rule == "topology.package"


def test_a_version_that_production_has_stays_taken_through_the_engine(desk: EngineHarness) -> None:
    grid = "contoso-grid"
    desk.publish(grid)
    (desk.root / PATH).write_bytes(packed(template='{"outputs": {}}'))
    assert [each.rule for each in desk.engine.offer(grid).to_fix] == ["topology.version"]
    answer = desk.engine.perform(grid, Command("certify"))
    assert isinstance(answer, Refusal) and answer.reasons[0].rule == "topology.version"
    desk.rewrite(grid, VERSION, 'version = "1.2.1"')
    desk.publish(grid)


@pytest.mark.parametrize(
    "text",
    [
        '\ufeff{"a": 1}',
        '// first\n{"a": 1} // last',
        '/* a\n b */{"a": /* c */ 1, "b": "http://x/*y*/"} //',
        r'{"a": "\\", "b": "\" // no comment"}',
    ],
)
def test_what_the_portal_takes_is_taken(text: str) -> None:
    assert faults_of(packed(template=text, interface=text)) == ()


def test_a_fault_behind_a_comment_is_told_at_its_own_line() -> None:
    (fault,) = faults_of(packed(template='/* one\n two */ {\n "a": 1, // three\n}'))
    assert "line 3, column 8 (illegal trailing comma)" in fault


@pytest.mark.parametrize(
    "text", ["/*" * 1_000_000, '"' * 2_000_000, "//" * 1_000_000], ids=["/*", '"', "//"]
)
def test_comments_are_looked_for_in_linear_time(text: str) -> None:
    began = time.process_time()
    assert faults_of(packed(template=text))
    assert time.process_time() - began < 3
