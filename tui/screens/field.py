"""One field: what it is for, what its rule wants, where it stands, and a box to change it in."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.timer import Timer

from state.conditions import EDIT
from state.drafting import InputError
from state.files.editing import EditError, remove_value, set_value
from state.files.plain import FileTrouble
from state.findings import Finding, Reason, Refusal
from state.rules.lengths import length
from state.rules.locks import locked
from state.views import OfferView
from tui.field_writing import Written, write_to_definition, write_to_publisher
from tui.lines import Line, paragraph, spread
from tui.screens.excerpt import raw_of
from tui.screens.field_form import Form, form_of, matter, typed_value, verdict
from tui.screens.over import OverWalkthrough
from tui.widgets.box import Box
from tui.widgets.keys import Key
from tui.widgets.painted import Painted
from tui.widgets.rows import Row, Rows

JUDGED_AFTER = 0.15
"""How many seconds after the last key a value is judged."""

HINTS = {
    "list": "A list: items with commas between them, or TOML in brackets.",
    "map": "A table, as TOML in braces.",
    "model": "A table, as TOML in braces.",
    "flag": "true or false.",
    "whole or text": "A whole number, or unlimited.",
    "money": "An amount with a decimal point, such as 0.05.",
    "asset": "A path from the working directory on. The file itself is not changed here.",
}
"""How values are typed, by the kind of their shape."""


class FieldScreen(OverWalkthrough):
    """The editor of one field.

    Args:
        offer: The offer's identifier.
        found: What is wrong there, with its line.
    """

    ABOUT = (
        "One field of the definition: what its rule wants and where it stands in the file. Saving "
        "changes that one value; comments, order and white space of the file stay as they are."
    )
    KEYS = ("edit", "leave")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "save", "save", key_display="ctrl+s"),
        Binding("escape", "leave", "back", key_display="escape"),
        Binding("q", "back", "back"),
    ]

    def __init__(self, offer: str, found: Finding) -> None:
        super().__init__(offer)
        self._found = found
        self._seen = b""
        self._form = Form(found.field, found)
        self._timer: Timer | None = None

    @property
    def box(self) -> Box | None:
        """Where the value is typed, None where it cannot be."""
        return next(iter(self.query(Box)), None)

    def body(self) -> ComposeResult:
        """What is known of the field; below it the box, where the value can be typed."""
        view = self.view
        self._seen = raw_of(view, self._found.file)
        self._form = self._offered(view)
        if view.actions[EDIT]:
            self._form = self._form._replace(text=None, why_not=view.actions[EDIT][0].message)
        rows = Rows(id="rows")
        rows.can_focus = self._form.text is None
        yield rows
        if self._form.text is not None:
            yield Painted(id="label")
            yield Box(self._form.text, lines=self._form.several_lines)

    def focus_body(self) -> None:
        """Type where that is possible."""
        if self.box:
            self.box.focus()
        else:
            super().focus_body()

    def repaint(self) -> None:
        """What is known, and how the value stands."""
        height = self.size.height - 6
        if self.box:
            self.box.styles.height = lines = self._lines_of_box()
            height -= lines + 2
        lines_shown = matter(self._form, self.view, self.size.width - 3, height)
        self.rows.show([Row("", line, False) for line in lines_shown])
        self._count()
        self._judge()

    def keys(self) -> list[Key]:
        """While a person types, letters are letters."""
        if self.box is None:
            return super().keys()
        save = "ctrl+s" if self._form.several_lines else "enter"
        return [Key(save, "save", "save"), Key("escape", "leave it as it was", "leave")]

    def why_not(self, action: str) -> tuple[Reason, ...]:
        """What speaks against saving."""
        return self.view.actions[EDIT] if action == "save" else ()

    def on_text_area_changed(self, event: Box.Changed) -> None:
        """Count at once; judge when the person pauses."""
        self._count()
        if self._timer:
            self._timer.stop()
        self._timer = self.set_timer(JUDGED_AFTER, self._judge)

    def on_box_submitted(self, event: Box.Submitted) -> None:
        """Take the text."""
        self.action_save()

    def action_save(self) -> None:
        """Write the value, and go back."""
        if self.box is None:
            return
        name, text = str(self._form.field), self.box.text
        if text == self._form.text:
            self.leave(f"{name} stays as it is.")
            return
        try:
            value = typed_value(self.view.kind, self._form, text)
        except InputError as error:
            self.notice.say(str(error), "bad")
            return
        write = write_to_publisher if self._form.about_publisher else write_to_definition
        written = self.vitrina.attempt(
            lambda: write(self.vitrina.engine, self.view, self._form.field, value, self._seen)
        )
        if isinstance(written, Refusal):
            self.explain(written.reasons)
        elif written is not None:
            if written.undo:
                self.vitrina.undone.append(written.undo)
            said, role = said_of(written, self._form)
            self.leave(said, role)

    def action_edit(self) -> None:
        """Open the file in the person's editor, at the field's line."""
        self.vitrina.edit_file(self, self.view, self._found.line, self._found.file)
        self.leave()

    def _offered(self, view: OfferView) -> Form:
        """The form, with what is locked."""
        survey = self.vitrina.engine.survey
        try:
            publisher = survey.publisher()
        except FileTrouble as trouble:
            return Form(self._found.field, self._found, why_not=str(trouble))
        offer = view.definition.offer
        case = survey.case_of(view, offer, publisher) if offer else None
        return form_of(
            view,
            publisher.publisher,
            self._found,
            lambda field: locked(case, field) if case else None,
        )

    def _lines_of_box(self) -> int:
        """As many lines as the text takes, with room to grow, as long as the rest can be read."""
        if self._form.several_lines:
            return max(4, self.size.height // 3)
        characters = max(len(self._form.text or "") + 1, self._form.limit or 0)
        return min(6, -(-characters // max(1, self.size.width - 5)))

    def _count(self) -> None:
        if self.box is None:
            return
        limit, right = self._form.limit, []
        if limit:
            count = length(self.box.text)
            right = [(f"{count} / {limit}", "bad" if count > limit else "muted")]
        label: Line = [("  Value", "strong")]
        self.query_one("#label", Painted).show(
            [spread(label, [*right, (" ", "")], self.size.width)]
        )

    def _judge(self) -> None:
        """Say what the rules would say of the value as it is typed."""
        text, role = self._verdict()
        lines = paragraph(text, self.size.width - 2, role, lines=2)
        self.notice.rest([[(" ", ""), *line] for line in lines])
        self.notice.unsay()

    def _verdict(self) -> tuple[str, str]:
        if self.box is None:
            return self._form.why_not, ""
        if self.box.text == self._form.text:
            return HINTS.get(self._form.kind, "A value is judged as it is typed."), "muted"
        file, keys, survey = self._found.file, self._form.field.keys, self.vitrina.engine.survey
        try:
            value = typed_value(self.view.kind, self._form, self.box.text)
            raw = (
                remove_value(self._seen, keys)
                if value is None
                else set_value(self._seen, keys, value)
            )
            found = survey.tried(self.view, file, raw)
        except (InputError, EditError, FileTrouble) as error:
            return str(error), "bad"
        return verdict(self._form, found, self.view.findings)


def said_of(written: Written, form: Form) -> tuple[str, str]:
    """What is said of an edit: whether anything is left to mend there."""
    if written.undo is None:
        return f"{form.field} stays as it is.", ""
    for each in written.findings:
        if each.is_error and each.file == form.found.file and each.field.within(form.field):
            return f"Saved {form.field}, but: {each.message}", "warn"
    return f"Saved {form.field}. z takes it back.", "good"
