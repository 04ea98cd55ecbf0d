"""Textual's driver, which says when it has the terminal."""

import signal
import termios

from textual.drivers.linux_driver import LinuxDriver

from tui.ending import TERMINAL


class Driver(LinuxDriver):
    """Draws on the terminal and reads its keys."""

    def start_application_mode(self) -> None:
        """Take the terminal; where it has gone, as while an editor had it, so does the program."""
        try:
            termios.tcgetattr(self.fileno)
        except termios.error:
            TERMINAL.end(signal.SIGHUP)
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def write(self, data: str) -> None:
        """Write something soon."""
        TERMINAL.unwritten = self._unwritten
        super().write(data)

    def close(self) -> None:
        """Give it back."""
        super().close()
        TERMINAL.unwritten = None

    def _unwritten(self) -> int:
        writer = self._writer_thread
        # Not the queue's own count: that waits for a lock, which a signal may have come between.
        return len(writer._queue.queue) if writer and writer.is_alive() else 0
