"""A program in a real pseudo-terminal: what it shows, when, and how many bytes that takes."""

import fcntl
import os
import re
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pexpect
import pyte

QUIET = 0.25
"""A terminal that has been silent for this long has nothing more to say, in seconds."""

PATIENCE = 20
"""How long a text is waited for, in seconds."""

FIRST_MODES = {b"25": True, b"7": True}
"""The private modes that are on in a terminal that nobody has touched: cursor and line wrap."""

_MODE = re.compile(rb"\x1b\[\?(\d+)([hl])")

LIMIT = 2.0
"""How many seconds an end by a signal may take, on a machine with nothing else to do."""

KEYS = {"enter": "\r", "escape": "\x1b", "tab": "\t", "down": "\x1b[B", "up": "\x1b[A"}


class Terminal:
    """A program at work in a terminal of 80 by 24 cells.

    Args:
        command: The program and its arguments.
        cwd: Where it runs.
        environment: Its environment, that of this process when left out.
        patience: How long a text is waited for, in seconds.
    """

    def __init__(
        self,
        command: Sequence[str],
        cwd: Path | None = None,
        environment: Mapping[str, str] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        own = {**(environment or os.environ), "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        own["LC_ALL"] = "C.UTF-8"
        self.began = time.perf_counter()
        self.raw = b""
        self._patience = patience
        self._child = pexpect.spawn(
            command[0], list(command[1:]), dimensions=(24, 80), env=own, cwd=cwd and str(cwd)
        )
        self.found = self._attributes()
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

    def until_said(self, text: str) -> None:
        """Wait until a text stands on the screen, wherever its lines end."""
        self._wait(lambda: text in " ".join(self.text.split()))

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

    def read_for(self, seconds: float) -> None:
        """Read for a time."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            self._read(min(left, 0.02))

    def stuff(self, keys: str) -> None:
        """Press keys and read nothing of what comes of them, until nothing more comes."""
        waiting = -1
        self._child.send(keys)
        while waiting != (waiting := self._waiting()):
            time.sleep(QUIET)

    def _waiting(self) -> int:
        count = fcntl.ioctl(self._child.child_fd, termios.FIONREAD, struct.pack("i", 0))
        return int(struct.unpack("i", count)[0])

    def press(self, key: str | bytes) -> int:
        """Press a key, and wait until nothing more comes of it.

        Returns:
            The bytes that came.
        """
        self._child.send(KEYS.get(key, key) if isinstance(key, str) else key)
        return self.settle()

    def play(self, *keys: str) -> None:
        """Press keys, each right behind the one before it."""
        self.press("".join(KEYS.get(key, key) for key in keys))

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

    def ends(
        self,
        sent: signal.Signals | None,
        *,
        or_with: Sequence[int] = (),
        is_gone: bool = False,
    ) -> float:
        """End the program from outside, and hold it to what is promised then.

        Args:
            sent: The signal; None closes the terminal's other side, as a dropped line does.
            or_with: What the exit status may be as well; negative for the end by a signal.
            is_gone: Whether nobody reads what it writes any more.

        Returns:
            The seconds that it took.
        """
        is_gone = is_gone or sent is None
        if sent is None:
            self._child.ptyproc.fileobj.close()
        else:
            os.kill(self.pid, sent)
        began = time.perf_counter()
        while self._child.isalive() and time.perf_counter() < began + PATIENCE:
            time.sleep(0.01) if is_gone else self._read(0.01)
        took = time.perf_counter() - began
        while not is_gone and self._read(QUIET):
            pass
        assert not self._child.isalive(), f"it goes on:\n{self.text}"
        killed = self._child.signalstatus
        status = -killed if killed else self._child.exitstatus
        assert status in (128 + (sent or signal.SIGHUP), *or_with)
        assert took < LIMIT * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
        assert is_gone or not self.left_behind
        gone = time.perf_counter() + LIMIT
        while self.survivors and time.perf_counter() < gone:
            time.sleep(0.02)
        assert not self.survivors
        return took

    @property
    def left_behind(self) -> list[str]:
        """What is not as it was found, for a terminal that is still there."""
        now = {**FIRST_MODES}
        for mode, on in _MODE.findall(self.raw):
            now[mode] = on == b"h"
        left = [mode.decode() for mode, on in now.items() if on != (mode in FIRST_MODES)]
        if self.raw.count(b"\x1b[>25u") > self.raw.count(b"\x1b[<u"):
            left.append("kitty keyboard")
        return left + ([] if self._attributes() == self.found else ["termios"])

    @property
    def survivors(self) -> list[int]:
        """The processes that still run in the terminal's session; for Linux."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                state, _, _, session = stat.read_text().rpartition(")")[2].split()[:4]
            except OSError:
                continue
            if int(session) == self.pid and state != "Z":
                found.append(int(stat.parent.name))
        return found

    def _attributes(self) -> list[Any]:
        return termios.tcgetattr(self._child.child_fd)

    def kill(self) -> None:
        """End the program, whatever it does."""
        self._child.close(force=True)

    def _wait(self, reached: Callable[[], bool]) -> None:
        end = time.perf_counter() + self._patience
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
