"""Histories: a file of JSON lines for each offer, appended only, each line chained to the one before.

A line holds the SHA-256 of the line before it, so a line that was altered, removed or reordered
shows. Beside the histories stand their heads, the number of lines and the hash of the last one, so
that lines missing at the end show too.
"""

import json
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from state.events import Event, Kind, parse_timestamp, timestamp
from state.files.doubt import (
    Head,
    attested,
    doubt_against,
    doubt_at,
    head_of,
    is_one_write,
    previous_of,
)
from state.files.plain import (
    FileTrouble,
    all_or_none,
    digest_of,
    make_directory,
    sync_directory,
    write_whole,
)


class History(NamedTuple):
    """An offer's history as its file holds it.

    Attributes:
        events: The events that can be trusted, oldest first. Of a broken history some may lie after
            others that are lost.
        broken: Why the rest cannot be trusted, None where all can.
        torn: An unfinished last line, left by a write that was cut off; it is no event.
        size: The bytes of the lines that are whole.
        head: The hash of the last event before anything that cannot be trusted, empty for none.
        ending: What the last line that is whole still lacks, its line end.
        doubtful: The number of the first event that cannot be trusted, from 1; None where all can.
    """

    events: tuple[Event, ...] = ()
    broken: str | None = None
    torn: bytes = b""
    size: int = 0
    head: str = ""
    ending: bytes = b""
    doubtful: int | None = None


class Histories:
    """The histories of a working directory.

    Args:
        engine: The engine's own directory, ``.vitrina``.
    """

    def __init__(self, engine: Path) -> None:
        self._files = engine / "history"
        self._heads = engine / "heads"

    def path(self, offer: str) -> Path:
        """The file of an offer's history."""
        return self._files / f"{offer}.jsonl"

    def offers(self) -> list[str]:
        """The offers that have a history."""
        with suppress(OSError):
            return [path.name.removesuffix(".jsonl") for path in self._files.glob("*.jsonl")]
        return []

    def heads(self) -> set[str]:
        """The offers that have a head; each of them has, or had, a history."""
        with suppress(OSError):
            return {each.name for each in self._heads.iterdir() if not each.name.startswith(".")}
        return set()

    def signature(self, offer: str) -> tuple[int, ...]:
        """What changes whenever the history does."""
        with suppress(OSError):
            found = self.path(offer).stat()
            return (found.st_mtime_ns, found.st_size, found.st_ino)
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
            if head is None and not history.broken and not is_one_write(history.events):
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
        path = self.path(offer)
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise FileTrouble(f"{path} cannot be read: {error.strerror}.") from error

    def append(self, offer: str, events: Sequence[Event]) -> None:
        """Add events to the end. The caller holds the lock.

        Raises:
            FileTrouble: They cannot be written; the file is then as it was.
        """
        history = self.read(offer)
        if history.broken:
            raise FileTrouble(f"{self.path(offer)}: {history.broken}")
        if history.torn:
            self.set_aside(offer, history.torn)
            self._truncate(offer, history.size)
        if history.events and self.head(offer) != (len(history.events), history.head):
            # It stayed behind: two writes behind, it would look as though this one were forged.
            self.write_head(offer, len(history.events), history.head)
        lines, head = chained(events, history.head)
        path = self.path(offer)
        make_directory(path.parent)
        try:
            _append(path, history.ending + lines, history.size)
        except OSError as error:
            raise FileTrouble(f"{path} cannot be written: {error.strerror}.") from error
        # The events have happened: a head that cannot follow now stays one write behind.
        with suppress(FileTrouble):
            self.write_head(offer, len(history.events) + len(events), head)

    def head(self, offer: str) -> Head | None:
        """How many lines a history should have and the hash of the last; None where that is lost."""
        try:
            count, head = (self._heads / offer).read_text().split()
            return head_of(count, head)
        except (OSError, ValueError):
            return None

    def write_head(self, offer: str, count: int, head: str) -> None:
        """Record how many lines a history has and the hash of the last."""
        make_directory(self._heads)
        write_whole(self._heads / offer, f"{count} {head}\n".encode())

    def write(self, offer: str, raw: bytes) -> None:
        """Put a whole history in place, one that was mended or has a new name.

        Raises:
            FileTrouble: It cannot be written; then it is as it was, its head too.
        """
        make_directory(self._files)
        history = check_chain(raw, None)
        with all_or_none(self.path(offer), self._heads / offer):
            write_whole(self.path(offer), raw)
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
        write_whole(self.path(offer).with_name(name), torn)

    def _truncate(self, offer: str, size: int) -> None:
        path = self.path(offer)
        try:
            os.truncate(path, size)
        except OSError as error:
            raise FileTrouble(f"{path} cannot be written: {error.strerror}.") from error


def _append(path: Path, lines: bytes, size: int) -> None:
    """Add lines to a file of a size, or leave it as it was."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
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


def chained(events: Sequence[Event], head: str) -> tuple[bytes, str]:
    """Events as lines of a history.

    Args:
        events: The events.
        head: The hash of the line before them.

    Returns:
        The lines, and the hash of the last.
    """
    lines = b""
    for event in events:
        line = json.dumps(
            {
                "at": timestamp(event.at),
                "actor": event.actor,
                "kind": event.kind,
                "content": event.content,
                "note": event.note,
                "data": dict(event.data),
                "previous": head or None,
            }
        ).encode()
        head = digest_of(line)
        lines += line + b"\n"
    return lines, head


def split_after(raw: bytes, count: int) -> tuple[bytes, bytes]:
    """The first lines of a history's file, and the bytes behind them."""
    end = 0
    for _ in range(count):
        end = raw.index(b"\n", end) + 1
    return raw[:end], raw[end:]


def check_chain(raw: bytes, head: Head | None) -> History:
    """Read the lines of a history.

    Args:
        raw: The file's bytes.
        head: How many lines there should be and the hash of the last, None where that is unknown.

    Returns:
        The events that can be trusted, and why others cannot.
    """
    whole, newline, torn = raw.rpartition(b"\n")
    lines = whole.split(b"\n") if newline else []
    size, ending = len(whole) + len(newline), b""
    if torn and head == (len(lines) + 1, digest_of(torn)):
        # Nothing but its line end is gone.
        lines.append(torn)
        size, torn, ending = len(raw), b"", b"\n"
    events: list[Event] = []
    hashes = [""]
    doubt = None
    for number, line in enumerate(lines, 1):
        event = _event(line, hashes[-1])
        if event is None:
            doubt = doubt_at(lines, number, head)
            break
        events.append(event)
        hashes.append(digest_of(line))
    if doubt is None and head is not None:
        doubt = doubt_against(hashes[1:], events, head, torn=bool(torn))
    if doubt is None:
        return History(tuple(events), None, torn, size, hashes[-1], ending)
    trusted = doubt.number - 1
    kept = (_event(line, previous_of(line) or "") for line in attested(lines, trusted, head))
    return History(
        tuple(event for event in kept if event),
        doubt.what,
        torn,
        size,
        hashes[trusted],
        ending,
        doubt.number,
    )


def _event(line: bytes, previous: str) -> Event | None:
    """The event of a line, None where the line is not what was written after the previous one."""
    try:
        found: Any = json.loads(line)
        if found["previous"] != (previous or None) or not _is_formed(found):
            return None
        return Event(
            parse_timestamp(found["at"]),
            found["actor"],
            Kind(found["kind"]),
            found["content"],
            found["note"],
            found["data"],
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _is_formed(found: dict[str, Any]) -> bool:
    """Whether the values of a line have the types that an event's have."""
    return (
        isinstance(found["actor"], str)
        and isinstance(found["data"], dict)
        and isinstance(found["content"], str | None)
        and isinstance(found["note"], str | None)
    )
