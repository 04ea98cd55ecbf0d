"""One directory, several people: what a reader is refused, and what is left where something fails."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from state.drafting import create
from state.events import Kind
from state.offer import OfferType
from tests.commands.conftest import Run
from tests.directories import engine_on
from tests.faults import CALLS, failing

ROLES = '\n[roles]\npublishers = ["somebody-else"]\napprovers = ["another"]\n'


def test_a_reader_is_refused_by_role_where_the_lock_could_not_be_had(
    run: Run, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (directory / "publisher.toml").open("a") as file:
        file.write(ROLES)
    making = os.mkdir

    def refuse(path: object, *rest: object, **named: object) -> None:
        if str(path).endswith(".vitrina"):
            raise PermissionError(13, "Permission denied", str(path))
        making(path, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "mkdir", refuse)
    assert run("stage", "contoso-rates").status == 3
    (directory / "publisher.toml").unlink()
    ran = run("remark", "contoso-rates", "hello")
    owner = directory.owner()
    assert ran.status == 4 and f"belongs to {owner}" in ran.err and "chmod g+" in ran.err


@pytest.mark.parametrize("stride", [5, pytest.param(1, marks=pytest.mark.slow)])
@pytest.mark.parametrize("error", ["no space", "once"])
def test_a_new_offer_is_there_or_nothing_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: str, stride: int
) -> None:
    # What is there can be removed from a disk that is full.
    calls = ("mkdir", "write", "fsync", "replace") if error == "no space" else CALLS
    outcomes = set()
    for step in range(0, 300, stride):
        root = tmp_path / str(step)
        root.mkdir()
        engine = engine_on(root)
        with failing(monkeypatch, step, error, calls) as made:
            create(engine, "new-offer", OfferType.DATA_SERVICE)
        files = {each.name for each in root.iterdir()}
        assert files in (set(), {".vitrina", "publisher.toml", "new-offer.toml"}), step
        if files:
            assert engine_on(root).offer("new-offer").events[-1].kind is Kind.CREATED
        outcomes.add(bool(files))
        if len(made) <= step:
            break
    assert outcomes == {True, False}


@pytest.mark.skipif(not shutil.which("git"), reason="git is not here")
def test_a_clone_that_converts_line_ends_verifies_clean(
    run: Run, directory: Path, tmp_path: Path
) -> None:
    (directory / ".gitattributes").write_text("* text=auto eol=crlf\n")
    windows = directory / "contoso-rates.toml"
    windows.write_bytes(windows.read_bytes().replace(b"\n", b"\r\n"))
    assert run("stage", "contoso-rates").status == 0

    def git(*words: str) -> str:
        named = ("-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "core.autocrlf=true")
        return subprocess.check_output(["git", *named, *words], text=True, cwd=directory)

    git("init", "-q")
    git("add", "-A")
    git("commit", "-q", "-m", "all")
    clone = tmp_path / "clone"
    git("clone", "-q", str(directory), str(clone))
    assert run("verify", "-C", str(clone)).status == 0
    assert not (clone / ".vitrina" / "lock").exists()
    kept = sorted(each.name for each in (clone / ".vitrina" / "blobs").iterdir())
    assert kept == sorted(each.name for each in (directory / ".vitrina" / "blobs").iterdir())


def test_a_directory_of_an_older_release_gets_what_git_needs(run: Run, directory: Path) -> None:
    assert run("remark", "contoso-rates", "hello").status == 0
    engine = directory / ".vitrina"
    for name in (".gitattributes", ".gitignore"):
        (engine / name).unlink()
    assert run("remark", "contoso-rates", "hello").status == 0
    assert (engine / ".gitattributes").read_text() == "* -text -filter -ident\n"
    assert (engine / ".gitignore").read_text().split() == ["/lock", "/tmp/"]
