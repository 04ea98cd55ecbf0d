"""Finding events: labels and words, days and ages, and what is said of what cannot be meant."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from state.domain.events import Event, Kind
from state.engine.event_filter import age_of, parse_event_filter, wanted
from tests.support import NOW

DAY = timedelta(days=1)
EVENTS = (
    Event(NOW - 9 * DAY, "ana", Kind.CREATED),
    Event(NOW - 5 * DAY, "ana", Kind.CERTIFICATION_REQUESTED),
    Event(NOW - 5 * DAY, "marketplace", Kind.CERTIFICATION_FAILED, None, "sysprep not run"),
    Event(NOW - 2 * DAY, "anabel", Kind.PUSHED),
    Event(NOW, "maria", Kind.REJECTED, None, "The title names another product."),
)


def told(event: Event) -> str:
    return f"{event.actor} {event.kind} {event.note or ''}".lower()


def found(text: str) -> list[int]:
    asked = parse_event_filter(text, NOW)
    return [at for at, event in enumerate(EVENTS) if asked.holds(event, partial(told, event))]


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("", [0, 1, 2, 3, 4]),
        ("by:ana", [0, 1, 3]),
        ("by:anab by:maria", [3, 4]),
        ("BY:Ana Kind:Certification", [1]),
        ("kind:certification", [1, 2]),
        ("kind:created kind:rejected", [0, 4]),
        ("since:5d", [1, 2, 3, 4]),
        ("until:5d", [0]),
        ("since:5d until:12h", [1, 2, 3]),
        (f"since:{(NOW - 2 * DAY).isoformat()}", [3, 4]),
        (f"until:{(NOW - 2 * DAY).isoformat()}", [0, 1, 2]),
        ("sysprep", [2]),
        ("title another", [4]),
        ("title sysprep", []),
        ("kind: by:", [0, 1, 2, 3, 4]),
        ("https://x", []),
    ],
)
def test_labels_and_words_narrow_the_history(text: str, which: list[int]) -> None:
    assert found(text) == which


def test_days_are_local_and_the_last_one_counts_whole() -> None:
    day = (NOW - 2 * DAY).astimezone().date()
    assert found(f"since:{day} until:{day}") == [3]
    midnight = datetime(day.year, day.month, day.day).astimezone()
    asked = wanted(NOW, since=str(day), until=str(day))
    assert (asked.since, asked.until) == (midnight, (midnight + 1.5 * DAY).replace(hour=0))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind:sold", 'kind of event "sold". Known kinds: created, edited'),
        ("since:yesterday", '"yesterday" is not a date. Expected 2026-11-20'),
        ("until:2026-02-30", '"2026-02-30" is not a date'),
        ("since:2026-11-20T25:00", '"2026-11-20T25:00" is not a date'),
        ("until:9999-12-31", '"9999-12-31" is not a date'),
    ],
)
def test_what_cannot_be_meant_is_said(text: str, said: str) -> None:
    with pytest.raises(ValueError) as raised:
        parse_event_filter(text, NOW)
    assert said in str(raised.value)


def test_ages() -> None:
    assert (age_of("12h"), age_of(" 8W ")) == (timedelta(hours=12), timedelta(weeks=8))
    with pytest.raises(ValueError, match='"30" is not a duration'):
        age_of("30")
