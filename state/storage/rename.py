"""Renaming an offer: its file and its history change their names as one.

The rename of the file is the moment at which it happens. A mark stands before and after, so that
whoever looks sees the one name or the other, and whoever acts next clears away what is left of the
other one.
"""

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from state.domain.errors import AccessDenied, StorageError
from state.storage.atomic import is_there, sync_directory, write_atomic
from state.storage.json_record import CorruptRecord, read_record, text_of

if TYPE_CHECKING:
    from state.storage.working_directory import WorkingDirectory


class Renaming:
    """The renames of a working directory."""

    def __init__(self, directory: "WorkingDirectory") -> None:
        self._directory = directory
        self._mark = directory.engine / "renaming.json"

    def hidden(self) -> set[str]:
        """The name that a rename which was cut off leaves behind, if any."""
        try:
            names = self._names()
        except AccessDenied:
            return set()
        if names is None:
            return set()
        old, new = names
        return {old if self._has_happened(old, new) else new}

    def rename(self, old: str, new: str, size: int, lines: bytes) -> None:
        """Rename an offer. The caller holds the lock and has seen that the new name is free.

        Args:
            old: The name that it has, and keeps where an error is raised.
            new: The name that it gets.
            size: The bytes of its history that are whole lines.
            lines: What is added to its history.
        """
        directory = self._directory
        histories = directory.histories
        source, target = directory.path(old), directory.path(new)
        try:
            raw = histories.raw(old)
            if torn := raw[size:]:
                histories.set_aside(new, torn)
            write_atomic(self._mark, json.dumps({"old": old, "new": new}).encode())
            histories.write(new, raw[:size] + lines)
            source.rename(target)
        except OSError as error:
            self._settle_quietly()
            raise StorageError(f"{source.name} cannot be renamed: {error.strerror}.") from error
        except StorageError:
            self._settle_quietly()
            raise
        # It has happened: what cannot be removed now is hidden, and is removed later.
        self._settle_quietly()

    def settle(self) -> None:
        """Clear away what a rename left behind. The caller holds the lock."""
        names = self._names()
        if names is None:
            return
        old, new = names
        try:
            # Nothing is removed before the new name is sure to last.
            sync_directory(self._directory.root)
            self._directory.histories.remove(old if self._has_happened(old, new) else new)
            self._mark.unlink(missing_ok=True)
        except OSError as error:
            what = error.filename or f"What the rename of {old} left behind"
            raise StorageError(f"{what} cannot be removed: {error.strerror}.") from error

    def _settle_quietly(self) -> None:
        with suppress(StorageError):
            self.settle()

    def _names(self) -> tuple[str, str] | None:
        with suppress(CorruptRecord):
            return read_record(
                self._mark, lambda said: (text_of(said["old"]), text_of(said["new"]))
            )
        return None

    def _has_happened(self, old: str, new: str) -> bool:
        directory = self._directory
        gone = not is_there(directory.path(old)) or not is_there(directory.histories.path(old))
        return is_there(directory.path(new)) and gone
