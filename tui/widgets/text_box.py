"""A box in which a person changes a text, of one line or of several."""

from textual import events
from textual.message import Message
from textual.widgets import TextArea

from state.domain.safe_text import typeable


class Box(TextArea):
    """A text to change. ``enter`` takes a text of one line; in one of several it begins a new line."""

    DEFAULT_CSS = """
    Box, Box:focus {
        border: none; padding: 0 2; width: 1fr; height: 1; scrollbar-size: 0 0;
        background: $panel; color: $foreground;
    }
    """

    class Submitted(Message):
        """The person takes the text as it is."""

    def __init__(self, text: str, *, lines: bool) -> None:
        super().__init__(text, soft_wrap=True, show_line_numbers=False, tab_behavior="focus")
        self._several = lines
        # A blinking cursor is the one thing that would write while nobody types.
        self.cursor_blink = False
        self.highlight_cursor_line = False
        self.move_cursor(self.document.end)

    def on_key(self, event: events.Key) -> None:
        if event.key == "enter" and not self._several:
            event.stop()
            event.prevent_default()
            self.post_message(self.Submitted())

    def action_delete_to_start_of_line(self) -> None:
        """Delete to the start of the line of the text, wherever the window wraps it."""
        row, column = self.selection.end
        if column:
            self._delete_via_keyboard((row, 0), (row, column))
        else:
            super().action_delete_to_start_of_line()

    def action_delete_to_end_of_line(self) -> None:
        """Delete to the end of the line of the text."""
        row, column = self.selection.end
        self._delete_via_keyboard((row, column), (row, len(self.document[row])))

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted is text from outside: nothing in it reaches the terminal as it is."""
        lines = event.text.replace("\r\n", "\n").replace("\r", "\n")
        event.text = typeable(lines if self._several else lines.replace("\n", " "))
