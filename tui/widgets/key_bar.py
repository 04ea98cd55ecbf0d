"""The line of keys, made from the real bindings."""

from collections.abc import Callable
from typing import NamedTuple

from textual import events

from tui.render.lines import Line, cut, width_of
from tui.widgets.line_view import LineView


class Key(NamedTuple):
    """A key on the line; pressing a dimmed one says why it cannot act now."""

    key: str
    label: str
    action: str
    dimmed: bool = False


class KeyLine(LineView):
    """The keys of a screen; a click on one presses it."""

    def __init__(self, press: Callable[[str], None], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._press = press
        self._places: list[tuple[int, int, str]] = []

    def show_keys(self, keys: list[Key], width: int) -> None:
        """Show keys; those that do not fit are left out before the last one, which is help."""
        shown: list[Key] = []
        last = keys[-1:]
        for key in keys[:-1]:
            if _width([*shown, key, *last]) > width:
                break
            shown.append(key)
        line: Line = [(" ", "")]
        self._places = []
        for key in [*shown, *last]:
            start = width_of(line)
            line += [(key.key, "dim" if key.dimmed else "strong"), (" ", "")]
            line += [(cut(key.label, 48), "dim" if key.dimmed else "muted")]
            self._places.append((start, width_of(line), key.action))
            line += [("  ", "")]
        self.show([line])

    def on_click(self, event: events.Click) -> None:
        for start, end, action in self._places:
            if start <= event.x < end:
                self._press(action)


def _width(keys: list[Key]) -> int:
    return sum(len(key.key) + len(key.label) + 3 for key in keys)
