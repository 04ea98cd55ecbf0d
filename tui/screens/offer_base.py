"""What the screens of one offer share: whose they are, and the way from one to another."""

from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from state.domain.actions import Command
from state.domain.findings import Finding
from state.workspace.offer_view import OfferView
from tui.render.glyphs import glyph
from tui.render.lines import Line, cut, span
from tui.render.offers_rows import status_of
from tui.screens.base import PREVIEW, BaseScreen

SCREENS = ("Walkthrough", "Publish", "History")
"""The screens of an offer; their keys are 1, 2 and 3."""


class OfferScreen(BaseScreen):
    NUMBER: ClassVar[int] = 0
    """The screen's number; for what lies over a screen, that of the screen below."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "go(1)", "walkthrough"),
        Binding("2", "go(2)", "publish"),
        Binding("3", "go(3)", "history"),
        Binding("left_square_bracket", "step(-1)", "previous offer", key_display="["),
        Binding("right_square_bracket", "step(1)", "next offer", key_display="]"),
        Binding("e", "edit", "editor"),
        Binding("v", "preview", "preview"),
    ]

    def __init__(self, offer: str) -> None:
        super().__init__()
        self.offer = offer
        self.at: Finding | None = None
        """The finding to begin at, where a person came from it."""

    @property
    def view(self) -> OfferView:
        """The offer as it stood when it was last looked at; the last known view where it is gone."""
        return self.vitrina.known[self.offer]

    @property
    def typing(self) -> bool:
        """Whether letters are text now, so that no other screen may come in between."""
        takes_letters = self.focused is not None and self.focused.check_consume_key("a", "a")
        return takes_letters or bool(self.unsaved)

    def paint_all(self) -> None:
        """Paint, or go back to the list where the offer is gone, once nobody types here."""
        if self.offer not in self.vitrina.views and not self.typing:
            self.vitrina.close_offer(f"{self.offer} no longer exists.")
        else:
            super().paint_all()

    def end_prompt(self, prompt: Widget) -> None:
        """Show the status bar again, and go back to the list where the offer is gone meanwhile."""
        super().end_prompt(prompt)
        if self.offer not in self.vitrina.views:
            self.paint_all()

    def title_line(self, width: int) -> tuple[Line, Line]:
        """The offer, its type and status; the three screens with this one marked."""
        view, dot = self.view, f" {glyph('dot')} "
        left: Line = [span(view.offer, "strong")]
        what = view.kind.label if view.kind else status_of(view.summary)[0]
        left += [(dot, "muted"), span(what, "muted")]
        if view.status:
            left += [(dot, "muted"), span(view.status.words + (", edited" if view.edited else ""))]
        right: Line = []
        narrow = width < 100
        for number, name in enumerate(SCREENS, 1):
            if number == self.NUMBER:
                right += [(f"[{number} {name}]", "strong"), (" ", "")]
            else:
                right += [(f" {number} " if narrow else f" {number} {name} ", "muted"), (" ", "")]
        if not narrow:
            right += [(dot, "muted"), span(self.vitrina.engine.actor, "muted")]
        return left, right

    def upper_line(self, width: int) -> Line:
        """The line below the title; why nothing can be read anew, where that is so."""
        trouble = self.vitrina.trouble
        if not trouble:
            return super().upper_line(width)
        text = trouble.replace(f"{self.vitrina.engine.root}/", "")
        return [(" ", ""), (glyph("error"), "bad"), (" ", ""), span(cut(text, width - 4), "bad")]

    def ask_to(self, action: str, question: str, done: str, no: str = "Nothing was done.") -> None:
        """Ask whether an action is to be done to what this screen shows."""
        shown = self.view.shown(action)
        self.confirm(
            question,
            lambda: self.perform(self.offer, Command(action, shown=shown), done),
            no=no,
            overtaken=partial(self.overtaken, action, {self.offer: shown}),
        )

    def action_go(self, number: int) -> None:
        if number != self.NUMBER:
            self.vitrina.open_offer(self.offer, number)

    def action_step(self, by: int) -> None:
        """Go to the same screen of the next offer, or the previous one."""
        names = self.vitrina.order
        if self.offer not in names:
            names = list(self.vitrina.views)
        if len(names) > 1:
            there = names[(names.index(self.offer) + by) % len(names)]
            self.vitrina.open_offer(there, self.NUMBER)

    def action_back(self) -> None:
        self.vitrina.close_offer()

    def action_edit(self) -> None:
        self.vitrina.edit_file(self.view, None)

    def action_preview(self) -> None:
        self.vitrina.open_offer(self.offer, PREVIEW)
