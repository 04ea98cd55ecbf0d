"""Which SKUs and plans the draft still has of those that were staged or listed."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from state.offer import DataServiceOffer, Offer, Sellable, VirtualMachineOffer, sellables
from state.rules.case import Case


class Identities(NamedTuple):
    """What became of the identifiers of older versions.

    Attributes:
        renamed: The locked identifier of each item of the draft that has another one now, by index.
        missing: Staged SKUs that the draft lacks, though their identifiers are locked.
        withdrawn: What is in production and was taken out of the draft.
    """

    renamed: Mapping[int, str]
    missing: tuple[str, ...]
    withdrawn: tuple[str, ...]


def identities(case: Case) -> Identities:
    """Compare the draft's identifiers with those of the staged and the listed version.

    A staged one that is gone was renamed where a new identifier stands at its position. Something
    listed may be taken out and something new take its position, so there it was renamed only where
    the title is still the same.

    Args:
        case: The offer.

    Returns:
        What became of the older identifiers; nothing where the draft sells nothing at all, which
        is a fault of its own.
    """
    items = sellables(case.definition)[1]
    listed, staged = _items(case.production), _items(case.staged)
    held = locked_identifiers(case)
    have = {item.identifier for item in items}
    new = _new(items, {each.identifier for each in (*listed, *staged)})
    renamed: dict[int, str] = {}
    missing, withdrawn = [], []
    for index, old in enumerate(listed):
        if old.identifier in have:
            continue
        if old.identifier in held and index in new and items[index].title == old.title:
            renamed[index] = old.identifier
        else:
            withdrawn.append(old.identifier)
    have |= {each.identifier for each in listed}
    for index, old in enumerate(staged):
        if old.identifier not in held or old.identifier in have:
            continue
        if index in new and index not in renamed:
            renamed[index] = old.identifier
        else:
            missing.append(old.identifier)
    return Identities(renamed, tuple(missing), tuple(withdrawn)) if items else _NOTHING


def locked_identifiers(case: Case) -> Mapping[str, tuple[datetime | None, str]]:
    """The identifiers that are locked, each with the time and the event that locked it."""
    held: dict[str, tuple[datetime | None, str]] = {}
    if isinstance(case.production, VirtualMachineOffer | DataServiceOffer):
        for item in _items(case.production):
            held[item.identifier] = (case.listed_at, "listed")
    if isinstance(case.staged, VirtualMachineOffer):
        for item in _items(case.staged):
            held.setdefault(item.identifier, (case.staged_at, "staged"))
    return held


def _items(offer: Offer | None) -> tuple[Sellable, ...]:
    return sellables(offer)[1] if offer else ()


def _new(items: tuple[Sellable, ...], known: set[str]) -> set[int]:
    """The indexes of items whose identifier is in no older version, or repeats an earlier one."""
    seen: set[str] = set()
    new = set()
    for index, item in enumerate(items):
        if item.identifier not in known or item.identifier in seen:
            new.add(index)
        seen.add(item.identifier)
    return new


_NOTHING = Identities({}, (), ())
