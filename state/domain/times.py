"""Instants in messages: local for people, UTC in documents that scripts read."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta, tzinfo

_DAY_SECONDS = 24 * 60 * 60

_zone: ContextVar[tzinfo | None] = ContextVar("zone", default=None)


def day(at: datetime, later: int = 0) -> str:
    """The day of an instant as people write it, or one some days later: ``20 Nov 2026``."""
    local = at.astimezone(_zone.get()).date() + timedelta(days=later)
    return f"{local.day} {local:%b %Y}"


def settle_zone() -> None:
    """Take UTC where the environment names a zone that has no name, or is a day or more away."""
    offset = max(abs(time.timezone), abs(time.altzone))
    if offset >= _DAY_SECONDS or not all(each and each.isprintable() for each in time.tzname):
        os.environ["TZ"] = "UTC0"
        time.tzset()


@contextmanager
def in_utc() -> Iterator[None]:
    """Let days be those of UTC: messages in a document mean the same everywhere."""
    before = _zone.set(UTC)
    try:
        yield
    finally:
        _zone.reset(before)
