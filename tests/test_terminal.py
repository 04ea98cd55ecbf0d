"""The installed program in a real pseudo-terminal."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import copy_examples
from tests.terminal import Terminal
from tui import demo

VITRINA = Path(sys.executable).with_name("vitrina")


def vitrina(*arguments: str, root: Path) -> subprocess.CompletedProcess[str]:
    """The installed command, as a script would call it."""
    return subprocess.run(
        [str(VITRINA), *arguments, "-C", str(root)],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The examples with dates of today, stages that take no time, and an approval by anybody."""
    return quick(demo.make(tmp_path / "offers"))


def quick(root: Path) -> Path:
    """A demo without its histories, whose marketplace is fast and lets anybody approve."""
    shutil.rmtree(root / ".vitrina")
    publisher = root / "publisher.toml"
    text = publisher.read_text().replace("four_eyes = true", "four_eyes = false")
    for name in ("certification", "content_validation", "replication"):
        text = re.sub(rf"^{name} = \d+", f"{name} = 0.1", text, flags=re.MULTILINE)
    publisher.write_text(text)
    return root


@pytest.fixture
def terminal(root: Path) -> Iterator[Terminal]:
    terminal = Terminal([str(VITRINA), str(root)])
    yield terminal
    terminal.kill()


def test_the_main_job_by_keyboard(root: Path, terminal: Terminal) -> None:
    the_main_job(terminal)
    assert vitrina("list", "--json", root=root).returncode == 0
    assert '"status": "available"' in vitrina("show", "contoso-vault", "--json", root=root).stdout


def the_main_job(terminal: Terminal) -> None:
    """From a draft to an offer that is available, by keyboard."""
    terminal.until("old-notes")
    terminal.play("G", "k", "enter")
    terminal.until("Get to staging")
    terminal.play("c", "y")
    terminal.until("3  Create and certify your offer", "complete")
    terminal.play("2", "s", "y")
    terminal.until("staged")
    terminal.play("1", "t", "a", "enter")
    terminal.settle()
    if "Note on the test" in terminal.text:
        terminal.play("enter")
    terminal.play("2", "p", "y")
    terminal.until("waits for you")
    terminal.play("a")
    terminal.until("Approve content")
    terminal.play("y")
    terminal.until("available")
    terminal.play("q", "q")
    assert terminal.ended() == 0


def test_the_main_job_by_commands(root: Path) -> None:
    for words in (
        "certify contoso-vault",
        "wait contoso-vault",
        "stage contoso-vault",
        "wait contoso-vault --until staged",
        "tested contoso-vault",
        "request contoso-vault",
        "wait contoso-vault",
        "approve contoso-vault",
        "wait contoso-vault --until available --timeout 10",
    ):
        done = vitrina(*words.split(), root=root)
        assert done.returncode == 0, (words, done.stderr)
    refused = vitrina("discard", "contoso-vault", "--yes", root=root)
    assert (refused.returncode, "support ticket" in refused.stderr) == (3, True)


def test_the_shell_gets_the_terminal_until_it_calls_back(root: Path) -> None:
    shell = shutil.which("bash")
    if shell is None:
        pytest.skip("there is no shell with jobs")
    terminal = Terminal([shell, "--norc", "-i"], cwd=root)
    try:
        terminal.settle()
        terminal.play(f"{VITRINA}\r")
        terminal.until("old-notes")
        terminal.play("\x1a")
        terminal.until("Stopped")
        assert terminal.raw.rindex(b"\x1b[?1049l") > terminal.raw.rindex(b"\x1b[?1049h")
        terminal.play("clear\r", "fg\r")
        terminal.until("old-notes")
        terminal.play("/", "vault", "enter")
        terminal.until("Filter:", "vault")
        terminal.play("q")
        terminal.until("bash-")
        terminal.play("clear; echo status $?\r")
        terminal.until("status 0")
    finally:
        terminal.kill()


def test_without_a_shell_nothing_is_suspended(terminal: Terminal) -> None:
    terminal.until("old-notes")
    terminal.press("\x1a")
    terminal.until("no shell to go back to")


def test_keys_that_come_together_go_one_after_the_other(terminal: Terminal) -> None:
    terminal.until("old-notes")
    terminal.press("/vault\r\r")
    terminal.until("contoso-vault", "[1 Walkthrough]")


def test_keys_typed_before_the_first_screen_are_not_lost(terminal: Terminal) -> None:
    terminal.press("/vault\r\r")
    terminal.until("contoso-vault", "[1 Walkthrough]")
    terminal.play("q", "q")
    assert terminal.ended() == 0 and not terminal.left_behind


def test_keys_are_not_shown_while_the_program_starts(root: Path) -> None:
    script = (
        "import sys, termios, pathlib, tui.app, tui.launch\n"
        "def run(root):\n"
        "    print('shown:', bool(termios.tcgetattr(0)[3] & termios.ECHO))\n"
        "    raise KeyError(root)\n"
        "tui.app.run = run\n"
        "tui.launch.open_program(pathlib.Path())\n"
    )
    terminal = Terminal([sys.executable, "-c", script], cwd=root)
    try:
        terminal.until("shown: False")
        assert terminal.ended() == 1 and not terminal.left_behind
    finally:
        terminal.kill()


def test_a_change_outside_is_seen(root: Path, terminal: Terminal) -> None:
    terminal.until("old-notes")
    (root / "old-notes.toml").unlink()
    terminal.until_gone("old-notes")


def test_rest_writes_nothing(terminal: Terminal) -> None:
    terminal.until("old-notes")
    time.sleep(1)
    terminal.settle()
    time.sleep(2)
    assert terminal.settle() == 0


def test_a_cursor_step_is_cheap(terminal: Terminal) -> None:
    terminal.until("old-notes")
    time.sleep(1)
    terminal.settle()
    # Together: on a busy machine the answer to a key may come after the next one.
    assert sum(terminal.press(key) for key in "jjjjkkkk") + terminal.settle() <= 8 * 950


def test_demo_works_from_an_empty_directory(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    terminal = Terminal([str(VITRINA), "demo"], cwd=tmp_path, environment=environment)
    try:
        terminal.until("your final review")
    finally:
        terminal.kill()


def test_a_fresh_copy_needs_no_history_to_be_listed(tmp_path: Path) -> None:
    root = copy_examples(tmp_path / "offers")
    assert vitrina("list", root=root).returncode == 0
    assert not (root / ".vitrina").exists()
