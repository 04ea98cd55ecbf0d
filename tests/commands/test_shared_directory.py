"""One directory, several people: what a reader is refused, and what is left where something fails."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from state.domain.environment import owner_of
from state.domain.events import Kind
from state.domain.offer_types import DATA_SERVICE
from state.engine.create import create
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
    owner = owner_of(directory)
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
            create(engine, "new-offer", DATA_SERVICE)
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


SCRIPT = "import sys; from tui.main import main; sys.exit(main(sys.argv[1:]))"
GROUP, ANA, MARIA, EVA = 60001, 54321, 54322, 54323


def as_account(root: Path, uid: int, umask: int, *words: str) -> tuple[int, str]:
    """What a command of another account, a member of the group, answers and complains of."""
    become = ("setpriv", f"--reuid={uid}", f"--regid={uid}", f"--groups={GROUP}")
    ran = subprocess.run(
        [*become, sys.executable, "-c", SCRIPT, "-C", str(root), *words],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        umask=umask,
        check=False,
    )
    return ran.returncode, ran.stderr


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("setpriv"), reason="needs root, setpriv")
@pytest.mark.parametrize("umask", [0, 0o022, 0o027, 0o077], ids="umask {:03o}".format)
def test_two_accounts_work_in_one_directory(directory: Path, umask: int) -> None:
    # Not in the directory of pytest, which is closed to other accounts.
    with tempfile.TemporaryDirectory() as base:
        root = Path(base) / "offers"
        shutil.copytree(directory, root)
        Path(base).chmod(0o755)
        publishers, approvers = f'"uid:{ANA}"', f'"uid:{MARIA}"'
        with (root / "publisher.toml").open("a") as file:
            file.write(f"\n[roles]\npublishers = [{publishers}]\napprovers = [{approvers}]\n")
        for path in (root, *root.rglob("*")):
            os.chown(path, ANA, GROUP)
            path.chmod(0o2770 if path.is_dir() else 0o640)
        before = sorted(root.rglob("*"))
        status, said = as_account(root, EVA, umask, "stage", "contoso-rates")
        assert status == 3 and "publishers" in said and sorted(root.rglob("*")) == before
        for uid, *words in (
            (ANA, "stage", "contoso-rates"),
            (ANA, "tested", "contoso-rates"),
            (ANA, "request", "contoso-rates"),
            (MARIA, "approve", "contoso-rates"),
            (ANA, "remark", "contoso-rates", "thanks"),
            (MARIA, "verify"),
        ):
            assert as_account(root, uid, umask, *words) == (0, ""), words
        engine = root / ".vitrina"
        for path in (engine, *engine.rglob("*")):
            assert path.stat().st_gid == GROUP
            mode = path.stat().st_mode & 0o7777
            assert mode == (0o2770 if path.is_dir() else 0o660), path
        # As the release before left it.
        subprocess.run(["chown", "-R", str(ANA), engine], check=True)
        subprocess.run(["chmod", "-R", "g-w", engine], check=True)
        status, said = as_account(root, MARIA, umask, "remark", "contoso-rates", "and?")
        assert status == 4 and f"belongs to uid:{ANA}" in said
        assert f"chmod -R g+rwX {engine}" in said
        assert as_account(root, ANA, umask, "remark", "contoso-rates", "open")[0] == 0
        assert as_account(root, MARIA, umask, "remark", "contoso-rates", "and?")[0] == 0
        root.chmod(0o2750)
        shutil.rmtree(engine)
        os.chown(root, 0, GROUP)
        status, said = as_account(root, ANA, umask, "stage", "contoso-rates")
        assert status == 4 and "belongs to root" in said and f"chmod g+rwx {root}" in said
