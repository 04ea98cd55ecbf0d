"""Lines of text with roles: what screens are made of before a terminal sees them.

A line is a list of spans, each a text and the role that decides its look. Text is cleaned here, at
the border of the program: nothing that a file says reaches the terminal as anything but text.
"""

from collections.abc import Iterable, Sequence
from textwrap import wrap as _wrap
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size

from state.domain.safe_text import clean
from tui.render.glyphs import glyph

Span = tuple[str, str]
"""A text and its role: one of ``tui.render.theme.ROLES``."""
Line = list[Span]


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


def width_of(line: Iterable[Span]) -> int:
    """The cells that a line takes."""
    return sum(cell_len(text) for text, _ in line)


def cut(text: str, width: int) -> str:
    """A text that fits into a number of cells, cut with a sign where it has to be."""
    if cell_len(text) <= width:
        return text
    if cell_len(bare := text.rstrip(" ")) <= width:
        return set_cell_size(bare, width)
    return set_cell_size(text, width - 1).rstrip() + glyph("cut") if width > 0 else ""


def cell(text: str, width: int, role: str = "") -> Span:
    """A cleaned text in a column: cut or padded to a width."""
    if len(text) <= width and text.isascii() and text.isprintable() and "=" not in text:
        # Nearly every text is, and a history has tens of thousands of them.
        return text.ljust(width), role
    shown = cut(clean(text), width)
    return shown + " " * (width - cell_len(shown)), role


def fit(line: Line, width: int) -> Line:
    """A line cut to a width."""
    fitted: Line = []
    for text, role in line:
        room = width - width_of(fitted)
        if room <= 0:
            break
        fitted.append((cut(text, room), role))
    return fitted


def spread(left: Line, right: Line, width: int) -> Line:
    """A left part and a right part with the room between them; the left one gives way."""
    room = width - width_of(right)
    left = fit(left, max(0, room - 1))
    return [*left, (" " * max(0, room - width_of(left)), ""), *right]


def rule(width: int) -> Line:
    """A line across."""
    return [(glyph("rule") * width, "faint")]


def paragraph(text: str, width: int, role: str = "", *, lines: int | None = None) -> list[Line]:
    """A cleaned text broken into lines.

    Args:
        text: The text.
        width: The cells of a line.
        role: The role of the text.
        lines: The most lines; the last one is cut where there are more.

    Returns:
        The lines; one empty line for an empty text.
    """
    text, width = clean(text), max(8, width)
    if cell_len(text) == len(text):
        # A path or an identifier is not broken at its hyphens.
        broken = _wrap(text, width, break_on_hyphens=False) or [""]
    else:
        broken = _wide(text, width)
    if lines and len(broken) > lines:
        broken = [*broken[: lines - 1], cut(" ".join(broken[lines - 1 :]), width)]
    return [[(each, role)] for each in broken]


def _wide(text: str, width: int) -> list[str]:
    """A text with characters of two cells, or of none, broken into lines."""
    from tui.render.wrap import flow

    return [plain(line) for line in flow([(" ".join(text.split()), "")], width)]


def indented(lines: Iterable[Line]) -> list[Line]:
    """Lines a cell from the edge, as those of the frame are."""
    return [[(" ", ""), *line] for line in lines]


def bar(fraction: float, width: int) -> str:
    """A progress bar as text."""
    full = round(min(1.0, max(0.0, fraction)) * width)
    return glyph("full") * full + glyph("empty") * (width - full)


def plain(line: Sequence[Span]) -> str:
    """A line's text alone."""
    return "".join(text for text, _ in line)
