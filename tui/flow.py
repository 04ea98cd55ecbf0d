"""Text of several roles, broken into lines between its words."""

import re
from collections.abc import Iterable, Iterator

from rich.cells import cell_len, chop_cells

from tui.lines import Line, Span

_PIECE = re.compile(r"\n| +|[^ \n]+")


def flow(spans: Iterable[Span], width: int) -> list[Line]:
    """Break spans into lines.

    Args:
        spans: Cleaned texts with their roles; a line end in a text ends the line.
        width: The cells of a line.

    Returns:
        The lines; one empty line where there is no text.
    """
    lines: list[Line] = [[]]
    used = 0
    for blank, word in _words(spans):
        if blank and blank[0] == "\n":
            lines.append([])
            used = 0
            continue
        size = sum(cell_len(text) for text, _ in word)
        if used and used + (len(blank[0]) if blank else 0) + size > width:
            lines.append([])
            used = 0
        if blank and used:
            lines[-1].append(blank)
            used += len(blank[0])
        for text, role in word:
            for part in _parts(text, width, used):
                if used + cell_len(part) > width and used:
                    lines.append([])
                    used = 0
                lines[-1].append((part, role))
                used += cell_len(part)
    return lines


def _parts(text: str, width: int, used: int) -> list[str]:
    """A word, in pieces where it is longer than a line."""
    return [text] if cell_len(text) <= width else chop_cells(text, max(2, width - 1))


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
