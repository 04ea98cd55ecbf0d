"""Text of several roles, broken into lines between its words."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

Span = tuple[str, str]
Line = list[Span]

_PIECE = re.compile(r"\n| +|[^ \n]+")


class Measure(NamedTuple):
    """How a terminal's cells are counted.

    Attributes:
        size: The cells that a text takes.
        chop: A text in pieces of a number of cells.
    """

    size: Callable[[str], int]
    chop: Callable[[str, int], list[str]]


def flow(spans: Iterable[Span], width: int, measure: Measure | None = None) -> list[Line]:
    """Break spans into lines.

    Args:
        spans: Cleaned texts with their roles; a line end in a text ends the line.
        width: The cells of a line.
        measure: How they are counted; as screens count them when left out.

    Returns:
        The lines; one empty line where there is no text.
    """
    measure = measure or _of_screens()
    lines: list[Line] = [[]]
    used = 0
    for blank, word in _words(spans):
        if blank and blank[0] == "\n":
            lines.append([])
            used = 0
            continue
        size = sum(measure.size(text) for text, _ in word)
        if used and used + (len(blank[0]) if blank else 0) + size > width:
            lines.append([])
            used = 0
        if blank and used:
            lines[-1].append(blank)
            used += len(blank[0])
        for text, role in word:
            for part in _parts(text, width, measure):
                if used + measure.size(part) > width and used:
                    lines.append([])
                    used = 0
                lines[-1].append((part, role))
                used += measure.size(part)
    return lines


def _of_screens() -> Measure:
    # Commands do without Rich, which takes long to import.
    from rich.cells import cell_len, chop_cells

    return Measure(cell_len, chop_cells)


def _parts(text: str, width: int, measure: Measure) -> list[str]:
    """A word, in pieces where it is longer than a line."""
    return [text] if measure.size(text) <= width else measure.chop(text, max(2, width - 1))


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
