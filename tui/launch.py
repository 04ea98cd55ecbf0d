"""Opening the program on a directory, or saying why that cannot be."""

import sys
from typing import TYPE_CHECKING

from tui.terminal.ending import TERMINAL

if TYPE_CHECKING:
    from pathlib import Path

DONE, FINDINGS, USAGE, REFUSED, TROUBLE = range(5)
"""The exit statuses."""


class Failure(Exception):
    """Why a command did nothing, with what to do about it.

    Args:
        code: The reason as a word, for a script: one of those that ``vitrina --help`` names.
    """

    def __init__(self, message: str, code: str = "usage", status: int = USAGE) -> None:
        super().__init__(message)
        self.code = code
        self.status = status


class UsageError(Failure):
    """Arguments that are wrong, some only for this offer. The message says what to type."""


def open_program(root: "Path") -> int:
    """Open the screens on a working directory."""
    if not has_terminal():
        raise Failure(
            "The program needs a terminal. In scripts, use commands, such as: vitrina list"
        )
    import gc

    TERMINAL.stand_ready(whatever=True)
    # Looking for cycles among a thousand modules only costs time; the first screen enables it again.
    gc.disable()
    from state.domain.errors import StorageError

    TERMINAL.silence()
    try:
        from state.domain.times import settle_zone
        from tui.app import run

        settle_zone()
        return run(root)
    except StorageError as trouble:
        raise Failure(str(trouble), trouble.code, TROUBLE) from trouble
    finally:
        TERMINAL.end_silence()


def has_terminal() -> bool:
    """Whether somebody could press keys."""
    return bool(sys.stdin and sys.stdin.isatty())
