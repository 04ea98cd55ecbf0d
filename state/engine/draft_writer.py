"""Writing a definition: the bytes before are kept, the file is replaced, the event recorded."""

from collections.abc import Mapping
from typing import Any

from state.domain.errors import StorageError
from state.domain.events import Event, Kind, not_before
from state.domain.findings import Refusal
from state.engine.engine import CurrentOffer, Engine
from state.lifecycle.decide import version_data
from state.storage.atomic import (
    LARGEST_MOVED,
    digest_of,
    read_plain,
    restore_on_error,
    write_atomic,
)


class DraftingError(Exception):
    """A request about a definition is wrong or refused. The message says why.

    Args:
        refusal: The engine's refusal; None where the request itself is wrong.
    """

    def __init__(self, message: str, refusal: Refusal | None = None) -> None:
        super().__init__(message)
        self.refusal = refusal


def with_pending(engine: Engine, offer: str, before: CurrentOffer) -> CurrentOffer:
    """Record what the history lacks so far. The caller holds the lock.

    Before anything is written, so that a version names the bytes that a draft and its assets had.

    Args:
        before: The offer as it was found under the lock.

    Returns:
        The same, with nothing pending.

    Raises:
        StorageError: Something cannot be written.
    """
    if before.pending:
        engine.record(offer, before, ())
    return before._replace(pending=())


def write_draft(
    engine: Engine,
    offer: str,
    before: CurrentOffer,
    new: bytes,
    kind: Kind,
    note: str,
    data: Mapping[str, Any],
) -> Event:
    """Replace the file of a definition and record that. The caller holds the lock.

    Args:
        before: The offer as it was found under the lock.
        data: More of the event's data.

    Raises:
        StorageError: Something cannot be written, or the file changed meanwhile; the file is as it
            was then.
    """
    directory = engine.workspace.directory
    former, path = before.view.definition.raw, directory.path(offer)
    directory.check_inside(path)
    if former is not None:
        directory.blobs.keep(former, path)
    with_pending(engine, offer, before)
    _expect(engine, offer, former)
    traces = {
        "former": None if former is None else digest_of(former),
        "wrote": digest_of(new),
    }
    directory.blobs.keep(new, path)
    with restore_on_error(path):
        write_atomic(path, new)
        return record_draft(engine, offer, kind, note, {**traces, **data})


def record_draft(
    engine: Engine, offer: str, kind: Kind, note: str | None, data: Mapping[str, Any]
) -> Event:
    """Record what was done to a definition. The caller holds the lock and did it just now.

    Args:
        data: More of the event's data; the version as it stands is added.

    Raises:
        StorageError: Something cannot be written.
    """
    workspace = engine.workspace
    view = workspace.view(offer)
    engine.check_missing(view)
    version = workspace.draft_version(
        view.definition, view.content, workspace.publisher(), view.now
    )
    recorded, _ = workspace.history(offer)
    due = view.events[len(recorded.events) :]
    if version:
        data = {**data, "version": version_data(version)}
    content = version.content if version else None
    last = view.events[-1].at if view.events else None
    event = not_before(engine.event(view.now, kind, content, note, data), last)
    engine.record(offer, CurrentOffer(view, version, due, view.state), (event,))
    return event


def _expect(engine: Engine, offer: str, wanted: bytes | None) -> None:
    """Make sure that a file still has the bytes that were read."""
    path = engine.workspace.directory.path(offer)
    try:
        found: bytes | None = read_plain(path, LARGEST_MOVED)
    except FileNotFoundError:
        found = None
    if found != wanted:
        raise StorageError(f"{path.name} changed meanwhile. Review it, then try again.")
