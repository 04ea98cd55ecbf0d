"""The reading of arguments with argparse, and the overview of the commands."""

import os
from argparse import (
    REMAINDER,
    Action,
    ArgumentError,
    ArgumentParser,
    Namespace,
    RawDescriptionHelpFormatter,
)
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

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
To open a directory named as a command, put ./ before it: vitrina ./list
Before an offer that begins with a hyphen, put two: vitrina show -- -try

Exit status: 0 done and clean, 1 errors found or a wait that ended otherwise
than asked, 2 wrong usage or no such offer, 3 refused, 4 a file that cannot be
read or written. With --json, 2 and 4 print {{"error": {{"code", "message"}}}}; the
codes: usage, offer.unknown, version.unknown, directory.unreadable,
publisher.unreadable, history.unreadable, lock.held, file.trouble."""


def overview(groups: Mapping[str, Mapping[str, str]]) -> str:
    """What the program can do, a line a command."""
    lines = []
    for title, commands in groups.items():
        lines += ["", title, *(f"  {name:<12} {help}" for name, help in commands.items())]
    return _OVERVIEW.format(groups="\n".join([*lines, ""]))


class Parser(ArgumentParser):
    """A parser whose errors are safe to show, whatever was typed, and name what was meant."""

    def error(self, message: str) -> NoReturn:
        from state.domain.safe_text import clean
        from state.domain.suggestions import did_you_mean
        from tui.cli.output import print_stderr

        print_stderr(self.format_usage())
        unknown = message.removeprefix("unrecognized arguments: ").partition(" ")[0]
        is_option = unknown.startswith("--") and unknown != "--"
        hint = did_you_mean(unknown, self._option_string_actions) if is_option else ""
        raise UsageError(f"{clean(message)}.{hint}" if hint else clean(message))

    def _match_argument(self, action: Action, arg_strings_pattern: str) -> int:
        try:
            return super()._match_argument(action, arg_strings_pattern)
        except ArgumentError:
            one_of = f", one of {', '.join(map(str, action.choices))}" if action.choices else ""
            usage = f"{action.option_strings[-1]} {action.metavar}"
            raise ArgumentError(action, f"No value. Write {usage}{one_of}.") from None

    def _check_value(self, action: Action, value: Any) -> None:
        from state.domain.safe_text import quoted
        from state.domain.suggestions import did_you_mean

        if action.choices is not None and value not in action.choices:
            known = [str(each) for each in action.choices]
            hint = did_you_mean(str(value), known)
            message = f"{quoted(str(value))} is not one of {', '.join(known)}.{hint}"
            raise ArgumentError(action, message)


def _formatter(prog: str) -> RawDescriptionHelpFormatter:
    try:
        columns = os.get_terminal_size().columns or 80
    except OSError:
        columns = 80
    # Left to find out the width, argparse imports shutil, with every compression there is.
    return RawDescriptionHelpFormatter(prog, width=columns - 2)


def read_leading(arguments: Sequence[str]) -> Namespace:
    """Read the options before a command; ``arguments`` are the rest, the command first."""
    usage = "vitrina [DIR]\n       vitrina COMMAND [ARGUMENT ...]"
    parser = Parser(
        "vitrina", usage, formatter_class=_formatter, add_help=False, allow_abbrev=False
    )
    for flags in (["-h", "--help"], ["--version"], ["--json"]):
        parser.add_argument(*flags, action="store_true")
    parser.add_argument("-C", dest="directory", metavar="DIR", default=".")
    parser.add_argument("arguments", nargs=REMAINDER)
    return parser.parse_args(arguments)


class CommandParser(Parser):
    """The parser of one command, which ``run`` answers: ``module:function`` below ``tui.cli``."""

    def __init__(self, name: str, run: str, help: str) -> None:
        super().__init__(
            prog=f"vitrina {name}",
            description=f"{help[0].upper()}{help[1:]}.",
            formatter_class=_formatter,
            allow_abbrev=False,
        )
        self.run = run
        self.takes_directory = True
        """Whether it takes ``-C`` and ``--json``."""

    def read(self, arguments: Sequence[str], options: Namespace) -> Namespace:
        """Read what follows the command, after the options before it."""
        if self.takes_directory:
            self.add_argument("-C", metavar="DIR", dest="directory", help="the working directory")
            self.add_argument("--json", action="store_true", help="print one JSON document")
        # Python 3.11 loses "--" where options may stand between the arguments.
        read = self.parse_args if "--" in arguments else self.parse_intermixed_args
        return read(arguments, options)

    def add_examples(self, *examples: str) -> None:
        """Show what a person might type, given without the program's name."""
        title = "Example:" if len(examples) == 1 else "Examples:"
        self.epilog = "\n  vitrina ".join((title, *examples))

    def add_offer(self, help: str = "the offer's identifier", nargs: str | None = None) -> None:
        self.add_argument("offer", metavar="ID", nargs=nargs, help=help)

    def add_offers(self) -> None:
        help = "offers; all of them when left out"
        self.add_argument("offers", metavar="ID", nargs="*", help=help)

    def add_note(self) -> None:
        self.add_argument("--note", metavar="TEXT", help="words for the history")

    def add_fields(self, help: str) -> None:
        self.add_argument(
            "--field", metavar="FIELD", nargs="+", action="extend", dest="fields", help=help
        )

    def add_content(self, of: str) -> None:
        """Take the content that an action is about: it is refused for any other."""
        help = f"refuse unless this is the content of {of}: 8 or more of its digits"
        self.add_argument("--content", metavar="HASH", help=help)

    def add_yes(self) -> None:
        self.add_argument("--yes", action="store_true", help="without asking")
