"""A program in a real pseudo-terminal: what it shows, when, and how many bytes that takes."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pexpect
import pyte

QUIET = 0.25
"""A terminal that has been silent for this long has nothing more to say, in seconds."""

PATIENCE = 20
"""How long a text is waited for, in seconds."""

KEYS = {"enter": "\r", "escape": "\x1b", "tab": "\t", "down": "\x1b[B", "up": "\x1b[A"}


class Terminal:
    """A program at work in a terminal of 80 by 24 cells.

    Args:
        command: The program and its arguments.
        cwd: Where it runs.
        environment: Its environment, that of this process when left out.
    """

    def __init__(
        self,
        command: Sequence[str],
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        own = {**(environment or os.environ), "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        own["LC_ALL"] = "C.UTF-8"
        self.began = time.perf_counter()
        self.raw = b""
        self._child = pexpect.spawn(
            command[0], list(command[1:]), dimensions=(24, 80), env=own, cwd=cwd and str(cwd)
        )
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)

    @property
    def pid(self) -> int:
        """The process."""
        return int(self._child.pid)

    @property
    def text(self) -> str:
        """What stands on the screen."""
        return "\n".join(self._screen.display)

    def until(self, *texts: str) -> float:
        """Wait until all texts stand on one line of the screen.

        Returns:
            The seconds from the start of the program.
        """
        self._wait(
            lambda: any(all(each in line for each in texts) for line in self._screen.display)
        )
        return time.perf_counter() - self.began

    def until_gone(self, text: str) -> None:
        """Wait until a text stands on the screen no more."""
        self._wait(lambda: text not in self.text)

    def settle(self) -> int:
        """Read until the terminal is quiet.

        Returns:
            The bytes that were read.
        """
        count = 0
        while data := self._read(QUIET):
            count += len(data)
        return count

    def press(self, key: str) -> int:
        """Press a key, and wait until nothing more comes of it.

        Returns:
            The bytes that came.
        """
        self._child.send(KEYS.get(key, key))
        return self.settle()

    def play(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.press(key)

    def ended(self) -> int | None:
        """Wait for the end of the program.

        Returns:
            Its exit status, None where it was ended by a signal.
        """
        while self._child.isalive():
            self._read(QUIET)
        while self._read(QUIET):
            pass
        return self._child.exitstatus

    def kill(self) -> None:
        """End the program, whatever it does."""
        self._child.close(force=True)

    def _wait(self, reached: Callable[[], bool]) -> None:
        end = time.perf_counter() + PATIENCE
        while not reached():
            self._read(0.02)
            if time.perf_counter() > end:
                raise AssertionError(f"it did not come about:\n{self.text}")

    def _read(self, seconds: float) -> bytes:
        try:
            data: bytes = self._child.read_nonblocking(65536, seconds)
        except (pexpect.TIMEOUT, pexpect.EOF):
            return b""
        self.raw += data
        self._stream.feed(data)
        return data
