"""Lines of text with roles, measured, cut and broken to the cells of a terminal.

A line is a list of spans, each a text and the role that decides its look. Text is cleaned here, at
the border of the program: nothing that a file says reaches the terminal as anything but text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from state.domain.safe_text import clean
from tui.render.glyphs import glyph

Span = tuple[str, str]
"""A text and its role: one of ``tui.render.theme.ROLES``, or nothing."""
Line = list[Span]

_PIECE = re.compile(r"\n| +|[^ \n]+")
_NARROW = re.compile(
    "[ -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u2010-\u2027\u2190-\u2193\u2500-\u25fc✓✗]*"
)
"""Text of which each character takes one cell. Any other is measured by Rich, which commands spare
themselves: it takes long to import."""


class Row(NamedTuple):
    """A row.

    Attributes:
        key: What the row is about; the cursor stays with it when the rows change.
        line: What it shows, after the cursor's bar.
        selectable: Whether the cursor stops here.
        mark: The sign before the line, one cell wide.
    """

    key: str
    line: Line
    selectable: bool = True
    mark: Span = (" ", "")


def span(text: str, role: str = "") -> Span:
    """A cleaned text with a role."""
    return clean(text), role


def plain(line: Sequence[Span]) -> str:
    return "".join(text for text, _ in line)


def cells(text: str) -> int:
    if text.isascii() or _NARROW.fullmatch(text):
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def width_of(line: Iterable[Span]) -> int:
    return sum(cells(text) for text, _ in line)


def cut(text: str, width: int) -> str:
    """A text that fits into a number of cells, cut with a sign where it has to be."""
    if cells(text) <= width:
        return text
    if cells(bare := text.rstrip(" ")) <= width:
        return bare + " " * (width - cells(bare))
    head = _chop(text, width - 1)[0] if width > 1 else ""
    return head.rstrip() + glyph("cut") if width > 0 else ""


def cell(text: str, width: int, role: str = "") -> Span:
    """A cleaned text in a column: cut or padded to a width."""
    if len(text) <= width and text.isascii() and text.isprintable() and "=" not in text:
        # Nearly every text is, and a history has tens of thousands of them.
        return text.ljust(width), role
    shown = cut(clean(text), width)
    return shown + " " * (width - cells(shown)), role


def fit(line: Line, width: int) -> Line:
    fitted: Line = []
    for text, role in line:
        room = width - width_of(fitted)
        if room <= 0:
            break
        fitted.append((cut(text, room), role))
    return fitted


def pad(line: Line, width: int) -> Line:
    fitted = fit(line, width)
    return [*fitted, (" " * max(0, width - width_of(fitted)), "")]


def spread(left: Line, right: Line, width: int) -> Line:
    """A left part and a right part with the room between them; the left one gives way."""
    room = width - width_of(right)
    return [*pad(fit(left, room - 1), room), *right]


def rule(width: int) -> Line:
    return [(glyph("rule") * width, "faint")]


def bar(fraction: float, width: int) -> str:
    full = round(min(1.0, max(0.0, fraction)) * width)
    return glyph("full") * full + glyph("empty") * (width - full)


def indented(lines: Iterable[Line]) -> list[Line]:
    """Lines a cell from the edge, as those of the frame are."""
    return [[(" ", ""), *line] for line in lines]


def paragraph(text: str, width: int, role: str = "", *, lines: int | None = None) -> list[Line]:
    """A text, cleaned and broken into at most ``lines`` lines; one empty line for an empty text."""
    width = max(8, width)
    broken = [plain(line) for line in flow([span(text)], width)]
    if lines and len(broken) > lines:
        broken = [*broken[: lines - 1], cut(" ".join(broken[lines - 1 :]), width)]
    return [[(each, role)] for each in broken]


def flow(
    spans: Iterable[Span],
    width: int,
    *,
    lead: Line | None = None,
    indent: int = 0,
    chop: bool = True,
) -> list[Line]:
    """Break cleaned spans into lines between their words; one empty line where there is no text.

    Args:
        spans: Cleaned texts with their roles; a line end in a text ends the line.
        lead: What the first line begins with.
        indent: The cells before each line but the first.
        chop: Whether a word that is longer than a line is broken; else it can be copied whole.
    """
    lines: list[Line] = [[*(lead or ())]]
    used = start = width_of(lines[0])

    def begin_line() -> None:
        nonlocal used, start
        lines.append([(" " * indent, "")] if indent else [])
        used = start = indent

    for blank, word in _words(spans):
        if blank and blank[0] == "\n":
            begin_line()
            continue
        if used > start and used + width_of([blank, *word] if blank else word) > width:
            begin_line()
        elif blank and used > start:
            lines[-1].append(blank)
            used += len(blank[0])
        for text, role in word:
            for part in _chop(text, max(2, width)) if chop and cells(text) > width else [text]:
                if used > start and used + cells(part) > width:
                    begin_line()
                lines[-1].append((part, role))
                used += cells(part)
    return lines


def _chop(text: str, width: int) -> list[str]:
    """A text in pieces of at most a number of cells; the first one is empty where none fits."""
    if _NARROW.fullmatch(text):
        return [text[at : at + width] for at in range(0, len(text), width)]
    from rich.cells import chop_cells

    return chop_cells(text, width)


def _words(spans: Iterable[Span]) -> Iterator[tuple[Span | None, Line]]:
    """Words with the blank before each; a word may be of several roles."""
    blank: Span | None = None
    word: Line = []
    for text, role in spans:
        for piece in _PIECE.findall(text):
            if piece[0] in " \n":
                if word:
                    yield blank, word
                    blank, word = None, []
                if piece == "\n":
                    yield ("\n", role), []
                else:
                    blank = piece, role
            else:
                word.append((piece, role))
    if word:
        yield blank, word
