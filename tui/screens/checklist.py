"""The staging checklist: what was tested in staging, recorded point by point."""

from collections.abc import Mapping, Set
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType

from state.domain.actions import TESTED, Command, Shown
from state.domain.findings import Reason
from state.domain.safe_text import plural, short_content
from state.engine import Done
from state.workspace.offer_view import OfferView
from tui.render.glyphs import glyph
from tui.render.lines import Line, Row, indented, paragraph, span, spread
from tui.render.words import moment
from tui.screens.overlay import OverlayScreen
from tui.widgets.row_list import RowList


class ChecklistScreen(OverlayScreen):
    """The points of the staging checklist of one offer."""

    NUMBER = 1
    ABOUT = (
        "What to check in staging. Mark each point that is right; enter records the marked points "
        "for exactly the content that is in staging."
    )
    KEYS = ("record", "mark", "all", "leave")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "record", "record the marked points"),
        Binding("space", "mark", "mark", key_display="space"),
        Binding("a", "all", "all"),
        Binding("q", "back", "back"),
        Binding("escape", "leave", "back", key_display="escape"),
    ]

    def __init__(self, offer: str) -> None:
        super().__init__(offer)
        self._marked: set[str] = set()
        self._seen: Shown | None = None
        """The content that the marks are about."""

    @property
    def points(self) -> Mapping[str, str]:
        return self.view.checklist

    @property
    def passed(self) -> frozenset[str]:
        staged = self.view.state.staged
        return self.view.state.points_passed(staged.content) if staged else frozenset()

    def repaint(self) -> None:
        seen = self.view.shown(TESTED)
        if self._marked and seen != self._seen:
            self._marked.clear()
            self.status_bar.show_message(
                "Other content is in staging now: the marks, which were about the last, are cleared.",
                "warn",
            )
        self._seen = seen
        self._marked -= self.passed
        self.rows.show(checklist_rows(self.view, self.passed, self._marked, self.size.width))
        self.status_bar.set_idle(self._summary())

    def on_row_list_opened(self, event: RowList.Opened) -> None:
        self.action_mark()

    def why_not(self, action: str) -> tuple[Reason, ...]:
        return self.view.actions[TESTED] if action == "record" else ()

    def action_mark(self) -> None:
        if self.rows.key in self.passed:
            self.status_bar.show_message("This point is already recorded and stays in the history.")
        elif self.rows.key:
            self._marked ^= {self.rows.key}
            self.rows.move(1)
            self.paint_all()

    def action_all(self) -> None:
        """Mark every point that is not recorded yet; none where all of them are marked."""
        rest = set(self.points) - self.passed
        self._marked = set() if self._marked == rest else rest
        self.paint_all()

    def action_record(self) -> None:
        if reasons := self.why_not("record"):
            self.explain(reasons)
        elif self._marked:
            points = tuple(point for point in self.points if point in self._marked)
            shown = self.view.shown(TESTED)
            about = f"{plural(len(points), 'point')}, for content {short_content(shown.content)}"
            self.prompt(
                f"Note on the test of {about} (optional):",
                partial(self._record, points, shown),
                overtaken=partial(self.overtaken, TESTED, {self.offer: shown}),
            )
        elif set(self.points) == self.passed:
            self.status_bar.show_message(
                "Every point is recorded for the content in staging.", "good"
            )
        else:
            self.status_bar.show_message(
                "No point is marked. space marks the point under the cursor, a marks all."
            )

    def _record(self, points: tuple[str, ...], shown: Shown, note: str) -> str | None:
        command = Command(TESTED, note.strip() or None, points=points, shown=shown)
        return self.answer(self.offer, command, self._recorded)

    def _recorded(self, outcome: Done) -> None:
        count = plural(len(outcome.events[0].data["points"]), "point")
        self.show_outcome(outcome, f"Recorded: {count} of the staging test.")
        if set(self.points) == self.passed:
            message = "Recorded: the staging test of this content has passed."
            self.call_after_refresh(self.leave, message, "good")

    def _summary(self) -> list[Line]:
        view, staged = self.view, self.view.state.staged
        if staged is None:
            return []
        content = short_content(staged.content)
        text = f"In staging since {moment(staged.at, view.now)}: content {content}."
        if view.content is None or view.content.hash != staged.content:
            text += " The draft has changed since then: what you record is about the content in staging."
        return indented(paragraph(text, self.size.width - 2, lines=2))


def checklist_rows(view: OfferView, passed: Set[str], marked: Set[str], width: int) -> list[Row]:
    """A heading, then a row a point; the marked ones are to be recorded."""
    points = view.checklist
    count = f"{len(passed & set(points))} of {len(points)} recorded"
    heading = spread([("Staging checklist", "strong")], [(count, "muted"), (" ", "")], width - 3)
    how = [("Mark each point that passes in staging.", "muted")]
    rows = [Row("", line, False) for line in (heading, how, [])]
    for name, looked_at in points.items():
        sign, role, state = "pending", "muted", ""
        if name in passed:
            sign, role, state = "complete", "good", "recorded"
        elif name in marked:
            sign, role, state = "mark", "strong", "marked"
        left: Line = [(glyph(sign), role), ("  ", ""), span(looked_at)]
        rows.append(Row(name, spread(left, [(state, "muted"), (" ", "")], width - 3)))
    return rows
