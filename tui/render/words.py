"""Times, durations and contents in words: local times, human durations, short hashes."""

from collections.abc import Mapping
from datetime import datetime

from state.domain.events import Event
from state.domain.safe_text import plural

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(at: datetime, now: datetime) -> str:
    """A day: ``20 Nov``, with its year where that is another."""
    local = at.astimezone()
    year = "" if local.year == now.astimezone().year else f" {local.year}"
    return f"{local.day} {MONTHS[local.month - 1]}{year}"


def moment(at: datetime, now: datetime) -> str:
    """A day and a time: ``20 Nov 14:02``, with the year where that is another."""
    local = at.astimezone()
    return f"{day(local, now)} {local.hour:02}:{local.minute:02}"


def format_future_event(event: Event) -> str:
    """A message about an event that is later than now, and how to go on."""
    at = event.at.astimezone()
    when = f"{at.day} {MONTHS[at.month - 1]} {at.year} {at:%H:%M} {zone(at)}"
    what = event.kind.replace("-", " ")
    return (
        f"The history has an event from the future: {what} by {event.actor}, {when}. Check the clock "
        "of this machine. If it is right, continue: nothing waits for that time."
    )


def format_policy(event: Event) -> str | None:
    """The policy that a request was made under, None where its event keeps none."""
    policy = event.data.get("policy")
    if not isinstance(policy, Mapping):
        return None
    eyes = "four eyes" if policy.get("four_eyes") else "the requester may approve"
    named = (f"{role}: {_people(policy.get(role))}" for role in ("approvers", "publishers"))
    return "; ".join((f"policy: {eyes}", *named))


def _people(names: object) -> str:
    if not isinstance(names, list):
        return "everybody"
    return ", ".join(map(str, names)) or "nobody"


def zone(at: datetime) -> str:
    """The zone that local times are in: ``CET``."""
    return f"{at.astimezone():%Z}"


def duration(seconds: float) -> str:
    """A duration as people say it: ``45 s``, ``80 min``, ``26 h``, ``3 days``."""
    if seconds < 59.5:
        return f"{max(min(1, seconds), round(seconds)):.0f} s"
    minutes = round(seconds / 60)
    if minutes < 120 and minutes != 60:
        return f"{minutes} min"
    hours = round(minutes / 60)
    return f"{hours} h" if hours <= 48 else plural(round(hours / 24), "day")


def names_of(names: tuple[str, ...] | list[str], last: str = "or") -> str:
    """Names in a row: ``maria, eva or ben``."""
    first, end = list(names[:-1]), names[-1:]
    return f" {last} ".join([", ".join(first), *end]) if first else "".join(end)
