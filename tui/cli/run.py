"""From a command's arguments to its exit status."""

import gc
from argparse import Namespace
from collections.abc import Callable
from contextlib import nullcontext
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from state.domain.errors import StorageError, UnknownOfferError
from state.domain.times import in_utc, settle_zone
from tui.cli.output import forgiving_output, print_error
from tui.launch import TROUBLE, USAGE, Failure

if TYPE_CHECKING:
    from state.engine import Engine


class Call:
    """A command, as it was asked for."""

    def __init__(self, options: Namespace) -> None:
        self.options: Any = options
        self.root = Path(options.directory)
        self.json: bool = options.json

    @cached_property
    def engine(self) -> "Engine":
        from state.engine import Engine

        return Engine(self.root)

    def warnings(self) -> tuple[str, ...]:
        """What whoever acted should know of the directory."""
        return self.engine.warnings if "engine" in vars(self) else ()


def run_command(run: str, options: Namespace) -> int:
    """Run a command, given as ``module:function`` below ``tui.cli``.

    Raises:
        Failure: An argument is wrong, or a file cannot be read or written.
    """
    # A command is over soon: looking for cycles in what it imports costs more than it frees.
    gc.set_threshold(100_000, 50, 50)
    settle_zone()
    forgiving_output()
    call = Call(options)
    module, _, name = run.partition(":")
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
