"""Textual's driver, which says when it has the terminal."""

import os
import signal
import termios
from codecs import getincrementaldecoder
from contextlib import suppress
from select import select
from typing import Any

from textual._time import get_time
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Key
from textual.message import Message

from tui.terminal.ending import TERMINAL


class Driver(LinuxDriver):
    """Draws on the terminal and reads its keys."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._woken, self._waker = os.pipe()
        os.set_blocking(self._woken, False)

    def start_application_mode(self) -> None:
        self._end_where_gone()
        if TERMINAL.is_ending:
            return
        with suppress(BlockingIOError):
            os.read(self._woken, 8)
        TERMINAL.end_silence()
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def write(self, data: str) -> None:
        TERMINAL.unwritten = self._unwritten
        super().write(data)

    def close(self) -> None:
        super().close()
        TERMINAL.unwritten = None

    def process_message(self, message: Message) -> None:
        if isinstance(message, Key) and message.character == "\n":
            # The terminal turns enter into this while its modes are still those of the shell.
            message = Key("enter", "\r")
        super().process_message(message)

    def disable_input(self) -> None:
        os.write(self._waker, b"\0")
        super().disable_input()

    def run_input_thread(self) -> None:
        """Read keys, asleep while there are none."""
        parser = XTermParser(self._debug)
        # What is not UTF-8 is a key that nobody has pressed, not the end of the program.
        decode = getincrementaldecoder("utf-8")("replace").decode
        while not (self.exit_event.is_set() or TERMINAL.is_ending):
            # An escape may be the beginning of more, for a moment.
            until = parser._timeout_time
            waits = None if until is None else max(0.0, until - get_time())
            ready = select([self.fileno, self._woken], [], [], waits)[0]
            if self.fileno in ready and (text := decode(self._read())):
                for event in parser.feed(text):
                    self.process_message(event)
            for event in parser.tick():
                self.process_message(event)

    def _read(self) -> bytes:
        try:
            data = os.read(self.fileno, 4096)
        except OSError:
            data = b""
        if not data:
            self._end_where_gone()
        return data

    def _end_where_gone(self) -> None:
        """End where the line was dropped and no signal says so: the terminal was an editor's."""
        try:
            termios.tcgetattr(self.fileno)
        except termios.error:
            TERMINAL.end(signal.SIGHUP)

    def _unwritten(self) -> int:
        writer = self._writer_thread
        # Not the queue's own count: that waits for a lock, which a signal may have come between.
        return len(writer._queue.queue) if writer and writer.is_alive() else 0
