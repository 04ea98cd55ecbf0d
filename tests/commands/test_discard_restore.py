"""vitrina discard and restore: what they say besides what they did."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.commands.conftest import Run

MAIL = "contoso-mail"


@pytest.mark.parametrize(("answer", "goes"), [("n\n", False), ("y\n", True)])
def test_the_document_says_whether_it_was_discarded(
    run: Run, directory: Path, monkeypatch: pytest.MonkeyPatch, answer: str, goes: bool
) -> None:
    terminal = SimpleNamespace(isatty=lambda: True, readline=lambda: answer)
    monkeypatch.setattr("sys.stdin", terminal)
    ran = run("discard", MAIL, "--json")
    assert ran.status == 0 and (ran.json["offer"], ran.json["discarded"]) == (MAIL, goes)
    assert (directory / f"{MAIL}.toml").exists() is not goes


def test_files_that_stay_are_told_with_those_who_need_them(run: Run, directory: Path) -> None:
    logo = f"logos/{MAIL}/small.png"
    (directory / "old-notes.toml").write_text(f"small = '{logo}\n[")
    ran = run("discard", MAIL, "--yes")
    assert ran.status == 0 and f"{logo} stays in place: possibly also used by old-notes." in ran.err
    assert [path.name for path in (directory / logo).parent.iterdir()] == ["small.png"]
    assert run("restore", MAIL).err == ""


def test_what_was_altered_in_the_trash_is_told(run: Run, directory: Path) -> None:
    run("discard", MAIL, "--yes")
    entry = next((directory / ".vitrina" / "trash" / MAIL).iterdir())
    for name in ("definition.toml", "history.jsonl"):
        file = entry / name
        file.write_bytes(file.read_bytes().replace(b"Contoso", b"\x1b[2J")[:-1])
    (entry / "history.jsonl").write_bytes(b"")
    ran = run("restore", MAIL, "--json")
    assert ran.status == 0 and ran.json["offer"] == MAIL
    assert f"{MAIL}.toml was altered in the trash" in ran.err and "verify --accept" in ran.err
    assert run("remark", MAIL, "no").status == 3
