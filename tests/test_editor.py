"""The person's own editor, in a real pseudo-terminal: how it starts, ends, and what it leaves."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support import copy_examples
from tests.terminal import Terminal

VITRINA = Path(sys.executable).with_name("vitrina")
Opened = Callable[[str], Terminal]

AT_WORK = "echo at work\nwhile :; do sleep 0.1; done\n"
"""What an editor does until it is ended."""


def slow(*values: object) -> Any:
    """A case that make test leaves out."""
    return pytest.param(*values, marks=pytest.mark.slow)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home directory with a place for editors."""
    (tmp_path / "home" / "bin").mkdir(parents=True)
    return tmp_path / "home"


@pytest.fixture
def opened(home: Path, tmp_path: Path) -> Iterator[Opened]:
    """Opens the program with an editor as the environment names it."""
    root = copy_examples(tmp_path / "offers")
    terminals: list[Terminal] = []

    def open_with(editor: str) -> Terminal:
        environment = {**os.environ, "VISUAL": "", "EDITOR": editor, "HOME": str(home)}
        terminals.append(Terminal([str(VITRINA), str(root)], environment=environment))
        terminals[0].until("old-notes")
        return terminals[0]

    yield open_with
    for each in terminals:
        each.kill()


@pytest.fixture
def at_work(opened: Opened, home: Path) -> Callable[[str], Terminal]:
    """Opens an editor, a script, from the list."""

    def start(script: str) -> Terminal:
        terminal = opened(made(home / "bin" / "ed", script))
        terminal.press("e")
        return terminal

    return start


def made(path: Path, script: str) -> str:
    """A program of a shell script; its path."""
    path.write_text(f"#!/bin/sh\n{script}")
    path.chmod(0o755)
    return str(path)


@pytest.mark.parametrize("editor", ["/nope/ed", "nosuched", "~/nope", "FOO=1 nosuched"])
def test_an_editor_that_cannot_be_started_is_told(opened: Opened, editor: str) -> None:
    terminal = opened(editor)
    terminal.press("e")
    terminal.until_said(f"{editor.split()[-1]} cannot be started: the program does not exist")
    terminal.play("j", "enter")
    terminal.until("contoso-grid", "Walkthrough")
    terminal.play("q", "q")
    assert terminal.ended() == 0


def test_an_editor_that_may_not_be_run_is_told(opened: Opened, home: Path) -> None:
    (home / "bin" / "ed").write_text("")
    terminal = opened("~/bin/ed")
    terminal.press("e")
    terminal.until_said("~/bin/ed cannot be started")


@pytest.mark.parametrize(
    ("editor", "before"),
    [
        slow("~/bin/ed", ""),
        ("~/bin/my\\ ed -x", "-x "),
        slow("\"$HOME/bin/my ed\" -x 'two words'", "-x two words "),
        ("MODE=quick ed -y", "quick -y "),
        slow("true && ed", ""),
    ],
)
def test_an_editor_is_started_as_a_shell_would(
    opened: Opened, home: Path, tmp_path: Path, editor: str, before: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("PATH", f"{home}/bin:{os.environ['PATH']}")
    for name in ("ed", "my ed"):
        made(home / "bin" / name, f'echo $MODE "$@" > {tmp_path}/said\nexit 7\n')
    terminal = opened(editor)
    terminal.press("e")
    terminal.until_said("status 7")
    line, file = (tmp_path / "said").read_text().removeprefix(before).split()
    assert line.startswith("+") and file == str(tmp_path / "offers" / "contoso-db.toml")


@pytest.mark.parametrize("key", ["\x03", slow("\x1c")])
def test_an_interrupt_is_for_the_editor(at_work: Callable[[str], Terminal], key: str) -> None:
    terminal = at_work("trap 'exit 7' INT QUIT\necho at work\nwhile :; do sleep 0.1; done\n")
    terminal.until("at work")
    terminal.press(key)
    terminal.until_said("status 7")
    terminal.press("q")
    assert terminal.ended() == 0


def test_an_editor_that_is_killed_is_told(at_work: Callable[[str], Terminal]) -> None:
    terminal = at_work("echo at work\nkill -KILL $$\n")
    terminal.until_said("ended by signal 9")
    terminal.press("q")
    assert terminal.ended() == 0


def test_what_an_editor_leaves_behind_is_undone(at_work: Callable[[str], Terminal]) -> None:
    modes = "".join(f"\\033[?{mode}h" for mode in (1049, 1, 6, 1002, 1005, 2004))
    terminal = at_work(f"stty raw -echo\nprintf '{modes}\\033[?25l\\033[?7l\\033[4h'\nexit 7\n")
    terminal.until_said("status 7")
    terminal.play("j", "enter")
    terminal.until("contoso-grid", "Walkthrough")
    terminal.play("q", "q")
    assert terminal.ended() == 0
    assert terminal.left_behind == []


RAW = "trap '' HUP TERM\nstty raw -echo\n"
"""An editor that does not mind."""


@pytest.mark.parametrize(
    ("sent", "script"),
    [
        (signal.SIGTERM, RAW),
        (None, ""),
        (None, RAW),
        slow(signal.SIGTERM, ""),
        slow(signal.SIGHUP, ""),
        slow(signal.SIGHUP, RAW),
    ],
)
def test_the_end_comes_while_an_editor_is_open(
    at_work: Callable[[str], Terminal], sent: signal.Signals | None, script: str
) -> None:
    terminal = at_work(f"{script}printf '\\033[?1049h\\033[?25l'\n{AT_WORK}")
    terminal.until("at work")
    terminal.ends(sent)
