"""The first command of the README, on a fresh clone in a real pseudo-terminal."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.terminal import Terminal

ROOT = Path(__file__).parent.parent
RUN = 'echo "before=$(stty -g)"; make run VENV={}; echo "ended with $?"; echo "after=$(stty -g)"'
NEITHER = shutil.ignore_patterns(".git", ".venv*", "__pycache__", ".*_cache", ".hypothesis", "dist")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone of this checkout with what is not committed yet; a copy where this is no checkout."""
    target = tmp_path / "clone"
    if subprocess.run(["git", "clone", "-q", ROOT, target], capture_output=True).returncode:
        shutil.rmtree(target, ignore_errors=True)
        return Path(shutil.copytree(ROOT, target, ignore=NEITHER))
    for kind in ("--modified", "--others"):
        command = ["git", "ls-files", "-z", "--exclude-standard", kind]
        for name in subprocess.check_output(command, cwd=ROOT, text=True).split("\0")[:-1]:
            (target / name).unlink(missing_ok=True)
            if (ROOT / name).exists():
                (target / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, target / name)
    return target


@pytest.fixture
def installed(clone: Path) -> Path:
    """The environment that is being tested, for the clone: what it runs is the clone's code."""
    environment = clone.parent / "environment"
    environment.mkdir()
    (environment / "bin").symlink_to(Path(sys.executable).parent)
    (environment / ".run").touch()
    return environment


def own_environment() -> dict[str, str]:
    """The environment without what a make above this one hands down."""
    return {key: value for key, value in os.environ.items() if "MAKE" not in key}


@contextmanager
def made(clone: Path, environment: Path, patience: float) -> Iterator[Terminal]:
    """``make run`` in a clone, as a person would type it."""
    variables = {**own_environment(), "TMPDIR": str(clone.parent), "PYTHONPATH": str(clone)}
    command = ["sh", "-c", RUN.format(environment)]
    terminal = Terminal(command, cwd=clone, environment=variables, patience=patience)
    try:
        yield terminal
    finally:
        terminal.kill()


def reaches_the_list_and_leaves(terminal: Terminal) -> str:
    """See the list, quit, and find the terminal as it was.

    Returns:
        What was printed before the screen was taken.
    """
    terminal.until("old-notes")
    terminal.press("q")
    terminal.until("ended with 0")
    assert terminal.ended() == 0
    printed = terminal.raw.decode()
    before, after = (re.findall(rf"{word}=(\S+)", printed) for word in ("before", "after"))
    assert before == after and before[0]
    # Every mode that was set is as a terminal has it at first: the cursor is shown, the rest is off.
    modes = dict(re.findall(r"\x1b\[\?(\d+)([hl])", printed))
    assert {mode for mode, state in modes.items() if state == "h"} <= {"7", "25"}
    assert modes["1049"] == "l" and modes["25"] == "h"
    return printed[: printed.index("\x1b[?1049h")]


def test_make_run_opens_the_list(clone: Path, installed: Path) -> None:
    with made(clone, installed, 30) as terminal:
        printed = reaches_the_list_and_leaves(terminal)
    # Installed already: nothing is fetched, nothing is built.
    assert "pip" not in printed and "vitrina demo" in printed


@pytest.mark.slow
def test_make_run_needs_nothing_but_python(clone: Path, tmp_path: Path) -> None:
    with made(clone, tmp_path / "fresh", 600) as terminal:
        printed = reaches_the_list_and_leaves(terminal)
    assert "--require-hashes -r requirements.lock" in printed


def test_a_python_without_ensurepip_is_told(clone: Path, tmp_path: Path) -> None:
    (tmp_path / "ensurepip.py").write_text("raise ImportError('as in a bare Debian')")
    ran = subprocess.run(
        ["make", "run", f"VENV={tmp_path / 'none'}", "PYTHON=python3"],
        cwd=clone,
        env={**own_environment(), "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert ran.returncode and "apt install python3-venv" in ran.stdout
    assert not (tmp_path / "none").exists()


def pinned(name: str) -> dict[str, str]:
    """The versions in a lock, by name."""
    return dict(re.findall(r"^([\w.-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))


def test_the_locks_hold_what_is_asked_for() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = asked["dependency-groups"]
    run, dev = pinned("requirements.lock"), pinned("requirements-dev.lock")
    assert run.items() <= dev.items()
    for wanted in [*asked["project"]["dependencies"], *groups["build"]]:
        assert run[Requirement(wanted).name] in Requirement(wanted).specifier
    for wanted in [each for each in groups["dev"] if isinstance(each, str)]:
        assert dev[Requirement(wanted).name] in Requirement(wanted).specifier


def test_the_locks_name_no_place() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text()
        assert not re.search(r"://|^-|file:|(^| )/", text, re.MULTILINE)
        lines = [line for line in text.split("\n") if line and not line.startswith("#")]
        assert all("==" in line or line.startswith("    --hash=sha256:") for line in lines)
