"""The person's own editor, at a line of a file, started as a shell would."""

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from textual.app import App, SuspendNotSupported

from state.domain.unbroken import unbroken
from tui.terminal.ending import TERMINAL

_USUAL = ("sensible-editor", "nano", "vim", "vi")
_WITH_GOTO = {"code", "code-insiders", "codium", "subl", "zed"}
"""Editors that take file:line, and that return at once unless asked to wait."""
_NOT_STARTED = {126: "it is not executable", 127: "the program does not exist"}
"""What a shell's own statuses mean."""
_JOINING = frozenset(";&|<>()\n")
"""Signs with which one line holds more than a command."""


def edit(app: App[int], path: Path, line: int) -> str | None:
    """Give the terminal to the person's editor until it ends; return why that was not possible."""
    wanted = _wanted()
    if not wanted:
        return "No editor found. Set EDITOR, for example EDITOR=nano."
    try:
        with app.suspend(), _left_to_the_editor(signal.SIGINT, signal.SIGQUIT):
            return _run(wanted, path, line)
    except SuspendNotSupported:
        return "This terminal cannot run an editor."


def _run(wanted: str, path: Path, line: int) -> str | None:
    """Run an editor to its end; no error leaves this, as Textual would not come back from it."""
    program = _program(wanted)
    name = Path(program).name
    if name in _WITH_GOTO:
        goto = ["--goto"] if name.startswith("code") else []
        arguments = ["--wait", *goto, f"{path}:{line}"]
    else:
        arguments = [f"+{line}", str(path)]
    try:
        with unbroken():
            editor = subprocess.Popen(["/bin/sh", "-c", _script(wanted, program), "sh", *arguments])
            TERMINAL.editor = editor.pid
        status = editor.wait()
    except OSError as error:
        return _cannot(program, str(error.strerror))
    finally:
        TERMINAL.editor = None
        TERMINAL.make_plain()
    if status in _NOT_STARTED:
        return _cannot(program, _NOT_STARTED[status])
    if status < 0:
        return f"{program} was ended by signal {-status} ({signal.strsignal(-status)})."
    return f"{program} ended with status {status}." if status else None


def _cannot(editor: str, why: str) -> str:
    return f"{editor} cannot be started: {why}. Set EDITOR to another one, for example EDITOR=nano."


def _script(wanted: str, program: str) -> str:
    """What the shell does: the words as a person would type them, and the arguments behind them.

    The editor takes the shell's place where it can, so that a signal meant for it does not end
    at the shell.
    """
    is_plain = "=" not in wanted.split()[0] and not _JOINING.intersection(wanted)
    if is_plain and shutil.which(Path(program).expanduser()):
        return f'exec {wanted} "$@"'
    return f'trap : INT QUIT; {wanted} "$@"'


def _wanted() -> str:
    """The editor as the environment names it, else one that is there; empty where none is."""
    named = (os.environ.get("VISUAL") or os.environ.get("EDITOR") or "").strip()
    return named or next((each for each in _USUAL if shutil.which(each)), "")


def _program(wanted: str) -> str:
    """The program in a command, behind what is set for it; all of it where only a shell can tell."""
    try:
        words = shlex.split(wanted)
    except ValueError:
        words = []
    return next((word for word in words if "=" not in word), wanted)


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
