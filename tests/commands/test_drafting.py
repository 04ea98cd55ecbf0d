"""The commands that write definitions and compare versions: init, new, rename, diff, revert."""

import tomllib
from pathlib import Path

import pytest

from state.offer import OfferType
from tests.commands.conftest import Run, edit

DATA = "contoso-rates"
TITLE = 'title = "Contoso Rates"'


def test_init_writes_the_publisher_file_once(run: Run, directory: Path) -> None:
    file = directory / "publisher.toml"
    before = file.read_bytes()
    assert run("init").status == 2 and file.read_bytes() == before
    file.unlink()

    assert run("init", "--json").json == {"file": str(file)}
    assert tomllib.loads(file.read_text()) and "#" in file.read_text()


@pytest.mark.parametrize("kind", OfferType)
def test_a_new_offer_of_every_type(kind: OfferType, run: Run, directory: Path) -> None:
    (directory / "publisher.toml").unlink()

    shown = run("new", "contoso-new", "--type", kind, "--json").json

    assert (shown["offer"], shown["type"], shown["status"]) == ("contoso-new", kind, "draft")
    assert shown["content"] and (directory / "publisher.toml").exists()
    rules = {found["rule"] for step in shown["steps"] for found in step["findings"]}
    assert not {"file.syntax", "file.key", "file.type"} & rules


def test_a_new_offer_from_another(run: Run) -> None:
    assert run("new", "contoso-copy", "--from", DATA, "--json").json["type"] == "data-service"
    assert run("history", "contoso-copy", "--json").json[0]["kind"] == "created"


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["contoso-new"], 2),
        (["contoso-new", "--type", "boat"], 2),
        (["contoso-new", "--from", "contoso-rate"], 2),
        (["contoso-new", "--from", "old-notes"], 2),
        ([DATA, "--type", "data-service"], 3),
    ],
)
def test_what_cannot_be_made(arguments: list[str], status: int, run: Run, directory: Path) -> None:
    before = {file.name: file.read_bytes() for file in directory.glob("*.toml")}

    ran = run("new", *arguments)

    assert (ran.status, ran.out) == (status, "") and ran.err
    assert {file.name: file.read_bytes() for file in directory.glob("*.toml")} == before


@pytest.mark.parametrize("name", ["../x", "publisher", "Upper", "a b", "x", "", "a\x1bb-c"])
def test_names_that_no_offer_can_have(name: str, run: Run, directory: Path) -> None:
    before = sorted(directory.parent.rglob("*.toml"))

    for command in (["new", name, "--type", "data-service"], ["rename", "contoso-mail", name]):
        ran = run(*command)
        assert ran.status in (2, 3) and ran.err and "\x1b" not in ran.err

    assert sorted(directory.parent.rglob("*.toml")) == before


def test_a_draft_gets_another_name(run: Run, directory: Path) -> None:
    run("remark", DATA, "before")

    assert run("rename", DATA, "contoso-money", "--json").json["offer"] == "contoso-money"
    kinds = [event["kind"] for event in run("history", "contoso-money", "--json").json]
    assert kinds[-2:] == ["remark", "renamed"]
    assert run("show", DATA).status == 2
    assert run("rename", "contoso-money", "contoso-mail").status == 3
    run("stage", "contoso-money")
    refused = run("rename", "contoso-money", "contoso-coins", "--json")
    assert refused.status == 3 and refused.json["refused"] == "rename"


def test_versions_are_compared_and_set_back(run: Run, directory: Path) -> None:
    file = directory / f"{DATA}.toml"
    run("stage", DATA)
    written = file.read_bytes()
    assert run("diff", DATA, "--json").json["class"] == "none"
    edit(file, TITLE, 'title = "Money"  # shorter')
    edit(file, 'address = "', 'address = "https://other.example/')

    found = run("diff", DATA, "--json").json
    assert (found["offer"], found["from"], found["to"]) == (DATA, "staged", "draft")
    assert found["class"] == "technical"
    title, address = found["changes"]
    assert title == {
        "field": "marketing.title", "old": "Contoso Rates", "new": "Money", "class": "marketing",
    }  # fmt: skip
    assert (address["field"], address["class"]) == ("source.address", "technical")
    text = run("diff", DATA).out
    assert "- Contoso Rates" in text and "+ Money" in text
    assert '-title = "Contoso Rates"' in run("diff", DATA, "--patch").out

    shown = run("revert", DATA, "marketing.title", "--json").json
    assert shown["title"] == "Contoso Rates" and shown["edited"]
    assert "# shorter" in file.read_text()
    assert run("revert", DATA, "--to", "staged").status == 0
    assert run("diff", DATA, "--json").json["changes"] == []
    assert file.read_bytes() != written, "the comment of the person is still there"
    assert "nothing differs" in run("revert", DATA).out


def test_options_may_stand_before_the_fields(run: Run, directory: Path) -> None:
    run("stage", DATA)
    edit(directory / f"{DATA}.toml", TITLE, 'title = "Money"')

    assert run("revert", DATA, "--to", "staged", "marketing.title").status == 0
    assert not run("show", DATA, "--json").json["edited"]


def test_a_version_by_the_beginning_of_its_hash(run: Run, directory: Path) -> None:
    content = run("stage", DATA, "--json").json["content"]
    edit(directory / f"{DATA}.toml", TITLE, 'title = "Money"')

    for name in (content, content[:15], content.removeprefix("sha256:")[:8]):
        assert len(run("diff", DATA, "--from", name, "--json").json["changes"]) == 1
    assert run("revert", DATA, "--to", content[:15]).status == 0


@pytest.mark.parametrize(
    "command",
    [
        ["diff", DATA],
        ["diff", DATA, "--from", "production"],
        ["diff", DATA, "--to", "ffffffff"],
        ["diff", "old-notes", "--from", "draft"],
        ["revert", DATA],
        ["revert", DATA, "--to", "draft"],
        ["revert", DATA, "--to", "staged"],
    ],
)
def test_no_such_version_is_wrong_usage(command: list[str], run: Run) -> None:
    ran = run(*command)

    assert (ran.status, ran.out) == (2, "") and ran.err


def test_no_such_field_is_wrong_usage(run: Run) -> None:
    run("stage", DATA)

    ran = run("revert", DATA, "marketing.titel")

    assert ran.status == 2 and "marketing.title" in ran.err


def test_a_removed_file_comes_back(run: Run, directory: Path) -> None:
    run("stage", DATA)
    file = directory / f"{DATA}.toml"
    written = file.read_bytes()
    file.unlink()

    assert run("check", DATA).status == 1
    assert run("revert", DATA, "--to", "staged").status == 0
    assert file.read_bytes() == written


def test_the_schema_needs_no_directory(run: Run, directory: Path) -> None:
    definition = run("schema").json
    publisher = run("-C", str(directory / "nowhere"), "schema", "--publisher", "--json").json

    assert "virtual-machine" in str(definition) and "$schema" in definition
    assert "four_eyes" in str(publisher) and "four_eyes" not in str(definition)
