"""Which SKUs and plans the draft still has of those that were staged or listed."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from state.domain.model import EMPTY
from state.domain.offer import (
    CatalogueItem,
    DataServiceOffer,
    Offer,
    VirtualMachineOffer,
    catalogue_items,
)

Older = dict[str, tuple[int, CatalogueItem]]


class Identities(NamedTuple):
    """What became of the identifiers of older versions.

    Attributes:
        listed: What each item of the draft was when it was listed last, by index, whatever it is
            called now.
        renamed: The locked identifier of each item of the draft that has another one now, by index.
        missing: Staged SKUs that the draft lacks, though their identifiers are locked.
        withdrawn: What is in production and was taken out of the draft.
    """

    listed: Mapping[int, CatalogueItem]
    renamed: Mapping[int, str]
    missing: tuple[str, ...]
    withdrawn: tuple[str, ...]


def identities(
    draft: Offer,
    staged: Offer | None,
    production: Offer | None,
    ever_listed: Mapping[str, CatalogueItem] = EMPTY,
) -> Identities:
    """Compare the draft's identifiers with those of the staged and the listed version.

    A staged one that is gone was renamed where a new identifier has its title or stands at its
    position. Something listed may be taken out and something new take its position, so there it
    was renamed only where the title is still the same.

    Args:
        draft: The definition.
        staged: The version in staging.
        production: The version in production.
        ever_listed: What was ever listed, by identifier: what was withdrawn may come back.

    Returns:
        What became of the older identifiers; nothing where the draft sells nothing at all, which
        is a fault of its own.
    """
    items = catalogue_items(draft)[1]
    listed, in_staging = _older(production), _older(staged)
    held = locked_identifiers(staged, production)
    bearers = _bearers(items, {**in_staging, **listed}, held)
    known = set(bearers.values())
    new = [index for index in range(len(items)) if index not in known]
    now = {index: listed[name][1] for name, index in bearers.items() if name in listed}
    renamed: dict[int, str] = {}
    missing, withdrawn = [], []
    for name, (index, old) in listed.items():
        if name in bearers:
            continue
        found = _of_title(old.title, index, new, items) if name in held else None
        if found is None:
            withdrawn.append(name)
        else:
            new.remove(found)
            renamed[found], now[found] = name, old
    for name, (index, old) in in_staging.items():
        if name not in held or name in bearers or name in listed:
            continue
        found = _of_title(old.title, index, new, items)
        if found is None and index in new:
            found = index
        if found is None:
            missing.append(name)
        else:
            new.remove(found)
            renamed[found] = name
    for index, item in enumerate(items):
        if index not in now and index not in renamed and item.identifier in ever_listed:
            now[index] = ever_listed[item.identifier]
    return Identities(now, renamed, tuple(missing), tuple(withdrawn)) if items else _NOTHING


def locked_identifiers(staged: Offer | None, production: Offer | None) -> Mapping[str, str]:
    """The identifiers that are locked, each with the event that locked it: listed or staged."""
    held: dict[str, str] = {}
    if isinstance(production, VirtualMachineOffer | DataServiceOffer):
        held = dict.fromkeys(_older(production), "listed")
    if isinstance(staged, VirtualMachineOffer):
        held = {**dict.fromkeys(_older(staged), "staged"), **held}
    return held


def _older(offer: Offer | None) -> Older:
    """What an older version sold, by identifier, each with its index; of a repeated one the first."""
    older: Older = {}
    for index, item in enumerate(catalogue_items(offer)[1] if offer else ()):
        older.setdefault(item.identifier, (index, item))
    return older


def _bearers(
    items: tuple[CatalogueItem, ...], older: Older, held: Mapping[str, str]
) -> dict[str, int]:
    """The index of the item that has an older identifier: of several, the one most like it was.

    An item that stands where another locked one stood and has its title is that one, renamed,
    unless it is like the one whose identifier it has.
    """
    were = {(place, old.title) for name, (place, old) in older.items() if name in held}
    found: dict[str, tuple[tuple[bool, bool], int]] = {}
    for index, item in enumerate(items):
        if item.identifier in older:
            place, old = older[item.identifier]
            likeness = item.title == old.title, index == place
            if not any(likeness) and item.identifier in held and (index, item.title) in were:
                continue
            if item.identifier not in found or likeness > found[item.identifier][0]:
                found[item.identifier] = likeness, index
    return {identifier: index for identifier, (_, index) in found.items()}


def _of_title(
    title: str, place: int, indexes: Iterable[int], items: tuple[CatalogueItem, ...]
) -> int | None:
    """The index of the item of a title: the one at a place, or else the first."""
    found = [index for index in indexes if items[index].title == title]
    if place in found:
        return place
    return found[0] if found and title.strip() else None


_NOTHING = Identities({}, {}, (), ())
