"""The marketplace's little HTML as lines of text: headings, lists, emphasis, links."""

from collections.abc import Iterable
from html.parser import HTMLParser
from typing import NamedTuple

from state.domain.safe_text import clean
from tui.render.glyphs import glyph
from tui.render.lines import Line, Span
from tui.render.wrap import flow

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5"))
_BLOCKS = _HEADINGS | {"p", "li", "ul", "ol"}
_ROLES = {"strong": "strong", "b": "strong", "em": "italic", "i": "italic", "a": "strong"}


class Block(NamedTuple):
    """A paragraph, heading or item.

    Attributes:
        spans: Its text with roles.
        lead: What stands before its first line: the sign or number of an item.
        depth: How many lists it is in.
        heading: Whether it is one.
    """

    spans: tuple[Span, ...]
    lead: str = ""
    depth: int = 0
    heading: bool = False


def html_lines(text: str, width: int) -> list[Line]:
    """A text of the marketplace as a customer reads it.

    Args:
        text: The text as written.
        width: The cells of a line.

    Returns:
        The lines, an empty one between blocks.
    """
    lines: list[Line] = []
    before: Block | None = None
    for block in blocks_of(text):
        if before and not (before.lead and (block.lead or block.depth)):
            lines.append([])
        indent = 2 * max(0, block.depth - 1)
        lead = " " * indent + (block.lead + " " if block.lead else "")
        lead = lead or (" " * 2 if block.depth else "")
        for number, line in enumerate(flow(block.spans, max(16, width - len(lead)))):
            lines.append([(lead if not number else " " * len(lead), "muted"), *line])
        before = block
    return lines


def blocks_of(text: str) -> list[Block]:
    """The blocks of a text; of one that is not well formed as much as can be read."""
    reader = _Reader()
    # The parser gives up on marked sections, which are none of the allowed tags.
    reader.feed(text.replace("<![", "&lt;!["))
    reader.close()
    reader.end_block()
    return reader.blocks


class _Reader(HTMLParser):
    """Walks through the text and collects blocks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._spans: list[Span] = []
        self._roles: list[tuple[str, str]] = []
        self._lists: list[int | None] = []
        self._lead = ""
        self._heading = False
        self._addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a block, or other looks."""
        if tag in _BLOCKS:
            self.end_block()
        if tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._lead = self._next_lead()
        elif tag in _HEADINGS:
            self._heading = True
        elif tag in _ROLES:
            self._roles.append((tag, _ROLES[tag]))
            if tag == "a":
                self._addresses.append(dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        """End a block, or other looks."""
        if tag in _BLOCKS:
            self.end_block()
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "a" and self._addresses:
            self._put(f" ({self._addresses.pop()})", "muted")
        for at in reversed(range(len(self._roles))):
            if self._roles[at][0] == tag:
                del self._roles[at]
                break

    def handle_data(self, data: str) -> None:
        """Take text; white space counts once."""
        role = self._roles[-1][1] if self._roles else ""
        self._put(" ".join(f"_{data}_".split())[1:-1], role)

    def end_block(self) -> None:
        """Keep what was collected as a block."""
        spans = _trimmed(self._spans)
        if spans:
            if self._heading:
                spans = [(text, role or "strong") for text, role in spans]
            self.blocks.append(Block(tuple(spans), self._lead, len(self._lists), self._heading))
            self._lead = ""
        self._spans = []
        self._heading = False

    def _next_lead(self) -> str:
        if not self._lists or self._lists[-1] is None:
            return glyph("mark")
        self._lists[-1] += 1
        return f"{self._lists[-1]}."

    def _put(self, text: str, role: str) -> None:
        shown = clean(text)
        if shown.startswith(" ") and self._spans and self._spans[-1][0].endswith(" "):
            shown = shown[1:]
        if shown:
            self._spans.append((shown, role))


def _trimmed(spans: Iterable[Span]) -> list[Span]:
    found = list(spans)
    while found and not found[0][0].strip():
        found.pop(0)
    while found and not found[-1][0].strip():
        found.pop()
    if found:
        found[0] = found[0][0].lstrip(), found[0][1]
        found[-1] = found[-1][0].rstrip(), found[-1][1]
    return found
