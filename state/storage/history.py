"""Histories: a file of JSON lines for each offer, append only, each line chained to the one before.

A line holds the SHA-256 of the line before it, so that altered, removed and reordered lines are
detected. A head beside each history holds the number of lines and the hash of the last one, so that
lines missing at the end are detected too. Before lines are added the head names their hashes: any
others after the last one are not trusted.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from state.domain.errors import AccessDenied, StorageError
from state.domain.events import Event
from state.storage.atomic import (
    LARGEST_KEPT,
    digest_of,
    make_directory,
    names_in,
    read_plain,
    restore_on_error,
    sync_directory,
    unwritable,
    write_atomic,
)
from state.storage.chain import History, chained, check_chain
from state.storage.index import Signature, signature_of
from state.storage.integrity import Head, head_of
from state.storage.modes import fit

MOST_EVENTS = 100_000
"""The most lines of a history."""

_LARGEST_HEAD = 1 << 23
_NONE = "-"
"""Stands for a missing hash in a head."""


class Histories:
    """The histories of a working directory."""

    def __init__(self, engine: Path) -> None:
        self.folder = engine / "history"
        self._heads = engine / "heads"

    def path(self, offer: str) -> Path:
        return self.folder / f"{offer}.jsonl"

    def offers(self) -> list[str]:
        try:
            names = names_in(self.folder)
        except AccessDenied:
            # Offers that have a file report that their histories may not be read.
            return []
        return [name.removesuffix(".jsonl") for name in names if name.endswith(".jsonl")]

    def heads(self) -> set[str]:
        """The offers that have a head; each has or had a history."""
        return {name for name in names_in(self._heads) if not name.startswith(".")}

    def signature(self, offer: str) -> Signature:
        """A value that changes whenever the history does."""
        return signature_of(self.path(offer))

    def read(self, offer: str) -> History:
        """Read an offer's history and check its chain."""
        while True:
            # The head first: during an append it is behind the file, never ahead.
            head = self.head(offer)
            history = check_chain(self.raw(offer), head)
            if head is None and not history.broken and len(history.events) > 1:
                broken = (
                    f"its head, .vitrina/heads/{offer}, is missing or was altered, so events may have "
                    "been removed at its end"
                )
                history = history._replace(broken=broken, doubtful=len(history.events) + 1)
            # Several writers meanwhile leave the head further behind.
            if history.broken is None or head == self.head(offer):
                return history

    def raw(self, offer: str) -> bytes:
        """The bytes of an offer's history, empty where there is no file."""
        return read_lines(self.path(offer))

    def append(self, offer: str, events: Sequence[Event]) -> None:
        """Add events to the end; after an error the file is unchanged. The caller holds the lock."""
        history = self.read(offer)
        if history.broken:
            raise StorageError(f"{self.path(offer)}: {history.broken}")
        if history.torn:
            self.set_aside(offer, history.torn)
            self._truncate(offer, history.size)
        raw = self.raw(offer)
        lines, head = chained(events, history.head)
        path, count = self.path(offer), len(history.events)
        check_lines(path, history.size + len(lines), count + len(events))
        make_directory(path.parent)
        coming = [digest_of(line) for line in lines.splitlines()]
        self.write_head(offer, count, history.head, coming)
        try:
            _append(path, history.ending + lines, history.size)
        except OSError as error:
            said = unwritable(path, error)
            with suppress(StorageError, OSError):
                if self.raw(offer) == raw:
                    self._withdraw(offer, count, history.head)
                else:
                    # Lines that could not be removed have happened, and stay in the head.
                    said += " The added events could not be removed again. Check the history first."
            raise StorageError(said) from error
        # The events have happened: the head announced them, in case it cannot be updated.
        with suppress(StorageError):
            self.write_head(offer, count + len(events), head)

    def head(self, offer: str) -> Head | None:
        """The head of a history; None where it is missing or was altered."""
        try:
            said = read_plain(self._heads / offer, _LARGEST_HEAD).decode()
            count, last, *coming = said.split()
            known = tuple(each for each in coming if each != _NONE) if coming else None
            return head_of(count, last.replace(_NONE, ""), known)
        except (FileNotFoundError, ValueError):
            return None

    def write_head(
        self, offer: str, count: int, last: str, coming: Sequence[str] | None = ()
    ) -> None:
        """Write a head: how many lines, the last one's hash (empty for none), those to be added."""
        make_directory(self._heads)
        words = (str(count), last or _NONE, *(coming or [_NONE]))
        write_atomic(self._heads / offer, f"{' '.join(words)}\n".encode())

    def write(self, offer: str, raw: bytes) -> None:
        """Write a whole history, repaired or with a new name; after an error it is unchanged."""
        make_directory(self.folder)
        history = check_chain(raw, None)
        with restore_on_error(self.path(offer), self._heads / offer):
            write_atomic(self.path(offer), raw)
            self.write_head(offer, len(history.events), history.head)

    def remove(self, offer: str) -> None:
        """Remove a history whose bytes are kept elsewhere."""
        for path in (self.path(offer), self._heads / offer):
            with suppress(FileNotFoundError):
                path.unlink()

    def set_aside(self, offer: str, torn: bytes) -> None:
        """Keep the bytes of an unfinished line in a file of their own, beside the history."""
        name = f"{offer}.{digest_of(torn)[:12]}.torn"
        write_atomic(self.path(offer).with_name(name), torn)

    def _withdraw(self, offer: str, count: int, last: str) -> None:
        """Announce no lines in the head: they could not be added."""
        if count:
            self.write_head(offer, count, last)
        else:
            (self._heads / offer).unlink(missing_ok=True)

    def _truncate(self, offer: str, size: int) -> None:
        path = self.path(offer)
        try:
            os.truncate(path, size)
        except OSError as error:
            raise StorageError(unwritable(path, error)) from error


def read_lines(path: Path) -> bytes:
    """The bytes of a history's file, empty where there is none; a StorageError where it is too long."""
    try:
        raw = read_plain(path, LARGEST_KEPT)
    except FileNotFoundError:
        return b""
    check_lines(path, len(raw), raw.count(b"\n"))
    return raw


def check_lines(path: Path, size: int, count: int) -> None:
    """Check that a history is not too long to be read."""
    if size > LARGEST_KEPT or count > MOST_EVENTS:
        most = f"Expected at most {MOST_EVENTS:,} events and {LARGEST_KEPT / 1e6:,.1f} MB"
        raise StorageError(f"{path} has {count:,} lines and {size / 1e6:,.1f} MB. {most}.")


def _append(path: Path, lines: bytes, size: int) -> None:
    """Add lines to a file of a size, or leave it unchanged."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    try:
        fit(descriptor, path.parent.parent.parent.stat())
        rest = memoryview(lines)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
        sync_directory(path.parent)
    except OSError:
        with suppress(OSError):
            os.ftruncate(descriptor, size)
            if not size:
                path.unlink()
        raise
    finally:
        os.close(descriptor)
