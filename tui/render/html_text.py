"""Simple HTML as lines of text: headings, lists, emphasis, links."""

import re
from collections.abc import Iterator
from itertools import count, repeat
from typing import NamedTuple

from state.domain.safe_text import clean
from state.domain.simple_html import BLOCKS, HEADINGS, Element, tree_of
from tui.render.glyphs import glyph
from tui.render.lines import Line, Span, flow

_ROLES = dict.fromkeys((*HEADINGS, "strong", "b", "a"), "strong") | {"em": "italic", "i": "italic"}


class _Block(NamedTuple):
    """A paragraph, a heading or an item, with the mark of the item and the lists it is in."""

    spans: list[Span]
    mark: str
    depth: int


def html_lines(text: str, width: int) -> list[Line]:
    """A text of the marketplace as a customer reads it, an empty line between blocks."""
    writer = _Writer()
    writer.write(tree_of(text))
    writer.end_block()
    lines: list[Line] = []
    before: _Block | None = None
    for block in writer.blocks:
        if before and not (before.mark and (block.mark or block.depth)):
            lines.append([])
        lead = "  " * (block.depth - 1) + f"{block.mark} " if block.mark else "  " * block.depth
        for number, line in enumerate(flow(block.spans, max(16, width - len(lead)))):
            lines.append([(lead if not number else " " * len(lead), "muted"), *line])
        before = block
    return lines


class _Writer:
    """Collects the blocks of a tree."""

    def __init__(self) -> None:
        self.blocks: list[_Block] = []
        self._spans: list[Span] = []
        self._mark = ""
        self._marks: list[Iterator[str]] = [repeat(glyph("mark"))]

    def write(self, element: Element, role: str = "") -> None:
        """Write an element, in the role of the one that it is in where it has none."""
        name, address, children = element
        if name in BLOCKS:
            self.end_block()
        if name == "li":
            self._mark = next(self._marks[-1])
        elif name == "ol":
            self._marks.append(f"{number}." for number in count(1))
        elif name == "ul":
            self._marks.append(repeat(glyph("mark")))
        role = _ROLES.get(name, role)
        for child in children:
            if isinstance(child, Element):
                self.write(child, role)
            else:
                self._spans.append((clean(re.sub(r"\s+", " ", child)), role))
        if address:
            self._spans.append((clean(f" ({address})"), "muted"))
        if name in BLOCKS:
            self.end_block()
        if name in ("ol", "ul"):
            self._marks.pop()

    def end_block(self) -> None:
        if any(text.strip() for text, _ in self._spans):
            self.blocks.append(_Block(self._spans, self._mark, len(self._marks) - 1))
            self._mark = ""
        self._spans = []
