"""A button on the page: reached by keys, pressed by ``enter`` or a click."""

from textual.message import Message

from tui.render.glyphs import glyph
from tui.render.lines import Line, paragraph, spread, width_of
from tui.widgets.line_view import LineView


class Button(LineView, can_focus=True):
    """A button at the right of a line, with room beside it for why it cannot be pressed."""

    class Pressed(Message):
        """The button was pressed."""

    def __init__(self, key: str, label: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._label = f"[ {key}  {label} ]"
        self._reason = ""
        self._bears_cursor = False

    def show_reason(self, reason: str) -> None:
        """Show the button, with why it cannot be pressed now; empty where it can."""
        self._reason = reason
        width = self.size.width
        cursor = (glyph("bar"), "accent") if self._bears_cursor else (" ", "")
        right: Line = [cursor, (self._label, "dim" if reason else "strong"), (" ", "")]
        beside = paragraph(reason, width - 2, "muted") if reason else [[]]
        if len(beside) == 1 and width_of(beside[0]) + width_of(right) + 3 <= width:
            lines = [spread([(" ", ""), *beside[0]], right, width)]
        else:
            lines = [*([(" ", ""), *line] for line in beside), spread([], right, width)]
        self.styles.height = len(lines)
        self.show(lines)

    def on_focus(self) -> None:
        self._bears_cursor = True
        self.show_reason(self._reason)

    def on_blur(self) -> None:
        self._bears_cursor = False
        self.show_reason(self._reason)

    def on_resize(self) -> None:
        self.show_reason(self._reason)

    def on_click(self) -> None:
        self.post_message(self.Pressed())
