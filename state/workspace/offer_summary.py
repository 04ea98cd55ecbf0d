"""What a list says of an offer: the little of a view that is kept in the index between runs."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from state.domain.events import Event
from state.domain.offer_state import Status
from state.domain.offer_types import OFFER_TYPES, OfferType


class Next(NamedTuple):
    """The one thing that moves an offer on.

    Attributes:
        text: What it is, in a few words; ``-`` where nothing is left to do.
        action: The action that does it, None where that is a fix in a file, or waiting.
        assigned_to_me: Whether it waits for this very person.
    """

    text: str
    action: str | None = None
    assigned_to_me: bool = False


class OfferSummary(NamedTuple):
    """An offer in a list.

    Attributes:
        status: None for a file that is not an offer, and where this account may not look.
        fault: Why the file says nothing: ``unreadable``, ``file missing`` or ``not an offer``.
        edited: Whether the draft differs from what was pushed last.
        signs: How each of the four steps stands: ``complete``, ``not_required``, ``error``, ``running``
            or ``pending``; none where the definition cannot be read.
        errors: How many findings keep a step from completing.
        warnings: How many findings block nothing.
        alert: Why its history or its file cannot be read or trusted, and how to go on.
        ahead: An event later than now, which is the fault of a clock.
    """

    offer: str
    kind: OfferType | None
    title: str | None
    status: Status | None
    fault: str | None
    edited: bool
    signs: tuple[str, ...]
    steps_complete: int
    errors: int
    warnings: int
    next: Next
    alert: str | None
    ahead: Event | None = None


class Listed(NamedTuple):
    """The offers of a list, and the publisher's name and marketplace where there is a publisher.toml."""

    offers: list[OfferSummary]
    publisher: tuple[str, ...]


def to_json(summary: OfferSummary) -> list[Any]:
    """A summary as JSON can hold it, without what cannot be kept."""
    offer, kind, *rest = summary[:-1]
    return [offer, kind and kind.value, *rest]


def from_json(kept: Sequence[Any]) -> OfferSummary:
    """A summary of which JSON has made a list; a ValueError or TypeError where it is something else."""
    summary = OfferSummary(*kept)
    value: Any = summary.kind
    if value is not None and value not in OFFER_TYPES:
        raise ValueError(value)
    return summary._replace(
        kind=value and OFFER_TYPES[value],
        status=Status(summary.status) if summary.status else None,
        signs=tuple(summary.signs),
        next=Next(*summary.next),
    )
