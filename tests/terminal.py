"""A program in a real pseudo-terminal: when it paints, and how many bytes a key costs."""

import os
import time
from collections.abc import Sequence

import pexpect
import pyte

QUIET = 0.25
"""A terminal that has been silent for this long has nothing more to say, in seconds."""


class Terminal:
    """A program at work in a terminal of 80 by 24 cells.

    Args:
        command: The program and its arguments.
    """

    def __init__(self, command: Sequence[str]) -> None:
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.began = time.perf_counter()
        self._child = pexpect.spawn(
            command[0], list(command[1:]), dimensions=(24, 80), env=environment, timeout=20
        )
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)

    def until(self, text: str) -> float:
        """Wait for a text on the screen.

        Returns:
            The seconds from the start of the program.
        """
        while not any(text in line for line in self._screen.display):
            self._feed(self._child.read_nonblocking(65536, 20))
        return time.perf_counter() - self.began

    def settle(self) -> int:
        """Read until the terminal is quiet.

        Returns:
            The bytes that were read.
        """
        count = 0
        while True:
            try:
                data = self._child.read_nonblocking(65536, QUIET)
            except (pexpect.TIMEOUT, pexpect.EOF):
                return count
            count += len(data)
            self._feed(data)

    def press(self, key: str) -> int:
        """Press a key.

        Returns:
            The bytes that came of it.
        """
        self._child.send(key)
        return self.settle()

    def close(self) -> None:
        """End the program."""
        self._child.send("q")
        self.settle()
        self._child.close(force=True)

    def _feed(self, data: bytes) -> None:
        self._stream.feed(data)
