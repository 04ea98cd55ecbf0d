"""vitrina trash, listed and emptied."""

import io
import json
from pathlib import Path

import pytest

from tests.commands.conftest import Run

DRAFTS = ("contoso-mail", "contoso-rates")


class Terminal(io.StringIO):
    """A standard input that somebody types into."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def trash(run: Run, directory: Path) -> Path:
    """Two discarded drafts, the first of them ninety days ago."""
    for offer in DRAFTS:
        assert run("discard", offer, "--yes").status == 0
    record = next((directory / ".vitrina/trash/contoso-mail").glob("*/record.json"))
    old = {**json.loads(record.read_bytes()), "at": "2020-01-01T00:00:00.000000Z"}
    record.write_text(json.dumps(old))
    return directory / ".vitrina/trash"


def offers(run: Run) -> list[str]:
    return [each["offer"] for each in run("trash", "--json").json]


def test_what_was_discarded_is_listed(run: Run) -> None:
    assert offers(run) == list(DRAFTS)
    aged = run("trash", "--older-than", "8w")
    assert "contoso-mail" in aged.out and "contoso-rates" not in aged.out
    assert "Nothing in the trash is that old" in run("trash", "--older-than", "9999w").err


def test_what_is_ended_is_gone(run: Run, trash: Path) -> None:
    ran = run("trash", "--empty", "--yes", "--json")
    assert ran.status == 0 and [each["offer"] for each in ran.json] == list(DRAFTS)
    assert offers(run) == [] and not list(trash.iterdir())
    assert run("restore", "contoso-rates").status == 2
    assert "is empty" in run("trash", "--empty", "--yes").err


def test_what_is_younger_stays(run: Run, directory: Path) -> None:
    assert run("trash", "--empty", "--older-than", "30d", "--yes").status == 0
    assert offers(run) == ["contoso-rates"]
    assert run("restore", "contoso-rates").status == 0
    assert (directory / "contoso-rates.toml").exists()


def test_nobody_there_is_no_yes(run: Run) -> None:
    assert run("trash", "--empty").status == 2
    assert offers(run) == list(DRAFTS)


@pytest.mark.parametrize(
    ("answer", "left"), [("y\n", []), ("\n", list(DRAFTS)), ("", list(DRAFTS))]
)
def test_a_person_is_asked(
    run: Run, monkeypatch: pytest.MonkeyPatch, answer: str, left: list[str]
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    ran = run("trash", "--empty", "--json")
    assert len(ran.json) == 2 - len(left)
    assert (
        ran.status == 0 and "2 discarded drafts (contoso-mail, contoso-rates) for good?" in ran.err
    )
    assert offers(run) == left


def test_only_publishers_empty_it(run: Run, directory: Path) -> None:
    publisher = directory / "publisher.toml"
    publisher.write_text(f"{publisher.read_text()}\n[roles]\npublishers = ['eva']\n")
    ran = run("trash", "--empty", "--yes", "--json")
    assert ran.status == 3 and ran.json["refused"] == "empty"
    assert ran.json["reasons"][0]["rule"] == "role.publisher"
    assert offers(run) == list(DRAFTS)


def test_a_draft_whose_record_was_altered_can_be_ended(run: Run, trash: Path) -> None:
    next(trash.glob("contoso-rates/*/record.json")).write_text("{}")
    assert "its record was altered" in run("trash").out
    run("trash", "--empty", "--yes")
    assert not list(trash.iterdir())


def test_what_cannot_be_removed_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "rename", refuse)
    ran = run("trash", "--empty", "--yes")
    assert ran.status == 4 and "cannot be removed" in ran.err
    assert offers(run) == list(DRAFTS)


@pytest.mark.parametrize("words", [["--yes"], ["--older-than", "soon"], ["--older-than", "30"]])
def test_wrong_words_are_told(run: Run, words: list[str]) -> None:
    assert run("trash", *words).status == 2
