"""Ended from outside, at any moment: the terminal is as it was found or gone, and so is the program."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.terminal import Terminal
from tui import demo

VITRINA = Path(sys.executable).with_name("vitrina")
LIMIT = 2.0
"""How many seconds the end may take, on a machine with nothing else to do."""

LINE_DROPPED = None
HOW = [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGINT, LINE_DROPPED]
Opened = Callable[..., Terminal]

MAIL = "/mail\r"
SCREENS = {
    "offers": ("old-notes",),
    "filter": ("/vault", "Show offers that hold"),
    "question": ("/vault\r", "D", "Discard the draft contoso-vault"),
    "new": ("n", "A new offer of which type"),
    "identifier": ("n", "v", "Identifier of the new"),
    "walkthrough": ("enter", "[1 Walkthrough]"),
    "fields": ("enter", "f", "Fields"),
    "field": ("enter", "j", "enter", "Field"),
    "checklist": ("/grid\r", "enter", "t", "Checklist"),
    "publish": (MAIL, "2", "[2 Publish]"),
    "review": (MAIL, "2", "a", "Approve content"),
    "reason": (MAIL, "2", "a", "x", "no", "Why is it rejected"),
    "history": (MAIL, "3", "[3 History]"),
    "event": (MAIL, "3", "enter", "Event"),
    "compare": ("/search\r", "3", "c", "Compare"),
    "preview": ("v", "Preview"),
    "help": ("?", "Help"),
    "palette": ("\x10", "Search the commands"),
}
"""The keys that lead to each screen, question and line to type; and what is to be seen then."""


def slowness() -> float:
    """By how much this machine is busier than one with nothing else to do."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example offers with their histories; nothing here changes them."""
    return demo.make(tmp_path_factory.mktemp("signals") / "offers")


@pytest.fixture
def opened(examples: Path) -> Iterator[Opened]:
    """Opens the program in a terminal; by itself, or from a command such as a shell."""
    terminals: list[Terminal] = []

    def open_program(*command: str, **environment: str) -> Terminal:
        words = command or (str(VITRINA), str(examples))
        given = {**os.environ, "VISUAL": "", **environment}
        terminals.append(Terminal(words, cwd=examples, environment=given))
        return terminals[-1]

    yield open_program
    for each in terminals:
        each.kill()


def holds(terminal: Terminal, sent: signal.Signals | None, *, status: int | None = None) -> None:
    """End it, and look at what is promised."""
    ended, seconds = terminal.end(sent)
    assert ended == (128 + (sent or signal.SIGHUP) if status is None else status)
    assert seconds < LIMIT * slowness()
    if sent is not None:
        assert terminal.left_behind == []
    assert terminal.survivors == []


def on_a_screen(opened: Opened, name: str, sent: signal.Signals | None) -> None:
    terminal = opened()
    terminal.until("old-notes")
    *keys, text = SCREENS[name]
    terminal.play(*keys)
    terminal.until(text)
    holds(terminal, sent)


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
    is_ready = bool(terminal.raw)
    ended, seconds = terminal.end(sent)
    number = sent or signal.SIGHUP
    # Before the first line of the program is run, the signal does what it does to any process.
    assert ended == 128 + number or (not is_ready and ended in (-number, 1))
    assert seconds < LIMIT * slowness()
    assert sent is None or terminal.left_behind == []
    assert terminal.survivors == []


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
