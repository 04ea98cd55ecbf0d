"""The person's own editor, at a line of a file."""

import os
import shlex
import shutil
import subprocess
from pathlib import Path

from textual.app import App, SuspendNotSupported

_USUAL = ("sensible-editor", "nano", "vim", "vi")
_WITH_GOTO = {"code", "code-insiders", "codium", "subl", "zed"}
"""Editors that take file:line, and that come back at once unless told to wait."""


def edit(app: App[int], path: Path, line: int) -> str | None:
    """Give the terminal to the person's editor until it ends.

    Args:
        app: The application, which gives the terminal away.
        path: The file.
        line: The line, from 1.

    Returns:
        Why that was not possible, None where it was.
    """
    command = _command(path, line)
    if command is None:
        return "No editor is to be found: set EDITOR to one, such as EDITOR=nano."
    try:
        with app.suspend():
            ended = subprocess.run(command, check=False)
    except SuspendNotSupported:
        return "This terminal cannot be given to an editor."
    except OSError as error:
        return f"{command[0]} cannot be started: {error.strerror}."
    return f"{command[0]} ended with status {ended.returncode}." if ended.returncode else None


def _command(path: Path, line: int) -> list[str] | None:
    """The editor's command for a line of a file."""
    wanted = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    try:
        words = shlex.split(wanted) if wanted else []
    except ValueError:
        return None
    if not words:
        words = [next((each for each in _USUAL if shutil.which(each)), "")]
    if not words[0]:
        return None
    name = Path(words[0]).name
    if name in _WITH_GOTO:
        goto = ["--goto"] if name.startswith("code") else []
        return [*words, "--wait", *goto, f"{path}:{line}"]
    return [*words, f"+{line}", str(path)]
