"""Filtering the events of a history by account, kind, time and words."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from state.domain.events import Event, Kind
from state.domain.safe_text import quoted
from state.domain.suggestions import did_you_mean
from state.engine.commit_stamp import format_commit

_AGE = re.compile(r"([0-9]{1,5})([hdw])", re.ASCII)
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_LABELS = ("by", "kind", "since", "until")


class EventFilter(NamedTuple):
    """A filter for events, all of whose conditions have to hold.

    Attributes:
        by: The beginnings of names, one of which fits the actor or the account that logged in.
        kinds: Parts of kinds, one of which is in the event's.
        until: The moment after the last.
        words: Texts that occur in the event's description.
    """

    by: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    words: tuple[str, ...] = ()

    def holds(self, event: Event, describe: Callable[[], str]) -> bool:
        """Whether an event passes; ``describe`` gives the lower-case text to find words in."""
        return (
            (not self.by or any(each.lower().startswith(self.by) for each in _accounts(event)))
            and (not self.kinds or any(kind in event.kind for kind in self.kinds))
            and (self.since is None or event.at >= self.since)
            and (self.until is None or event.at < self.until)
            and (not self.words or all(map(describe().__contains__, self.words)))
        )


def wanted(
    now: datetime,
    *,
    by: Iterable[str] = (),
    kinds: Iterable[str] = (),
    since: str | None = None,
    until: str | None = None,
    words: Iterable[str] = (),
) -> EventFilter:
    """The filter that a person asked for.

    Args:
        by: The beginnings of actors' names.
        kinds: Kinds of event, or parts of their names.
        since: The first day (``2026-11-20``, local time), a time of it (``2026-11-20T14:00Z``), or
            how long ago (``12h``, ``7d``, ``8w``).
        until: The last day, the moment after the last, or how long ago.

    Raises:
        ValueError: A kind is unknown, a time is not valid, or a value is empty.
    """
    by, kinds, words = list(by), list(kinds), list(words)
    if "" in (*by, *kinds, *words, since, until):
        raise ValueError("Empty filter value: omit it.")
    parts = tuple(kind.lower().replace(" ", "-") for kind in kinds)
    for part in parts:
        if not any(part in kind for kind in Kind):
            hint = did_you_mean(part, Kind)
            known = ", ".join(Kind)
            raise ValueError(f"Unknown kind of event {quoted(part)}.{hint} Known kinds: {known}.")
    return EventFilter(
        tuple(each.lower() for each in by),
        parts,
        None if since is None else _moment(since, now),
        None if until is None else _moment(until, now, last=True),
        tuple(each.lower() for each in words),
    )


def parse_event_filter(text: str, now: datetime) -> EventFilter:
    """The filter that a line of text describes.

    Args:
        text: Words, and ``by:ana``, ``kind:rejected``, ``since:2026-11-20``, ``until:7d``.

    Raises:
        ValueError: As ``wanted``.
    """
    found: dict[str, list[str]] = {label: [] for label in (*_LABELS, "")}
    for word in text.split():
        label, colon, value = word.partition(":")
        known = label.lower() if colon and label.lower() in _LABELS else ""
        if not known or value:
            # What has a label and nothing after it yet is still being typed.
            found[known].append(value if known else word)
    since, until = (found[label][-1] if found[label] else None for label in ("since", "until"))
    return wanted(
        now, by=found["by"], kinds=found["kind"], since=since, until=until, words=found[""]
    )


def describe_event(event: Event) -> str:
    """A description of an event in one line of lower case, to find words in."""
    data = event.data
    fields, points = data.get("fields") or (), data.get("points") or ()
    said = (event.who, event.kind, event.told, *map(str, (*fields, *points)))
    return " ".join((*said, format_commit(event) or "", event.content or "")).lower()


def _accounts(event: Event) -> Iterator[str]:
    yield event.actor
    if event.login:
        yield event.login


def age_of(text: str) -> timedelta:
    """A duration as people write it: ``12h``, ``30d``, ``8w``.

    Raises:
        ValueError: It is not one.
    """
    found = _AGE.fullmatch(text.strip().lower())
    if not found:
        raise ValueError(
            f"{quoted(text)} is not a duration. Expected hours, days or weeks, such as 12h, 30d, 8w."
        )
    return int(found[1]) * _UNITS[found[2]]


def _moment(text: str, now: datetime, *, last: bool = False) -> datetime:
    """The moment that a text names; the end of the day for the last one."""
    if _AGE.fullmatch(text.strip().lower()):
        return now - age_of(text)
    try:
        if len(text.strip()) > len("2026-11-20"):
            return datetime.fromisoformat(text.strip()).astimezone()
        named = date.fromisoformat(text.strip()) + timedelta(days=last)
        return datetime(named.year, named.month, named.day).astimezone()
    except (ValueError, OverflowError):
        raise ValueError(
            f"{quoted(text)} is not a date. Expected 2026-11-20, or how long ago: 12h, 7d, 8w."
        ) from None
