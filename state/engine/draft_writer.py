"""Writing a definition: the bytes before are kept, the file is replaced, the event recorded."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from state.domain.errors import StorageError
from state.domain.events import Event, Kind, not_before
from state.domain.findings import Refusal
from state.engine.transaction import CurrentOffer, Transaction
from state.lifecycle.decide import version_data
from state.storage.atomic import (
    LARGEST_MOVED,
    digest_of,
    read_plain,
    restore_on_error,
    write_atomic,
)


class DraftingError(Exception):
    """A request about a definition is wrong or refused; ``refusal`` is None where it is wrong."""

    def __init__(self, message: str, refusal: Refusal | None = None) -> None:
        super().__init__(message)
        self.refusal = refusal


def write_draft(
    transaction: Transaction,
    current: CurrentOffer,
    new: bytes,
    kind: Kind,
    note: str,
    data: Mapping[str, Any],
) -> Event:
    """Replace the file of a definition and record that, under the lock.

    Raises:
        StorageError: Something cannot be written, or the file changed meanwhile; the file is as it
            was then.
    """
    directory, offer = transaction.directory, current.view.offer
    former, path = current.view.definition.raw, directory.path(offer)
    directory.check_inside(path)
    if former is not None:
        directory.blobs.keep(former, path)
    # Before anything is written, so that a version names the bytes that a draft and its assets had.
    transaction.record(current)
    _expect(path, former)
    traces = {
        "former": None if former is None else digest_of(former),
        "wrote": digest_of(new),
    }
    directory.blobs.keep(new, path)
    with restore_on_error(path):
        write_atomic(path, new)
        return record_draft(transaction, offer, kind, note, {**traces, **data})


def record_draft(
    transaction: Transaction, offer: str, kind: Kind, note: str | None, data: Mapping[str, Any]
) -> Event:
    """Record what was done to a definition just now, with the version as it stands."""
    current = transaction.as_recorded(offer)
    current.check_read()
    version, last = current.facts.version, current.facts.last
    if version:
        data = {**data, "version": version_data(version)}
    content = version.content if version else None
    event = not_before(transaction.event(current.view.now, kind, content, note, data), last)
    transaction.record(current, (event,))
    return event


def _expect(path: Path, wanted: bytes | None) -> None:
    """Make sure that a file still has the bytes that were read."""
    try:
        found: bytes | None = read_plain(path, LARGEST_MOVED)
    except FileNotFoundError:
        found = None
    if found != wanted:
        raise StorageError(f"{path.name} changed meanwhile. Review it, then try again.")
