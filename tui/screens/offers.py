"""The list of offers: which there are, how far each is, and the one thing that moves it on."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.timer import Timer

from state.domain.actions import DISCARD
from state.domain.findings import PUBLISHER_FILE, Reason
from state.domain.safe_text import plural
from state.engine import Done
from state.workspace.offer_summary import OfferSummary
from state.workspace.offer_view import OfferView
from tui.render.glyphs import glyph
from tui.render.lines import Line, indented, paragraph, span
from tui.render.offers_rows import (
    detail_lines,
    first_run,
    offer_rows,
    search_text,
    summary_lines,
)
from tui.screens.base import PREVIEW, BaseScreen
from tui.screens.discard import ask_to_discard
from tui.widgets.key_bar import Key
from tui.widgets.line_view import LineView
from tui.widgets.row_list import RowList

WIDE, DETAIL, LIST = 110, 42, 116
"""From how many columns on the inside of an offer is shown, how many it takes at least, and how many the
list takes before the inside gets more."""

CURSOR_RESTS, CURSOR_STAYS = 0.15, 0.6
"""How long the cursor has to stand still before the inside of its offer is painted, and before the keys
are that its offer dims, in seconds: on the way through the list they would cost more than the cursor."""


class OffersScreen(BaseScreen):
    ABOUT = (
        "Every offer of the working directory. Steps are the four of the walkthrough; next is the one "
        "thing that moves an offer on. A draft is discarded with two keys and restored with z."
    )
    KEYS = ("open", "go(1)", "go(2)", "go(3)", "new", "discard", "filter")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,l,right", "open", "open", key_display="enter"),
        Binding("1", "go(1)", "walkthrough"),
        Binding("2", "go(2)", "publish"),
        Binding("3", "go(3)", "history"),
        Binding("n", "new", "new"),
        Binding("d", "demo", "example offers, in an empty directory"),
        Binding("D", "discard", "discard"),
        Binding("slash", "filter", "filter", key_display="/"),
        Binding("space", "mark", "mark", key_display="space"),
        Binding("w", "mine_first", "change the order"),
        Binding("left_square_bracket", "step(-1)", "previous offer", key_display="["),
        Binding("right_square_bracket", "step(1)", "next offer", key_display="]"),
        Binding("e", "edit", "open the definition in $EDITOR"),
        Binding("v", "preview", "preview as a customer"),
        Binding("q", "back", "quit"),
        Binding("escape", "leave", "clear the filter and the marks", show=False),
    ]

    DEFAULT_CSS = """
    OffersScreen Horizontal { height: 1fr; }
    OffersScreen #detail { height: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._is_shown = False
        self._waiting: list[Timer] = []
        self._marked: set[str] = set()
        self._mine_first = False

    def body(self) -> ComposeResult:
        """The rows; in a wide window what is inside of the offer beside them."""
        with Horizontal():
            yield RowList(id="rows")
            yield LineView(id="detail")

    @property
    def selected(self) -> OfferView | None:
        return self.vitrina.views.get(self.rows.key or "")

    def title_line(self, width: int) -> tuple[Line, Line]:
        """Whose offers these are, how many need this person, and who this person is."""
        dot = f" {glyph('dot')} "
        left: Line = [("vitrina", "strong")]
        for name in self.vitrina.heading:
            left += [(dot, "muted"), span(name)] if name else []
        offers = self.vitrina.offers
        count = plural(len(offers), "offer")
        count += f", {len(self._marked)} marked" if self._marked else ""
        mine = sum(each.next.assigned_to_me for each in offers)
        waiting = f", {mine} {'needs' if mine == 1 else 'need'} you" if mine else ""
        return left, [
            (f"{count}{waiting}", "muted"),
            (dot, "muted"),
            span(self.vitrina.engine.actor),
        ]

    def shown(self) -> list[OfferSummary]:
        wanted = self._filter.lower()
        offers = [each for each in self.vitrina.offers if wanted in search_text(each)]
        if self._mine_first:
            offers.sort(key=lambda each: not each.next.assigned_to_me)
        return offers

    def repaint(self) -> None:
        offers, width = self.shown(), self.size.width
        detail = self.query_one("#detail", LineView)
        detail.display = width >= WIDE and bool(offers)
        detail.styles.width = self._detail_width
        width -= self._detail_width if detail.display else 0
        self._marked &= {each.offer for each in self.vitrina.offers}
        if not self.vitrina.offers:
            self.rows.show(first_run(width))
        else:
            rows = offer_rows(offers, width, self._marked)
            self.rows.show([*self.filter_rows(), *rows])
        if self._is_shown:
            self.describe()
        else:
            # The place of a finding needs a grammar whose import takes longer than the first frame.
            self._is_shown = True
            self.call_after_refresh(self.describe)
        self._show_detail()

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        """Paint what depends on the offer under the cursor once the cursor rests."""
        for timer in self._waiting:
            timer.stop()
        self._waiting = [self.set_timer(CURSOR_STAYS, self.paint_keys)]
        if self.query_one("#detail").display:
            self._waiting.append(self.set_timer(CURSOR_RESTS, self._show_detail))

    @property
    def _detail_width(self) -> int:
        return min(80, max(DETAIL, self.size.width - LIST))

    def _show_detail(self) -> None:
        detail = self.query_one("#detail", LineView)
        if detail.display and self.vitrina.has_looked and self.selected:
            lines = detail_lines(self.selected, self._detail_width - 3, self.rows.size.height)
            detail.show(indented(lines))

    def keys(self) -> list[Key]:
        """The line of keys; where there is no offer, those that the screen names."""
        if self.vitrina.offers:
            return super().keys()
        labels = {"n": ("new", "new"), "d": ("demo", "examples"), "q": ("back", "quit")}
        found = [Key(key, label, action) for key, (action, label) in labels.items()]
        return [*found, Key("?", "help", "help")]

    def why_not(self, action: str) -> tuple[Reason, ...]:
        """Why a key cannot act on the offer under the cursor, or on the marked ones."""
        if action == "discard" and self.vitrina.has_looked:
            return next((r for view in self._chosen if (r := view.actions[DISCARD])), ())
        return ()

    @property
    def _chosen(self) -> list[OfferView]:
        """What a key is about: the marked offers that are shown, else the one under the cursor."""
        views = self.vitrina.views
        marked = [views[each.offer] for each in self.shown() if each.offer in self._marked]
        return marked or ([self.selected] if self.selected else [])

    def _show_none(self) -> None:
        none = "No matches. Escape clears the filter."
        self.status_bar.show_message(
            none if self.vitrina.offers else "There is no offer yet. n creates one."
        )

    def action_open(self) -> None:
        self.action_go(1)

    def action_go(self, number: int) -> None:
        if self.selected:
            self.vitrina.open_offer(self.selected.offer, number)
        else:
            self._show_none()

    def action_discard(self) -> None:
        """Discard the draft under the cursor, or the marked ones, after asking."""
        offers = [view.offer for view in self._chosen]
        kept = {view.offer: r for view in self._chosen if (r := view.actions[DISCARD])}
        if kept and self._marked.issuperset(offers):
            name, (first, *_) = next(iter(kept.items()))
            others = f" Nor can {plural(len(kept) - 1, 'other')}." if len(kept) > 1 else ""
            refused = f"{name} cannot be discarded. {first.message}{others}"
            self.status_bar.show_message(f"{refused} space unmarks it, escape unmarks all.", "warn")
        elif kept:
            self.explain(next(iter(kept.values())))
        elif offers:
            ask_to_discard(self, offers, self._discarded)
        else:
            self._show_none()

    def _discarded(self, outcome: Done, message: str) -> None:
        self._marked.clear()
        self.show_outcome(outcome, message)

    def action_step(self, by: int) -> None:
        self.rows.move(by)

    def action_mark(self) -> None:
        if self.selected:
            self._marked ^= {self.selected.offer}
            self.rows.move(1)
            self.paint_all()
        else:
            self._show_none()

    def action_mine_first(self) -> None:
        """What waits for this person comes first, or the order of names again."""
        self._mine_first = not self._mine_first
        self.status_bar.clear_message()
        self.paint_all()

    def action_filter(self) -> None:
        self.ask_for_filter()

    def narrow(self, text: str) -> None:
        self.status_bar.clear_message()
        super().narrow(text)

    def action_leave(self) -> None:
        self._marked.clear()
        self.narrow("")

    def action_back(self) -> None:
        self.app.exit(0)

    def action_new(self) -> None:
        from tui.screens.new_offer import ask_for_offer

        ask_for_offer(self)

    def action_demo(self) -> None:
        if self.vitrina.offers:
            self.status_bar.show_message(
                "d opens the examples in an empty directory. D discards a draft."
            )
            return
        from pathlib import Path
        from tempfile import mkdtemp

        from tui.demo import make

        try:
            root = make(Path(mkdtemp(prefix="vitrina-demo-")) / "offers")
        except OSError as error:
            self.status_bar.show_message(f"The examples cannot be copied: {error.strerror}.", "bad")
            return
        self.vitrina.open_directory(root)
        self.status_bar.show_message(
            f"This is a copy of the example offers in {root}. Change what you like.", "good"
        )

    def action_edit(self) -> None:
        """Open the definition in the person's editor; publisher.toml where that stops everything."""
        if self.selected and PUBLISHER_FILE in (self.vitrina.trouble or ""):
            self.vitrina.edit_file(self.selected, None, PUBLISHER_FILE)
        elif self.selected:
            own = self.selected.definition.file
            to_fix = self.selected._replace(steps=self.selected.located_steps).to_fix
            line = next((each.line for each in to_fix if each.file == own), None)
            self.vitrina.edit_file(self.selected, line)
        else:
            self._show_none()

    def action_preview(self) -> None:
        if self.selected:
            self.vitrina.open_offer(self.selected.offer, PREVIEW)
        else:
            self._show_none()

    def describe(self) -> None:
        """What to fix first in the offer under the cursor, or what is next."""
        if self.vitrina.trouble:
            text = self.vitrina.trouble.replace(f"{self.vitrina.engine.root}/", "")
            text += " e opens it." if self.selected and PUBLISHER_FILE in text else ""
            self.status_bar.set_idle(indented(paragraph(text, self.size.width - 2, "bad", lines=2)))
        elif self.vitrina.has_looked and (view := self.selected):
            self.status_bar.set_idle(summary_lines(view, self.size.width))
        else:
            self.status_bar.set_idle([])
