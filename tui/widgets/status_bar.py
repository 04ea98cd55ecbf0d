"""The lines above the keys: what is next or why not, a question, or an input."""

from collections.abc import Callable, Mapping
from time import monotonic

from textual import events
from textual.geometry import Region

from tui.render.lines import Line, cell, indented, paragraph, plain, width_of
from tui.widgets.line_view import LineView

Answer = Callable[[], None]
Overtaken = Callable[[], str]
"""Why a question no longer holds; empty where it still does."""


def not_overtaken() -> str:
    """Never overtaken: the question is about nothing that changes."""
    return ""


NOT_SAVED = "Not saved. Press escape again to discard it."
"""The message before a text that was typed for a file or a history is discarded."""

LINES, MOST_LINES = 2, 5
"""The lines that there are, and the most that a long question takes."""

STAYS = 4.0
"""How many seconds a message stays at least, while stages move and files change."""


class StatusBar(LineView):
    """Two lines for messages and questions. A question takes the next key, whatever it is."""

    DEFAULT_CSS = "StatusBar { height: 2; width: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._answers: Mapping[str, Answer] | None = None
        self._otherwise: Answer = lambda: None
        self._overtaken: Overtaken = not_overtaken
        self._idle: list[Line] = []
        self._message_until = 0.0
        self._question = "", ""

    @property
    def asking(self) -> bool:
        return self._answers is not None

    def set_idle(self, lines: list[Line]) -> None:
        """What is shown while there is no message."""
        self._idle = lines
        if not self.asking and monotonic() >= self._message_until:
            self.show(lines)

    def clear_message(self) -> None:
        """Clear the message: the person has gone on."""
        self._message_until = 0.0
        self.set_idle(self._idle)

    def show_message(self, text: str, role: str = "") -> None:
        """Show a message until the person goes on, or the next change after a few seconds.

        A question stays: no one may answer what is not visible.
        """
        if self.asking:
            return
        self._message_until = monotonic() + STAYS
        # Behind a prompt this widget has no size of its own.
        lines = paragraph(text, self.screen.size.width - 2, role, lines=2)
        self.show(indented(lines))

    def ask(
        self,
        question: str,
        hint: str,
        answers: Mapping[str, Answer],
        otherwise: Answer,
        overtaken: Overtaken = not_overtaken,
    ) -> None:
        """Ask something; the next key is the answer, unless ``overtaken`` says why it came too late."""
        self._answers, self._otherwise = answers, otherwise
        self._overtaken = overtaken
        self._question = question, hint
        # A line that is being typed keeps its place below.
        self.display = True
        self.can_focus = True
        self._paint_once()
        self._paint_question()
        self.focus()

    def review(self) -> None:
        """Something may have changed: a question that was overtaken says why and takes no answer."""
        if self.asking and (why := self._overtaken()):
            self._answers, self._overtaken = {}, not_overtaken
            self._question = why, "any key continues"
            self._paint_question()

    def _paint_question(self) -> None:
        question, hint = self._question
        width = self.screen.size.width
        right = [(hint, "strong"), (" ", "")]
        room = width - width_of(right) - 1
        lines = paragraph(question, width - 2, "strong", lines=MOST_LINES)
        if width_of(lines[-1]) > room - 2:
            # The keys have a line of their own.
            lines = [*paragraph(question, width - 2, "strong", lines=MOST_LINES - 1), []]
        self.styles.height = max(LINES, len(lines))
        lines[-1] = [cell(plain(lines[-1]), room, "strong"), *right]
        self.show(indented(lines))

    def on_key(self, event: events.Key) -> None:
        if self._answers is None or event.key.startswith("ctrl+"):
            return
        event.stop()
        event.prevent_default()
        answers, self._answers = self._answers, None
        self.can_focus = False
        self._paint_once()
        self.styles.height = LINES
        self.show(self._idle)
        self.screen.focus_body()  # type: ignore[attr-defined]
        answers.get(event.character or event.key, self._otherwise)()

    def _paint_once(self) -> None:
        self.screen.paint_once()  # type: ignore[attr-defined]

    def on_resize(self) -> None:
        if self.asking:
            self._paint_question()
        self.refresh(Region(0, 0, self.size.width, self.size.height))
