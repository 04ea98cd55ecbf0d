"""A widget that is painted line by line from spans, and repaints only what changed."""

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.render.lines import Line, fit, width_of
from tui.render.theme import style_of


def strip_of(line: Line, width: int, theme: str, *, selected: bool = False) -> Strip:
    """A line as the terminal gets it, exactly as wide as asked."""
    rest = width - width_of(line)
    line = [*line, (" " * rest, "")] if rest >= 0 else fit(line, width)
    segments = [Segment(text, style_of(theme, role, selected)) for text, role in _merged(line)]
    return Strip(segments, width)


def _merged(line: Line) -> Line:
    """The line in as few spans as it takes: each costs a terminal some fifty bytes.

    A blank looks the same in every role, so it goes with its neighbour; not with a picture, whose
    roles bring a ground of their own.
    """
    merged: Line = []
    for text, role in line:
        if text and "#" in role[:1] + (merged[-1][1][:1] if merged else ""):
            merged.append((text, role))
        elif merged and (not text.strip() or merged[-1][1] == role):
            merged[-1] = (merged[-1][0] + text, merged[-1][1])
        elif merged and not merged[-1][0].strip():
            merged[-1] = (merged[-1][0] + text, role)
        elif text:
            merged.append((text, role))
    return merged


class LineView(Widget):
    """Lines that are replaced as a whole; only those that differ are painted again."""

    DEFAULT_CSS = "LineView { height: 1; width: 1fr; }"

    def __init__(self, lines: list[Line] | None = None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: list[Line] = lines or []

    @property
    def lines(self) -> list[Line]:
        return self._lines

    def show(self, lines: list[Line]) -> None:
        old, self._lines = self._lines, lines
        for y in range(max(len(old), len(lines))):
            if old[y : y + 1] != lines[y : y + 1]:
                self.refresh(Region(0, y, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        line = self._lines[y] if y < len(self._lines) else []
        return strip_of(line, self.size.width, self.app.theme)
