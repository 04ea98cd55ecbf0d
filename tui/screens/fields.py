"""Every field of a definition with its value, whether anything is wrong with it or not."""

from collections.abc import Iterator
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from state.definitions.content import is_technical
from state.definitions.form_input import format_input
from state.definitions.model_fields import Node, nodes_of
from state.domain.findings import Finding, Severity
from state.domain.model import Model
from state.domain.safe_text import plural
from state.workspace.offer_view import OfferView
from tui.render.field_form import can_be_typed, no_file
from tui.render.glyphs import glyph
from tui.render.lines import Line, Row, Span, cell, paragraph, span
from tui.screens.over import OverWalkthrough
from tui.widgets.row_list import RowList


class FieldsScreen(OverWalkthrough):
    """The fields of one offer."""

    ABOUT = (
        "Every field of the definition, whether the file holds it or not. enter shows what a "
        "field is for, and edits it."
    )
    KEYS = ("open", "filter", "leave")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,l,right", "open", "to the field", key_display="enter"),
        Binding("slash", "filter", "filter", key_display="/"),
        Binding("escape", "leave", "back", key_display="escape"),
    ]

    def __init__(self, offer: str) -> None:
        super().__init__(offer)
        self._filter = ""
        self._listed: dict[str, Node] = {}

    def repaint(self) -> None:
        """The fields."""
        wanted = self._filter.lower()
        self._listed = {
            str(node.field): node
            for node in editable(self.view)
            if wanted in f"{node.field} {_shown(node.value)}".lower()
        }
        width = self.size.width
        if self.view.definition.offer is None:
            lines = paragraph(no_file(self.view, self.view.definition.file), width - 3)
            self.rows.show([Row("", line, False) for line in lines])
        else:
            self.rows.show(field_rows(self.view, list(self._listed.values()), width))
        self._tell()

    def on_row_list_moved(self, event: RowList.Moved) -> None:
        """Tell what the field under the cursor is for."""
        self._tell()

    def on_row_list_opened(self, event: RowList.Opened) -> None:
        """Open what was clicked."""
        self.action_open()

    def action_open(self) -> None:
        """Edit the field under the cursor."""
        from tui.screens.field import FieldScreen

        if node := self._listed.get(self.rows.key or ""):
            self.app.push_screen(FieldScreen(self.offer, finding_at(self.view, node)))

    def action_filter(self) -> None:
        """Show only the fields whose name or value holds a text."""

        def changed(text: str) -> None:
            self._filter = text
            self.repaint()

        self.prompt("Show fields that hold", lambda text: None, value=self._filter, changed=changed)

    def action_leave(self) -> None:
        """Drop the filter, else go back."""
        if self._filter:
            self._filter = ""
            self.repaint()
        else:
            self.action_back()

    def action_edit(self) -> None:
        """Open the definition in the person's editor, at the field's line."""
        node = self._listed.get(self.rows.key or "")
        self.vitrina.edit_file(self.view, finding_at(self.view, node).line if node else None)

    def _tell(self) -> None:
        node = self._listed.get(self.rows.key or "")
        self.notice.rest([[(" ", ""), span(node.says, "muted")]] if node else [])


def editable(view: OfferView) -> Iterator[Node]:
    """The fields of an offer whose values can be typed in one place."""
    inside: list[tuple[Any, ...]] = []
    for node in nodes_of(view.definition.offer) if view.definition.offer else ():
        keys = node.field.path
        if any(keys[: len(each)] == each for each in inside) or not can_be_typed(node.shape):
            continue
        if not node.shape.model:
            yield node
            if node.shape.kind in ("list", "map"):
                inside.append(keys)


def finding_at(view: OfferView, node: Node) -> Finding:
    """What was found in a field, or that nothing was, with its line."""
    found = [each for each in view.findings if each.field.names and each.field.within(node.field)]
    step = 3 if is_technical(node.field.names) else 4
    nothing = Finding("", Severity.WARNING, step, node.field, view.definition.file, "")
    return view.locate([*found, nothing])[0]


def field_rows(view: OfferView, nodes: list[Node], width: int) -> list[Row]:
    """The fields as rows.

    Args:
        view: The offer.
        nodes: The fields.
        width: The cells of the window.

    Returns:
        A heading, then a row a field, with a sign where something was found in it.
    """
    name = min(max([len(str(node.field)) for node in nodes], default=8) + 2, width // 2)
    rows = [Row("", [(f"  {plural(len(nodes), 'field')}", "muted")], False)]
    for node in nodes:
        line: Line = [_sign(view, node), (" ", "")]
        line += [cell(str(node.field), name), cell(_shown(node.value), width - name - 6, "muted")]
        rows.append(Row(str(node.field), line))
    return rows


def _sign(view: OfferView, node: Node) -> Span:
    found = [each for each in view.findings if each.field.names and each.field.within(node.field)]
    if any(each.is_error for each in found):
        return glyph("error"), "bad"
    return (glyph("warning"), "warn") if found else (" ", "")


def _shown(value: Any) -> str:
    """A value in one line: its beginning is enough, and a count of what has fields of its own."""
    if isinstance(value, tuple) and any(isinstance(each, Model) for each in value):
        return plural(len(value), "item")
    return " ".join(format_input(value)[:200].split())
