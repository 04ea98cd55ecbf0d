"""The trash: discarded drafts, complete, until they are restored.

At every moment a draft is either in the trash or back: one rename decides, and a mark in the entry
hides what is unfinished until the next action settles it.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from state.domain.errors import AccessDenied, StorageError
from state.domain.events import Event, parse_timestamp
from state.storage import discard as discarding
from state.storage import restore as restoring
from state.storage.atomic import is_there, names_in
from state.storage.discard import Discarding, Leaving
from state.storage.json_record import CorruptRecord
from state.storage.restore import Restored, Restoring
from state.storage.trash_entry import HISTORY, RECORD, Entry, drop, entry_at, remove_tree
from state.storage.working_directory import WorkingDirectory

__all__ = ["Entry", "Leaving", "Restored", "Trash"]


class Trash:
    """The discarded drafts of a working directory."""

    def __init__(self, directory: WorkingDirectory) -> None:
        self._root = directory.engine / "trash"
        self._discarding = Discarding(directory, self._root)
        self._restoring = Restoring(directory)

    def entries(self) -> list[Entry]:
        """The drafts in the trash that can be restored, the latest last."""
        return self._listed(self._lying(RECORD), StorageError)

    def unlisted(self) -> list[Entry]:
        """The drafts in the trash that cannot be restored, because their record was altered."""
        listed = {entry.path for entry in self.entries()}
        found = []
        for path in self._lying(HISTORY):
            with suppress(ValueError):
                if path not in listed:
                    at = parse_timestamp(path.name)
                    found.append(Entry(path.parent.name, at, "", None, "", path))
        return sorted(found, key=lambda entry: (entry.at, entry.offer))

    def latest(self, offer: str) -> Entry | None:
        """The latest discarded draft of an identifier; a StorageError where a record cannot be read."""
        paths = (path for path in self._lying(RECORD) if path.parent.name == offer)
        return next(reversed(self._listed(paths, CorruptRecord)), None)

    def last_batch(self) -> list[Entry]:
        """The drafts that were discarded last, together; raises as ``latest`` does."""
        entries = self._listed(self._lying(RECORD), CorruptRecord)
        return [each for each in entries if each.batch == entries[-1].batch]

    def unsettled(self) -> set[str]:
        """The offers of which files exist although the draft is in the trash."""
        try:
            going = {
                entry.parent.name
                for entry in self._holding(discarding.MARK)
                if self._discarding.is_hidden(entry)
            }
            coming = {self._restoring.hidden(entry) for entry in self._holding(restoring.MARK)}
        except AccessDenied:
            # Who may not read the trash sees the files as they are.
            return set()
        return going | {offer for offer in coming if offer is not None}

    def discard(self, leaving: Leaving) -> None:
        """Move a draft into the trash; after an error it is unchanged. The caller holds the lock."""
        self._discarding.discard(leaving)

    def restore(self, entry: Entry, offer: str, event: Event) -> Restored:
        """Restore a draft, as ``Restoring.restore``, where its entry is settled."""
        _check_settled(entry)
        return self._restoring.restore(entry, offer, event)

    def end(self, entries: Iterable[Entry]) -> list[Entry]:
        """Remove discarded drafts for good, and return those that others had not removed.

        The caller holds the lock. After an error the drafts before it are removed.
        """
        ended = []
        for entry in entries:
            _check_settled(entry)
            if is_there(entry.path):
                drop(entry.path)
                if is_there(entry.path):
                    raise StorageError(f"{entry.path} cannot be removed. Check its permissions.")
                ended.append(entry)
        return ended

    def settle(self) -> None:
        """Finish interrupted actions as far as possible. The caller holds the lock."""
        for name in names_in(self._root):
            if name.startswith((".new-", ".old-")):
                remove_tree(self._root / name)
        for entry in [*self._holding(discarding.MARK)]:
            with suppress(StorageError):
                self._discarding.finish(entry)
        for entry in [*self._holding(restoring.MARK)]:
            with suppress(StorageError):
                self._restoring.settle(entry)

    def _listed(self, paths: Iterable[Path], skipped: type[StorageError]) -> list[Entry]:
        """The entries at paths, the latest last, without those whose record raises such an error."""
        found = []
        for path in paths:
            with suppress(skipped):
                found.append(entry_at(path))
        return sorted(found, key=lambda entry: (entry.at, entry.offer))

    def _lying(self, file: str) -> Iterator[Path]:
        """The entries that have a file, without those that are restored already."""
        return (entry for entry in self._holding(file) if not self._restoring.is_live(entry))

    def _holding(self, file: str) -> Iterator[Path]:
        """Everything that looks like an entry and has a file."""
        for offer in names_in(self._root):
            for name in () if offer.startswith(".") else names_in(self._root / offer):
                if is_there(self._root / offer / name / file):
                    yield self._root / offer / name


def _check_settled(entry: Entry) -> None:
    for mark in (discarding.MARK, restoring.MARK):
        if is_there(entry.path / mark):
            raise StorageError(
                f"{entry.path} is not finished. Run the command again; if that does not help, move "
                f"{mark} in it away."
            )
