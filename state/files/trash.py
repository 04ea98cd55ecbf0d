"""The trash: drafts that were discarded, whole, until somebody brings them back.

An entry is prepared aside and takes effect by one rename; what then remains to be done is marked in
it and finished by whoever acts next, so that a discard or a restore that was cut off is either done
or not done.
"""

import json
import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from state.assets import AssetError
from state.events import Event, parse_timestamp, timestamp
from state.files.directory import WorkingDirectory
from state.files.history import chained, check_chain
from state.files.plain import (
    FileTrouble,
    digest_of,
    make_directory,
    read_plain,
    sync_directory,
    write_whole,
)

_DISCARDING, _RESTORING = "discarding", "restoring"
_LARGEST = 1 << 30


class Entry(NamedTuple):
    """A discarded draft.

    Attributes:
        offer: The identifier that it had.
        at: When it was discarded.
        actor: Who discarded it.
        title: The title that it had, if any.
        batch: What was discarded together bears the same text.
        path: Where it lies.
    """

    offer: str
    at: datetime
    actor: str
    title: str | None
    batch: str
    path: Path


class Trash:
    """The discarded drafts of a working directory.

    Args:
        directory: The working directory.
    """

    def __init__(self, directory: WorkingDirectory) -> None:
        self._directory = directory
        self._root = directory.engine / "trash"

    def entries(self) -> list[Entry]:
        """What lies in the trash, the latest last."""
        found = []
        for path in self._root.glob("*/*/record.json"):
            if not path.parent.parent.name.startswith("."):
                with suppress(OSError, ValueError, KeyError, TypeError):
                    found.append(_entry(path.parent))
        return sorted(found, key=lambda entry: (entry.at, entry.offer))

    def latest(self, offer: str) -> Entry | None:
        """The draft of that identifier that was discarded last, None where there is none."""
        return next((each for each in reversed(self.entries()) if each.offer == offer), None)

    def unsettled(self) -> set[str]:
        """Offers whose discard has taken effect though their files are not all gone yet."""
        gone = set()
        for mark in self._root.glob(f"*/*/{_DISCARDING}"):
            offer = mark.parent.parent.name
            with suppress(FileTrouble, FileNotFoundError):
                current = read_plain(self._directory.path(offer), _LARGEST)
                kept = read_plain(mark.parent / "definition.toml", _LARGEST)
                if current != kept:
                    continue
            gone.add(offer)
        return gone

    def discard(
        self,
        offer: str,
        event: Event,
        assets: Iterable[str],
        shared: set[str],
        title: str | None,
        batch: str,
    ) -> None:
        """Move a draft into the trash. The caller holds the lock.

        Args:
            offer: Its identifier.
            event: The event of the discard, the last of its history.
            assets: The paths of the files that the definition names.
            shared: Those among them that other definitions name too, and that stay.
            title: Its title, for lists of the trash.
            batch: What is discarded together bears the same text.

        Raises:
            FileTrouble: It cannot be moved; then it is still there.
        """
        stamp = timestamp(event.at)
        aside = self._root / f".new-{offer}"
        shutil.rmtree(aside, ignore_errors=True)
        make_directory(aside)
        histories = self._directory.histories
        raw = histories.path(offer).read_bytes() if histories.path(offer).exists() else b""
        history = check_chain(raw, None)
        lines, _ = chained([event], history.head)
        write_whole(aside / "history.jsonl", raw[: history.size] + lines)
        with suppress(FileNotFoundError):
            data = read_plain(self._directory.path(offer), _LARGEST)
            write_whole(aside / "definition.toml", data)
        record = {
            "offer": offer,
            "at": stamp,
            "actor": event.actor,
            "title": title,
            "batch": batch,
            "assets": self._copy_assets(aside, assets, shared),
        }
        write_whole(aside / _DISCARDING, b"")
        write_whole(aside / "record.json", json.dumps(record, indent=1).encode())
        entry = self._root / offer / stamp
        make_directory(entry.parent)
        try:
            aside.rename(entry)
            sync_directory(entry.parent)
        except OSError as error:
            raise FileTrouble(f"{entry} cannot be made: {error.strerror}.") from error
        self._finish_discard(entry)

    def restore(self, entry: Entry, offer: str, event: Event) -> None:
        """Bring a draft back. The caller holds the lock and has seen that the identifier is free.

        Args:
            entry: The draft.
            offer: The identifier under which it comes back.
            event: The event of the restore.

        Raises:
            FileTrouble: It cannot be brought back, or a file stands where one of its assets was.
        """
        for path in self._moved_assets(entry.path):
            target = self._directory.assets.locate(path)
            if target.exists() and _digest(target) != _digest(entry.path / "assets" / path):
                raise FileTrouble(f"{path} is another file now: move it away, then restore again.")
        raw = (entry.path / "history.jsonl").read_bytes()
        history = check_chain(raw, None)
        lines, _ = chained([event], history.head)
        write_whole(entry.path / "history.restored", raw + lines)
        write_whole(entry.path / _RESTORING, json.dumps(offer).encode())
        self._finish_restore(entry.path)

    def settle(self) -> None:
        """Finish what was cut off. The caller holds the lock."""
        for mark in self._root.glob(f"*/*/{_DISCARDING}"):
            self._finish_discard(mark.parent)
        for mark in self._root.glob(f"*/*/{_RESTORING}"):
            self._finish_restore(mark.parent)

    def _finish_discard(self, entry: Path) -> None:
        offer = entry.parent.name
        definition = self._directory.path(offer)
        try:
            kept = entry / "definition.toml"
            if definition.exists() and kept.exists() and _digest(definition) == _digest(kept):
                definition.unlink()
            for path in self._moved_assets(entry):
                with suppress(AssetError, FileNotFoundError):
                    target = self._directory.assets.locate(path)
                    if _digest(target) == _digest(entry / "assets" / path):
                        target.unlink()
                        _remove_empty(target.parent, self._directory.root)
            self._directory.histories.remove(offer)
            (entry / _DISCARDING).unlink()
        except OSError as error:
            raise FileTrouble(f"{error.filename} cannot be removed: {error.strerror}.") from error

    def _finish_restore(self, entry: Path) -> None:
        offer = json.loads((entry / _RESTORING).read_bytes())
        for path in self._moved_assets(entry):
            target = self._directory.assets.locate(path)
            if not target.exists():
                make_directory(target.parent)
                write_whole(target, (entry / "assets" / path).read_bytes())
        self._directory.histories.write(offer, (entry / "history.restored").read_bytes())
        kept = entry / "definition.toml"
        if kept.exists():
            write_whole(self._directory.path(offer), kept.read_bytes())
        # The record goes first: without it the rest is no entry any more.
        (entry / "record.json").unlink()
        shutil.rmtree(entry, ignore_errors=True)
        with suppress(OSError):
            entry.parent.rmdir()

    def _copy_assets(
        self, aside: Path, paths: Iterable[str], shared: set[str]
    ) -> list[Mapping[str, Any]]:
        copied: dict[str, Mapping[str, Any]] = {}
        staying = {self._inside(path) for path in shared}
        for path in paths:
            real = self._inside(path)
            if real is None or real in copied:
                continue
            try:
                data = self._directory.assets.read(path)
            except AssetError:
                continue
            copy = aside / "assets" / real
            make_directory(copy.parent)
            write_whole(copy, data)
            # A definition that names another one, or the engine's own files, takes neither along.
            own = "/" not in real and real.endswith(".toml") or real.startswith(".vitrina/")
            moved = real not in staying and not own
            copied[real] = {"path": real, "sha256": digest_of(data), "moved": moved}
        return list(copied.values())

    def _inside(self, path: str) -> str | None:
        """Where a path of a definition leads to within the working directory."""
        with suppress(AssetError):
            located = self._directory.assets.locate(path)
            return os.path.relpath(located, os.path.realpath(self._directory.root))
        return None

    def _moved_assets(self, entry: Path) -> list[str]:
        record = json.loads((entry / "record.json").read_bytes())
        return [asset["path"] for asset in record["assets"] if asset["moved"]]


def _entry(path: Path) -> Entry:
    record = json.loads((path / "record.json").read_bytes())
    at = parse_timestamp(record["at"])
    return Entry(
        record["offer"], at, record["actor"], record["title"], record["batch"], path
    )


def _digest(path: Path) -> str:
    return digest_of(path.read_bytes())


def _remove_empty(folder: Path, root: Path) -> None:
    """Remove folders that the last asset has left."""
    with suppress(OSError):
        while folder != root and root in folder.parents and not os.listdir(folder):
            folder.rmdir()
            folder = folder.parent
