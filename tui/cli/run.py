"""From a command's arguments to its exit status."""

from collections.abc import Callable
from contextlib import nullcontext
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from tui.cli.commands import Entry
from tui.cli.output import forgiving_output, print_error
from tui.launch import Failure

if TYPE_CHECKING:
    from argparse import Namespace

    from state.engine import Engine

DONE, FINDINGS, USAGE, REFUSED, TROUBLE = range(5)
"""The exit statuses."""


class Call:
    """A command, as it was asked for.

    Args:
        options: Its arguments.
    """

    def __init__(self, options: "Namespace | SimpleNamespace") -> None:
        self.options: Any = options
        self.root = Path(options.directory)
        self.json: bool = options.json

    @cached_property
    def engine(self) -> "Engine":
        """The engine over the working directory."""
        from state.engine import Engine

        return Engine(self.root)

    def warnings(self) -> tuple[str, ...]:
        """What whoever acted should know of the directory."""
        return self.engine.warnings if "engine" in vars(self) else ()


def run_command(entry: Entry, arguments: list[str]) -> int:
    """Run a command.

    Args:
        entry: The command.
        arguments: What stands around its name.

    Returns:
        The exit status.

    Raises:
        Failure: The arguments are wrong, or a file cannot be read or written.
        SystemExit: Help was asked for.
    """
    call = Call(_read(entry, arguments))
    # After the arguments: wrong ones and calls for help are answered without the engine.
    from state.domain.errors import StorageError, UnknownOfferError
    from state.domain.times import in_utc, settle_zone

    settle_zone()
    forgiving_output()
    module, _, name = entry.run.partition(":")
    function = cast(Callable[[Call], int], getattr(import_module(f"tui.cli.{module}"), name))
    try:
        with in_utc() if call.json else nullcontext():
            status = function(call)
        for warning in call.warnings():
            print_error(warning)
        return status
    except UnknownOfferError as error:
        raise Failure(str(error), "offer.unknown", USAGE) from None
    except StorageError as trouble:
        raise Failure(str(trouble), trouble.code, TROUBLE) from trouble


def _read(entry: Entry, arguments: list[str]) -> "Namespace | SimpleNamespace":
    """The arguments as values."""
    plain = not entry.arguments and (entry.answers or not arguments)
    if plain and (options := _without_argparse(arguments)):
        return options
    from tui.cli.arguments import parse

    return parse(entry, arguments)


def _without_argparse(arguments: list[str]) -> SimpleNamespace | None:
    """The options that every command takes, None where there is anything else.

    Argparse takes a tenth of the time in which a list of offers is made.
    """
    options = SimpleNamespace(directory=".", json=False)
    rest = iter(arguments)
    for each in rest:
        directory = next(rest, None) if each == "-C" else None
        if each == "--json":
            options.json = True
        elif directory is not None:
            options.directory = directory
        else:
            return None
    return options
