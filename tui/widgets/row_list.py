"""Rows with a cursor: the list of offers, the items of the walkthrough, the events of a history.

Moving the cursor paints two lines. Where the cursor leaves the window, the window moves by half its
height, so that a slow link repaints it rarely.
"""

from collections.abc import Sequence

from textual import events
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from tui.render.glyphs import glyph
from tui.render.lines import Row, plain
from tui.widgets.line_view import strip_of


class RowList(Widget, can_focus=True):
    """A column of rows."""

    DEFAULT_CSS = "RowList { height: 1fr; width: 1fr; }"

    class Moved(Message):
        """A person moved the cursor to another row."""

        def __init__(self, rows: "RowList", key: str | None) -> None:
            super().__init__()
            self.rows = rows
            """The widget."""
            self.key = key
            """The key of the row under the cursor, None where there is none."""

    class Scrolled(Message):
        """More rows or fewer lie below the window."""

    class Opened(Message):
        """A row was clicked that the cursor was already on."""

        def __init__(self, key: str) -> None:
            super().__init__()
            self.key = key
            """The key of the row."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows: Sequence[Row] = ()
        self._cursor: int | None = None
        self._top = 0
        self._bears_cursor = True
        self._length = 0
        self._told_below = 0

    @property
    def key(self) -> str | None:
        return self._rows[self._cursor].key if self._cursor is not None else None

    @property
    def below(self) -> int:
        """How many rows that say something lie below the window."""
        height = self.size.height
        return max(0, self._length - self._top - height) if height else 0

    @property
    def keys(self) -> list[str]:
        """The keys of the rows at which the cursor can stop."""
        return [row.key for row in self._rows if row.selectable]

    def show(self, rows: Sequence[Row], key: str | None = None) -> None:
        """Show other rows; without a ``key`` the cursor stays with its row, or near it."""
        wanted, place = key or self.key, self._cursor or 0
        old, self._rows = self._rows, rows
        self._length = len(rows) - next(
            (at for at, row in enumerate(reversed(rows)) if row.line), 0
        )
        found = [at for at, row in enumerate(rows) if row.key == wanted and row.selectable]
        before = self._cursor
        self._cursor = found[0] if found else self._nearest(place)
        top = self._top
        self._bring_into_view()
        if top != self._top or len(old) != len(rows):
            self.refresh()
        else:
            for at, (was, row) in enumerate(zip(old, rows, strict=True)):
                if was.line != row.line or (
                    at in (before, self._cursor) and before != self._cursor
                ):
                    self._refresh_row(at)

    def show_cursor(self, bears: bool) -> None:
        """Show the cursor, or not where another widget has it."""
        self._bears_cursor = bears
        self._refresh_row(self._cursor)

    def move(self, by: int) -> None:
        """Move the cursor by a number of rows at which it can stop."""
        places = [at for at, row in enumerate(self._rows) if row.selectable]
        if not places:
            return
        here = places.index(self._cursor) if self._cursor in places else 0
        self._go(places[min(max(0, here + by), len(places) - 1)])

    def move_to(self, key: str) -> None:
        """Put the cursor on a row, on behalf of the program."""
        if any(row.key == key and row.selectable for row in self._rows):
            self.show(self._rows, key)

    def find(self, text: str) -> None:
        """Move the cursor to the first row that holds a text."""
        for at, row in enumerate(self._rows):
            if row.selectable and text.lower() in plain(row.line).lower():
                self._go(at)
                return

    def move_to_end(self, *, last: bool) -> None:
        self.move(len(self._rows) if last else -len(self._rows))

    def page(self, pages: int) -> None:
        self.move(pages * max(1, self.size.height - 1))

    def render_line(self, y: int) -> Strip:
        at = self._top + y
        if at >= len(self._rows):
            return strip_of([], self.size.width, self.app.theme)
        selected = at == self._cursor and self._bears_cursor
        mark = (glyph("bar"), "accent") if selected else (" ", "")
        line = [mark, self._rows[at].mark, *self._rows[at].line]
        return strip_of(line, self.size.width, self.app.theme, selected=selected)

    def on_resize(self) -> None:
        self._bring_into_view()

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the row, or open it where the cursor is there already."""
        at = self._top + event.y
        if at < len(self._rows) and self._rows[at].selectable:
            if at == self._cursor:
                self.post_message(self.Opened(self._rows[at].key))
            self._go(at)

    def on_mouse_scroll_down(self) -> None:
        self.move(3)

    def on_mouse_scroll_up(self) -> None:
        self.move(-3)

    def _go(self, at: int) -> None:
        if at == self._cursor:
            return
        before, self._cursor = self._cursor, at
        top = self._top
        self._bring_into_view()
        if top != self._top:
            self.refresh()
        else:
            self._refresh_row(before)
            self._refresh_row(at)
        self.post_message(self.Moved(self, self.key))

    def _refresh_row(self, at: int | None) -> None:
        if at is not None and self._top <= at < self._top + self.size.height:
            self.refresh(Region(0, at - self._top, self.size.width, 1))

    def _bring_into_view(self) -> None:
        self._find_top()
        if self.below != self._told_below:
            self._told_below = self.below
            self.post_message(self.Scrolled())

    def _find_top(self) -> None:
        height = self.size.height
        if not height or self._cursor is None:
            self._top = 0 if self._cursor is None else self._top
            return
        if len(self._rows) <= height:
            self._top = 0
        elif not self._top <= self._cursor < self._top + height:
            half = self._cursor - height // 2
            self._top = min(max(0, half), len(self._rows) - height)
        # The heading of the first item belongs to it.
        if self._cursor < height and not any(row.selectable for row in self._rows[: self._cursor]):
            self._top = 0
        # So does what stands below the last one.
        lowest = max(0, len(self._rows) - height)
        if self._cursor >= lowest and not any(
            row.selectable for row in self._rows[self._cursor + 1 :]
        ):
            self._top = lowest

    def _nearest(self, place: int) -> int | None:
        places = [at for at, row in enumerate(self._rows) if row.selectable]
        return min(places, key=lambda at: abs(at - place)) if places else None
