"""Images: systems, versions, sizes, ports, disks."""

import pytest

from tests.rules.rule_case import SEARCH, VAULT, RuleCase
from tests.rules.test_skus import listed
from tests.support import Edit, example_text, findings

FAMILY = 'os_family = "linux"'
SYSTEM = 'os = "Ubuntu Server 24.04 LTS"'
VERSION = 'version = "1.4.2"'
SIZES = 'recommended_sizes = ["Standard_B2s", "Standard_D2s_v3"]'
PORTS = "open_ports = [8200]"
LUN = "lun = 0"

DISK = next(line for line in example_text(VAULT).split("\n") if line.strip().startswith("{ lun"))

LISTED_VERSION = 'version = "2.3.0"'
LISTED_SYSTEM = 'os = "Debian 12"'
CHANGED = (LISTED_SYSTEM, 'os = "Debian 13"')
BEFORE = {"search-one": frozenset({"2.2.9", "2.3.0", "odd"})}


def image(rule: str, key: str, old: str, new: str, line: str | None = None) -> RuleCase:
    return RuleCase(rule, f"skus.vault-solo.image.{key}", line or new, ((old, new),))


def disks(count: int, first: int = 0) -> str:
    return "\n".join(
        DISK.replace(LUN, f"lun = {lun}").replace("vault-log", f"vault-{lun}")
        for lun in range(first, first + count)
    )


def quorum(key: str, new: str, line: str) -> RuleCase:
    return RuleCase("image.disks", f"skus.vault-quorum.image.{key}", line, ((DISK, new),))


def update(new: str, severity: str, *edits: Edit) -> RuleCase:
    return RuleCase(
        "image.version",
        "skus.search-one.image.version",
        f'version = "{new}"',
        (CHANGED, (LISTED_VERSION, f'version = "{new}"'), *edits),
        SEARCH,
        world={**listed(SEARCH), "listed_images": BEFORE},
        severity=severity,
    )


CASES = [
    image("image.os", "os_family", FAMILY, "", "[skus.image]"),
    image("image.os", "os_family", FAMILY, 'os_family = "Linux"'),
    image("image.os", "os", SYSTEM, 'os = " "'),
    image("image.version", "version", VERSION, 'version = ""'),
    image("image.version", "version", VERSION, 'version = "v1.4.2"'),
    image("image.version", "version", VERSION, 'version = "01.4.2"'),
    image("image.version", "version", VERSION, 'version = "1.4.00"'),
    image("image.version", "version", VERSION, 'version = "1.4.²"'),
    image("image.sizes", "recommended_sizes", SIZES, f"recommended_sizes = {['Standard'] * 7}"),
    image("image.sizes", "recommended_sizes.1", SIZES, 'recommended_sizes = ["Standard_B2s", " "]'),
    image("image.ports", "open_ports.1", PORTS, "open_ports = [8200, 0]"),
    image("image.ports", "open_ports.0", PORTS, "open_ports = [65536]"),
    image("image.ports", "open_ports.0", PORTS, f"open_ports = [0x{'f' * 40}]"),
    image("image.ports", "open_ports.2", PORTS, "open_ports = [8200, 8201, 8200]"),
    image("image.ports", "open_ports", PORTS, f"open_ports = {[*range(1, 102)]}"),
    quorum("data_disks.0.lun", DISK.replace("lun = 0, ", ""), "{ vhd_url"),
    quorum("data_disks.0.lun", DISK.replace(LUN, "lun = -1"), "lun = -1"),
    quorum("data_disks.1.lun", DISK + "\n" + DISK.replace(LUN, "lun  = 0"), "lun  = 0"),
    quorum("data_disks", disks(17), "data_disks"),
    quorum("data_disks.1.vhd_url", DISK + "\n" + DISK.replace(LUN, "lun = 1"), "lun = 1"),
    quorum("data_disks.0.vhd_url", DISK.replace("vault-log", "vault-quorum"), "lun = 0"),
    update("2.2.0", "error"),
    update("2.2.9", "warning"),
    update("2.4.0", "warning"),
    update("3.0.0", "warning"),
]


@pytest.mark.parametrize(
    "edit",
    [
        (FAMILY, 'os_family = "windows"'),
        (VERSION, 'version = "0.0.20261122093000"'),
        (SIZES, 'recommended_sizes = ["a"]'),
        (SIZES, f"recommended_sizes = {['Standard'] * 6}"),
        (PORTS, "open_ports = []"),
        (PORTS, ""),
        (PORTS, "open_ports = [1, 65535]"),
        (PORTS, f"open_ports = {[*range(1, 101)]}"),
        (DISK, disks(16)),
        (DISK, disks(1, 63)),
    ],
)
def test_at_the_edge_is_in_order(edit: Edit) -> None:
    assert findings(VAULT, edit) == []


@pytest.mark.parametrize(
    "edits",
    [
        (),
        (CHANGED, (LISTED_VERSION, 'version = "2.3.1"')),
        (CHANGED, (LISTED_VERSION, 'version = "2.3.10"')),
        (("sig=NOT%2B", "sig=NEW%2B"),),
        (("open_ports = [443, 9200]", "open_ports = [9200, 443]"),),
    ],
)
def test_an_update_has_a_higher_version_where_the_image_has_changed(
    edits: tuple[Edit, ...],
) -> None:
    assert findings(SEARCH, *edits, **listed(SEARCH)) == []


@pytest.mark.parametrize(
    "edit",
    [
        ("contoso-search-one-2.3.0.vhd?", "contoso-search-one-new.vhd?"),
        ('recommended_sizes = ["Standard_D2s_v3", ', "recommended_sizes = ["),
        ("contoso-search-index-2.3.0.vhd?", "contoso-search-index-new.vhd?"),
        ("lun = 0", "lun = 1"),
    ],
)
def test_any_field_makes_another_image(edit: Edit) -> None:
    found = findings(SEARCH, edit, **listed(SEARCH))
    assert [each.rule for each in found] == ["image.version"]


@pytest.mark.parametrize(
    ("edit", "rules"),
    [
        (('os_family = "linux"', 'os_family = "Linux"'), ["image.os"]),
        ((LISTED_SYSTEM, 'os = ""'), ["image.os"]),
        (('recommended_sizes = ["Standard_D2s_v3", ', 'recommended_sizes = ["", '), ["image.sizes"]),
        (("lun = 0", "lun = 64"), ["image.disks"]),
        (("search-one-2.3.0.vhd?", "search-one-2.3.0.vhd"), ["sas.url"]),
        (('os_family = "linux"\n' + LISTED_SYSTEM, 'os_family = "Linux"\nos = "Debian 13"'),
         ["image.os", "image.version"]),
        (("search-one-2.3.0.vhd?st=", "search-one-2.3.1.vhd?s="), ["image.version", "sas.dates"]),
    ],
)  # fmt: skip
def test_a_value_that_is_none_makes_no_other_image(edit: Edit, rules: list[str]) -> None:
    assert [each.rule for each in findings(SEARCH, edit, **listed(SEARCH))] == rules


def test_a_sku_that_is_new_may_begin_with_any_version() -> None:
    edits = (
        ("search-one", "search-new"),
        ('title = "One index"', 'title = "Two indexes"'),
        CHANGED,
        (LISTED_VERSION, 'version = "0.1.0"'),
    )
    found = findings(SEARCH, *edits, **listed(SEARCH))
    assert [each.rule for each in found] == ["sku.withdrawn"]
