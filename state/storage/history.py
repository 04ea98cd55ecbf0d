"""Histories: a file of JSON lines for each offer, appended only, each line chained to the one before.

A line holds the SHA-256 of the line before it, so a line that was altered, removed or reordered
shows. Beside the histories stand their heads, the number of lines and the hash of the last one, so
that lines missing at the end show too. Before lines are added the head names their hashes: others
after the last one are not believed, however well they are chained.
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
from state.storage.integrity import Head, head_of
from state.storage.modes import fit

MOST_EVENTS = 100_000
"""The most lines of a history."""

_LARGEST_HEAD = 1 << 23
_NONE = "-"
"""What a head has in the place of a hash where there is none."""


class Histories:
    """The histories of a working directory.

    Args:
        engine: The engine's own directory, ``.vitrina``.
    """

    def __init__(self, engine: Path) -> None:
        self.folder = engine / "history"
        self._heads = engine / "heads"

    def path(self, offer: str) -> Path:
        """The file of an offer's history."""
        return self.folder / f"{offer}.jsonl"

    def offers(self) -> list[str]:
        """The offers that have a history."""
        try:
            names = names_in(self.folder)
        except AccessDenied:
            # The offers that have a file tell that their histories may not be read.
            return []
        return [name.removesuffix(".jsonl") for name in names if name.endswith(".jsonl")]

    def heads(self) -> set[str]:
        """The offers that have a head; each of them has, or had, a history."""
        return {name for name in names_in(self._heads) if not name.startswith(".")}

    def signature(self, offer: str) -> tuple[int, ...]:
        """What changes whenever the history does."""
        with suppress(OSError):
            found = self.path(offer).stat()
            return (found.st_mtime_ns, found.st_size, found.st_ino, found.st_ctime_ns)
        return ()

    def read(self, offer: str) -> History:
        """Read an offer's history and check its chain.

        Raises:
            FileTrouble: The file is there and cannot be read.
        """
        while True:
            # The head first: whoever appends meanwhile leaves it behind the file, never ahead.
            head = self.head(offer)
            history = check_chain(self.raw(offer), head)
            if head is None and not history.broken and len(history.events) > 1:
                broken = (
                    f"its head, .vitrina/heads/{offer}, is gone or was altered: nothing tells "
                    "whether events were removed at its end"
                )
                history = history._replace(broken=broken, doubtful=len(history.events) + 1)
            # It may be further behind where more than one has acted meanwhile.
            if history.broken is None or head == self.head(offer):
                return history

    def raw(self, offer: str) -> bytes:
        """The bytes of an offer's history, none where there is no file.

        Raises:
            FileTrouble: The file is there and cannot be read.
        """
        return read_lines(self.path(offer))

    def append(self, offer: str, events: Sequence[Event]) -> None:
        """Add events to the end. The caller holds the lock.

        Raises:
            FileTrouble: They cannot be written; the file is then as it was.
        """
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
                    # Lines that could not be taken back have happened, and stay foreseen.
                    said += " What was added could not be taken back: look before you try again."
            raise StorageError(said) from error
        # The events have happened, and the head foresees them where it cannot follow now.
        with suppress(StorageError):
            self.write_head(offer, count + len(events), head)

    def head(self, offer: str) -> Head | None:
        """What stands beside a history; None where that is lost.

        Raises:
            FileTrouble: It cannot be read.
        """
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
        """Record what a history has.

        Args:
            offer: The offer's identifier.
            count: How many lines.
            last: The hash of the last, empty for none.
            coming: The hashes of the lines that are about to be added.

        Raises:
            FileTrouble: It cannot be written.
        """
        make_directory(self._heads)
        words = (str(count), last or _NONE, *(coming or [_NONE]))
        write_atomic(self._heads / offer, f"{' '.join(words)}\n".encode())

    def write(self, offer: str, raw: bytes) -> None:
        """Put a whole history in place, one that was mended or has a new name.

        Raises:
            FileTrouble: It cannot be written; then it is as it was, its head too.
        """
        make_directory(self.folder)
        history = check_chain(raw, None)
        with restore_on_error(self.path(offer), self._heads / offer):
            write_atomic(self.path(offer), raw)
            self.write_head(offer, len(history.events), history.head)

    def remove(self, offer: str) -> None:
        """Take a history away; its bytes are elsewhere by now."""
        for path in (self.path(offer), self._heads / offer):
            with suppress(FileNotFoundError):
                path.unlink()

    def set_aside(self, offer: str, torn: bytes) -> None:
        """Keep the bytes of an unfinished line in a file of their own, beside the history.

        Raises:
            FileTrouble: They cannot be written.
        """
        name = f"{offer}.{digest_of(torn)[:12]}.torn"
        write_atomic(self.path(offer).with_name(name), torn)

    def _withdraw(self, offer: str, count: int, last: str) -> None:
        """Foresee nothing any more: the lines could not be added."""
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
    """The bytes of a history's file, none where there is no file.

    Raises:
        FileTrouble: The file is there and cannot be read, or is longer than a history can be.
    """
    try:
        raw = read_plain(path, LARGEST_KEPT)
    except FileNotFoundError:
        return b""
    check_lines(path, len(raw), raw.count(b"\n"))
    return raw


def check_lines(path: Path, size: int, count: int) -> None:
    """Make sure that a history is not longer than can be read.

    Raises:
        FileTrouble: It is.
    """
    if size > LARGEST_KEPT or count > MOST_EVENTS:
        most = f"at most {MOST_EVENTS:,} events and {LARGEST_KEPT / 1e6:,.1f} MB are read"
        raise StorageError(f"{path} has {count:,} lines and {size / 1e6:,.1f} MB: {most}.")


def _append(path: Path, lines: bytes, size: int) -> None:
    """Add lines to a file of a size, or leave it as it was."""
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
