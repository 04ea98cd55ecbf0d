"""A history that does not hold together: which of its events was altered, removed or moved first.

A line is vouched for by whatever names its hash: the line after it, or the head. Where a line does
not follow the one before it, what still vouches for either of them tells which is at fault. And
whatever leads back from the head, line by line, is as it was written, wherever it stands.
"""

import json
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from state.storage.atomic import digest_of


class Head(NamedTuple):
    """What is beside a history, so that lines missing or added at its end show.

    Attributes:
        lines: How many it has.
        last: The hash of the last, empty for none.
        coming: The hashes of the lines that a write has begun to add; one that was cut off may have left
            any number of them. None in a head of release 0.1.0, which may be one line behind.
    """

    lines: int
    last: str
    coming: tuple[str, ...] | None = ()

    def foresees(self, beyond: Sequence[str]) -> bool:
        """Whether lines after the last one, by their hashes, are those of a write that was begun."""
        if self.coming is None:
            return len(beyond) < 2
        return tuple(beyond) == self.coming[: len(beyond)]


LONGEST_LINE = 4 << 20
"""The most bytes of an event."""

_COUNT = re.compile(r"[0-9]{1,18}")


def head_of(count: object, last: object, coming: tuple[str, ...] | None = ()) -> Head:
    """The head that a file holds; a ValueError where it was altered."""
    if not _COUNT.fullmatch(str(count)) or not isinstance(last, str):
        raise ValueError(f"{count!r}, {last!r} is no head")
    return Head(int(str(count)), last, coming)


class Doubt(NamedTuple):
    """The first event that cannot be trusted, from 1, and what happened to it."""

    number: int
    what: str


class _Link(NamedTuple):
    """What ties a line to others: its hash, and the one that it names; None for no event."""

    digest: str
    previous: str | None


def doubt_at(lines: Sequence[bytes], number: int, head: Head | None) -> Doubt:
    """The first event in doubt where line ``number``, from 1, does not follow the one before it."""
    links = [_Link(digest_of(line), previous_of(line)) for line in lines]
    found = links[number - 1]
    before = links[number - 2].digest if number > 1 else ""
    if found.previous is None and _goes_on_without(links, number, before, head):
        return Doubt(number, f"line {number} is no event and was put in")
    if found.previous in (None, before):
        return Doubt(number, f"event {number} was altered")
    others = [link for place, link in enumerate(links, 1) if place != number]
    if found.previous == "" or any(link.digest == found.previous for link in others):
        return Doubt(number, f"event {number} was moved or repeated")
    if any(link.previous == before for link in others):
        return Doubt(number, f"event {number} was put in")
    vouched = _is_vouched(links, number, head)
    if vouched and (number == 1 or (head and head[0] > len(lines))):
        return Doubt(number, f"event {number} was removed")
    if number == 1 or _is_vouched(links, number - 1, head):
        return Doubt(number, f"event {number} was altered")
    if not vouched:
        return Doubt(number - 1, f"event {number - 1} or event {number} was altered")
    if head is None or head[:2] != (len(lines), links[-1].digest):
        removed = f"event {number - 1} was altered, or what came after it was removed"
        return Doubt(number - 1, removed)
    return Doubt(number - 1, f"event {number - 1} was altered")


def doubt_against(digests: Sequence[str], head: Head, *, torn: bool) -> Doubt | None:
    """What a head says against lines that follow from one another, by their hashes.

    ``torn`` says that a part of another line is after them.
    """
    count, last, _ = head
    first = len(digests) + 1
    if count == first:
        return Doubt(first, f"event {first} was {'cut off' if torn else 'removed'}")
    if count > first:
        return Doubt(first, f"events {first} to {count} were removed")
    if count and digests[count - 1] != last:
        return Doubt(count, f"event {count} was altered")
    if not head.foresees(digests[count:]):
        return Doubt(count + 1, f"event {count + 1} was put in after the last that its head knows")
    return None


def verified_lines(lines: Sequence[bytes], trusted: int, head: Head | None) -> list[bytes]:
    """The lines of a history with a break in it that can be trusted, in the order of their writing.

    All those that lead back from the head to the beginning; or the first ``trusted``, and all
    that lead back to where lines are missing. Without a head that fits, the former alone.
    """
    count, wanted, _ = head or Head(0, "")
    known = {digest_of(line): line for line in lines}
    found: list[bytes] = []
    while wanted in known and len(found) < count:
        found.append(known[wanted])
        wanted = previous_of(found[-1]) or ""
    found.reverse()
    if found and not wanted and len(found) == count:
        return found
    fits = wanted and trusted + len(found) < count
    return [*lines[:trusted], *(found if fits else ())]


def _goes_on_without(links: Sequence[_Link], number: int, before: str, head: Head | None) -> bool:
    """Whether what comes after a line follows from what comes before it."""
    for link in links[number:]:
        if link.previous is not None:
            return link.previous == before
    return head is not None and head[:2] == (number - 1, before)


def _is_vouched(links: Sequence[_Link], number: int, head: Head | None) -> bool:
    """Whether the line after it, or the head, names the hash of a line."""
    digest = links[number - 1].digest
    if head and head[1] == digest:
        return True
    return number < len(links) and links[number].previous == digest


def previous_of(line: bytes) -> str | None:
    """The hash of the line before it that a line names, empty for the first; None for no event."""
    try:
        found = said_in(line)["previous"]
    except (ValueError, KeyError, TypeError):
        return None
    return found if isinstance(found, str) else "" if found is None else None


def said_in(line: bytes) -> Any:
    """The JSON of a line; a ValueError where it is too long or nested too deeply, too."""
    if len(line) > LONGEST_LINE:
        raise ValueError(f"{len(line)} bytes are no line of a history")
    try:
        return json.loads(line)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
