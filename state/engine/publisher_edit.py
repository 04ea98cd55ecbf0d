"""Changing publisher.toml from within the program: one value, and the way back."""

from typing import Any

from state.definitions.parse import LARGEST_FILE
from state.domain.actions import EDIT
from state.domain.errors import StorageError
from state.domain.field_path import FieldPath
from state.domain.findings import Refusal
from state.domain.publisher import PUBLISHER_FILE
from state.engine.engine import Engine
from state.storage.atomic import read_plain, restore_on_error, write_atomic


def publisher_with(raw: bytes, field: FieldPath, value: Any) -> bytes:
    """The bytes of a publisher file in which one value is another.

    Args:
        raw: The file's bytes.
        field: The field.
        value: Its new value; None takes the key away.

    Returns:
        The new bytes.

    Raises:
        FileTrouble: The value cannot be written there.
    """
    from state.definitions.edit import EditError, remove_value, set_value

    try:
        if value is None:
            return remove_value(raw, field.path)
        return set_value(raw, field.path, value)
    except EditError as error:
        raise StorageError(f"{PUBLISHER_FILE}: {error}") from None


def write_publisher(engine: Engine, raw: bytes, *, seen: bytes) -> Refusal | None:
    """Write the publisher file.

    Args:
        engine: The engine.
        raw: The new bytes.
        seen: The file's bytes when the person looked at it.

    Returns:
        The refusal where this person may only read, else None.

    Raises:
        FileTrouble: The file changed since it was looked at, or cannot be written.
    """
    path = engine.root / PUBLISHER_FILE
    with engine.locked():
        if reasons := engine.check_publisher_role():
            return Refusal(EDIT, reasons)
        try:
            found = read_plain(path, LARGEST_FILE)
        except FileNotFoundError:
            found = b""
        if found != seen:
            raise StorageError(
                f"{PUBLISHER_FILE} changed since it was read: look at it again, then edit."
            )
        engine.workspace.directory.check_inside(path)
        with restore_on_error(path):
            write_atomic(path, raw)
    return None
