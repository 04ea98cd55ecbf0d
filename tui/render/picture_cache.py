"""Pictures of offers as lines, drawn once for as long as their bytes and the theme stay."""

from collections.abc import Sequence

from textual.app import App

from state.domain.assets import AssetError, Assets
from tui.render.lines import Line
from tui.render.theme import THEMES

_LARGEST = 5_000_000
"""The most bytes of a picture that is drawn: a screen waits for it."""


class Album:
    """The pictures of a screen; the application's terminal and theme decide how they look."""

    def __init__(self, app: App[object]) -> None:
        self._app = app
        self._drawn: dict[tuple[str | None, int, str], Sequence[Line]] = {}

    def draw(self, assets: Assets, path: str, across: int) -> Sequence[Line]:
        """A picture's lines of at most ``across`` cells; none where it cannot be shown."""
        from tui.render.picture import can_show_pictures, picture_lines

        if not can_show_pictures(self._app.console.color_system):
            return ()
        key = (assets.digest(path), across, self._app.theme)
        if key not in self._drawn:
            ground = str(THEMES[self._app.theme].background)
            try:
                data = assets.read(path, _LARGEST)
                self._drawn[key] = picture_lines(data, across, ground)
            except AssetError:
                self._drawn[key] = ()
        return self._drawn[key]
