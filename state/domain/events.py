"""What happened to an offer: one event an action, or a stage that ended."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

EMPTY: Mapping[str, Any] = MappingProxyType({})
"""The default of a mapping."""

MARKETPLACE = "marketplace"
"""The actor of what the marketplace does by itself."""

AHEAD = timedelta(minutes=1)
"""How far the clocks of those who share a directory may differ. An event that is further ahead was
recorded by a clock that was wrong, or this one is wrong now."""


class Kind(StrEnum):
    """The kinds of event."""

    CREATED = "created"
    EDITED = "edited"
    CERTIFICATION_REQUESTED = "certification-requested"
    CERTIFIED = "certified"
    CERTIFICATION_FAILED = "certification-failed"
    PUSHED = "pushed-to-staging"
    STAGED = "staged"
    STAGING_FAILED = "staging-failed"
    STAGING_TESTED = "staging-tested"
    REQUESTED = "production-requested"
    STAGE_PASSED = "stage-passed"
    APPROVED = "approved"
    REJECTED = "rejected"
    LISTED = "listed"
    REPLICATION_FAILED = "replication-failed"
    AVAILABLE = "available"
    PRODUCTION_TESTED = "production-tested"
    CANCELLED = "cancelled"
    REVERTED = "reverted"
    RENAMED = "renamed"
    DISCARDED = "discarded"
    RESTORED = "restored"
    REMARK = "remark"
    CHAIN_ACCEPTED = "chain-accepted"


class Event(NamedTuple):
    """One event of an offer's history.

    Attributes:
        at: When it happened, in UTC.
        actor: The account that acted, or ``marketplace``.
        content: The hash of the content it is about, None where it is about none.
        note: What a person should read about it.
        data: What the state needs of it besides, in JSON's types.
    """

    at: datetime
    actor: str
    kind: Kind
    content: str | None = None
    note: str | None = None
    data: Mapping[str, Any] = EMPTY

    @property
    def login(self) -> str | None:
        """The account that had logged in, where that was another than the one that acted."""
        return self._name("login")

    @property
    def who(self) -> str:
        """Who acted: ``maria``, or ``root (maria)`` where maria had logged in and root acted."""
        return f"{self.actor} ({self.login})" if self.login else self.actor

    @property
    def file_of(self) -> str | None:
        """Whose file it was, where somebody noticed what had been done to it in an editor."""
        return self._name("file_of")

    @property
    def told(self) -> str:
        """What happened, in the words of its kind: ``edited, file of ana: marketing.title``."""
        words = self.kind.replace("-", " ") + (f", file of {self.file_of}" if self.file_of else "")
        return f"{words}: {self.note}" if self.note else words

    def _name(self, key: str) -> str | None:
        found = self.data.get(key)
        return found if isinstance(found, str) else None


def signed(event: Event, login: str | None) -> Event:
    """An event with the account that had logged in, where that is another than the actor."""
    return event._replace(data={**event.data, "login": login}) if login else event


def not_before(event: Event, last: datetime | None) -> Event:
    """An event as it is recorded after another: never before it.

    Where the clock was set back since, it is at ``last``, with the clock's time in its data.
    """
    if last is None or last <= event.at:
        return event
    return event._replace(at=last, data={**event.data, "clock": timestamp(event.at)})


def clock_of(event: Event) -> datetime:
    """The clock's time at an event: durations count from there."""
    try:
        return parse_timestamp(event.data["clock"])
    except (KeyError, ValueError, TypeError):
        return event.at


def timestamp(at: datetime) -> str:
    """A time as files and JSON hold it: UTC, six decimals, ``Z``."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_timestamp(text: str) -> datetime:
    """The time in UTC that ``timestamp`` wrote; a ValueError for a text of another form."""
    # strptime would say the same at ten times the length, and import the calendar for it.
    if len(text) != len("2026-11-22T09:14:00.000000Z") or text[-1] != "Z":
        raise ValueError(f"not a time of this form: {text!r}")
    return datetime.fromisoformat(text).astimezone(UTC)
