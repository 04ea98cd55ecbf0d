"""The commands that write definitions: init, new, rename, schema."""

import tomllib
from pathlib import Path

import pytest

from state.domain.offer_types import OFFER_TYPES, OfferType
from tests.commands.conftest import Run

DATA = "contoso-rates"


def test_init_writes_the_publisher_file_once(run: Run, directory: Path) -> None:
    file = directory / "publisher.toml"
    before = file.read_bytes()
    assert run("init").status == 2 and file.read_bytes() == before
    file.unlink()

    assert run("init", "--json").json == {"file": str(file)}
    assert tomllib.loads(file.read_text()) and "#" in file.read_text()


@pytest.mark.parametrize("kind", OFFER_TYPES.values(), ids=str)
def test_a_new_offer_of_every_type(kind: OfferType, run: Run, directory: Path) -> None:
    (directory / "publisher.toml").unlink()

    shown = run("new", "contoso-new", "--type", kind.value, "--json").json

    assert (shown["offer"], shown["type"], shown["status"]) == ("contoso-new", kind.value, "draft")
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


@pytest.mark.parametrize(
    ("name", "why"),
    [("publisher", "it says who publishes"), ("pyproject", "it configures tools of Python")],
)
def test_a_file_that_is_something_else_is_named_as_that(name: str, why: str, run: Run) -> None:
    assert run("discard", "contoso-mail", "--yes").status == 0
    assert 'Did you mean "contoso-mail"?' in run("restore", "Contoso-Mail").err
    for command in (
        ["new", name, "--type", "data-service"],
        ["rename", DATA, name],
        ["restore", "contoso-mail", "--as", name],
    ):
        ran = run(*command)
        assert ran.status == 3
        assert f"{name}.toml is not an offer: {why}. Choose another" in ran.err


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


def test_the_schema_needs_no_directory(run: Run, directory: Path) -> None:
    definition = run("schema").json
    publisher = run("-C", str(directory / "nowhere"), "schema", "--publisher", "--json").json

    assert "virtual-machine" in str(definition) and "$schema" in definition
    assert "four_eyes" in str(publisher) and "four_eyes" not in str(definition)
