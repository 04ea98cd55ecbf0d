"""vitrina revert: what would change, the question, and the proof."""

import io
from pathlib import Path

import pytest

from tests.commands.conftest import Run, edit

DATA, MACHINE, OTHER = "contoso-rates", "contoso-vault", "contoso-db"
TITLE = 'title = "Contoso Rates"'


class Terminal(io.StringIO):
    """A standard input that somebody types into."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def edited(run: Run, directory: Path) -> Path:
    """The definition of an offer that was staged, and then changed in two fields."""
    run("stage", DATA)
    file = directory / f"{DATA}.toml"
    edit(file, TITLE, 'title = "Money"')
    edit(file, "transactions = 500", "transactions = 600")
    return file


def test_options_may_stand_before_the_fields(run: Run, directory: Path) -> None:
    run("stage", DATA)
    edit(directory / f"{DATA}.toml", TITLE, 'title = "Money"')

    assert run("revert", DATA, "--to", "staged", "marketing.title").status == 0
    assert not run("show", DATA, "--json").json["edited"]


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


@pytest.mark.parametrize(("answer", "goes"), [("y\n", True), ("n\n", False), ("", False)])
def test_a_terminal_is_asked(
    answer: str, goes: bool, run: Run, edited: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = edited.read_bytes()
    monkeypatch.setattr("sys.stdin", Terminal(answer))

    ran = run("revert", DATA, "marketing.title")

    assert ran.status == 0 and "Set 1 field of contoso-rates back to staged? [y/N]" in ran.err
    assert "- Money" in ran.out and "+ Contoso Rates" in ran.out and "600" not in ran.out
    assert (edited.read_bytes() != before) == goes
    assert ("no difference from staged in marketing.title" in ran.out) == goes
    assert ("was not changed" in ran.err) != goes


def test_what_is_edited_while_it_asks_is_not_overwritten(
    run: Run, edited: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Meanwhile(Terminal):
        def readline(self, *_: object) -> str:  # type: ignore[override]
            edit(edited, 'summary = "', 'summary = "New ')
            return "y\n"

    monkeypatch.setattr("sys.stdin", Meanwhile())

    ran = run("revert", DATA)

    assert ran.status != 0 and "changed since this was shown" in ran.err
    assert 'title = "Money"' in edited.read_text()


def test_yes_and_json_ask_nothing(run: Run, edited: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(""))

    ran = run("revert", DATA, "marketing.title", "--yes")
    assert ran.err == "" and ran.out.endswith("no difference from staged in marketing.title\n")
    shown = run("revert", DATA, "--json").json
    assert [each["field"] for each in shown["changes"]] == ["plans.taste.transactions"]
    assert (shown["changes"][0]["old"], shown["changes"][0]["new"]) == (600, 500)
    assert (shown["others"], shown["staying"], shown["edited"]) == ([], [], False)
    assert run("revert", DATA).err == "", "nothing to set back is nothing to ask"


def test_a_dry_run_changes_nothing(run: Run, edited: Path, directory: Path) -> None:
    before, history = edited.read_bytes(), run("history", DATA, "--json").json

    ran, document = (
        run("revert", DATA, "--dry-run"),
        run("revert", DATA, "--dry-run", "--json").json,
    )

    assert ran.status == 0 and "this would change in the draft" in ran.out
    assert [each["field"] for each in document["changes"]] == [
        "marketing.title", "plans.taste.transactions",
    ]  # fmt: skip
    assert document["edited"] and edited.read_bytes() == before
    assert run("history", DATA, "--json").json == history
    with (directory / "publisher.toml").open("a") as file:
        file.write('\n[roles]\npublishers = ["nobody"]\n')
    assert run("revert", DATA, "--dry-run").status == 3


def test_others_that_change_with_it_are_named(run: Run, directory: Path) -> None:
    edit(directory / f"{OTHER}.toml", f"logos/{OTHER}/small.png", f"./logos/{DATA}/small.png")
    run("stage", DATA)
    (directory / f"logos/{DATA}/small.png").unlink()
    told = f"! These offers use the same files and change too: {OTHER}.\n"

    for more in (["--dry-run"], []):
        assert told in run("revert", DATA, "marketing.logos", *more).out
    assert run("revert", DATA, "marketing.title", "--json").json["others"] == []


def test_what_stays_is_told(run: Run, directory: Path) -> None:
    file, logo = directory / f"{DATA}.toml", directory / f"logos/{DATA}/smal.png"
    edit(file, "small.png", "smal.png")
    run("remark", DATA, "words")
    content = run("show", DATA, "--json").json["content"]
    logo.write_bytes(b"x")
    edit(file, TITLE, 'title = "Money"')

    out = run("revert", DATA, "--to", content).out

    assert f"logos/{DATA}/smal.png is not part of that version and stays" in out and logo.exists()
    assert "still different from" in out and "marketing.logos.small" in out


def test_a_list_whose_commas_come_first_keeps_its_comments(run: Run, directory: Path) -> None:
    run("certify", MACHINE)
    assert run("stage", MACHINE).status == 0
    ports = "open_ports = [\n  22 # ssh, ticket 4711\n  , 8200 # the vault\n]"
    file = directory / f"{MACHINE}.toml"
    edit(file, "open_ports = [8200]", ports)
    before = file.read_text()

    assert run("revert", MACHINE, "skus.vault-solo.image.open_ports").status == 0
    assert file.read_text() == before.replace(
        "22 # ssh, ticket 4711\n  , 8200", "# ssh, ticket 4711\n  8200"
    )
    assert not run("show", MACHINE, "--json").json["edited"]
