"""How an instant stands in a message: local for people, UTC in documents that scripts read."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta, tzinfo

_zone: ContextVar[tzinfo | None] = ContextVar("zone", default=None)


def day(at: datetime, later: int = 0) -> str:
    """The day of an instant as people write it, or one some days later: ``20 Nov 2026``."""
    local = at.astimezone(_zone.get()).date() + timedelta(days=later)
    return f"{local.day} {local:%b %Y}"


@contextmanager
def in_utc() -> Iterator[None]:
    """Let days be those of UTC: messages in a document mean the same everywhere."""
    before = _zone.set(UTC)
    try:
        yield
    finally:
        _zone.reset(before)
