"""What commands print: cleaned text, aligned columns, colours where a terminal wants them."""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, TextIO

from state.domain.safe_text import clean, masked
from tui.render.lines import Line, Span, flow, pad, span, width_of

_COLOURS = {"good": "32", "warn": "33", "bad": "31", "muted": "2", "strong": "1"}


class Column(NamedTuple):
    """A column of a table.

    Attributes:
        least: The fewest cells that it shrinks to where the terminal is narrow; 0 for never.
        optional: Whether it is left out where the terminal is narrow.
        enough: The cells to which it shrinks before another one is left out; 0 for never.
    """

    title: str
    least: int = 0
    optional: bool = False
    enough: int = 0


def on_terminal(stream: TextIO | None = None) -> bool:
    """Whether a stream, the standard output when left out, is a terminal."""
    stream = stream or sys.stdout
    return bool(stream and stream.isatty())


def width(stream: TextIO | None = None) -> int | None:
    """The cells of a stream's lines; None where it is no terminal and nothing is cut."""
    stream = stream or sys.stdout
    if not on_terminal(stream):
        return None
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def print_error(message: str) -> None:
    """Say something on the standard error, as one line."""
    print_stderr(f"vitrina: {clean(message)}\n")


def print_stderr(text: str) -> None:
    """Write to the standard error, which may take nothing."""
    with suppress(OSError):
        print(text, end="", file=sys.stderr, flush=True)


def print_line(line: str | Iterable[Span] = "") -> None:
    """Print a line of spans, cleaned."""
    spans = [(line, "")] if isinstance(line, str) else line
    print("".join(_painted(clean(text), role) for text, role in spans).rstrip())


def print_json(document: object, *, secrets: bool = False) -> None:
    """Print a JSON document, without signatures unless ``secrets``.

    What a terminal could take for a command is escaped.
    """
    import json

    shown = document if secrets else _masked(document)
    print(json.dumps(shown, indent=2).replace("\x7f", "\\u007f"))


def _masked(document: Any) -> Any:
    match document:
        case str():
            return masked(document)
        case Mapping():
            return {key: _masked(each) for key, each in document.items()}
        case list() | tuple():
            return [_masked(each) for each in document]
    return document


def forgiving_output() -> None:
    """Let characters that an output cannot write be spelled out rather than fail."""
    from io import TextIOWrapper

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def table(columns: Sequence[Column], rows: Sequence[Sequence[Line]]) -> list[Line]:
    """Rows below their titles, aligned.

    Where the terminal is narrow those columns shrink that have more than enough, then the optional
    ones go, the first of them first, then the others shrink, the last of them first.
    """
    titles = [[(column.title, "muted")] for column in columns]
    shown = [titles, *([[span(*each) for each in cell] for cell in row] for row in rows)]
    widths = [max(width_of(row[index]) for row in shown) for index in range(len(columns))]
    left_out = _fit(columns, widths)
    kept = [index for index in range(len(columns)) if index not in left_out]
    lines = []
    for row in shown:
        line: Line = []
        for index in kept:
            line += [*pad(row[index], widths[index]), ("  ", "")]
        lines.append(line[:-1])
    return lines


def wrap_after(lead: Line, text: str, *, indent: int, role: str = "") -> list[Line]:
    """A text after a lead, on a terminal broken into lines, all but the first indented by cells."""
    spans, lead = [span(text, role)], [span(*each) for each in lead]
    room = width()
    if room is None:
        return [[*lead, *spans]]
    return flow(spans, room, lead=lead, indent=indent, chop=False)


def _fit(columns: Sequence[Column], widths: list[int]) -> set[int]:
    """Shrink widths to the terminal's; gives the columns that are left out."""
    left_out: set[int] = set()
    room = width()
    if room is None:
        return left_out

    def excess() -> int:
        kept = [each for index, each in enumerate(widths) if index not in left_out]
        return sum(kept) + 2 * (len(kept) - 1) - room

    for index, column in enumerate(columns):
        if column.enough:
            widths[index] = min(widths[index], max(column.enough, widths[index] - excess()))
    for index, column in enumerate(columns):
        if column.optional and excess() > 0:
            left_out.add(index)
    for index in reversed(range(len(columns))):
        if columns[index].least and index not in left_out:
            widths[index] = max(columns[index].least, widths[index] - max(0, excess()))
    return left_out


def _painted(text: str, role: str) -> str:
    if not role or not text or not _colours_wanted():
        return text
    return f"\x1b[{_COLOURS[role]}m{text}\x1b[0m"


def _colours_wanted() -> bool:
    return on_terminal() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
