"""What all screens share: the title, the body, the status bar, the keys, and how to ask a person."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widget import Widget

from state.domain.actions import Command, Shown
from state.domain.errors import StorageError, UnknownOfferError
from state.domain.findings import Reason, Refusal
from state.domain.safe_text import plural
from state.engine import Done
from tui.render.lines import Line, Row, rule, span, spread
from tui.widgets.key_bar import Key, KeyLine
from tui.widgets.line_view import LineView
from tui.widgets.row_list import RowList
from tui.widgets.status_bar import Overtaken, StatusBar, not_overtaken

if TYPE_CHECKING:
    from tui.session import Session
    from tui.widgets.prompt import Prompt

PREVIEW = 4
"""The number of the preview, which goes back to where a person came from."""


class BaseScreen(Screen[None]):
    """A screen of the program.

    A subclass gives its body in ``body``, paints in ``repaint``, and names in ``KEYS`` the actions
    that are on the line of keys, the most needed first.
    """

    DEFAULT_CSS = "BaseScreen { layout: vertical; overflow: hidden; background: $background; }"
    KEYS: ClassVar[tuple[str, ...]] = ()
    ABOUT: ClassVar[str] = ""
    """What the screen is for, in a sentence or two; the help shows it."""
    _filter = ""
    """What is typed into the filter of a list."""
    _prompt: "Prompt | None" = None
    """The line that is being typed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "help", "help", key_display="?"),
        Binding("q", "back", "back"),
        Binding("escape", "leave", "back", show=False),
        Binding("j,down", "down", "down", key_display="j", show=False),
        Binding("k,up", "up", "up", key_display="k", show=False),
        Binding("g,home", "first", "first", key_display="g", show=False),
        Binding("G,end", "last", "last", key_display="G", show=False),
        Binding("pagedown,ctrl+f", "page(1)", "page down", show=False),
        Binding("pageup,ctrl+b", "page(-1)", "page up", show=False),
        Binding("slash", "filter", "find", key_display="/"),
        Binding("z", "undo", "undo the last discard or edit"),
        Binding("ctrl+z", "app.suspend_process", "suspend to the shell; fg returns", show=False),
    ]

    @property
    def vitrina(self) -> "Session":
        return cast("Session", self.app)

    def body(self) -> ComposeResult:
        """The widgets between the rules."""
        yield RowList(id="rows")

    def repaint(self) -> None:
        """Paint what is true now."""

    def describe(self) -> None:
        """Show above the keys what the row under the cursor is about."""

    def why_not(self, action: str) -> tuple[Reason, ...]:
        """Why an action is not possible now; nothing where it is."""
        return ()

    def title_line(self, width: int) -> tuple[Line, Line]:
        return [], []

    def compose(self) -> ComposeResult:
        yield LineView(id="title")
        yield LineView(id="upper")
        yield from self.body()
        yield LineView(id="lower")
        yield StatusBar(id="status")
        yield KeyLine(self.press, id="keys")

    @property
    def unsaved(self) -> str:
        """What was typed here and would be lost by leaving, in words; nothing else."""
        return "the line below" if self._prompt and self._prompt.unsaved else ""

    @property
    def rows(self) -> RowList:
        return self.query_one("#rows", RowList)

    @property
    def status_bar(self) -> StatusBar:
        return self.query_one("#status", StatusBar)

    def on_mount(self) -> None:
        self.focus_body()

    def on_resize(self) -> None:
        self.paint_all()

    def on_screen_resume(self) -> None:
        """Something may have changed while another screen was in front."""
        self.paint_once()
        if self.is_mounted and self.size.width:
            self.paint_all()

    def paint_once(self) -> None:
        """Write the next changes in one paint, not piece by piece."""
        self.vitrina.wait_with_painting()
        self.call_after_refresh(self.vitrina.paint_now)

    def paint_all(self) -> None:
        width = self.size.width
        left, right = self.title_line(width)
        self.query_one("#title", LineView).show(
            [spread([(" ", ""), *left], [*right, (" ", "")], width)]
        )
        self.query_one("#upper", LineView).show([self.upper_line(width)])
        self.repaint()
        self._paint_lower()
        self.paint_keys()
        self.status_bar.review()
        if self._prompt:
            self._prompt.review()

    def upper_line(self, width: int) -> Line:
        return rule(width)

    def _paint_lower(self) -> None:
        """The rule below the body, with the number of rows below the window."""
        below, width = self.rows.below, self.size.width
        more = f" {below} more below " if below else ""
        end = 2 if below else 0
        line: Line = [*rule(width - len(more) - end), (more, "muted"), *rule(end)]
        self.query_one("#lower", LineView).show([line])

    def on_row_list_scrolled(self, event: RowList.Scrolled) -> None:
        self._paint_lower()

    def paint_keys(self) -> None:
        """Paint the line of keys; which are dimmed may depend on the row under the cursor."""
        self.query_one(KeyLine).show_keys(self.keys(), self.size.width)

    def keys(self) -> list[Key]:
        """The line of keys, from the bindings."""
        bindings = {each.action: each for each in self.all_bindings()}
        return [
            Key(
                key_name(bindings[action]),
                bindings[action].description,
                action,
                bool(self.why_not(action)),
            )
            for action in (*self.KEYS, "help")
        ]

    def all_bindings(self) -> list[Binding]:
        """The bindings of this screen, its own before those of every screen."""
        found: dict[str, Binding] = {}
        for owner in type(self).__mro__:
            for each in owner.__dict__.get("BINDINGS", ()):
                if isinstance(each, Binding) and issubclass(owner, BaseScreen):
                    found.setdefault(each.action, each)
        return list(found.values())

    def press(self, action: str) -> None:
        if self.unsaved and action not in ("leave", "save", "help"):
            self.warn_unsaved()
        else:
            self.run_worker(self.run_action(action), exclusive=False)

    def warn_unsaved(self) -> None:
        text = "Not saved. Save it first, or discard it with escape."
        if self._prompt:
            self._prompt.show_trouble(text)
        else:
            self.status_bar.show_message(text, "warn")

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        self.describe()
        self.status_bar.clear_message()

    def on_row_list_opened(self, event: RowList.Opened) -> None:
        self.action_open()

    def focus_body(self) -> None:
        """Focus the body, or the line that is being typed."""
        if self._prompt:
            self.status_bar.display = False
            self._prompt.type_here()
            return
        for widget in self.query(RowList):
            self.set_focus(widget, scroll_visible=False)
            return
        self.set_focus(None)

    # Asking -----------------------------------------------------------------------------------

    def confirm(
        self,
        question: str,
        yes: Callable[[], None],
        *,
        no: str = "Nothing was done.",
        overtaken: Overtaken = not_overtaken,
    ) -> None:
        """Ask a question: ``y`` is yes, any other key no, and so is any key once it is overtaken."""
        hint, refuse = "y yes   any other key no", partial(self.status_bar.show_message, no)
        self.status_bar.ask(question, hint, {"y": yes}, refuse, overtaken)

    def overtaken(self, action: str, shown: Mapping[str, Shown]) -> str:
        """Why a question about what was shown of offers can no longer be answered, if so."""
        for offer, was in shown.items():
            view = self.vitrina.views.get(offer)
            if view is None:
                return f"{offer} was discarded or renamed meanwhile. Nothing was done."
            if reasons := view.against(action, was):
                return f"{offer}: {reasons[0].message}" if len(shown) > 1 else reasons[0].message
        return ""

    def prompt(
        self,
        label: str,
        done: Callable[[str], str | None],
        *,
        value: str = "",
        changed: Callable[[str], None] | None = None,
        limit: int | None = None,
        overtaken: Overtaken = not_overtaken,
    ) -> None:
        """Ask for a line of text; the arguments are those of ``Prompt``."""
        from tui.widgets.prompt import Prompt

        self.paint_once()
        if self._prompt:
            self._prompt.remove()
        self.status_bar.display = False
        self._prompt = Prompt(
            label,
            done,
            self.end_prompt,
            value=value,
            changed=changed,
            limit=limit,
            overtaken=overtaken,
        )
        self.mount(self._prompt, before="#keys")
        # At once: what is typed from now on is meant for it.
        self.set_focus(self._prompt, scroll_visible=False)

    def end_prompt(self, prompt: Widget) -> None:
        """Show the status bar again."""
        self.paint_once()
        prompt.remove()
        self._prompt = None
        self.status_bar.display = True
        self.focus_body()

    # Acting -----------------------------------------------------------------------------------

    def perform(self, offer: str, command: Command, done: str) -> None:
        outcome = self.vitrina.attempt(lambda: self.vitrina.engine.perform(offer, command))
        if outcome is not None:
            self.show_outcome(outcome, done)

    def answer(self, offer: str, command: Command, then: Callable[[Done], None]) -> str | None:
        """Perform an action with a text that a person typed; return why it was refused."""
        try:
            outcome = self.vitrina.engine.perform(offer, command)
        except (StorageError, UnknownOfferError) as trouble:
            self.vitrina.reload()
            return str(trouble)
        if isinstance(outcome, Refusal):
            self.vitrina.reload()
            return in_short(outcome.reasons)
        then(outcome)
        return None

    def show_outcome(self, outcome: object, done: str) -> None:
        """Show the outcome of an action with its notes."""
        self.vitrina.reload()
        if isinstance(outcome, Refusal):
            self.explain(outcome.reasons)
            return
        notes = outcome.notes if isinstance(outcome, Done) else ()
        notes = (*notes, *self.vitrina.engine.warnings)
        self.status_bar.show_message(" ".join((done, *notes)), "warn" if notes else "good")

    def explain(self, reasons: tuple[Reason, ...]) -> None:
        self.status_bar.show_message(in_short(reasons), "warn")

    # Keys of every screen ---------------------------------------------------------------------

    def action_down(self) -> None:
        self.rows.move(1)

    def action_up(self) -> None:
        self.rows.move(-1)

    def action_first(self) -> None:
        self.rows.move_to_end(last=False)

    def action_last(self) -> None:
        self.rows.move_to_end(last=True)

    def action_page(self, pages: int) -> None:
        self.rows.page(pages)

    def action_open(self) -> None:
        """Open the row under the cursor."""

    def action_back(self) -> None:
        self.app.pop_screen()

    def action_leave(self) -> None:
        """Clear the filter, else go back."""
        if self._filter:
            self.narrow("")
        else:
            self.action_back()

    def action_help(self) -> None:
        self.vitrina.show_help()

    def action_filter(self) -> None:
        """Go to the first row that holds a text; a list leaves out the other rows instead."""
        rows = self.rows
        start = rows.key

        def changed(text: str) -> None:
            if text:
                rows.find(text)
            elif start is not None:
                rows.move_to(start)

        self.prompt("Find:", lambda text: None, changed=changed)

    def ask_for_filter(self) -> None:
        self.prompt("Filter:", lambda text: None, value=self._filter, changed=self.narrow)

    def narrow(self, text: str) -> None:
        """Show only the rows that hold a text."""
        self._filter = text
        self.paint_all()

    def filter_rows(self) -> list[Row]:
        """The filter as a row, where there is one."""
        words = span(f'Filter: "{self._filter}". escape shows all.', "muted")
        return [Row("", [words], False)] if self._filter else []

    def action_undo(self) -> None:
        self.vitrina.undo()


def in_short(reasons: tuple[Reason, ...]) -> str:
    """Why something is refused: the first reason, and how many more there are."""
    more = f" And {plural(len(reasons) - 1, 'more reason')}." if len(reasons) > 1 else ""
    return f"{reasons[0].message}{more}"


def key_name(binding: Binding) -> str:
    """A binding's key as it is written on a keyboard."""
    return binding.key_display or binding.key.split(",")[0]
