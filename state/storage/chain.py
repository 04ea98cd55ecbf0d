"""The chain of a history: events to lines that each hold the hash of the one before, and back."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from state.domain.errors import StorageError
from state.domain.events import Event, Kind, parse_timestamp, timestamp
from state.domain.safe_text import masked
from state.storage.atomic import digest_of
from state.storage.integrity import (
    LONGEST_LINE,
    Head,
    doubt_against,
    doubt_at,
    previous_of,
    said_in,
    verified_lines,
)


class History(NamedTuple):
    """An offer's history as read from its file.

    Attributes:
        broken: Why the rest cannot be trusted, None where all can.
        torn: An unfinished last line, left by an interrupted write.
        size: The bytes of the complete lines.
        head: The hash of the last event before anything that cannot be trusted, empty for none.
        ending: The line end that the last complete line lacks.
        doubtful: The number of the first event that cannot be trusted, from 1; None where all can.
        unreadable: Why the file cannot be read, None where it can.
    """

    events: tuple[Event, ...] = ()
    broken: str | None = None
    torn: bytes = b""
    size: int = 0
    head: str = ""
    ending: bytes = b""
    doubtful: int | None = None
    unreadable: str | None = None


def chained(events: Sequence[Event], head: str) -> tuple[bytes, str]:
    """Events as lines of a history after the line with the hash ``head``, and the hash of the last.

    Raises:
        StorageError: One is too long to be read again.
    """
    lines = b""
    for event in events:
        line = json.dumps(
            {
                "at": timestamp(event.at),
                "actor": event.actor,
                "kind": event.kind,
                "content": event.content,
                "note": event.note and masked(event.note),
                "data": dict(event.data),
                "previous": head or None,
            }
        ).encode()
        if len(line) > LONGEST_LINE:
            size, most = len(line) / 1e6, LONGEST_LINE / 1e6
            raise StorageError(
                f"An event of {size:,.1f} MB is too long. Expected at most {most:,.1f} MB."
            )
        head = digest_of(line)
        lines += line + b"\n"
    return lines, head


def split_after(raw: bytes, count: int) -> tuple[bytes, bytes]:
    """The first lines of a history's file, and the bytes after them."""
    end = 0
    for _ in range(count):
        end = raw.index(b"\n", end) + 1
    return raw[:end], raw[end:]


def check_chain(raw: bytes, head: Head | None) -> History:
    """The events in a history's lines that can be trusted, and why others cannot.

    ``head`` is what the history should end with, None where that is unknown.
    """
    whole, newline, torn = raw.rpartition(b"\n")
    lines = whole.split(b"\n") if newline else []
    size, ending = len(whole) + len(newline), b""
    if torn and head and head[:2] == (len(lines) + 1, digest_of(torn)):
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
        doubt = doubt_against(hashes[1:], head, torn=bool(torn))
    if doubt is None:
        return History(tuple(events), None, torn, size, hashes[-1], ending)
    trusted = doubt.number - 1
    kept = (_event(line, previous_of(line) or "") for line in verified_lines(lines, trusted, head))
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
    """The event of a line, None where it is not the line that was written after the previous one."""
    try:
        found = said_in(line)
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
    except (ValueError, KeyError, TypeError):
        return None


def _is_formed(found: dict[str, Any]) -> bool:
    return (
        isinstance(found["actor"], str)
        and isinstance(found["data"], dict)
        and isinstance(found["content"], str | None)
        and isinstance(found["note"], str | None)
    )
