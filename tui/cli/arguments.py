"""What the program says about its use, and the reading of a command's arguments."""

from argparse import Action, ArgumentError, ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from textwrap import wrap
from typing import Any, NoReturn

from state.domain.safe_text import clean, nearest, quoted
from tui.cli.commands import COMMANDS, GROUPS, Entry
from tui.cli.output import print_stderr
from tui.launch import UsageError

_OVERVIEW = """\
Usage: vitrina [DIR]                   open the program on a directory, or here
       vitrina COMMAND [ARGUMENT ...]  answer without opening it

Publish offers to a cloud marketplace from a terminal.
{groups}
Every command but demo takes
  -C DIR       the working directory, before or after the command
  --json       one JSON document on standard output
  --help       what it takes, with an example
A directory named as a command is opened with ./ before it: vitrina ./list
An offer that begins with a hyphen stands after two: vitrina show -- -try

Exit status: 0 done and clean, 1 errors found or a wait that ended otherwise
than asked, 2 wrong usage or no such offer, 3 refused, 4 a file that cannot be
read or written. With --json, 2 and 4 print {{"error": {{"code", "message"}}}}; the
codes: {codes}
"""

CODES = (
    "usage", "offer.unknown", "version.unknown", "directory.unreadable", "publisher.unreadable",
    "history.unreadable", "lock.held", "file.trouble",
)  # fmt: skip
"""What a script learns of a failure."""


def overview() -> str:
    """What the program can do, a line a command."""
    parts = []
    for group in GROUPS:
        lines = (
            f"  {entry.name:<12} {entry.help}"
            for entry in COMMANDS.values()
            if entry.group == group
        )
        parts.append("\n".join(("", group, *lines)))
    codes = "\n".join(wrap(f"codes: {', '.join(CODES)}.", 79)).removeprefix("codes: ")
    return _OVERVIEW.format(groups="\n".join(parts) + "\n", codes=codes).rstrip("\n")


def parse(entry: Entry, arguments: Sequence[str]) -> Namespace:
    """Read the arguments of a command.

    Args:
        entry: The command.
        arguments: What stands around its name.

    Returns:
        The values. ``directory`` and ``json`` are always among them.

    Raises:
        UsageError: They are wrong.
        SystemExit: Help was asked for.
    """
    parser = _Parser(
        prog=f"vitrina {entry.name}",
        description=f"{entry.help[0].upper()}{entry.help[1:]}.",
        epilog="\n  ".join(
            ("Example:" if len(entry.examples) == 1 else "Examples:", *entry.examples)
        ),
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    for argument in entry.arguments:
        parser.add_argument(*argument.names, **argument.options)
    parser.set_defaults(directory=".", json=False)
    if entry.answers:
        parser.add_argument(
            "-C", metavar="DIR", dest="directory", default=".", help="the working directory"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.register("type", None, _unmarked)
    end = arguments.index("--") + 1 if "--" in arguments else len(arguments)
    return parser.parse_intermixed_args(
        [*arguments[:end], *(f"{_NO_OPTION}{each}" for each in arguments[end:])]
    )


_NO_OPTION = "\0"
"""What the arguments after ``--`` begin with, lest an intermixed parser take them for options; the
arguments of a process never hold it."""


def _unmarked(argument: str) -> str:
    return argument.removeprefix(_NO_OPTION)


class _Parser(ArgumentParser):
    """A parser whose complaints are safe to show, whatever was typed, and name what was meant."""

    def error(self, message: str) -> NoReturn:
        print_stderr(self.format_usage())
        said = clean(message.replace(_NO_OPTION, ""))
        unknown = said.removeprefix("unrecognized arguments: ").split()[:1] if "--" in said else []
        near = nearest(unknown[0], self._option_string_actions) if unknown else None
        hint = f'. Did you mean "{near}"?' if near else ""
        raise UsageError(f"{said}{hint}")

    def _check_value(self, action: Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            known = [str(each) for each in action.choices]
            near = nearest(str(value), known)
            hint = f' Did you mean "{near}"?' if near else ""
            said = f"{quoted(str(value))} is not one of {', '.join(known)}.{hint}"
            raise ArgumentError(action, said)
