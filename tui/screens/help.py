"""Help for the screen a person is on, made from its real bindings."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from tui.render.glyphs import glyph
from tui.render.lines import Line, Row, cell, paragraph
from tui.screens.base import BaseScreen, key_name
from tui.widgets.key_bar import Key

SIGNS = (
    ("complete", "good", "complete"),
    ("error", "bad", "error: to fix"),
    ("pending", "muted", "pending"),
    ("running", "", "under way"),
    ("not_required", "muted", "not required"),
    ("warning", "warn", "a warning, which blocks nothing"),
)

EVERYWHERE = (
    ("ctrl+p", "all commands by name; the light theme"),
    ("ctrl+q, ctrl+c", "quit from wherever you are"),
)
"""The keys that no screen has of its own."""

KEYS_WIDTH = 17
"""The cells of the names of a key."""


class HelpScreen(BaseScreen):
    """The keys of another screen: what each does, or why it cannot act now."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark", "back", "back", key_display="?")
    ]

    def __init__(self, about: BaseScreen) -> None:
        super().__init__()
        self._about = about

    def title_line(self, width: int) -> tuple[Line, Line]:
        name = type(self._about).__name__.removesuffix("Screen").lower()
        return [("Help", "strong"), (f" {glyph('dot')} {name}", "muted")], [("q back", "muted")]

    def keys(self) -> list[Key]:
        return [Key("j", "down", "down"), Key("k", "up", "up"), Key("q", "back", "back")]

    def repaint(self) -> None:
        width = self.size.width - 4
        rows = [_text(line) for line in paragraph(self._about.ABOUT, width)]
        rows.append(_text([]))
        for each in self._about.all_bindings():
            rows.extend(self._key(each, width))
        for key, meaning in EVERYWHERE:
            rows.append(Row(key, [cell(key, KEYS_WIDTH, "strong"), (meaning, "")]))
        rows.append(_text([]))
        for sign, role, meaning in SIGNS:
            rows.append(_text([cell(glyph(sign), KEYS_WIDTH, role), (meaning, "")]))
        self.rows.show(rows)
        self.status_bar.set_idle(
            [[(" Dimmed keys cannot act now. Press one to see why.", "muted")]]
        )

    def _key(self, binding: Binding, width: int) -> list[Row]:
        key = binding.key_display or binding.key
        names = (
            key
            if binding.key_display and "," not in binding.key
            else ", ".join([key_name(binding), *binding.key.split(",")[1:]])
        )
        reasons = self._about.why_not(binding.action)
        role = "muted" if reasons else ""
        line: Line = [
            cell(names, KEYS_WIDTH, "strong" if not reasons else "muted"),
            (binding.description, role),
        ]
        rows = [Row(binding.action, line)]
        if reasons:
            for each in paragraph(reasons[0].message, width - KEYS_WIDTH - 2, "muted"):
                rows.append(_text([(" " * (KEYS_WIDTH + 2), ""), *each]))
        return rows


def _text(line: Line) -> Row:
    return Row("", line, selectable=False)
