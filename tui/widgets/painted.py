"""A widget that is painted line by line from spans, and repaints only what changed."""

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.lines import Line, fit, width_of
from tui.palette import style_of


def strip_of(line: Line, width: int, theme: str, *, selected: bool = False) -> Strip:
    """A line as the terminal gets it.

    Args:
        line: The line.
        width: The cells that it fills.
        theme: The name of the theme.
        selected: Whether it is the selected row.

    Returns:
        The strip, exactly as wide as asked.
    """
    rest = width - width_of(line)
    line = [*line, (" " * rest, "")] if rest >= 0 else fit(line, width)
    segments = [Segment(text, style_of(theme, role, selected)) for text, role in _merged(line)]
    return Strip(segments, width)


def changed_cells(old: Line, new: Line, width: int) -> tuple[int, int]:
    """Where two lines differ, so that no more than that is painted again.

    Args:
        old: The line that is on the screen.
        new: The line that takes its place.
        width: The cells of the line.

    Returns:
        The first cell that differs, and the one after the last.
    """
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    start = width_of(new[:same])
    if width_of(old) != width_of(new):
        return min(start, width), width
    tail = 0
    while tail < min(len(old), len(new)) - same and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    return min(start, width), min(width_of(new[: len(new) - tail]), width)


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


class Painted(Widget):
    """Lines that are replaced as a whole; only those that differ are painted again."""

    DEFAULT_CSS = "Painted { height: 1; width: 1fr; }"

    def __init__(self, lines: list[Line] | None = None, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._lines: list[Line] = lines or []

    @property
    def lines(self) -> list[Line]:
        """What is shown."""
        return self._lines

    def show(self, lines: list[Line]) -> None:
        """Show other lines."""
        old, self._lines = self._lines, lines
        for y in range(max(len(old), len(lines))):
            was, is_now = (each[y] if y < len(each) else [] for each in (old, lines))
            if was != is_now:
                start, end = changed_cells(was, is_now, self.size.width)
                self.refresh(Region(start, y, end - start, 1))

    def render_line(self, y: int) -> Strip:
        """One line of the widget."""
        line = self._lines[y] if y < len(self._lines) else []
        return strip_of(line, self.size.width, self.app.theme)
