"""One field: what it is for, what its rule expects, where it is, and a box to change it in."""

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.timer import Timer

from state.domain.errors import InputError, StorageError
from state.domain.findings import Finding, Reason, Refusal
from state.domain.text_length import length
from state.engine.field_form import (
    Form,
    form_again,
    form_of,
    lock_broken_by,
    reasons_against_saving,
    try_value,
    typed_value,
)
from tui.render.field_form import verdict, why_not_typed
from tui.render.field_lines import field_lines
from tui.render.glyphs import glyph
from tui.render.lines import Line, Row, indented, paragraph, spread
from tui.screens.field_save import Written, write_to_definition, write_to_publisher
from tui.screens.overlay import OverlayScreen
from tui.widgets.key_bar import Key
from tui.widgets.line_view import LineView
from tui.widgets.row_list import RowList
from tui.widgets.status_bar import NOT_SAVED
from tui.widgets.text_box import Box

JUDGED_AFTER = 0.15
"""How many seconds after the last key a value is checked."""

HINTS = {
    "vhd": "The whole address with its new token. Leave it empty to change nothing. T on the "
    "walkthrough sets a token alone.",
    "list": "A list: items with commas between them, or TOML in brackets.",
    "map": "A table, as TOML in braces.",
    "model": "A table, as TOML in braces.",
    "flag": "true or false.",
    "whole or text": "A whole number, or unlimited.",
    "money": "An amount with a decimal point, such as 0.05.",
    "asset": "Path relative to the working directory. The file itself is not changed.",
}
"""How values are typed, by the kind of their shape."""


class FieldScreen(OverlayScreen):
    NUMBER = 1
    ABOUT = (
        "One field of the definition: what its rule requires and where it is in the file. Saving "
        "changes that one value; comments, order and white space of the file are kept. An address "
        "with a SAS token is replaced, never edited: its line begins empty."
    )
    KEYS = ("edit", "leave")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "save", key_display="ctrl+s"),
        Binding("escape", "leave", "back", key_display="escape"),
        Binding("q", "back", "back"),
    ]

    def __init__(self, offer: str, found: Finding) -> None:
        super().__init__(offer)
        self._seen = b""
        """The file's bytes that the form is about."""
        self._against = ""
        """Why nothing can be saved now, although there is a box."""
        self._form = Form(found.field, found)
        self._dropping = False
        """Whether the next escape discards what was typed."""
        self._timer: Timer | None = None

    @property
    def typing(self) -> bool:
        """Whether letters are text now, also while a question waits for its answer."""
        return self.box is not None or super().typing

    @property
    def unsaved(self) -> str:
        """The field, where something else was typed than the file holds."""
        return str(self._form.field) if self.box and self.box.text != self._form.text else ""

    @property
    def box(self) -> Box | None:
        """Where the value is typed, None where it cannot be."""
        return next(iter(self.query(Box)), None)

    def body(self) -> ComposeResult:
        """What is known of the field; below it the box, where the value can be typed."""
        self._seen = self.view.raw(self._form.found.file)
        self._form = form_of(self.vitrina.engine, self.view, self._form.found)
        rows = RowList(id="rows")
        rows.can_focus = self._form.text is None
        yield rows
        if self._form.text is not None:
            yield LineView(id="label")
            yield Box(self._form.text, lines=self._form.several_lines)

    def focus_body(self) -> None:
        if self.box:
            self.set_focus(self.box)
        else:
            super().focus_body()

    def repaint(self) -> None:
        self._follow()
        height = self.size.height - 6
        if self.box:
            self.box.styles.height = lines = self._lines_of_box(height)
            height -= lines + (2 if height > 8 else 1)
        lines_shown = field_lines(self._form, self.view, self.size.width - 3, height)
        self.rows.show([Row("", line, False) for line in lines_shown])
        self._count()
        self._judge()

    def keys(self) -> list[Key]:
        """While a person types, letters are letters."""
        if self.box is None:
            return super().keys()
        save = "ctrl+s" if self._form.several_lines else "enter"
        return [Key(save, "save", "save"), Key("escape", "cancel", "leave")]

    def why_not(self, action: str) -> tuple[Reason, ...]:
        return reasons_against_saving(self.view, self._form) if action == "save" else ()

    def on_text_area_changed(self, event: Box.Changed) -> None:
        """Count at once; check when the person pauses."""
        self._dropping = False
        self._count()
        self.status_bar.clear_message()
        if self._timer:
            self._timer.stop()
        self._timer = self.set_timer(JUDGED_AFTER, self._judge)

    def on_box_submitted(self, event: Box.Submitted) -> None:
        self.action_save()

    def action_save(self) -> None:
        if self.box is None:
            return
        self.vitrina.reload()
        name = str(self._form.field)
        if not self.unsaved:
            self.leave(f"{name} was not changed.")
            return
        if self._against:
            self.status_bar.show_message(self._against, "bad")
            return
        try:
            value = typed_value(self.view, self._form, self.box.text)
            broken = lock_broken_by(
                self.vitrina.engine, self.view, self._form, self.box.text, self._seen
            )
        except (InputError, StorageError) as error:
            self.status_bar.show_message(str(error), "bad")
            return
        seen, question = self._seen, ""
        if self._form.meanwhile is not None:
            question = f"{name} was changed in the file meanwhile. Overwrite it with your value?"
        if broken:
            question = question or "Save it all the same?"
            question = f"This change breaks a lock ({broken.rule}). {question}"
        if not question:
            self._write(value, seen)
        else:
            self.confirm(
                question,
                lambda: self._write(value, seen),
                no="Nothing was written.",
                overtaken=lambda: (
                    ""
                    if self._seen == seen
                    else f"{self._form.found.file} changed again. Look again."
                ),
            )

    def action_leave(self) -> None:
        """Go back; what was typed and not saved is discarded the second time."""
        if self.unsaved and not self._dropping:
            self._dropping = True
            self.status_bar.show_message(NOT_SAVED, "warn")
        else:
            self.leave()

    def _write(self, value: Any, seen: bytes) -> None:
        write = write_to_publisher if self._form.about_publisher else write_to_definition
        written = self.vitrina.attempt(
            lambda: write(self.vitrina.engine, self.view, self._form.field, value, seen)
        )
        if isinstance(written, Refusal):
            self.explain(written.reasons)
        elif written is not None:
            if written.undo:
                self.vitrina.done.append(written.undo)
            message, role = saved_message(written, self._form)
            self.leave(message, role)

    def action_edit(self) -> None:
        view, found = self.view, self._form.found
        self.leave()
        self.vitrina.edit_file(view, found.line, found.file)

    def _follow(self) -> None:
        """Follow the file; what was typed stays."""
        view, old = self.view, self._form
        raw = view.raw(old.found.file)
        if self.offer not in self.vitrina.views:
            self._against = (
                f"{old.found.file} is missing. Save once it is back, or leave with escape."
            )
        elif raw != self._seen or self._against:
            self._seen = raw
            gone = old._replace(text=None, why_not=f"{old.field} is no longer in {old.found.file}.")
            new = form_again(self.vitrina.engine, view, old) or gone
            if self.box is None:
                opens = "This field can be edited now. Go back, then open it again."
                self._form = new._replace(text=None, why_not=new.why_not or opens)
                return
            self._against = why_not_typed(view, new)
            if new.text is not None:
                self._form = self._beside(self.box, old, new)

    def _beside(self, box: Box, old: Form, new: Form) -> Form:
        """The form of the changed file, with what a person may have typed meanwhile."""
        several = old.several_lines or new.several_lines
        new = new._replace(several_lines=several)
        if box.text == old.text:
            box.text = new.text or ""
            box.move_cursor(box.document.end)
        elif box.text != new.text and (old.meanwhile is not None or _held(new) != _held(old)):
            return new._replace(meanwhile=_held(new))
        return new

    def _lines_of_box(self, height: int) -> int:
        """As many lines as the text takes, with room to grow, as long as the rest can be read."""
        most = max(1, (height - 1) // 2)
        if self._form.several_lines:
            return min(most, max(4, self.size.height // 3))
        characters = max(len(self._form.text or "") + 1, self._form.limit or 0)
        return min(most, 6, -(-characters // max(1, self.size.width - 5)))

    def _count(self) -> None:
        if self.box is None:
            return
        limit, right = self._form.limit, []
        if limit:
            count = length(self.box.text)
            right = [(f"{count} / {limit}", "bad" if count > limit else "muted")]
        label: Line = [("  Value", "strong")]
        self.query_one("#label", LineView).show(
            [spread(label, [*right, (" ", "")], self.size.width)]
        )

    def _judge(self) -> None:
        """Show what the rules find in the value as it is typed."""
        text, role = self._verdict()
        lines = paragraph(text, self.size.width - 2, role, lines=2)
        self.status_bar.set_idle(indented(lines))

    def _verdict(self) -> tuple[str, str]:
        if self.box is None:
            return why_not_typed(self.view, self._form), ""
        if self._against:
            return self._against, "bad"
        if self.box.text == self._form.text:
            return HINTS.get(self._form.kind, "The value is checked as you type."), "muted"
        try:
            found = try_value(self.vitrina.engine, self.view, self._form, self.box.text, self._seen)
        except (InputError, StorageError) as error:
            return f"{glyph('error')} {error}", "bad"
        return verdict(self._form, found, self.view.findings)


def _held(form: Form) -> str | None:
    return form.hidden or form.text


def saved_message(written: Written, form: Form) -> tuple[str, str]:
    """The message after an edit: whether the field has errors left."""
    if written.undo is None:
        return f"{form.field} was not changed.", ""
    for each in written.findings:
        if each.is_error and each.file == form.found.file and each.field.within(form.field):
            return f"Saved {form.field}, but: {each.message}", "warn"
    return f"Saved {form.field}. z undoes it.", "good"
