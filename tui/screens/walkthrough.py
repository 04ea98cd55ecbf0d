"""The walkthrough: four steps, what is missing in each, and the way to every item of it."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.timer import Timer

from state.domain.actions import CERTIFY, STAGE, TESTED
from state.domain.errors import StorageError
from state.domain.findings import PUBLISHER_FILE, Finding, Reason
from state.domain.safe_text import short_content
from state.domain.stages import CERTIFICATION
from state.engine import Done
from tui.render.excerpt import explained
from tui.render.walkthrough_rows import Item, items_of, summary_lines, walkthrough_rows
from tui.render.words import duration
from tui.screens.offer_base import OfferScreen
from tui.widgets.key_bar import Key
from tui.widgets.line_view import LineView
from tui.widgets.row_list import RowList

WIDE = 110
"""From how many columns on an item's rule and its place in the file stand beside the list."""

RESTS_AFTER = 0.15
"""How many seconds the cursor has to stay before they, and its keys, are painted."""

OPENS = {CERTIFY: "certify", STAGE: "to Publish", TESTED: "staging test"}
"""What ``enter`` does on an item that is settled by an action."""


class WalkthroughScreen(OfferScreen):
    DEFAULT_CSS = "WalkthroughScreen #pane { height: 1fr; display: none; }"
    NUMBER = 1
    ABOUT = (
        "The four steps to production. Each is complete, or shows what is missing. enter goes to "
        "the field, or does what is still to do. Once all four are complete, approval can be "
        "requested on Publish."
    )
    KEYS = ("open", "edit", "certify", "tested", "fields", "preview", "filter")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,l,right", "open", "to the field", key_display="enter"),
        Binding("c", "certify", "certify"),
        Binding("t", "tested", "staging test"),
        Binding("f", "fields", "fields"),
        Binding("T", "token", "new SAS token"),
        Binding("slash", "filter", "filter", key_display="/"),
        Binding("escape", "leave", "clear the filter, else back", show=False),
    ]

    def __init__(self, offer: str) -> None:
        super().__init__(offer)
        self._items: dict[str, Item] = {}
        self._resting: Timer | None = None

    def body(self) -> ComposeResult:
        with Horizontal():
            yield RowList(id="rows")
            yield LineView(id="pane")

    @property
    def item(self) -> Item | None:
        return self._items.get(self.rows.key or "")

    def repaint(self) -> None:
        width = self._lay_out()
        items = items_of(self.view, self._filter)
        before, self._items = self._items, {item.key: item for item in items}
        rows = [*self.filter_rows(), *walkthrough_rows(self.view, items, width)]
        self.rows.show(rows, self._wanted(before))
        self.describe()
        self._paint_pane()

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        """Explain the item under the cursor once the cursor rests."""
        if self._resting:
            self._resting.stop()
        self._resting = self.set_timer(RESTS_AFTER, self._rested)

    def keys(self) -> list[Key]:
        """The line of keys, with what ``enter`` does for the item under the cursor."""
        opens = self._opens()
        keys = super().keys()
        return [
            key._replace(label=opens or key.label) if key.action == "open" else key for key in keys
        ]

    def _opens(self) -> str | None:
        """What ``enter`` does, where it does not go to a field."""
        if self.item is None:
            return "to Publish"
        definition, found = self.view.definition, self.item.finding
        if definition.offer is None and found.file == definition.file:
            return "to the line" if found.line else "what to do"
        return OPENS.get(self.item.action or "")

    def why_not(self, action: str) -> tuple[Reason, ...]:
        match action:
            case "certify":
                return self.view.actions[CERTIFY]
            case "tested":
                return self.view.actions[TESTED]
        return ()

    def action_open(self) -> None:
        """Go to the item's field, or do what is to be done."""
        does = {STAGE: self._publish, CERTIFY: self.action_certify, TESTED: self.action_tested}
        if self.item is None:
            self._publish()
        elif self.item.action:
            does[self.item.action]()
        else:
            self.open_field(self.item.finding)

    def _publish(self) -> None:
        self.action_go(2)

    def open_field(self, found: Finding) -> None:
        missing = any(each.rule == "publisher.missing" for each in self.view.findings)
        if missing and found.file == PUBLISHER_FILE:
            question = f"{PUBLISHER_FILE} is missing. Create it with comments, to be filled in?"
            self.confirm(question, self._write_publisher)
            return
        if found.meant:
            question = f"Rename {found.field.names[-1]} to {found.meant}? Its value stays."
            seen = self.view.definition.raw or b""
            self.confirm(
                question,
                lambda: self._rename_key(found, seen),
                overtaken=lambda: (
                    "" if self.view.definition.raw == seen else f"{found.file} changed. Look again."
                ),
            )
            return
        from tui.screens.field import FieldScreen

        self.app.push_screen(FieldScreen(self.offer, found))

    def _rename_key(self, found: Finding, seen: bytes) -> None:
        from state.engine.drafts import rename_key
        from tui.screens.field_save import undoing

        engine = self.vitrina.engine
        outcome = self.vitrina.attempt(
            lambda: rename_key(engine, self.offer, found.field, found.meant or "", seen=seen)
        )
        if outcome is None:
            return
        if isinstance(outcome, Done):
            self.vitrina.done.append(undoing(engine, self.offer, str(found.field)))
        self.show_outcome(outcome, f"{found.field.names[-1]} is now {found.meant}. z undoes it.")

    def _write_publisher(self) -> None:
        from state.engine.create import initialise
        from state.engine.draft_writer import DraftingError

        try:
            initialise(self.vitrina.engine)
        except (DraftingError, StorageError) as trouble:
            self.status_bar.show_message(str(trouble), "bad")
            return
        self.vitrina.reload()
        self.status_bar.show_message(
            f"{PUBLISHER_FILE} was created. Its open items are listed.", "good"
        )

    def action_certify(self) -> None:
        if reasons := self.why_not("certify"):
            self.explain(reasons)
            return
        seconds = self.view.stage_seconds.get(CERTIFICATION)
        takes = f" It takes about {duration(seconds)}." if seconds else ""
        content = short_content(self.view.content.technical if self.view.content else None)
        question = (
            f"Request certification of the technical content as it stands ({content})?{takes} "
            "A later technical edit needs another."
        )
        done = "Certification requested: the walkthrough shows what comes of it."
        self.ask_to(CERTIFY, question, done)

    def action_tested(self) -> None:
        if reasons := self.why_not("tested"):
            self.explain(reasons)
            return
        from tui.screens.checklist import ChecklistScreen

        self.app.push_screen(ChecklistScreen(self.offer))

    def action_token(self) -> None:
        """Put a new SAS token in the place of the one that the item is about."""
        from tui.screens.token import ask_for_token

        ask_for_token(self, self.item.finding if self.item else None)

    def action_fields(self) -> None:
        """Every field of the definition, to look at or to edit."""
        from tui.screens.fields import FieldsScreen

        self.app.push_screen(FieldsScreen(self.offer))

    def action_filter(self) -> None:
        self.ask_for_filter()

    def action_edit(self) -> None:
        """Open the file of the item under the cursor in the person's editor, at its line."""
        found = self.item.finding if self.item else None
        file = found.file if found else None
        self.vitrina.edit_file(self.view, found.line if found else None, file)

    def _wanted(self, before: dict[str, Item]) -> str | None:
        """Where the cursor goes: to the finding that was asked for, else past a fixed one."""
        if self.at:
            about, self.at = self.at, None
            for key, item in self._items.items():
                found = item.finding
                if (found.rule, found.field, found.message) == (
                    about.rule,
                    about.field,
                    about.message,
                ):
                    return key
        here = self.rows.key
        if here is None or here in self._items or here not in before:
            return None
        field = before[here].finding.field
        following = list(before)[list(before).index(here) + 1 :]
        same = [
            key for key, item in self._items.items() if field.names and item.finding.field == field
        ]
        return next((key for key in [*same, *following] if key in self._items), None)

    def _lay_out(self) -> int:
        """Give the explanation its room; what the rows have left."""
        pane = self.query_one("#pane", LineView)
        pane.display = bool(self._pane_width)
        pane.styles.width = self._pane_width
        return self.size.width - self._pane_width

    @property
    def _pane_width(self) -> int:
        return min(64, max(36, self.size.width - 80)) if self.size.width >= WIDE else 0

    def _rested(self) -> None:
        self.paint_keys()
        self._paint_pane()

    def _paint_pane(self) -> None:
        if self._pane_width:
            height = self.size.height - 6
            found = self.item.finding if self.item else None
            lines = explained(self.view, found, self._pane_width - 3, height) if found else []
            self.query_one("#pane", LineView).show([[("  ", ""), *line] for line in lines])

    def describe(self) -> None:
        # What the pane shows is not repeated here.
        item = None if self._pane_width else self.item
        self.status_bar.set_idle(summary_lines(self.view, item, self.size.width))
