"""Writing what a person typed into a field, and the way back."""

from collections.abc import Callable
from typing import Any, NamedTuple

from state.drafting import DraftingError, edit, undo_edit
from state.engine import Engine
from state.fields import Field
from state.files.plain import FileTrouble
from state.findings import Finding, Refusal
from state.registering import publisher_with, write_publisher
from state.views import OfferView


class Written(NamedTuple):
    """What came of an edit.

    Attributes:
        findings: What is wrong with the offer after it.
        undo: Takes it back and returns what to say; None where nothing was written.
    """

    findings: tuple[Finding, ...]
    undo: Callable[[], str] | None


def write_to_definition(
    engine: Engine, view: OfferView, field: Field, value: Any, seen: bytes
) -> Written | Refusal:
    """Write a value into an offer's definition.

    Args:
        engine: The engine.
        view: The offer.
        field: The field.
        value: Its value.
        seen: The file's bytes when the person looked at it.

    Returns:
        What was written, or the refusal.

    Raises:
        FileTrouble: It cannot be written, or the file changed meanwhile.
    """
    offer = view.offer

    def undo() -> str:
        try:
            undone = undo_edit(engine, offer)
        except DraftingError as error:
            raise FileTrouble(str(error)) from None
        if isinstance(undone, Refusal):
            raise FileTrouble(undone.reasons[0].message)
        return f"{field} of {offer} is as it was before the edit."

    done = edit(engine, offer, field, value, seen=seen)
    if isinstance(done, Refusal):
        return done
    return Written(done.view.findings if done.view else (), undo if done.events else None)


def write_to_publisher(
    engine: Engine, view: OfferView, field: Field, value: Any, seen: bytes
) -> Written | Refusal:
    """Write a value into publisher.toml. The arguments are those of ``write_to_definition``."""
    new = publisher_with(seen, field, value)

    def undo() -> str:
        if refusal := write_publisher(engine, seen, seen=new):
            raise FileTrouble(refusal.reasons[0].message)
        return f"{field} of the publisher is as it was before the edit."

    if new == seen:
        return Written(view.findings, None)
    if refusal := write_publisher(engine, new, seen=seen):
        return refusal
    return Written(engine.offer(view.offer).findings, undo)
