"""One paint a change of screens: a slow line gets what it ends as, not how it is put together."""

from typing import TYPE_CHECKING

from textual.app import App

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.screen import Screen

LONGEST = 0.15
"""How many seconds nothing is written at most, should a screen never report that it is painted."""


class SinglePaint(App[int]):
    """An application that writes nothing while a screen comes.

    Textual paints a screen up to three times: empty, laid out, and with its content.
    """

    _waits = _has_begun = False

    def wait_with_painting(self) -> None:
        """Write nothing until ``paint_now``; the very first screen is written as early as possible."""
        if self._has_begun:
            self._waits = True
            self.set_timer(LONGEST, self.paint_now)

    def paint_now(self) -> None:
        """Write the screen in front as it is."""
        self._has_begun = True
        if self._waits:
            self._waits = False
            self.screen.refresh()

    def _display(self, screen: "Screen[object]", renderable: "RenderableType | None") -> None:
        if not self._waits:
            super()._display(screen, renderable)
