"""Back to the shell that the program was started from, and here again with ``fg``."""

import os
import signal

from textual.app import App


def suspend(app: App[int]) -> str | None:
    """Stop, as a job of the shell, until ``fg``; return why that was not possible."""
    own = os.getpgrp()
    if app.is_headless or own == os.getsid(0):
        # Nobody could wake what a terminal runs in the place of a shell.
        return "There is no shell to go back to."
    # All of the job, or a program that started this one would keep the shell waiting.
    os.killpg(own, signal.SIGTSTP)
    return None
