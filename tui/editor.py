"""The person's own editor, at a line of a file."""

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App, SuspendNotSupported

from state.views import OfferView
from tui.screens.field_form import no_file

if TYPE_CHECKING:
    from tui.screens.frame import Frame

_USUAL = ("sensible-editor", "nano", "vim", "vi")
_WITH_GOTO = {"code", "code-insiders", "codium", "subl", "zed"}
"""Editors that take file:line, and that come back at once unless told to wait."""


def edit_file(screen: "Frame", view: OfferView, line: int | None, file: str) -> None:
    """Open a file of the directory in the person's editor.

    Args:
        screen: Where to say what came of it.
        view: The offer.
        line: The line, from 1; None for the first.
        file: The file's name. The offer's own has to be there: an empty one would be no help.
    """
    app = screen.vitrina
    path = app.engine.root / file
    trouble = None
    if file != view.definition.file or path.exists():
        trouble = edit(app, path, line or 1)
    app.reload()
    now = app.views.get(view.offer)
    if now and now.definition.is_missing and file == now.definition.file:
        trouble = no_file(now, file)
    if trouble:
        screen.notice.say(trouble, "warn")


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
        with app.suspend(), _left_to_the_editor(signal.SIGINT, signal.SIGQUIT):
            return _run(command)
    except SuspendNotSupported:
        return "This terminal cannot be given to an editor."


def _run(command: list[str]) -> str | None:
    """Run an editor to its end; no error leaves this, as Textual would not come back from it."""
    try:
        status = subprocess.run(command, check=False).returncode
    except OSError as error:
        why = f"{command[0]} cannot be started: {error.strerror}."
        return f"{why} Set EDITOR to another, such as EDITOR=nano."
    return f"{command[0]} ended with status {status}." if status else None


@contextmanager
def _left_to_the_editor(*signals: signal.Signals) -> Iterator[None]:
    """What the terminal sends to both programs is for the editor alone.

    Signals are caught rather than ignored: the editor would inherit that they are ignored.
    """
    before = {each: signal.signal(each, lambda *_: None) for each in signals}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


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
