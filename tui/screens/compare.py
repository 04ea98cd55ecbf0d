"""Comparing two versions of an offer, and reverting the draft to one of them."""

from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType

from state.domain.actions import REVERT, Shown
from state.domain.errors import StorageError
from state.domain.findings import Reason, Refusal
from state.domain.safe_text import plural
from state.engine.compare import (
    DRAFT,
    Comparison,
    NoSuchVersion,
    comparison_of,
)
from state.engine.draft_writer import DraftingError
from state.engine.revert import Planned, preview_revert, revert
from state.engine.three_way import three_ways
from state.workspace.offer_view import OfferView
from tui.render.compare_rows import (
    Look,
    comparison_rows,
    field_of,
    format_side,
    preview_rows,
    text_row,
    version_names,
)
from tui.render.lines import paragraph
from tui.render.three_ways_rows import three_way_rows
from tui.screens.field_save import undoing
from tui.screens.overlay import OverlayScreen

THREE = "three"


class CompareScreen(OverlayScreen):
    """Two versions of an offer, field by field; with ``revert`` it asks at once what to revert."""

    ABOUT = (
        "What differs between two versions of the offer, and what that means for the next push. "
        "Tab chooses another older version; t shows draft, staged and production in one table. r "
        "reverts the draft, a field or all of it, after showing what would change."
    )
    KEYS = ("older(1)", THREE, "revert", "back")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "older(1)", "other version", key_display="tab"),
        Binding("shift+tab", "older(-1)", "the version before", show=False),
        Binding("n", "newer(1)", "another version to compare to"),
        Binding("t", THREE, "compare three"),
        Binding("r", "revert", "revert"),
    ]

    def __init__(self, offer: str, revert: bool = False) -> None:
        super().__init__(offer)
        self._revert_at_once = revert
        self._old: str | None = None
        self._new = DRAFT
        self._preview: Planned | None = None
        self._three = False

    def why_not(self, action: str) -> tuple[Reason, ...]:
        if action.startswith(("older", "newer")) and len(version_names(self.view)) < 3:
            message = "There is no other version to compare."
            return (Reason("status.wrong", None, None, message),)
        if action == THREE:
            state = self.view.state
            if not (self.view.content and state.staged and state.production):
                message = "This needs a draft, a staged version and a version in production."
                return (Reason("status.wrong", None, None, message),)
        return self.view.actions[REVERT] if action == "revert" else ()

    def on_mount(self) -> None:
        super().on_mount()
        if self._revert_at_once:
            self.call_after_refresh(self.action_revert)

    # Painting ---------------------------------------------------------------------------------

    def repaint(self) -> None:
        if self._preview is not None:
            planned = self._preview
            look = Look(self.size.width, planned.files, planned.side.assets, self.album)
            self.rows.show(preview_rows(planned, format_side(self.view, planned.side), look))
            return
        if self._three and not self.why_not(THREE):
            self._paint_three()
            return
        compared = self._comparison()
        if isinstance(compared, str):
            self.rows.show([text_row(line) for line in paragraph(compared, self.size.width - 3)])
            self.set_idle("r reverts the whole draft." if not self.why_not("revert") else "")
        else:
            self.rows.show(comparison_rows(self.view, compared, self.size.width, self.album))
            self.describe()

    def _paint_three(self) -> None:
        view = self.view
        try:
            found = three_ways(self.vitrina.engine, view)
        except (NoSuchVersion, StorageError) as trouble:
            self.rows.show(
                [text_row(line) for line in paragraph(str(trouble), self.size.width - 3)]
            )
        else:
            self.rows.show(three_way_rows(view, found, self.size.width))
        self.set_idle("From left to right: production, staged, draft. t compares two again.")

    def describe(self) -> None:
        if self._preview is None and not self._three:
            field = field_of(self.rows.key) if self._new == DRAFT else None
            self.set_idle(f"r reverts {field}, or everything." if field else "")

    def _comparison(self) -> Comparison | str:
        """The comparison, or why there is none."""
        view = self.view
        try:
            return comparison_of(self.vitrina.engine, view, self._older_name(view), self._new)
        except (NoSuchVersion, StorageError) as trouble:
            return str(trouble)

    def _older_name(self, view: OfferView) -> str | None:
        """The older version: the one chosen, else production, staged or the latest."""
        if self._old:
            return self._old
        names = [name for name in version_names(view) if name != DRAFT]
        return names[0] if names else None

    # Keys -------------------------------------------------------------------------------------

    def action_older(self, by: int) -> None:
        if reasons := self.why_not("older"):
            self.explain(reasons)
        else:
            self._three = False
            self._old = self._other(self._older_name(self.view), by, self._new)
            self.repaint()

    def action_newer(self, by: int) -> None:
        if reasons := self.why_not("newer"):
            self.explain(reasons)
        else:
            self._three = False
            self._new = self._other(self._new, by, self._older_name(self.view)) or DRAFT
            self.repaint()

    def _other(self, name: str | None, by: int, other_side: str | None) -> str | None:
        """The version after one, that of the other side left out."""
        names = [each for each in version_names(self.view) if each != other_side]
        return names[(names.index(name) + by) % len(names)] if name in names else names[0]

    def action_three(self) -> None:
        """Show draft, staged and production in one table, or two versions again."""
        if reasons := self.why_not(THREE):
            self.explain(reasons)
        else:
            self._three = not self._three
            self.repaint()

    def action_revert(self) -> None:
        """Revert the draft, after showing what would change."""
        if reasons := self.why_not("revert"):
            self.explain(reasons)
            return
        if self._three:
            self.action_three()
        compared = self._comparison()
        if isinstance(compared, Comparison) and not compared.changes:
            self.status_bar.show_message("There is nothing to revert: the versions are the same.")
            return
        if self._older_name(self.view) is None:
            self.status_bar.show_message("There is no earlier version to revert to.")
            return
        field = field_of(self.rows.key)
        if field is None or isinstance(compared, str):
            self._show_preview(())
            return
        self.ask_moving(
            "Revert everything, or only the field under the cursor?",
            "a all   f field   any other key no",
            {"a": lambda: self._show_preview(()), "f": self._preview_field},
            lambda: self.status_bar.show_message("Nothing was done."),
        )

    def _preview_field(self) -> None:
        field = field_of(self.rows.key)
        self._show_preview((field,) if field else ())

    def _show_preview(self, fields: tuple[str, ...]) -> None:
        engine, to = self.vitrina.engine, self._older_name(self.view)
        try:
            planned = preview_revert(engine, self.offer, fields, to)
        except (NoSuchVersion, DraftingError, StorageError) as trouble:
            self.status_bar.show_message(str(trouble), "bad")
            return
        if not planned.writes:
            self.status_bar.show_message(" ".join(("There is nothing to revert.", *planned.notes)))
            return
        self._preview, shown = planned, self.view.shown(REVERT)
        self.repaint()
        count = len(planned.changes)
        what = f"{plural(count, 'field')} of the draft" if count else "the text of the draft"
        question = f"Revert {what} to {format_side(self.view, planned.side)}, as shown?"
        answers = {"y": lambda: self._revert(fields, to)}
        hint = "y yes   any other key no"
        self.ask_moving(question, hint, answers, self._keep, partial(self._changed, planned, shown))

    def _changed(self, planned: Planned, shown: Shown) -> str:
        """Why a previewed revert is out of date; empty where it is not."""
        if self.view.definition.raw == planned.former:
            return self.overtaken(REVERT, {self.offer: shown})
        return f"{self.view.definition.file} changed since this was shown. Look again."

    def _keep(self) -> None:
        self._preview = None
        self.repaint()
        self.status_bar.show_message("The draft was not changed.")

    def _revert(self, fields: tuple[str, ...], to: str | None) -> None:
        engine = self.vitrina.engine
        planned, self._preview = self._preview, None
        self._new = DRAFT
        try:
            outcome = revert(engine, self.offer, fields, to, planned=planned)
        except (NoSuchVersion, DraftingError, StorageError) as trouble:
            self.vitrina.reload()
            self.status_bar.show_message(str(trouble), "bad")
            return
        notes = planned.notes if planned else ()
        what = ", ".join(fields) or "The draft"
        if not isinstance(outcome, Refusal):
            self.vitrina.done.append(undoing(engine, self.offer, what))
        self.show_outcome(outcome, " ".join((f"{what} is reverted. z undoes it.", *notes)))
