"""Which SKUs and plans of the staged and listed versions the draft still has."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from state.domain.events import EMPTY
from state.domain.offer import CatalogueItem, Offer
from state.domain.offer_types import OFFER_TYPES, catalogue_items

Older = dict[str, tuple[int, CatalogueItem]]


class Identities(NamedTuple):
    """What happened to the identifiers of earlier versions.

    Attributes:
        listed: Each item of the draft as it was listed last, by index, whatever its identifier now.
        renamed: The locked identifier of each item of the draft that was renamed, by index.
        missing: Staged SKUs with a locked identifier that the draft lacks.
        withdrawn: What is in production and was removed from the draft.
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

    A missing staged identifier was renamed where a new one has the same title or position. A listed
    item may be removed and a new one take its position, so it was renamed only where the title is
    still the same. What was withdrawn (in ``ever_listed``) may come back. A draft that sells nothing
    is reported by another rule.
    """
    items = catalogue_items(draft)[1]
    listed, in_staging = _older(production), _older(staged)
    held = locked_identifiers(staged, production)
    holders = _holders(items, {**in_staging, **listed}, held)
    known = set(holders.values())
    new = [index for index in range(len(items)) if index not in known]
    now = {index: listed[name][1] for name, index in holders.items() if name in listed}
    renamed: dict[int, str] = {}
    missing, withdrawn = [], []
    for name, (index, old) in listed.items():
        if name in holders:
            continue
        found = _of_title(old.title, index, new, items) if name in held else None
        if found is None:
            withdrawn.append(name)
        else:
            new.remove(found)
            renamed[found], now[found] = name, old
    for name, (index, old) in in_staging.items():
        if name not in held or name in holders or name in listed:
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
    """The locked identifiers, each with the event that locked it: listed or staged."""
    held: dict[str, str] = {}
    for event, offer in (("staged", staged), ("listed", production)):
        if offer and event in OFFER_TYPES[offer.type].locks_identifiers:
            held |= dict.fromkeys(_older(offer), event)
    return held


def _older(offer: Offer | None) -> Older:
    """The items of an earlier version by identifier, each with its index; the first of repeated ones."""
    older: Older = {}
    for index, item in enumerate(catalogue_items(offer)[1] if offer else ()):
        older.setdefault(item.identifier, (index, item))
    return older


def _holders(
    items: tuple[CatalogueItem, ...], older: Older, held: Mapping[str, str]
) -> dict[str, int]:
    """The index of the item that has an earlier identifier; of several, the most similar one.

    An item with the position and the title of another locked one is that one, renamed, unless it
    resembles the one whose identifier it has.
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
    """The index of the item with a title, preferably the one at a place."""
    found = [index for index in indexes if items[index].title == title]
    if place in found:
        return place
    return found[0] if found and title.strip() else None


_NOTHING = Identities({}, {}, (), ())
