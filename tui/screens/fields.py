"""Every field of a definition with its value, whether anything is wrong with it or not."""

from typing import ClassVar

from textual.binding import Binding, BindingType

from state.domain.safe_text import plural
from state.workspace.field_view import FieldView, finding_at, typed_fields
from state.workspace.offer_view import OfferView
from tui.render.field_form import no_file
from tui.render.glyphs import glyph
from tui.render.lines import Line, Row, Span, cell, paragraph, span
from tui.screens.overlay import OverlayScreen


class FieldsScreen(OverlayScreen):
    NUMBER = 1
    ABOUT = (
        "Every field of the definition, whether it is set in the file or not. enter explains a "
        "field, and edits it."
    )
    KEYS = ("open", "filter", "leave")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,l,right", "open", "to the field", key_display="enter"),
        Binding("slash", "filter", "filter", key_display="/"),
        Binding("escape", "leave", "back", key_display="escape"),
    ]

    def __init__(self, offer: str) -> None:
        super().__init__(offer)
        self._listed: dict[str, FieldView] = {}

    def repaint(self) -> None:
        wanted = self._filter.lower()
        self._listed = {
            str(each.field): each
            for each in typed_fields(self.view)
            if wanted in f"{each.field} {each.text}".lower()
        }
        width = self.size.width
        if self.view.definition.offer is None:
            lines = paragraph(no_file(self.view, self.view.definition.file), width - 3)
            self.rows.show([Row("", line, False) for line in lines])
        else:
            fields = list(self._listed.values())
            self.rows.show([*self.filter_rows(), *field_rows(self.view, fields, width)])
        self.describe()

    def action_open(self) -> None:
        from tui.screens.field import FieldScreen

        if each := self._listed.get(self.rows.key or ""):
            self.app.push_screen(FieldScreen(self.offer, finding_at(self.view, each.field)))

    def action_filter(self) -> None:
        self.ask_for_filter()

    def action_edit(self) -> None:
        each = self._listed.get(self.rows.key or "")
        self.vitrina.edit_file(self.view, finding_at(self.view, each.field).line if each else None)

    def describe(self) -> None:
        each = self._listed.get(self.rows.key or "")
        self.status_bar.set_idle([[(" ", ""), span(each.description, "muted")]] if each else [])


def field_rows(view: OfferView, fields: list[FieldView], width: int) -> list[Row]:
    """A heading, then a row a field, with a sign where something was found in it."""
    name = min(max([len(str(each.field)) for each in fields], default=8) + 2, width // 2)
    rows = [Row("", [(f"  {plural(len(fields), 'field')}", "muted")], False)]
    for each in fields:
        line: Line = [_sign(view, each), (" ", "")]
        line += [cell(str(each.field), name - 1), (" ", "")]
        line.append(cell(each.text, width - name - 6, "muted"))
        rows.append(Row(str(each.field), line))
    return rows


def _sign(view: OfferView, field: FieldView) -> Span:
    found = [each for each in view.findings if each.field.names and each.field.within(field.field)]
    if any(each.is_error for each in found):
        return glyph("error"), "bad"
    return (glyph("warning"), "warn") if found else (" ", "")
