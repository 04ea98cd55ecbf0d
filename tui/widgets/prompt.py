"""A line of text that a person types, in the place of the status bar."""

from collections.abc import Callable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input

from state.domain.safe_text import typeable
from tui.render.lines import Line, paragraph, spread, width_of
from tui.widgets.line_view import LineView
from tui.widgets.status_bar import NOT_SAVED, Overtaken, not_overtaken


class PromptInput(Input):
    """A line of text. What is pasted is text from outside: it reaches the terminal cleaned."""

    def on_paste(self, event: events.Paste) -> None:
        event.text = typeable((event.text.splitlines() or [""])[0].replace("\t", " "))


class Prompt(Vertical, can_focus=True):
    """An input with its label. ``enter`` takes the text, ``escape`` leaves, twice where that drops it.

    Args:
        label: What to type.
        done: Takes the text; what it returns is why the text will not do.
        ended: Called when nothing more is typed here.
        changed: Called with each change of a filter; on leaving, with the first text again.
        limit: The most characters, counted beside the label.
        overtaken: Why the text can no longer be taken, once it cannot.
    """

    DEFAULT_CSS = """
    Prompt { height: 2; width: 1fr; }
    Prompt Input {
        height: 1; border: none; padding: 0 1; width: 1fr;
        background: $panel; &:focus { border: none; background: $panel; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "cancel"),
        Binding("tab,shift+tab", "stay", "stay", show=False),
    ]

    def __init__(
        self,
        label: str,
        done: Callable[[str], str | None],
        ended: Callable[["Prompt"], None],
        *,
        value: str = "",
        changed: Callable[[str], None] | None = None,
        limit: int | None = None,
        overtaken: Overtaken = not_overtaken,
    ) -> None:
        super().__init__()
        self._label, self._done, self._ended, self._value = label, done, ended, value
        self._changed, self._limit, self._overtaken = changed, limit, overtaken
        self._trouble = self._overtaken_by = ""
        # Kept, not looked up: the prompt may be gone again before its first size is known.
        self._above = LineView(id="label")
        self._field = PromptInput(value, select_on_focus=False)
        # A blinking cursor is the one thing that would write while nobody types.
        self._field.cursor_blink = False

    def compose(self) -> ComposeResult:
        yield self._above
        yield self._field

    def on_mount(self) -> None:
        """Type into the input; until it is there, the prompt itself keeps the keys from the screen."""
        self.type_here()
        self.can_focus = False

    @property
    def unsaved(self) -> bool:
        """Whether a text was typed for a file or a history that nobody has taken yet."""
        return self._changed is None and self._field.value != self._value

    def type_here(self) -> None:
        self.screen.set_focus(self._field)

    def show_trouble(self, trouble: str) -> None:
        """Show why not, in the place of the label, until the text changes."""
        self._trouble = trouble
        self._paint()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.show_trouble("")
        if self._changed:
            self._changed(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if trouble := self._done(event.value):
            self.show_trouble(trouble)
        else:
            self._ended(self)

    def on_resize(self, event: events.Resize) -> None:
        self._paint()

    def action_leave(self) -> None:
        """Leave without an answer; a text that would be lost needs a second escape."""
        if self.unsaved and self._trouble != NOT_SAVED:
            self.show_trouble(NOT_SAVED)
            return
        if self._changed:
            self._changed(self._value)
        # What was said behind the line was about the text that goes.
        self.screen.status_bar.clear_message()  # type: ignore[attr-defined]
        self._ended(self)

    def action_stay(self) -> None:
        self.show_trouble("Press enter to accept this line, or escape to cancel.")

    def review(self) -> None:
        """Something may have changed: show once what has overtaken the text."""
        if (why := self._overtaken()) != self._overtaken_by:
            self._overtaken_by = why
            self.show_trouble("")

    def _paint(self) -> None:
        right: Line = [("enter accept  escape cancel", "muted"), (" ", "")]
        if self._limit:
            count = len(self._field.value)
            tone = "bad" if count > self._limit else "muted"
            right = [(f"{count} / {self._limit}", tone), ("   ", ""), *right]
        width = self.size.width
        trouble = self._trouble or self._overtaken_by
        role, text = ("bad", trouble) if trouble else ("strong", self._label)
        if width_of(paragraph(text, 10_000)[0]) + width_of(right) + 2 > width:
            right = right[:-2]
        lines = paragraph(text, width - width_of(right) - 2, role, lines=3)
        first: Line = [(" ", ""), *lines[0]]
        self.styles.height = len(lines) + 1
        self._above.styles.height = len(lines)
        self._above.show([spread(first, right, width), *([(" ", ""), *line] for line in lines[1:])])
