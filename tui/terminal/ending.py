"""The end by a signal: at any moment the terminal is given back, and the process is gone.

Nothing here asks the interface for anything. It may be half made, or wait for a terminal that takes
nothing more.
"""

import os
import signal
import termios
from _thread import get_ident, start_new_thread
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from time import monotonic, sleep
from types import FrameType
from typing import Any

from state.domain.unbroken import when_whole

SIGNALS = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)

LONGEST_ACTION = 1.2
"""How many seconds an action has that is being recorded. What is cut off then is what a kill leaves: the
next action finishes it."""

OWN_END, ASKED_END = 0.3, 0.5
"""How many seconds an editor has to end by itself, and to end once asked."""

DRAINS = 0.2
"""How many seconds there are at most for what is on its way to the terminal, and again for the rest."""

PLAIN = (
    "\x1b[?2026l\x1b[?2004l\x1b[?2048l\x1b[?1004l"
    "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1005l\x1b[?1006l\x1b[?1015l\x1b[?1016l"
    "\x1b[?1l\x1b>\x1b[>4m\x1b[4l\x1b[?5l\x1b[?6l\x1b7\x1b[r\x1b8\x1b[?7h\x1b[?25h\x1b(B\x1b[m"
)
"""Every mode as a shell expects it: reports, paste, mouse, keypad, margins, cursor, colours."""

KITTY_POP, LEAVE_SCREEN = "\x1b[<u", "\x1b[?1049l"


class Terminal:
    """The terminal as it was found, and who has it now."""

    def __init__(self) -> None:
        self.unwritten: Callable[[], int] | None = None
        """Counts what is still on its way to the terminal; None while the interface does not have it."""
        self.editor: int | None = None
        """The process that has the terminal in place of the interface."""
        self._found: list[Any] | None = None
        self._is_listening = False
        self._is_silent = False
        self.is_ending = False
        """Whether the end has begun: nobody may take the terminal any more."""

    def stand_ready(self, *, whatever: bool = False) -> None:
        """End by a signal as this module says, from now on.

        With ``whatever`` also where whoever started the program had it ignore the signal, as nohup does.
        """
        with suppress(termios.error, ValueError, OSError):
            self._found = termios.tcgetattr(0)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        for each in SIGNALS:
            if whatever or signal.getsignal(each) is not signal.SIG_IGN:
                signal.signal(each, self._received)
        if not self._is_listening:
            self._is_listening = True
            reader, writer = os.pipe()
            os.set_blocking(writer, False)
            signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
            start_new_thread(self._listen, (reader, get_ident()))

    def silence(self) -> None:
        """Show no keys until the interface, which takes those too, has the terminal."""
        if self._found and self._is_ours:
            flags = [*self._found]
            flags[3] &= ~termios.ECHO
            self._is_silent = True
            with suppress(termios.error):
                termios.tcsetattr(0, termios.TCSANOW, flags)

    def end_silence(self) -> None:
        """Have keys shown again, if they are not; for the interface, which leaves what it finds."""
        if self._is_silent:
            self._is_silent = False
            self._settle()

    def make_plain(self) -> None:
        """Undo what an editor has left behind, before the interface takes the terminal again."""
        if self._is_ours:
            self._write(PLAIN)
            self._settle()

    def end(self, number: int) -> None:
        """Give the terminal back and end with 128 and the number of a signal, now."""
        if self.is_ending:
            return
        self.is_ending = True
        try:
            if self.editor is not None:
                self._end_editor(self.editor, number)
            if (self.editor is not None or self.unwritten is not None) and self._is_ours:
                self._give_back()
            elif self._is_ours:
                self.end_silence()
        finally:
            os._exit(128 + number)

    def _received(self, number: int, frame: FrameType | None) -> None:
        if not self.is_ending:
            when_whole(partial(self.end, number))

    def _listen(self, reader: int, main: int) -> None:
        """Wake the thread whose part the end is, and do it in its place where it does not come to it.

        The system may give a signal to any thread; only the main one acts on it, and it may sleep.
        """
        while signal.getsignal(number := os.read(reader, 1)[0]) != self._received:
            pass
        signal.pthread_kill(main, number)
        sleep(LONGEST_ACTION)
        self.end(number)

    @property
    def _is_ours(self) -> bool:
        """Whether the terminal is there and this job is the one in front."""
        try:
            return os.tcgetpgrp(0) == os.getpgrp()
        except OSError:
            return False

    def _give_back(self) -> None:
        ends = monotonic() + DRAINS
        while self.unwritten and self.unwritten() and monotonic() < ends:
            sleep(0.002)
        kitty = KITTY_POP if self.unwritten else ""
        self._write(f"{kitty}{LEAVE_SCREEN}{PLAIN}", alone=True)
        self._settle()
        with suppress(termios.error):
            # What mouse and keys have sent to the interface is not for the shell.
            termios.tcflush(0, termios.TCIFLUSH)

    def _write(self, text: str, *, alone: bool = False) -> None:
        """Write to the terminal without waiting for ever; alone, nothing else is written after it."""
        if not os.isatty(2):
            return
        try:
            # A way of its own: that it does not block must not hold for the shell's too.
            out = os.open("/dev/tty", os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
        except OSError:
            out = os.dup(2)
        if alone:
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        rest, ends = text.encode(), monotonic() + DRAINS
        while rest and monotonic() < ends:
            try:
                rest = rest[os.write(out, rest) :]
            except BlockingIOError:
                sleep(0.005)
            except OSError:
                break
        os.close(out)

    def _settle(self) -> None:
        """Have lines and keys as they were found."""
        if self._found:
            with suppress(termios.error):
                termios.tcsetattr(0, termios.TCSANOW, self._found)

    def _end_editor(self, editor: int, number: int) -> None:
        for each, seconds in ((0, OWN_END), (number, ASKED_END), (signal.SIGKILL, OWN_END)):
            with suppress(ProcessLookupError):
                os.kill(editor, each)
                os.kill(editor, signal.SIGCONT)
            ends = monotonic() + seconds
            while monotonic() < ends:
                with suppress(ChildProcessError):
                    if os.waitpid(editor, os.WNOHANG) == (0, 0):
                        sleep(0.01)
                        continue
                return


TERMINAL = Terminal()
"""The one of this process."""
