"""The entry point: a command to answer, or a directory to open the program on.

Nothing heavy is imported here: a command imports what it needs, the program its screens.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, TextIO

from tui import __version__
from tui.launch import TROUBLE, USAGE, Failure, open_program
from tui.terminal.ending import TERMINAL

if TYPE_CHECKING:
    from argparse import Namespace

BROKEN_PIPE = 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program.

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
        from tui.cli.output import print_error

        print_error(f"{error.filename or 'The output'} cannot be written: {error.strerror}.")
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
        return _run(arguments)
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else USAGE
    except Failure as error:
        failure = error
    except FileNotFoundError as error:
        if error.filename:
            raise
        # Only asking for the current directory fails like this.
        message = "The current directory no longer exists."
        failure = Failure(message, "directory.unreadable", TROUBLE)
    from tui.cli.output import print_error, print_json

    print_error(str(failure))
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    if "--json" in options:
        print_json({"error": {"code": failure.code, "message": str(failure)}})
    return failure.status


def _run(arguments: list[str]) -> int:
    from tui.cli.arguments import overview, read_leading
    from tui.cli.commands import Commands

    options = read_leading(arguments)
    words = options.arguments
    commands = Commands(words[0] if words else "")
    if options.help:
        print(overview(commands.groups))
        return 0
    if options.version:
        print(f"vitrina {__version__}")
        return 0
    if commands.parser:
        options = commands.parser.read(words[1:], options)
        # Now, because calls for help and wrong arguments are answered without it.
        from tui.cli.run import run_command

        return run_command(commands.parser.run, options)
    return _open(options, commands.names)


def _open(options: "Namespace", commands: Sequence[str]) -> int:
    """Open the program on a directory."""
    from pathlib import Path

    from state.domain.suggestions import did_you_mean

    if options.json:
        raise Failure("--json needs a command, such as: vitrina list --json")
    words = options.arguments[1:] if options.arguments[:1] == ["--"] else options.arguments
    if len(words) > 1:
        hint = did_you_mean(words[0], commands) or " vitrina --help lists the commands."
        raise Failure(f'There is no command "{words[0]}".{hint}')
    root = Path(options.directory, *words)
    with suppress(OSError, ValueError):
        if root.is_dir():
            return open_program(root)
    if words and (hint := did_you_mean(words[0], commands)):
        raise Failure(f'There is no command or directory "{words[0]}".{hint}')
    raise Failure(f'There is no directory "{root}".', "directory.unreadable", TROUBLE)


def _silence(stream: TextIO) -> None:
    """Let what is left in a buffer go nowhere, else the interpreter complains at exit."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    sys.exit(main())
