"""Topologies and their packages."""

import io
import json
import time
import zipfile
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from state.rules.packages import faults_of
from tests.rules.told import Told, finding_of, name_of
from tests.support import Edit, example_text, findings

TOPOLOGY = example_text("contoso-grid").split("[[topologies]]")[1]
IDENTIFIER = 'identifier = "grid-cluster"'
VERSION = 'version = "1.2.0"'
PACKAGE = 'package = "packages/contoso-grid-1.2.0.zip"'
PATH = "packages/contoso-grid-1.2.0.zip"
TEMPLATE, INTERFACE = "mainTemplate.json", "createUiDefinition.json"


def packed(**changes: Any) -> bytes:
    """A package; a keyword changes a root file's text or leaves it out, ``more`` adds entries."""
    files = {TEMPLATE: changes.get("template", "{}"), INTERFACE: changes.get("interface", "{}")}
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
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


def broken(rule: str, key: str, line: str, *edits: Edit) -> Told:
    return Told(rule, f"topologies.grid-cluster.{key}", line, edits, "contoso-grid")


def package(data: bytes) -> Told:
    return Told(
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
    "byte order mark": packed(interface=b"\xef\xbb\xbf{}"),
    "nested": packed(template="[" * 100_000),
    "too large": packed(template=" " * (10_000_001)),
    "climbs": packed(more={"a/../../b": "", "/etc/passwd": ""}),
    "drive": packed(more={"C:\\b": ""}),
    "locked": locked(),
    "damaged": packed(template=json.dumps(list(range(100)))).replace(b"PK\3\4", b"PK\3\5", 1),
    "many": packed(more=dict.fromkeys(map(str, range(9_999)), "")),
}
VERSIONS = [
    f'version = "{text}"' for text in ("1.2", "1.2.0.1", "v1.2.0", "1.2.-1", "1.2.٣", "1.2.0\\n")
]
CASES = [
    Told(
        "topology.present",
        "topologies",
        "# Contoso",
        (("[[topologies]]" + TOPOLOGY, ""),),
        "contoso-grid",
    ),
    Told(
        "topology.identifier",
        "topologies.0.identifier",
        "[[topologies]]",
        ((IDENTIFIER, ""),),
        "contoso-grid",
    ),
    Told(
        "topology.identifier",
        "topologies.Grid cluster.identifier",
        "Grid cluster",
        ((IDENTIFIER, 'identifier = "Grid cluster"'),),
        "contoso-grid",
    ),
    broken("topology.version", "version", "[[topologies]]", (VERSION, "")),
    *(broken("topology.version", "version", line, (VERSION, line)) for line in VERSIONS),
    broken("topology.package", "package", "[[topologies]]", (PACKAGE, "")),
    broken("topology.package", "package", "grid.zip", (PACKAGE, 'package = "grid.zip"')),
    broken("topology.package", "package", "../grid.zip", (PACKAGE, 'package = "../grid.zip"')),
    *map(package, PACKAGES.values()),
]


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_breaks_one_rule(case: Told) -> None:
    finding_of(case)


def test_the_package_at_fault_is_told() -> None:
    assert finding_of(package(b"text")).asset == PATH


def test_two_topologies_of_one_identifier() -> None:
    second = TOPOLOGY.replace("Coordinators and workers", "Workers")
    found = findings("contoso-grid", (TOPOLOGY, f"{TOPOLOGY}\n[[topologies]]{second}"))
    assert [(each.rule, str(each.field)) for each in found] == [
        ("topology.identifier", "topologies.1.identifier")
    ]


def test_at_the_edge_is_in_order() -> None:
    edits = ((IDENTIFIER, f'identifier = "{"0" * 50}"'), (VERSION, 'version = "0.0.0"'))
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
    began = time.perf_counter()
    assert "more than 10,000 entries" in faults_of(directory + end)[0]
    assert time.perf_counter() - began < 2


GOOD = packed(more={"a/b.json": "[]"})


@given(st.binary(max_size=60), st.integers(0, len(GOOD)), st.integers(0, len(GOOD)))
@settings(max_examples=100, deadline=None)
def test_any_bytes(data: bytes, start: int, end: int) -> None:
    for fault in faults_of(GOOD[:start] + data + GOOD[end:]):
        assert len(fault) <= 156 - 35
