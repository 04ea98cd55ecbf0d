"""Ended from outside, at any moment: the terminal is as it was found or gone, and so is the program."""

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from state.engine import Engine
from tests.terminal import Terminal
from tui import demo

ROOT = Path(__file__).parent.parent
VITRINA = Path(sys.executable).with_name("vitrina")
LINE_DROPPED = None
HOW = [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT, LINE_DROPPED]
Opened = Callable[..., Terminal]

MAIL = "/mail\r"
SCREENS = {
    "offers": ("old-notes",),
    "filter": ("/vault", "Filter:"),
    "question": ("/vault\r", "D", "Discard the draft contoso-vault"),
    "new": ("n", "Type of the new offer?"),
    "identifier": ("n", "v", "Identifier of the new"),
    "walkthrough": ("enter", "[1 Walkthrough]"),
    "fields": ("enter", "f", "Fields"),
    "field": ("enter", "enter", "Field"),
    "checklist": ("/grid\r", "enter", "t", "Checklist"),
    "publish": (MAIL, "2", "[2 Publish]"),
    "review": (MAIL, "2", "a", "Approve content"),
    "reason": (MAIL, "2", "a", "x", "no", "rejected? The publisher reads this"),
    "history": (MAIL, "3", "[3 History]"),
    "event": (MAIL, "3", "enter", "Event"),
    "compare": ("/search\r", "3", "c", "Compare"),
    "preview": ("v", "Preview"),
    "help": ("?", "Help"),
    "palette": ("\x10", "Search the commands"),
}
"""The keys that lead to each screen, question and line to type; and what is to be seen then."""


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example offers with their histories; nothing here changes them."""
    return demo.make(tmp_path_factory.mktemp("signals") / "offers")


@pytest.fixture
def opened(examples: Path) -> Iterator[Opened]:
    """Opens the program in a terminal; by itself, or from a command such as a shell."""
    terminals: list[Terminal] = []

    def open_program(*command: str) -> Terminal:
        terminals.append(Terminal(command or (str(VITRINA), str(examples)), cwd=examples))
        return terminals[-1]

    yield open_program
    for each in terminals:
        each.kill()


def on_a_screen(opened: Opened, name: str, sent: signal.Signals | None) -> None:
    terminal = opened()
    terminal.until("old-notes")
    *keys, text = SCREENS[name]
    terminal.play(*keys)
    terminal.until(text)
    terminal.ends(sent)


@pytest.mark.parametrize(
    ("name", "sent"),
    zip(["offers", "question", "field", "reason", "palette"], HOW, strict=True),
)
def test_on_a_screen(opened: Opened, name: str, sent: signal.Signals | None) -> None:
    on_a_screen(opened, name, sent)


@pytest.mark.slow
@pytest.mark.parametrize("sent", HOW)
@pytest.mark.parametrize("name", SCREENS)
def test_on_every_screen(opened: Opened, name: str, sent: signal.Signals | None) -> None:
    on_a_screen(opened, name, sent)


def cut_short(opened: Opened, sent: signal.Signals | None, moment: float) -> None:
    """End a start at a moment of it: in parts of the time until the list is there."""
    terminal = opened()
    terminal.read_for(moment)
    # Before the first line of the program is run, the signal does what it does to any process.
    unready = () if terminal.raw else (-(sent or signal.SIGHUP), 1)
    terminal.ends(sent, or_with=unready)


@pytest.fixture(scope="module")
def start(examples: Path) -> float:
    """The seconds of a start here and now, until the list is there."""
    terminal = Terminal([str(VITRINA), str(examples)])
    try:
        return terminal.until("old-notes")
    finally:
        terminal.kill()


@pytest.mark.parametrize(("sent", "part"), zip(HOW, (0.55, 0.65, 0.75, 0.85, 0.95), strict=True))
def test_a_start_cut_short(
    opened: Opened, start: float, sent: signal.Signals | None, part: float
) -> None:
    cut_short(opened, sent, start * part)


@pytest.mark.slow
@pytest.mark.parametrize("sent", HOW)
@pytest.mark.parametrize("step", range(24))
def test_a_start_cut_short_anywhere(
    opened: Opened, start: float, sent: signal.Signals | None, step: int
) -> None:
    cut_short(opened, sent, start * (step + HOW.index(sent) / len(HOW)) / 20)


def test_a_terminal_that_takes_nothing_more_holds_nobody_up(opened: Opened) -> None:
    terminal = opened()
    terminal.until("old-notes")
    terminal.stuff("1q" * 20)
    terminal.ends(signal.SIGTERM, is_gone=True)


def test_a_key_that_is_no_text_ends_nothing(opened: Opened) -> None:
    terminal = opened()
    terminal.until("old-notes")
    terminal.press(b"\xe9\xff\xfe")
    terminal.press("enter")
    terminal.until("[1 Walkthrough]")


@pytest.fixture
def from_a_shell(opened: Opened) -> Callable[[str], Terminal]:
    """Opens the program from a shell with jobs, after something that is typed there."""
    shell = shutil.which("bash")
    if shell is None:
        pytest.skip("there is no shell with jobs")

    def open_program(before: str) -> Terminal:
        terminal = opened(shell, "--norc", "-i")
        terminal.settle()
        terminal.play(f"{before}{VITRINA}\r")
        terminal.until("old-notes")
        return terminal

    return open_program


def test_a_job_that_is_stopped_ends_with_its_line(from_a_shell: Callable[[str], Terminal]) -> None:
    terminal = from_a_shell("")
    terminal.play("\x1a")
    terminal.until("Stopped")
    terminal.ends(LINE_DROPPED, or_with=(-signal.SIGHUP,))


def test_a_line_that_is_dropped_without_a_word_is_noticed(
    from_a_shell: Callable[[str], Terminal],
) -> None:
    terminal = from_a_shell("trap '' HUP; ")
    terminal.ends(LINE_DROPPED, or_with=range(256))


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_command_that_waits(examples: Path, sent: signal.Signals) -> None:
    waiting = subprocess.Popen(
        [VITRINA, "wait", "contoso-queue", "-C", examples], stderr=subprocess.PIPE, text=True
    )
    assert waiting.stderr and "contoso-queue" in waiting.stderr.readline()
    waiting.send_signal(sent)
    assert waiting.wait(timeout=10) == 128 + sent


def test_ctrl_c_on_a_command_that_waits(opened: Opened) -> None:
    terminal = opened(str(VITRINA), "wait", "contoso-queue")
    terminal.until("contoso-queue: staging")
    terminal.press("\x03")
    assert terminal.ended() == 130


def test_what_is_started_to_outlive_its_terminal_does(examples: Path) -> None:
    ignoring = "trap '' HUP; exec \"$@\""
    words = ["/bin/sh", "-c", ignoring, "sh", VITRINA, "wait", "contoso-queue", "-C", examples]
    waiting = subprocess.Popen(words, stderr=subprocess.PIPE, text=True)
    assert waiting.stderr and "contoso-queue" in waiting.stderr.readline()
    waiting.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        waiting.wait(timeout=0.3)
    waiting.terminate()
    assert waiting.wait(timeout=10) == 128 + signal.SIGTERM


CUT = """
import os, signal, sys
real, seen = os.{call}, []
def told(*given, **named):
    seen.append(1)
    if len(seen) == {number}:
        os.kill(os.getpid(), signal.SIGTERM)
    return real(*given, **named)
os.{call} = told
from tui.main import main
sys.exit(main())
"""
"""The program, with a signal that comes before a change of a file."""


@pytest.mark.parametrize(("call", "number"), [("fsync", 1), ("replace", 1)])
def test_an_action_is_recorded_whole(
    examples: Path, tmp_path: Path, call: str, number: int
) -> None:
    root = shutil.copytree(examples, tmp_path / "offers")
    ran = subprocess.run(
        [sys.executable, "-c", CUT.format(call=call, number=number), "discard", "contoso-vault",
         "--yes", "-C", root],
        cwd=ROOT, capture_output=True, timeout=30, check=False,
    )  # fmt: skip
    assert ran.returncode == 128 + signal.SIGTERM
    assert not (root / "contoso-vault.toml").exists()
    assert [each.offer for each in Engine(root).trash()] == ["contoso-vault"]
