"""Restoring a draft from the trash.

Its files are written while a mark in the entry hides them. The draft is back once its history is in
place; a restore that is interrupted before that is undone.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from state.domain.assets import AssetError
from state.domain.errors import StorageError
from state.domain.events import Event
from state.storage.atomic import (
    ENGINE,
    LARGEST_KEPT,
    LARGEST_MOVED,
    digest_of,
    is_there,
    make_directory,
    read_plain,
    sync_directory,
    write_atomic,
)
from state.storage.chain import chained
from state.storage.history import read_lines
from state.storage.integrity import Head
from state.storage.json_record import CorruptRecord, read_record, text_of, text_or_none
from state.storage.trash_entry import (
    ASSETS,
    DEFINITION,
    HISTORY,
    TORN,
    Entry,
    Record,
    digest_at,
    drop,
    history_at,
    is_as_it_was,
    mode_of,
    record_at,
    remove_empty,
    troubles,
)
from state.storage.working_directory import WorkingDirectory

MARK = "restoring"
"""The file in an entry that lists what a restore writes."""

_UNKNOWN = "0" * 64


class Restored(NamedTuple):
    """A draft that came back.

    Attributes:
        broken: How its history is damaged, so that nothing was recorded in it; None where it is intact.
        notes: What else a person should know.
    """

    broken: str | None
    notes: tuple[str, ...]


class _Mark(NamedTuple):
    """What a restore writes, with the hash of each new file by its path.

    A ``link`` is the target of a definition that comes back as one.
    """

    offer: str
    definition: str | None
    link: str | None
    made: dict[str, str]


class _Copy(NamedTuple):
    """The bytes of a file that comes back, and its permissions where they are known."""

    data: bytes
    mode: int | None


class Restoring:
    """Restores drafts into a working directory."""

    def __init__(self, directory: WorkingDirectory) -> None:
        self._directory = directory

    def restore(self, entry: Entry, offer: str, event: Event) -> Restored:
        """Restore a draft under an identifier that the caller, who holds the lock, has found free.

        After an error, also for another file in the place of one of its own, nothing is changed.
        """
        path, notes = entry.path, list[str]()
        with troubles(f"{path} cannot be restored"):
            record = record_at(path)
            self._check_free(offer)
            files = dict(self._files(path, record, notes))
            definition, link = self._definition(path, record, offer, notes)
            made = {each: digest_of(copy.data) for each, copy in files.items()}
            digest = digest_of(definition.data) if definition else None
            mark = _Mark(offer, digest, link, made)
            raw, history = history_at(path)
            # Without a head in the record more events are presumed.
            head = record.head or Head(raw.count(b"\n") + 1, _UNKNOWN)
            if not history.broken:
                lines, last = chained([event], history.head)
                raw, head = raw + history.ending + lines, Head(len(history.events) + 1, last)
            try:
                write_atomic(path / MARK, json.dumps(mark._asdict()).encode())
                self._place(mark, definition, files)
                self._bring_live(offer, raw, head)
            except (StorageError, AssetError, OSError):
                # Once the history is in place it has happened, even if not yet durable.
                if not self.is_live(path):
                    with suppress(StorageError):
                        self._undo(path, mark)
                    raise
        with suppress(StorageError):
            self.settle(path)
        return Restored(history.broken, tuple(notes))

    def is_live(self, entry: Path) -> bool:
        """Whether a draft is back although its entry is still there."""
        mark = _mark_in(entry)
        if mark is None or not is_there(self._directory.histories.path(mark.offer)):
            return False
        return self._directory.histories.raw(mark.offer).startswith(read_lines(entry / HISTORY))

    def hidden(self, entry: Path) -> str | None:
        """The identifier whose files belong to a draft that is not back yet, if any."""
        mark = _mark_in(entry)
        if mark is None or self.is_live(entry):
            return None
        standing = self._directory.path(mark.offer)
        return mark.offer if is_as_it_was(standing, mark.definition, mark.link) else None

    def settle(self, entry: Path) -> None:
        """Clean up after a restore. The caller holds the lock."""
        mark = _mark_in(entry)
        if mark is None:
            with troubles(f"{entry} cannot be settled"):
                (entry / MARK).unlink(missing_ok=True)
        elif self.is_live(entry):
            with troubles(f"{entry} cannot be removed"):
                # The entry is removed once everything in it is durable elsewhere.
                sync_directory(self._directory.histories.path(mark.offer).parent)
                self._secure(entry, mark.offer)
            drop(entry)
        else:
            self._undo(entry, mark)

    def _check_free(self, offer: str) -> None:
        definition = self._directory.path(offer)
        for path in (definition, self._directory.histories.path(offer)):
            if is_there(path):
                raise StorageError(f"{path.name} already exists. Move it away, then restore again.")

    def _files(self, entry: Path, record: Record, notes: list[str]) -> Iterator[tuple[str, _Copy]]:
        """The assets that have to be written; those that exist already are left alone."""
        for asset in record.assets:
            target = self._directory.assets.locate(asset.path)
            standing = digest_at(target)
            if standing == asset.sha256:
                continue
            name = f"{ASSETS}/{asset.path}"
            mode = record.modes.get(name)
            copy = self._copy(entry / name, asset.sha256, asset.path, notes, mode)
            if copy is None:
                notes.append(f"{asset.path} is not restored: its copy in the trash is missing.")
            elif standing is None:
                yield asset.path, copy
            elif standing != digest_of(copy.data):
                message = f"{asset.path} is a different file now. Move it away, then restore again."
                raise StorageError(message)

    def _definition(
        self, entry: Path, record: Record, offer: str, notes: list[str]
    ) -> tuple[_Copy | None, str | None]:
        """The definition's bytes, and its target where it comes back as a link."""
        if record.definition is None:
            return None, None
        name = self._directory.path(offer).name
        if record.link is not None:
            fault = self._against_link(record.link)
            if fault is None:
                return None, record.link
            said = f"{record.link}, which {fault}, and is restored as a plain file"
            notes.append(f"{name} was a link to {said}.")
        mode = record.modes.get(DEFINITION)
        found = self._copy(entry / DEFINITION, record.definition, name, notes, mode)
        if found is None:
            notes.append(f"{name} is not restored: it is missing in the trash.")
        return found, None

    def _against_link(self, link: str) -> str | None:
        """Why a link is not restored, None where it is. The record cannot be trusted with it."""
        root = Path(os.path.realpath(self._directory.root))
        target = Path(os.path.realpath(root / link))
        if root not in target.parents or (root / ENGINE) in target.parents:
            return "is outside of the working directory"
        return None if target.is_file() else "is missing"

    def _copy(
        self, copy: Path, digest: str, name: str, notes: list[str], mode: int | None
    ) -> _Copy | None:
        """A file in the trash, or its kept bytes where it is missing there."""
        kept = self._directory.blobs.find(digest)
        try:
            data = read_plain(copy, LARGEST_MOVED)
        except FileNotFoundError:
            return None if kept is None else _Copy(kept, None)
        if digest_of(data) != digest:
            where = "" if kept is None else f" The original is .vitrina/blobs/{digest}."
            notes.append(f"{name} was altered in the trash and is restored altered.{where}")
        return _Copy(data, mode_of(copy) if mode is None else mode)

    def _secure(self, entry: Path, offer: str) -> None:
        """Keep as blobs the files of an entry that differ from the restored ones."""
        histories, assets = self._directory.histories, self._directory.assets
        with suppress(FileNotFoundError):
            histories.set_aside(offer, read_plain(entry / TORN, LARGEST_KEPT))
        copies = {entry / DEFINITION: self._directory.path(offer)}
        for asset in record_at(entry).assets:
            copies[entry / ASSETS / asset.path] = assets.locate(asset.path)
        for copy, standing in copies.items():
            if (digest := digest_at(copy)) and digest_at(standing) != digest:
                self._directory.blobs.keep(read_plain(copy, LARGEST_MOVED), copy)

    def _place(self, mark: _Mark, definition: _Copy | None, files: dict[str, _Copy]) -> None:
        for path, copy in files.items():
            target = self._directory.assets.locate(path)
            make_directory(target.parent)
            write_atomic(target, copy.data, mode=copy.mode)
        target = self._directory.path(mark.offer)
        if mark.link is not None:
            target.symlink_to(mark.link)
            sync_directory(target.parent)
        elif definition:
            write_atomic(target, definition.data, mode=definition.mode)

    def _bring_live(self, offer: str, raw: bytes, head: Head) -> None:
        """Write the history, its head first: from then on the draft is restored."""
        histories = self._directory.histories
        histories.write_head(offer, *head)
        path = histories.path(offer)
        make_directory(path.parent)
        write_atomic(path, raw)

    def _undo(self, entry: Path, mark: _Mark) -> None:
        definition, histories = self._directory.path(mark.offer), self._directory.histories
        with troubles(f"{entry} cannot be settled"):
            # If there is a history by now, the files belong to another draft.
            if not is_there(histories.path(mark.offer)):
                if is_as_it_was(definition, mark.definition, mark.link):
                    definition.unlink(missing_ok=True)
                histories.remove(mark.offer)
                for path, digest in mark.made.items():
                    target = self._directory.assets.locate(path)
                    if is_as_it_was(target, digest):
                        target.unlink(missing_ok=True)
                        remove_empty(target.parent, self._directory.root.resolve())
            (entry / MARK).unlink(missing_ok=True)


def _mark_in(entry: Path) -> _Mark | None:
    """The mark in an entry, None where there is no readable one."""

    def made(said: Any) -> _Mark:
        definition, link = text_or_none(said["definition"]), text_or_none(said["link"])
        files = {text_of(path): text_of(digest) for path, digest in said["made"].items()}
        return _Mark(Path(text_of(said["offer"])).name, definition, link, files)

    with suppress(CorruptRecord):
        return read_record(entry / MARK, made)
    return None
