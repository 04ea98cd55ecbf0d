"""What a person is offered of one field to edit, and what a value would do before it is written."""

from contextlib import suppress
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple

from state.definitions.form_input import format_input, parse_input, type_of
from state.definitions.model_fields import field_named, node_at, nodes_of
from state.definitions.parse import parse_table
from state.domain.actions import EDIT
from state.domain.errors import InputError, StorageError
from state.domain.field_path import FieldPath
from state.domain.findings import PUBLISHER_FILE, Finding, Reason
from state.domain.offer_types import OfferType
from state.domain.safe_text import clean, masked, typeable
from state.engine.drafts import with_value
from state.engine.engine import Engine
from state.lifecycle.guards import BACKEND
from state.workspace.field_view import can_be_typed
from state.workspace.offer_view import OfferView
from state.workspace.remarks import REMARK

if TYPE_CHECKING:
    from state.domain.table import Table
    from state.rules.locks import Notice

SEVERAL_LINES = ("description", "terms_of_use")
"""The keys whose texts usually have several lines."""

MOST_TYPED = 20_000
"""The most characters that are typed in the program; longer texts are for an editor."""


class Remedy(Enum):
    """How to change a field that cannot be typed here."""

    NONE = "none"
    EDITOR = "editor"
    FILE = "file"
    """The file is missing, or cannot be read at all."""


class Form(NamedTuple):
    """A field as it is offered for editing.

    Attributes:
        found: The finding that led here, with its line.
        description: What the field is for.
        locked: What of it can no longer change, None where everything can.
        text: Its value as a person would type it, None where it cannot be typed here.
        remedy: How it can be changed then.
        limit: The most characters.
        kind: The kind of its type.
        hidden: The value in the file, where typing begins with an empty line: a token is replaced and
            never edited, since it is signed.
        meanwhile: The text that the file got while the person typed another, None where it got none.
    """

    field: FieldPath
    found: Finding
    description: str = ""
    locked: str | None = None
    text: str | None = None
    why_not: str = ""
    remedy: Remedy = Remedy.NONE
    limit: int | None = None
    several_lines: bool = False
    kind: str = ""
    hidden: str = ""
    meanwhile: str | None = None

    @property
    def about_publisher(self) -> bool:
        return self.found.file == PUBLISHER_FILE

    def for_editor(self, why_not: str) -> "Form":
        """The form of a field that only an editor can change."""
        return self._replace(why_not=why_not, remedy=Remedy.EDITOR)


def form_of(engine: Engine, view: OfferView, found: Finding) -> Form:
    form = Form(found.field, found)
    try:
        form = _form(engine, view, form, _model(engine, view, form))
    except StorageError as trouble:
        return form._replace(why_not=str(trouble))
    reasons = reasons_against_saving(view, form)
    if reasons and form.remedy is not Remedy.FILE:
        return form._replace(text=None, why_not=reasons[0].message, remedy=Remedy.NONE)
    return form


def reasons_against_saving(view: OfferView, form: Form) -> tuple[Reason, ...]:
    """Why nothing may be written; a marketplace that cannot be used is corrected in publisher.toml."""
    reasons = view.actions[EDIT]
    if form.about_publisher:
        return tuple(each for each in reasons if each.rule != BACKEND)
    return reasons


def form_again(engine: Engine, view: OfferView, form: Form) -> Form | None:
    """What is offered of a field once its file has changed; None where it is no longer there.

    Items of lists may have moved, so the field is found by its name. The finding has no message
    where nothing is wrong now.
    """
    found, field = form.found, form.field
    try:
        model = _model(engine, view, form)
    except StorageError:
        model = None
    if model is not None and field.path:
        named = field_named(model, str(field))
        if named is None:
            return None
        field = named
    about = (each for each in view.findings if each.file == found.file and each.field.within(field))
    same = next((each for each in about if each.rule == found.rule), None)
    message = found.message if found.rule == REMARK else ""
    now = same or found._replace(field=field, message=message, line=None)
    return form_of(engine, view, view.locate([now])[0])


def typed_value(view: OfferView, form: Form, text: str) -> Any:
    """The value that a typed text means; line ends are left out where there can be only one line.

    Raises:
        InputError: It is not a valid value of that field.
    """
    from state.rules.sas_address import is_token_alone

    text = text if form.several_lines else " ".join(text.splitlines())
    if form.kind == "vhd" and is_token_alone(text):
        raise InputError(
            "This is a SAS token without its address. Write the whole address with the token, or go "
            "back to the walkthrough and set the token there."
        )
    return parse_input(_kind(view, form), form.field, text)


def try_value(
    engine: Engine, view: OfferView, form: Form, text: str, seen: bytes
) -> tuple[Finding, ...]:
    """What the rules would find with a typed value in place, not located; nothing is written.

    Args:
        seen: The file's bytes that the form is about.

    Raises:
        InputError: It is not a valid value of that field.
        StorageError: It cannot be written there, or the publisher file cannot be read with it.
    """
    raw = with_value(seen, form.found.file, form.field, typed_value(view, form, text))
    return engine.workspace.findings_with(view, form.found.file, raw)


def lock_broken_by(
    engine: Engine, view: OfferView, form: Form, text: str, seen: bytes
) -> Finding | None:
    """The lock that a typed value would break, None where it breaks none. As ``try_value``."""
    if form.locked is None:
        return None
    before = {(each.rule, each.field.path, each.message) for each in view.findings}
    for each in try_value(engine, view, form, text, seen):
        is_new = (each.rule, each.field.path, each.message) not in before
        if each.rule.startswith("lock.") and is_new:
            return each
    return None


def known_fields(engine: Engine, view: OfferView) -> frozenset[str]:
    """The names of the fields that a remark may be about; empty where no version can be read.

    They are those of the draft, of what is under way, staged and in production, and unknown keys of
    the draft.
    """
    offers, run = [view.definition.offer], view.state.run
    for version in (run.version if run else None, view.state.staged, view.state.production):
        if version:
            with suppress(StorageError):
                offers.append(engine.workspace.versions.definition(version).offer)
    names = {str(node.field) for offer in offers for node in nodes_of(offer)}
    own = (each.field for each in view.findings if each.file == view.definition.file)
    return frozenset(names | {str(each) for each in own if each.path} if names else ())


def _model(engine: Engine, view: OfferView, form: Form) -> "Table | None":
    return engine.publisher if form.about_publisher else view.definition.offer


def _kind(view: OfferView, form: Form) -> OfferType | None:
    return None if form.about_publisher else view.kind


def _form(engine: Engine, view: OfferView, form: Form, model: "Table | None") -> Form:
    if model is None if form.about_publisher else view.definition.raw is None:
        return form._replace(why_not=f"{form.found.file} is missing.", remedy=Remedy.FILE)
    if model is None:
        return form.for_editor("Nothing can be edited here until the file can be read.")
    kind = _kind(view, form)
    field = _whole_list(kind, form.field)
    node, field_type = node_at(model, field), type_of(kind, field.path)
    if node is None or field_type is None or not field.path:
        return form.for_editor("There is no field of that name to edit here.")
    notice = _lock_notice(engine, view, field)
    form = form._replace(
        field=field,
        description=node.description,
        locked=notice.message if notice else None,
        limit=field_type.longest,
        kind=field_type.kind,
    )
    raw = view.raw(form.found.file)
    value = _value_at(raw, field)
    if not can_be_typed(field_type) or (isinstance(value, dict) and _has_header(raw, field)):
        what = "a list of tables" if field_type.kind == "list" else "a table"
        return form.for_editor(f"This is {what}, too long for one line.")
    text = format_input(value)
    if len(text) > MOST_TYPED:
        return form.for_editor(f"This text has {len(text)} characters, too many to edit here.")
    if control := next((each for each in text if typeable(each) != each), None):
        return form.for_editor(f"This text contains the control character {clean(control)}.")
    if notice and not notice.partly and not _breaks_a_lock(view, field):
        return form.for_editor("A locked field cannot be changed here.")
    several = "\n" in text or field.path[-1] in SEVERAL_LINES
    if field_type.kind == "vhd" or masked(text) != text:
        if field_type.inner or several:
            return form.for_editor("The value contains the signature of a SAS token.")
        return form._replace(text="", hidden=text)
    return form._replace(text=text, several_lines=several)


def _lock_notice(engine: Engine, view: OfferView, field: FieldPath) -> "Notice | None":
    from state.rules.locks import lock_notice

    offer, workspace = view.definition.offer, engine.workspace
    if offer is None:
        return None
    return lock_notice(workspace.context_of(view, offer, workspace.publisher()), field)


def _whole_list(kind: OfferType | None, field: FieldPath) -> FieldPath:
    """The list, where a field is an item of it that has no fields of its own."""
    above = FieldPath(field.path[:-1], field.names[:-1])
    around = type_of(kind, above.path) if above.path else None
    items = around.inner if around and around.kind == "list" else None
    return above if items and not items.model else field


def _has_header(raw: bytes, field: FieldPath) -> bool:
    """Whether a table is below a header, so that a line cannot take its place."""
    from state.definitions.locate import Places

    place = Places(raw).exact(field.path)
    return place is not None and not place.is_value


def _value_at(raw: bytes, field: FieldPath) -> Any:
    """The value in the file, whatever its type; None where there is none."""
    value: Any = parse_table(raw).values
    for key in field.path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return None
    return value


def _breaks_a_lock(view: OfferView, field: FieldPath) -> bool:
    """Whether the draft breaks a lock of a field, which can then be set back."""
    return any(each.rule.startswith("lock.") and each.field.within(field) for each in view.findings)
