"""History: everything that happened to an offer, and the button that discards a draft."""

from contextlib import suppress
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from state.domain.actions import DISCARD, REVERT
from state.domain.events import Event
from state.domain.findings import Reason
from state.engine import Done
from state.engine.event_filter import EventFilter, parse_event_filter
from tui.render.history_rows import (
    Columns,
    columns_of,
    event_row,
    heading_row,
    nothing_row,
    search_text,
    sentence,
)
from tui.render.lines import Row, indented, paragraph, span
from tui.render.offers_rows import trouble_lines
from tui.render.words import zone
from tui.screens.discard import ask_to_discard
from tui.screens.offer_base import OfferScreen
from tui.widgets.button import Button
from tui.widgets.key_bar import Key
from tui.widgets.row_list import RowList

FIRST = 500
"""How many events are shown at once; older ones follow once the page is painted."""
FILTER = "Words, or by:ana kind:rejected since:2026-11-20 until:7d"
"""What a filter may contain."""


class HistoryScreen(OfferScreen):
    ABOUT = (
        "Everything that happened to the offer, the latest first. An offer that was never pushed "
        "to staging is a draft: the button at the bottom of the page moves it to the trash, and z "
        "restores it."
    )
    NUMBER = 3
    KEYS = ("compare", "revert", "open", "filter", "discard")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c", "compare", "compare"),
        Binding("r", "revert", "revert"),
        Binding("enter,l,right", "open", "details", key_display="enter"),
        Binding("slash", "filter", "filter", key_display="/"),
        Binding("D", "discard", "discard draft"),
        Binding("tab,shift+tab", "other", "to the button and back", key_display="tab"),
        Binding("escape", "leave", "clear the filter, else back", show=False),
    ]

    def __init__(self, offer: str) -> None:
        super().__init__(offer)
        self._wanted = EventFilter()
        self._shown = FIRST
        self._made: dict[int, Row] = {}
        self._searched: dict[int, str] = {}
        self._made_for: tuple[Columns, int] | None = None

    def body(self) -> ComposeResult:
        yield RowList(id="rows")
        yield Button("D", "Discard draft", id="discard")

    @property
    def button(self) -> Button:
        return self.query_one("#discard", Button)

    @property
    def event(self) -> Event | None:
        key = self.rows.key
        return self.view.events[int(key)] if key else None

    def why_not(self, action: str) -> tuple[Reason, ...]:
        if action in ("open", "compare") and not self.view.events:
            nothing = "Nothing is recorded yet. 1 shows what the draft still needs."
            message = self.view.unreadable or nothing
            return (Reason("status.wrong", None, None, message),)
        name = {"discard": DISCARD, "revert": REVERT}.get(action)
        return self.view.actions[name] if name else ()

    # Painting ---------------------------------------------------------------------------------

    def repaint(self) -> None:
        view = self.view
        columns = columns_of(view.events, view.now, self.size.width)
        made_for = columns, view.now.astimezone().year
        if made_for != self._made_for:
            self._made_for = made_for
            self._made.clear()
            self._searched.clear()
        rows = [heading_row(columns, view.now), *self._event_rows(columns)]
        if not view.events and view.unreadable:
            rows = []
        elif not view.events:
            rows = [nothing_row(filtered=False)]
        else:
            nothing = [nothing_row(filtered=True)] if len(rows) == 1 else []
            rows = [*self.filter_rows(), *rows, *nothing]
        trouble = trouble_lines(view, self.size.width - 3)
        self.rows.show([*(Row("", line, False) for line in trouble), *rows])
        self.button.show_reason(_in_place(self.why_not("discard")))
        self.describe()
        if len(view.events) > self._shown:
            self.set_timer(0.05, self._show_rest)

    def _show_rest(self) -> None:
        self._shown = len(self.view.events)
        self.repaint()

    def _event_rows(self, columns: Columns) -> list[Row]:
        """The newest events that the filter lets through; each row is made once."""
        events, now = self.view.events, self.view.now
        found = []
        for number in range(len(events) - 1, max(-1, len(events) - 1 - self._shown), -1):
            if not self._wanted.holds(events[number], partial(self._search_text, number)):
                continue
            if number not in self._made:
                self._made[number] = event_row(number, events[number], now, columns)
            found.append(self._made[number])
        return found

    def _search_text(self, number: int) -> str:
        if number not in self._searched:
            self._searched[number] = search_text(self.view.events[number], self.view.now)
        return self._searched[number]

    def on_button_pressed(self, event: Button.Pressed) -> None:
        self.action_discard()

    def describe(self) -> None:
        event = self.event
        if event is None:
            reasons = self.why_not("open")
            lines = paragraph(reasons[0].message, self.size.width - 2, "muted") if reasons else []
            self.status_bar.set_idle(indented(lines))
            return
        at = event.at.astimezone()
        text = f"{at.day} {at:%b %Y %H:%M:%S} {zone(at)} by {event.who}: {sentence(event)}"
        lines = paragraph(text, self.size.width - 2, "muted", lines=2)
        self.status_bar.set_idle(indented(lines))

    # Keys -------------------------------------------------------------------------------------

    def on_descendant_focus(self) -> None:
        """The cursor is on the events or on the button, and ``enter`` does what is under it."""
        self.rows.show_cursor(not self.button.has_focus)
        self.paint_keys()

    def keys(self) -> list[Key]:
        found = super().keys()
        if not self.button.has_focus:
            return found
        label = "discard draft"
        dimmed = bool(self.why_not("discard"))
        return [
            key._replace(label=label, dimmed=dimmed) if key.action == "open" else key
            for key in found
        ]

    def action_down(self) -> None:
        """Move the cursor down; below the last event is the button."""
        keys = self.rows.keys
        if not keys or self.rows.key == keys[-1]:
            self.button.focus()
        else:
            super().action_down()

    def action_up(self) -> None:
        """Move the cursor up; from the button to the events."""
        if self.button.has_focus:
            self.focus_body()
        else:
            super().action_up()

    def action_other(self) -> None:
        """To the button, or back to the events."""
        if self.button.has_focus:
            self.focus_body()
        else:
            self.button.focus()

    def action_open(self) -> None:
        """Show everything about an event; on the button, press it."""
        if self.button.has_focus:
            self.action_discard()
        elif event := self.event:
            from tui.screens.event import EventScreen

            self.app.push_screen(EventScreen(self.offer, event))
        elif reasons := self.why_not("open"):
            self.explain(reasons)

    def action_compare(self) -> None:
        if reasons := self.why_not("compare"):
            self.explain(reasons)
            return
        from tui.screens.compare import CompareScreen

        self.app.push_screen(CompareScreen(self.offer))

    def action_revert(self) -> None:
        """Set fields back to an earlier version: the comparison asks which."""
        if reasons := self.why_not("revert"):
            self.explain(reasons)
            return
        from tui.screens.compare import CompareScreen

        self.app.push_screen(CompareScreen(self.offer, revert=True))

    def action_filter(self) -> None:
        """Show only the events that a line of words and labels asks for."""

        def changed(text: str) -> None:
            # A label whose value is not whole yet asks for nothing yet.
            with suppress(ValueError):
                self.narrow(text)

        self.prompt(FILTER, self._take_filter, value=self._filter, changed=changed)

    def _take_filter(self, text: str) -> str | None:
        try:
            self.narrow(text)
        except ValueError as trouble:
            return str(trouble)
        return None

    def narrow(self, text: str) -> None:
        self._wanted = parse_event_filter(text, self.view.now)
        self._filter = text
        self._shown = len(self.view.events)
        self.repaint()

    def action_discard(self) -> None:
        if reasons := self.why_not("discard"):
            self.explain(reasons)
            return
        ask_to_discard(self, [self.offer], self._discarded)

    def _discarded(self, outcome: Done, message: str) -> None:
        self.vitrina.look()
        self.vitrina.close_offer(" ".join((message, *outcome.notes)))


def _in_place(reasons: tuple[Reason, ...]) -> str:
    """Why the button cannot be pressed, as shown beside it: the first sentence."""
    if not reasons:
        return ""
    text = reasons[0].message.partition(". ")[0].removesuffix(".")
    return span(text[:1].lower() + text[1:])[0]
