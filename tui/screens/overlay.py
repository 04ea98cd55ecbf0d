"""What lies over the screens of an offer, and goes back to the one a person came from."""

from collections.abc import Callable, Mapping
from functools import cached_property

from tui.render.lines import Line, indented, paragraph
from tui.render.picture_cache import Album
from tui.screens.offer_base import OfferScreen
from tui.widgets.status_bar import Overtaken, not_overtaken


class OverlayScreen(OfferScreen):
    """A screen that lies over one of the three."""

    NUMBER = 3

    @cached_property
    def album(self) -> Album:
        return Album(self.app)

    def title_line(self, width: int) -> tuple[Line, Line]:
        """The offer, what lies over it, its status; the three screens."""
        left, right = super().title_line(width)
        called = type(self).__name__.removesuffix("Screen")
        return [*left[:2], (called, ""), *left[3:]], right

    def action_back(self) -> None:
        self.app.pop_screen()

    def leave(self, message: str = "", role: str = "") -> None:
        """Go back to what lies below, show it as it is now, and a message there."""
        self.app.pop_screen()
        self.vitrina.reload()
        if message:
            self.vitrina.show_message(message, role)

    def action_go(self, number: int) -> None:
        self.app.pop_screen()
        if isinstance(self.app.screen, OfferScreen):
            self.app.screen.action_go(number)
        else:
            self.vitrina.open_offer(self.offer, number)

    def action_step(self, by: int) -> None:
        """Go to the next offer, or the previous one, on the screen below."""
        below = self.app.screen_stack[-2]
        self.app.pop_screen()
        if isinstance(below, OfferScreen):
            below.action_step(by)
        else:
            super().action_step(by)

    def ask_moving(
        self,
        question: str,
        hint: str,
        answers: Mapping[str, Callable[[], None]],
        otherwise: Callable[[], None],
        overtaken: Overtaken = not_overtaken,
    ) -> None:
        """Ask, and let the person move the cursor before the answer."""

        def again(move: Callable[[], None]) -> Callable[[], None]:
            def moved() -> None:
                move()
                self.ask_moving(question, hint, answers, otherwise, overtaken)

            return moved

        moves = {key: again(move) for key, move in self._moves().items()}
        self.status_bar.ask(question, hint, {**moves, **answers}, otherwise, overtaken)

    def set_idle(self, text: str) -> None:
        """Show a text above the keys while there is no message."""
        lines = paragraph(text, self.size.width - 2, "muted", lines=2)
        self.status_bar.set_idle(indented(lines))

    def _moves(self) -> dict[str, Callable[[], None]]:
        down, up = self.action_down, self.action_up
        first, last = self.action_first, self.action_last
        return {
            "j": down,
            "down": down,
            "k": up,
            "up": up,
            "g": first,
            "home": first,
            "G": last,
            "end": last,
            "pagedown": lambda: self.action_page(1),
            "pageup": lambda: self.action_page(-1),
        }
