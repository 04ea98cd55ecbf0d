"""What the program writes into files: edits of one value, their undo, another identifier.

A definition belongs to its author: an edit touches one value, and never a file that changed since it was
read. The bytes before it are kept, so that the edit can be undone.
"""

from collections.abc import Callable
from typing import Any

from state.definitions.parse import LARGEST_FILE
from state.domain.actions import EDIT, RENAME, Command, Shown
from state.domain.errors import StorageError
from state.domain.events import Event, Kind
from state.domain.field_path import FieldPath
from state.domain.findings import PUBLISHER_FILE, Refusal
from state.engine.create import reasons_against_name
from state.engine.draft_writer import DraftingError, write_draft
from state.engine.engine import Done, Engine
from state.storage.asset_restore import remove_assets, restored_assets
from state.storage.atomic import digest_of, read_plain, restore_on_error, write_atomic
from state.storage.chain import chained


def edit(
    engine: Engine, offer: str, field: FieldPath, value: Any, *, seen: bytes
) -> Done | Refusal:
    """Change one value of a definition; nothing is recorded where it was the same.

    Args:
        value: Such as ``parse_input`` gives; None takes the key away.
        seen: The file's bytes that the person saw.

    Raises:
        StorageError: The file changed since it was read, cannot be written, or holds the value
            in a way that only an editor can change.
    """

    def changed(raw: bytes) -> bytes:
        return with_value(raw, f"{offer}.toml", field, value)

    return _write(engine, offer, changed, str(field), seen)


def with_value(raw: bytes, file: str, field: FieldPath, value: Any) -> bytes:
    """The bytes of a file in which one value is another; None takes the key away.

    Raises:
        StorageError: Only an editor can write the value there.
    """
    from state.definitions.edit import EditError, remove_value, set_value

    try:
        return remove_value(raw, field.path) if value is None else set_value(raw, field.path, value)
    except EditError as error:
        raise StorageError(f"{file}: {error}") from None


def rename_key(
    engine: Engine, offer: str, field: FieldPath, new: str, *, seen: bytes
) -> Done | Refusal:
    """Correct a misspelt key; its value stays. Otherwise as ``edit``."""
    from state.definitions import edit as editing

    def changed(raw: bytes) -> bytes:
        return editing.rename_key(raw, field.path, new)

    return _write(engine, offer, changed, f"{field} renamed to {new}", seen)


def _write(
    engine: Engine, offer: str, change: Callable[[bytes], bytes], note: str, seen: bytes
) -> Done | Refusal:
    """Write a definition with one change."""
    from state.definitions.edit import EditError

    with engine.transaction(EDIT, offer) as transaction:
        current = transaction.draft(offer)
        if reasons := current.refusal_reasons(EDIT):
            return Refusal(EDIT, reasons)
        raw, file = current.view.definition.raw, current.view.definition.file
        if raw is None or raw != seen:
            raise StorageError(f"{file} changed since it was read. Review it, then edit again.")
        try:
            new = change(raw)
        except EditError as error:
            raise StorageError(f"{file}: {error}") from None
        if new == raw:
            return Done((), current.view)
        event = write_draft(transaction, current, new, Kind.EDITED, note, {"fields": [note]})
        return Done((event,), engine.shown(offer))


def write_publisher(engine: Engine, raw: bytes, *, seen: bytes) -> Refusal | None:
    """Write the publisher file, unless this account is not a publisher.

    Raises:
        StorageError: The file changed since it was ``seen``, or cannot be written.
    """
    path = engine.root / PUBLISHER_FILE
    with engine.transaction() as transaction:
        if reasons := transaction.publisher_reasons():
            return Refusal(EDIT, reasons)
        try:
            found = read_plain(path, LARGEST_FILE)
        except FileNotFoundError:
            found = b""
        if found != seen:
            raise StorageError(
                f"{PUBLISHER_FILE} changed since it was read. Review it, then edit again."
            )
        transaction.directory.check_inside(path)
        with restore_on_error(path):
            write_atomic(path, raw)
    return None


def undo_edit(engine: Engine, offer: str) -> Done | Refusal:
    """Undo the last edit or revert that was made in the program and not undone yet.

    Raises:
        DraftingError: There is nothing to undo.
        StorageError: The file changed since that edit, or cannot be written.
    """
    with engine.transaction(EDIT, offer) as transaction:
        current = transaction.draft(offer)
        if reasons := current.refusal_reasons(EDIT):
            return Refusal(EDIT, reasons)
        number = _last_edit(current.view.events)
        if number is None:
            raise DraftingError(f"Nothing to undo: {offer} has not been edited in the program.")
        event, raw = current.view.events[number], current.view.definition.raw
        if raw is None or digest_of(raw) != event.data["wrote"]:
            file = current.view.definition.file
            raise StorageError(
                f"{file} changed since that edit. Undo it in an editor, or revert the offer."
            )
        if event.data["former"] is None:
            raise DraftingError(f"Nothing to undo: {offer} had no file before that revert.")
        directory = transaction.directory
        former = directory.blobs.get(event.data["former"])
        current = transaction.record(current)
        with restored_assets(directory, event.data.get("former_assets", {})):
            remove_assets(directory, event.data.get("made_assets", {}))
            note, data = f"undo: {event.note}", {"undoes": number}
            event = write_draft(transaction, current, former, Kind.EDITED, note, data)
        return Done((event,), engine.shown(offer))


def rename(engine: Engine, offer: str, new: str, shown: Shown | None = None) -> Done | Refusal:
    """Give a draft another identifier; its history goes with it, its assets stay where they are.

    Raises:
        DraftingError: There is no file.
        StorageError: Something cannot be written; then nothing was renamed.
    """
    with engine.transaction(RENAME, offer) as transaction:
        current = transaction.draft(offer)
        decided = current.decide(Command(RENAME, note=f"{offer} -> {new}", shown=shown))
        if isinstance(decided, Refusal):
            return decided
        if reasons := reasons_against_name(engine, new):
            return Refusal(RENAME, reasons)
        current.view.definition.check_read()
        if current.view.definition.raw is None:
            raise DraftingError(
                f"{offer}.toml is missing. Restore it with revert, then rename the offer."
            )
        transaction.record(current)
        history, _ = engine.workspace.history(offer)
        lines, _ = chained(decided, history.head)
        transaction.directory.check_locked()
        engine.workspace.renaming.rename(offer, new, history.size, history.ending + lines)
        return Done(decided, engine.shown(new))


def _last_edit(events: tuple[Event, ...]) -> int | None:
    """The number of the last write by the program that is not undone yet."""
    undone = {event.data.get("undoes") for event in events}
    for number in reversed(range(len(events))):
        data = events[number].data
        if "wrote" in data and "undoes" not in data and number not in undone:
            return number
    return None
