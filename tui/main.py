"""The entry point: a directory to open the program on, or a command to answer without it.

Nothing heavy is imported here: a command brings in what it needs, the program its screens.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from state.domain.safe_text import nearest
from tui import __version__
from tui.cli.commands import COMMANDS
from tui.cli.output import print_error, put_json
from tui.launch import TROUBLE, Failure, open_program
from tui.terminal.ending import TERMINAL

USAGE, BROKEN_PIPE = 2, 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program.

    Args:
        argv: The arguments; those of the process when left out.

    Returns:
        The exit status: 0 done, 1 findings or a wait that ended otherwise than asked, 2 wrong
        usage, 3 refused, 4 a file that cannot be read or written. A signal ends the process itself,
        with 128 and its number.
    """
    if argv is None:
        TERMINAL.stand_ready()
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        status = _guarded(arguments)
        # Here, so that a pipe whose reader has gone is noticed while it can still be handled.
        if sys.stdout:
            sys.stdout.flush()
    except BrokenPipeError:
        _silence(sys.stdout)
        status = BROKEN_PIPE
    except OSError as error:
        print_error(_trouble(error))
        _silence(sys.stdout)
        status = TROUBLE
    try:
        if sys.stderr:
            sys.stderr.flush()
    except OSError:
        _silence(sys.stderr)
    return status


def _guarded(arguments: list[str]) -> int:
    """Run, and say why where nothing could be done."""
    try:
        return _dispatch(arguments)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else USAGE
    except Failure as error:
        failure = error
    except FileNotFoundError as error:
        if error.filename:
            raise
        # Only asking for the current directory fails like this.
        message = "The current directory is gone: go to one that is there."
        failure = Failure(message, "directory.unreadable", TROUBLE)
    print_error(str(failure))
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    if "--json" in options:
        put_json({"error": {"code": failure.code, "message": str(failure)}})
    return failure.status


def _dispatch(arguments: list[str]) -> int:
    before, rest = _leading_options(arguments)
    if rest and rest[0] in ("-h", "--help"):
        from tui.cli.arguments import overview

        print(overview())
        return 0
    if rest and rest[0] == "--version":
        print(f"vitrina {__version__}")
        return 0
    if rest and rest[0] in COMMANDS:
        import gc

        from tui.cli.run import run_command

        # A command is over soon: looking for cycles in what it imports costs more than it frees.
        gc.set_threshold(100_000, 50, 50)
        return run_command(COMMANDS[rest[0]], [*before, *rest[1:]])
    return _open(before, rest)


def _leading_options(arguments: list[str]) -> tuple[list[str], list[str]]:
    """The options that every command takes, where they stand before it, and the rest."""
    index = 0
    while index < len(arguments):
        each = arguments[index]
        if each == "-C" and index + 1 < len(arguments):
            index += 2
        elif each == "--json" or (each.startswith("-C") and len(each) > 2):
            index += 1
        else:
            break
    return arguments[:index], arguments[index:]


def _open(before: list[str], rest: list[str]) -> int:
    """Open the program on a directory."""
    base = Path()
    for index, each in enumerate(before):
        if each == "--json":
            raise Failure("--json needs a command, such as: vitrina list --json")
        if each.startswith("-C"):
            base = Path(each[2:] or before[index + 1])
    if rest[:1] == ["--"]:
        rest = rest[1:]
    elif rest and rest[0].startswith("-"):
        raise Failure(f"There is no option {rest[0]}.")
    if len(rest) > 1:
        raise Failure(_no_command(rest[0]))
    root = base / rest[0] if rest else base
    with suppress(OSError, ValueError):
        if root.is_dir():
            return open_program(root)
    if rest and (near := _near(rest[0])):
        raise Failure(f'There is no command or directory "{rest[0]}". Did you mean "{near}"?')
    raise Failure(f'There is no directory "{root}".', "directory.unreadable", TROUBLE)


def _no_command(word: str) -> str:
    near = _near(word)
    hint = f'did you mean "{near}"?' if near else "vitrina --help lists the commands."
    return f'There is no command "{word}": {hint}'


def _near(word: str) -> str | None:
    """The command that a word was probably meant to be."""
    return nearest(word, COMMANDS)


def _trouble(error: OSError) -> str:
    """What an error of the operating system says that nothing below has explained."""
    return f"{error.filename or 'The output'} cannot be written: {error.strerror}."


def _silence(stream: TextIO) -> None:
    """Let what is left in a buffer go nowhere, else the interpreter complains at exit."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    sys.exit(main())
