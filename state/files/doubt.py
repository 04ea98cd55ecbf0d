"""A history that does not hold together: which of its events was altered, removed or moved first.

A line is vouched for by whatever names its hash: the line after it, or the head. Where a line does
not follow the one before it, what still vouches for either of them tells which is at fault.
"""

import json
from collections.abc import Sequence
from typing import NamedTuple

from state.files.plain import digest_of

Head = tuple[int, str]
"""How many lines a history should have, and the hash of the last."""


class Doubt(NamedTuple):
    """Where the trust in a history ends.

    Attributes:
        number: The first event that cannot be trusted, from 1.
        what: What happened to it, in words.
    """

    number: int
    what: str


class _Link(NamedTuple):
    """What ties a line to others: its hash, and the one that it names; None for no event."""

    digest: str
    previous: str | None


def doubt_at(lines: Sequence[bytes], number: int, head: Head | None) -> Doubt:
    """What is wrong where a line does not follow the one before it.

    Args:
        lines: The lines of the history.
        number: The first line that is no event, or names another line before it, from 1.
        head: The history's head, None where there is none.

    Returns:
        The first event in doubt.
    """
    links = [_Link(digest_of(line), _previous(line)) for line in lines]
    found = links[number - 1]
    before = links[number - 2].digest if number > 1 else ""
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
    if head != (len(lines), links[-1].digest):
        removed = f"event {number - 1} was altered, or what came after it was removed"
        return Doubt(number - 1, removed)
    return Doubt(number - 1, f"event {number - 1} was altered")


def doubt_against(digests: Sequence[str], head: Head) -> Doubt | None:
    """What a head says against lines that follow from one another.

    Args:
        digests: The hashes of the lines.
        head: The head. It may be one write behind, never ahead.

    Returns:
        The first event in doubt, None where the head agrees.
    """
    count, last = head
    first = len(digests) + 1
    if count == first:
        return Doubt(first, f"event {first} was removed")
    if count > first:
        return Doubt(first, f"events {first} to {count} were removed")
    if count and digests[count - 1] != last:
        return Doubt(count, f"event {count} was altered")
    return None


def _is_vouched(links: Sequence[_Link], number: int, head: Head | None) -> bool:
    """Whether the line after it, or the head, names the hash of a line."""
    digest = links[number - 1].digest
    if head and head[1] == digest:
        return True
    return number < len(links) and links[number].previous == digest


def _previous(line: bytes) -> str | None:
    try:
        found = json.loads(line)["previous"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return found if isinstance(found, str) else "" if found is None else None
