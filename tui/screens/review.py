"""Reviewing a request: what it changes for customers, and the decision on it."""

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widget import Widget

from state.domain.actions import APPROVE, REJECT, Command, Shown
from state.domain.errors import StorageError
from state.domain.findings import Reason
from state.domain.safe_text import short_content
from state.engine import Done
from state.engine.compare import NoSuchVersion, release_of
from tui.render.compare_rows import Look, change_rows, field_of, text_row
from tui.render.history_rows import sentence
from tui.render.lines import Row, paragraph
from tui.render.publish_rows import what_changes
from tui.render.words import moment
from tui.screens.offer_base import OfferScreen
from tui.screens.overlay import OverlayScreen
from tui.screens.reject import ask_for_reason


class ReviewScreen(OverlayScreen):
    """What a request changes for customers, and the decision on it."""

    NUMBER = 2
    ABOUT = (
        "What the request changes against production. a approves it; x rejects it with a reason, "
        "about the fields that are marked with space if any."
    )
    KEYS = ("approve", "reject", "mark", "back")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "approve", "approve"),
        Binding("x", "reject", "reject"),
        Binding("space", "mark", "mark a field", key_display="space"),
    ]

    def __init__(self, offer: str) -> None:
        super().__init__(offer)
        self._marked: frozenset[str] = frozenset()

    def why_not(self, action: str) -> tuple[Reason, ...]:
        name = {"approve": APPROVE, "reject": REJECT}.get(action)
        return self.view.actions[name] if name else ()

    def on_mount(self) -> None:
        super().on_mount()
        self.call_after_refresh(self.action_approve)

    def repaint(self) -> None:
        view = self.view
        run = view.state.run
        if run is None:
            # Somebody else has decided, or withdrawn it, while this was read.
            if not self.typing:
                self.call_later(self._leave_decided)
            return
        changes, text = self._changes()
        asked = f"{moment(run.version.at, view.now)} by {run.by}"
        head = f"Content {short_content(run.version.content)}, requested {asked}. {text}"
        rows = [text_row(line) for line in paragraph(head, self.size.width - 3)]
        self.rows.show([*rows, text_row([]), *changes])
        self.set_idle("a approves, x rejects; space marks the fields that a rejection is about.")

    def end_prompt(self, prompt: Widget) -> None:
        """Show the status bar again, and leave where the request is decided meanwhile."""
        super().end_prompt(prompt)
        if self.view.state.run is None:
            self.repaint()

    def _leave_decided(self) -> None:
        if self.app.screen is self:
            last = self.view.events[-1]
            self.app.pop_screen()
            if isinstance(self.app.screen, OfferScreen):
                self.app.screen.status_bar.show_message(
                    f"Meanwhile: {sentence(last)}, by {last.actor}."
                )

    def _changes(self) -> tuple[list[Row], str]:
        """What the request changes, as rows and in words."""
        try:
            release = release_of(self.vitrina.engine, self.view)
        except (NoSuchVersion, StorageError) as trouble:
            return [], str(trouble)
        assert release is not None, "something is under way"
        old, changes = release.old, release.changes
        assets = old.assets if old else None
        look = Look(self.size.width, assets, release.new.assets, self.album, self._marked)
        text = f"Nothing is in production yet: all {len(changes)} fields are new."
        if old:
            against = f"content {short_content(old.content.hash)} in production"
            text = f"Against {against} it changes {what_changes(changes)}."
        return change_rows(changes, look), text

    def action_approve(self) -> None:
        run = self.view.state.run
        if reasons := self.why_not("approve"):
            self.explain(reasons)
        elif run:
            content, shown = short_content(run.version.content), self.view.shown(APPROVE)
            answers: dict[str, Callable[[], None]] = {
                "y": partial(self._approve, shown),
                "x": self.action_reject,
                " ": self._mark_and_ask,
            }
            question = f"Approve content {content} for production?"
            undecided = "Nothing is decided yet: a asks again, x rejects."
            self.ask_moving(
                question,
                "y yes   x rejects   any other key no",
                answers,
                lambda: self.status_bar.show_message(undecided),
                partial(self.overtaken, APPROVE, {self.offer: shown}),
            )

    def action_reject(self) -> None:
        if reasons := self.why_not("reject"):
            self.explain(reasons)
        else:
            ask_for_reason(self, self._rejected, tuple(sorted(self._marked)))

    def action_mark(self) -> None:
        if field := field_of(self.rows.key):
            self._marked ^= {field}
            self.repaint()

    def _mark_and_ask(self) -> None:
        self.action_mark()
        self.action_approve()

    def _approve(self, shown: Shown) -> None:
        done = "Approved: listed, and for sale once it is replicated."
        self.app.pop_screen()
        if isinstance(below := self.app.screen, OfferScreen):
            below.perform(self.offer, Command(APPROVE, shown=shown), done)

    def _rejected(self, outcome: Done) -> None:
        # The prompt goes first: it belongs to the screen that is left.
        self.call_later(self._leave_rejected, outcome)

    def _leave_rejected(self, outcome: Done) -> None:
        self.app.pop_screen()
        if isinstance(below := self.app.screen, OfferScreen):
            below.show_outcome(outcome, "Rejected: the publisher reads the reason on Publish.")
