"""Moving a draft into the trash.

An entry is prepared under another name and takes effect with one rename. Files that are still to be
removed then are hidden by a mark in the entry, and removed at once or by the next action.
"""

import errno
import json
import os
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from state.domain.assets import AssetError
from state.domain.errors import StorageError
from state.domain.events import Event, timestamp
from state.storage.assets import LARGEST_ASSET
from state.storage.atomic import (
    LARGEST_KEPT,
    LARGEST_MOVED,
    digest_of,
    is_there,
    link_at,
    make_directory,
    read_plain,
    sync_directory,
    write_atomic,
)
from state.storage.chain import chained, split_after
from state.storage.history import read_lines
from state.storage.json_record import CorruptRecord
from state.storage.trash_entry import (
    ASSETS,
    DEFINITION,
    HISTORY,
    RECORD,
    TORN,
    Asset,
    digest_at,
    is_as_it_was,
    record_at,
    remove_empty,
    remove_tree,
    stays_out,
    troubles,
)
from state.storage.working_directory import WorkingDirectory

_NO_FILE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)

MARK = "discarding"
"""The file in an entry of which not everything is removed yet."""


class Leaving(NamedTuple):
    """A draft that goes to the trash.

    Attributes:
        event: The event of the discard, the last of its history.
        assets: The paths of the files that the definition names.
        shared: Those among them that other definitions name too, and that stay.
        batch: The same text for everything that is discarded together.
    """

    offer: str
    event: Event
    assets: Iterable[str]
    shared: Iterable[str]
    title: str | None
    batch: str


class Discarding:
    """Moves drafts into the trash ``root`` of a working directory."""

    def __init__(self, directory: WorkingDirectory, root: Path) -> None:
        self._directory = directory
        self._root = root

    def discard(self, leaving: Leaving) -> None:
        """Move a draft into the trash; after an error it is unchanged. The caller holds the lock."""
        aside = self._root / f".new-{leaving.offer}"
        entry = self._root / leaving.offer / timestamp(leaving.event.at)
        remove_tree(aside)
        try:
            with troubles(f"{entry} cannot be made"):
                self._prepare(aside, leaving)
                make_directory(entry.parent)
                aside.rename(entry)
        except StorageError:
            remove_tree(aside)
            raise
        # It has happened: what cannot be removed now is hidden and removed later.
        with suppress(StorageError):
            self.finish(entry)

    def is_hidden(self, entry: Path) -> bool:
        """Whether the file of a discarded draft is still to be removed."""
        with suppress(CorruptRecord):
            record = record_at(entry)
            return is_as_it_was(
                self._directory.path(entry.parent.name), record.definition, record.link
            )
        return False

    def finish(self, entry: Path) -> None:
        """Remove the files of a discarded draft. The caller holds the lock."""
        offer = entry.parent.name
        definition = self._directory.path(offer)
        with troubles(f"{offer} cannot be removed"):
            record = record_at(entry)
            # Nothing is removed before the entry is durable.
            for folder in (entry.parent, self._root, self._directory.engine):
                sync_directory(folder)
            if self._holds_history(entry):
                self._directory.histories.remove(offer)
            if is_as_it_was(definition, record.definition, record.link):
                self._remove(definition, entry / DEFINITION)
                for asset in record.assets:
                    if asset.moved:
                        self._remove_asset(entry, asset)
            sync_directory(definition.parent)
            (entry / MARK).unlink()

    def _holds_history(self, entry: Path) -> bool:
        """Whether the trash has every byte of the history."""
        raw = self._directory.histories.raw(entry.parent.name)
        with suppress(FileNotFoundError):
            raw = raw.removesuffix(read_plain(entry / TORN, LARGEST_KEPT))
        return read_lines(entry / HISTORY).startswith(raw)

    def _remove(self, path: Path, copy: Path) -> None:
        """Remove a file that is in the trash; a different one is kept as a blob first."""
        if is_there(path) and not path.is_symlink() and digest_at(path) != digest_at(copy):
            self._directory.blobs.keep(read_plain(path, LARGEST_MOVED), path)
        path.unlink(missing_ok=True)

    def _remove_asset(self, entry: Path, asset: Asset) -> None:
        # A file that cannot be removed stays; its bytes are safe either way.
        with suppress(AssetError, StorageError, OSError):
            target = self._directory.assets.locate(asset.path)
            if is_as_it_was(target, asset.sha256):
                self._remove(target, entry / ASSETS / asset.path)
                remove_empty(target.parent, Path(os.path.realpath(self._directory.root)))

    def _prepare(self, aside: Path, leaving: Leaving) -> None:
        """Write an entry under another name, where it has no effect yet."""
        make_directory(aside)
        histories, offer, event = self._directory.histories, leaving.offer, leaving.event
        history = histories.read(offer)
        count = len(history.events)
        # An extra line end, for a last line that lost its own.
        whole, _ = split_after(histories.raw(offer) + b"\n", count)
        lines, head = chained([event], history.head)
        write_atomic(aside / HISTORY, whole + lines)
        if history.torn:
            write_atomic(aside / TORN, history.torn)
        modes: dict[str, int] = {}
        definition, link = self._copy_definition(offer, aside, modes)
        record = {
            "offer": offer,
            "at": timestamp(event.at),
            "actor": event.actor,
            "title": leaving.title,
            "batch": leaving.batch,
            "definition": definition,
            "link": link,
            "head": [count + 1, head],
            "assets": self._copy_assets(aside, leaving.assets, leaving.shared, modes),
            "modes": modes,
        }
        write_atomic(aside / MARK, b"")
        write_atomic(aside / RECORD, json.dumps(record, indent=1).encode())

    def _copy_definition(
        self, offer: str, aside: Path, modes: dict[str, int]
    ) -> tuple[str | None, str | None]:
        """Copy the definition; its hash, and its target where it is a link."""
        path = self._directory.path(offer)
        link = link_at(path)
        try:
            data, found = read_plain(path, LARGEST_MOVED), path.stat()
        except FileNotFoundError:
            return None, None
        if not os.access(path.parent, os.W_OK | os.X_OK):
            raise StorageError(
                f"{path.name} cannot be removed. Check the permissions of its directory."
            )
        write_atomic(aside / DEFINITION, data, source=found)
        modes[DEFINITION] = stat.S_IMODE(found.st_mode)
        return digest_of(data), link

    def _copy_assets(
        self, aside: Path, paths: Iterable[str], shared: Iterable[str], modes: dict[str, int]
    ) -> list[Mapping[str, Any]]:
        copied: dict[str, Mapping[str, Any]] = {}
        staying = {self._inside(path) for path in shared}
        for path in paths:
            real = self._inside(path)
            if real is None or real in copied or stays_out(real):
                continue
            if not self._is_asset(real):
                continue
            with troubles(f"{path} cannot be copied"):
                data = self._directory.assets.read(path)
                found = self._directory.assets.locate(path).stat()
            copy = aside / ASSETS / real
            make_directory(copy.parent)
            write_atomic(copy, data, source=found)
            modes[f"{ASSETS}/{real}"] = stat.S_IMODE(found.st_mode)
            moved = real not in staying
            copied[real] = {"path": real, "sha256": digest_of(data), "moved": moved}
        return list(copied.values())

    def _is_asset(self, path: str) -> bool:
        """Whether a file can be an asset; anything else stays."""
        target = Path(os.path.realpath(self._directory.root), path)
        with troubles(f"{path} cannot be read"):
            try:
                found = target.stat()
            except OSError as error:
                if error.errno in _NO_FILE:
                    return False
                raise
        return stat.S_ISREG(found.st_mode) and found.st_size <= LARGEST_ASSET

    def _inside(self, path: str) -> str | None:
        """The place in the working directory of a path in a definition."""
        with suppress(AssetError):
            located = self._directory.assets.locate(path)
            return os.path.relpath(located, os.path.realpath(self._directory.root))
        return None
