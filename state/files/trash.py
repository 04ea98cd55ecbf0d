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
from pathlib import Path
from typing import Any

from state.assets import AssetError
from state.events import Event, parse_timestamp, timestamp
from state.files.directory import WorkingDirectory
from state.files.entries import (
    Entry,
    assets_in,
    drop,
    entry_at,
    is_another,
    mode_of,
    remove_empty,
    troubles,
)
from state.files.history import chained, check_chain
from state.files.plain import (
    FileTrouble,
    digest_of,
    make_directory,
    read_plain,
    sync_directory,
    write_whole,
)

__all__ = ["Entry", "Trash"]

_DISCARDING, _RESTORING = "discarding", "restoring"
_RESTORED_HISTORY = "history.restored"
_LARGEST = 1 << 30


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
                    found.append(entry_at(path.parent))
        return sorted(found, key=lambda entry: (entry.at, entry.offer))

    def unlisted(self) -> list[Entry]:
        """What lies in the trash and cannot be restored, because its record was altered."""
        listed = {entry.path for entry in self.entries()}
        found = []
        for path in self._root.glob("*/*/history.jsonl"):
            offer, entry = path.parent.parent.name, path.parent
            with suppress(ValueError):
                if not offer.startswith(".") and entry not in listed:
                    found.append(Entry(offer, parse_timestamp(entry.name), "", None, "", entry))
        return sorted(found, key=lambda entry: (entry.at, entry.offer))

    def latest(self, offer: str) -> Entry | None:
        """The draft of that identifier that was discarded last, None where there is none."""
        return next((each for each in reversed(self.entries()) if each.offer == offer), None)

    def unsettled(self) -> set[str]:
        """Offers whose discard has taken effect though their files are not all gone yet."""
        return {
            entry.parent.name
            for entry in self._marked(_DISCARDING)
            if not is_another(self._directory.path(entry.parent.name), entry / "definition.toml")
        }

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
        aside = self._root / f".new-{offer}"
        entry = self._root / offer / timestamp(event.at)
        shutil.rmtree(aside, ignore_errors=True)
        try:
            self._prepare(aside, offer, event, assets, shared, title, batch)
            make_directory(entry.parent)
            with troubles(f"{entry} cannot be made"):
                aside.rename(entry)
                sync_directory(entry.parent)
        except FileTrouble:
            shutil.rmtree(aside, ignore_errors=True)
            raise
        try:
            self._finish_discard(entry)
        except FileTrouble:
            if self._directory.path(offer).exists():
                drop(entry)
            raise

    def restore(self, entry: Entry, offer: str, event: Event) -> None:
        """Bring a draft back. The caller holds the lock and has seen that the identifier is free.

        Args:
            entry: The draft.
            offer: The identifier under which it comes back.
            event: The event of the restore.

        Raises:
            FileTrouble: It cannot be brought back, or a file stands where one of its assets was.
        """
        definition = self._directory.path(offer)
        if is_another(definition, entry.path / "definition.toml"):
            raise FileTrouble(f"{definition.name} is in the way: move it away, then restore again.")
        with troubles(f"{entry.path} cannot be brought back"):
            for path, _ in assets_in(entry.path):
                target = self._directory.assets.locate(path)
                if is_another(target, entry.path / "assets" / path):
                    message = f"{path} is another file now: move it away, then restore again."
                    raise FileTrouble(message)
            raw = (entry.path / "history.jsonl").read_bytes()
            history = check_chain(raw, None)
            lines, _ = chained([event], history.head)
            write_whole(entry.path / _RESTORED_HISTORY, raw + lines)
            write_whole(entry.path / _RESTORING, json.dumps(offer).encode())
        self._finish_restore(entry.path)

    def end(self, entries: Iterable[Entry]) -> list[Entry]:
        """Remove discarded drafts for good. The caller holds the lock.

        Args:
            entries: The drafts; one that is no longer there counts as removed by others.

        Returns:
            Those that were removed.

        Raises:
            FileTrouble: One cannot be removed; those before it are gone.
        """
        ended = []
        for entry in entries:
            if any((entry.path / mark).exists() for mark in (_DISCARDING, _RESTORING)):
                raise FileTrouble(f"{entry.path} is not finished: run the command again.")
            if entry.path.exists():
                drop(entry.path)
                if entry.path.exists():
                    raise FileTrouble(f"{entry.path} cannot be removed: look at its permissions.")
                ended.append(entry)
        return ended

    def settle(self) -> None:
        """Finish what was cut off, as far as that can be done. The caller holds the lock."""
        for entry in self._marked(_DISCARDING):
            with suppress(FileTrouble):
                self._finish_discard(entry)
        for entry in self._marked(_RESTORING):
            with suppress(FileTrouble):
                self._finish_restore(entry)

    def _marked(self, mark: str) -> list[Path]:
        """The entries with which something remains to be done."""
        found = self._root.glob(f"*/*/{mark}")
        return [path.parent for path in found if not path.parent.parent.name.startswith(".")]

    def _finish_discard(self, entry: Path) -> None:
        offer = entry.parent.name
        definition, kept = self._directory.path(offer), entry / "definition.toml"
        with troubles(f"{offer} cannot be removed"):
            if not is_another(definition, kept):
                definition.unlink(missing_ok=True)
                self._remove_assets(entry)
            self._directory.histories.remove(offer)
            (entry / _DISCARDING).unlink()

    def _remove_assets(self, entry: Path) -> None:
        for path, moved in assets_in(entry):
            # A file that cannot be removed stays where it is; its bytes are safe either way.
            with suppress(AssetError, OSError):
                target = self._directory.assets.locate(path)
                if moved and not is_another(target, entry / "assets" / path):
                    target.unlink(missing_ok=True)
                    remove_empty(target.parent, Path(os.path.realpath(self._directory.root)))

    def _finish_restore(self, entry: Path) -> None:
        if (entry / "record.json").exists():
            with troubles(f"{entry} cannot be brought back"):
                offer = json.loads((entry / _RESTORING).read_bytes())
                try:
                    self._bring_back(entry, offer)
                except (FileTrouble, AssetError, OSError):
                    self._give_up(entry, offer)
                    raise
        drop(entry)

    def _bring_back(self, entry: Path, offer: str) -> None:
        definition, kept = self._directory.path(offer), entry / "definition.toml"
        if is_another(definition, kept):
            # Somebody made one after the restore was cut off.
            raise FileTrouble(f"{definition.name} is another file now: it stays, the draft too.")
        for path, _ in assets_in(entry):
            target, copy = self._directory.assets.locate(path), entry / "assets" / path
            if not target.exists():
                make_directory(target.parent)
                write_whole(target, copy.read_bytes(), mode=mode_of(copy))
        raw = (entry / _RESTORED_HISTORY).read_bytes()
        self._directory.histories.write(offer, raw)
        if kept.exists():
            write_whole(definition, kept.read_bytes(), mode=mode_of(kept))

    def _give_up(self, entry: Path, offer: str) -> None:
        """Leave an entry in the trash as though nobody had tried to restore it."""
        if not os.path.lexists(self._directory.path(offer)):
            self._directory.histories.remove(offer)
        (entry / _RESTORING).unlink(missing_ok=True)

    def _prepare(
        self,
        aside: Path,
        offer: str,
        event: Event,
        assets: Iterable[str],
        shared: set[str],
        title: str | None,
        batch: str,
    ) -> None:
        """Make an entry aside, where it has no effect yet."""
        make_directory(aside)
        history = self._directory.histories.read(offer)
        lines, _ = chained([event], history.head)
        write_whole(aside / "history.jsonl", self._whole_lines(offer, history.size) + lines)
        if history.torn:
            write_whole(aside / "history.torn", history.torn)
        self._copy_definition(offer, aside)
        record = {
            "offer": offer,
            "at": timestamp(event.at),
            "actor": event.actor,
            "title": title,
            "batch": batch,
            "assets": self._copy_assets(aside, assets, shared),
        }
        write_whole(aside / _DISCARDING, b"")
        write_whole(aside / "record.json", json.dumps(record, indent=1).encode())

    def _whole_lines(self, offer: str, size: int) -> bytes:
        path = self._directory.histories.path(offer)
        with troubles(f"{path} cannot be read"):
            return path.read_bytes()[:size] if path.exists() else b""

    def _copy_definition(self, offer: str, aside: Path) -> None:
        path = self._directory.path(offer)
        try:
            data, mode = read_plain(path, _LARGEST), mode_of(path)
        except FileNotFoundError:
            if path.is_symlink():
                message = f"{path.name} is a link that leads nowhere: remove it by hand."
                raise FileTrouble(message) from None
            return
        write_whole(aside / "definition.toml", data, mode=mode)

    def _copy_assets(
        self, aside: Path, paths: Iterable[str], shared: set[str]
    ) -> list[Mapping[str, Any]]:
        copied: dict[str, Mapping[str, Any]] = {}
        staying = {self._inside(path) for path in shared}
        for path in paths:
            real = self._inside(path)
            if real is None or real in copied:
                continue
            # A definition that names another one, or the engine's own files, takes neither along.
            if ("/" not in real and real.endswith(".toml")) or real.startswith(".vitrina/"):
                continue
            try:
                data = self._directory.assets.read(path)
            except AssetError:
                continue
            copy = aside / "assets" / real
            make_directory(copy.parent)
            write_whole(copy, data, mode=mode_of(self._directory.assets.locate(path)))
            moved = real not in staying
            copied[real] = {"path": real, "sha256": digest_of(data), "moved": moved}
        return list(copied.values())

    def _inside(self, path: str) -> str | None:
        """Where a path of a definition leads to within the working directory."""
        with suppress(AssetError):
            located = self._directory.assets.locate(path)
            return os.path.relpath(located, os.path.realpath(self._directory.root))
        return None
