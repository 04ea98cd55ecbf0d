"""Writing a typed value, and its undo."""

from collections.abc import Callable
from typing import Any, NamedTuple

from state.domain.errors import StorageError
from state.domain.field_path import FieldPath
from state.domain.findings import PUBLISHER_FILE, Finding, Refusal
from state.engine import Engine
from state.engine.draft_writer import DraftingError
from state.engine.drafts import edit, undo_edit, with_value, write_publisher
from state.workspace.offer_view import OfferView


class Written(NamedTuple):
    """What is wrong with the offer after an edit, and its undo; None where nothing was written."""

    findings: tuple[Finding, ...]
    undo: Callable[[], str] | None


def write_to_definition(
    engine: Engine, view: OfferView, field: FieldPath, value: Any, seen: bytes
) -> Written | Refusal:
    """Write a value where the file still has the bytes that the person saw; else a StorageError."""
    done = edit(engine, view.offer, field, value, seen=seen)
    if isinstance(done, Refusal):
        return done
    undo = undoing(engine, view.offer, str(field)) if done.events else None
    return Written(done.view.findings if done.view else (), undo)


def undoing(engine: Engine, offer: str, what: str) -> Callable[[], str]:
    """The undo of the last edit or revert of a definition, which returns a message or fails."""

    def undo() -> str:
        try:
            undone = undo_edit(engine, offer)
        except DraftingError as error:
            raise StorageError(str(error)) from None
        if isinstance(undone, Refusal):
            raise StorageError(undone.reasons[0].message)
        return f"{offer}: {what} was restored."

    return undo


def write_to_publisher(
    engine: Engine, view: OfferView, field: FieldPath, value: Any, seen: bytes
) -> Written | Refusal:
    """Write a value into publisher.toml, as ``write_to_definition`` does."""
    new = with_value(seen, PUBLISHER_FILE, field, value)

    def undo() -> str:
        if refusal := write_publisher(engine, seen, seen=new):
            raise StorageError(refusal.reasons[0].message)
        return f"{PUBLISHER_FILE}: {field} was restored."

    if new == seen:
        return Written(view.findings, None)
    if refusal := write_publisher(engine, new, seen=seen):
        return refusal
    return Written(engine.offer(view.offer).findings, undo)
