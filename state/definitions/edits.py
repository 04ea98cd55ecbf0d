"""What is to change in a file's values, as a tree, and what the values are afterwards."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from difflib import SequenceMatcher
from enum import Enum
from typing import Any, Final, NamedTuple

from state.definitions.locate import Keys
from state.definitions.rendering import EditError
from state.domain.field_path import Key


class Put(NamedTuple):
    """A value to write.

    Attributes:
        value: The value, as tomllib gives it with ``parse_float=Decimal``.
        text: How an item of a list of tables was written elsewhere, with its headers; else empty.
    """

    value: Any
    text: str = ""


class Gone(Enum):
    """A value to take away."""

    GONE = "gone"


GONE: Final = Gone.GONE

Edit = Put | Gone | Mapping[Key, Any]
"""A value to write, one to take away, or edits below by their keys."""


class Item(NamedTuple):
    """An item of a list as it should be.

    Attributes:
        origin: Its index now; None for a new one.
        edit: What changes in it, None where nothing does.
    """

    origin: int | None
    edit: Edit | None


def tree_of(edits: Mapping[Keys, Put | Gone]) -> Mapping[Key, Any]:
    """Edits by the way to their values, as one tree; an EditError where one lies inside another."""
    tree: dict[Key, Any] = {}
    for keys, edit in edits.items():
        at = tree
        for key in keys[:-1]:
            at = at.setdefault(key, {})
            if not isinstance(at, dict):
                raise EditError("Two changes are about the same value.")
        if not keys or keys[-1] in at:
            raise EditError("Two changes are about the same value.")
        at[keys[-1]] = edit
    return tree


def takes_away(edit: Edit) -> bool:
    """Whether an edit writes nothing."""
    if isinstance(edit, Mapping):
        return all(map(takes_away, edit.values()))
    return isinstance(edit, Gone)


def built(edit: Edit) -> Any:
    """The value that edits make where there is none yet."""
    if isinstance(edit, Put):
        return edit.value
    assert not isinstance(edit, Gone)
    kept = {key: built(each) for key, each in edit.items() if not takes_away(each)}
    if any(isinstance(key, int) for key in kept):
        return list(kept.values())
    return kept


def difference(old: Mapping[str, Any], new: Mapping[str, Any]) -> Mapping[Key, Any]:
    """The edits that make one table another."""
    gone: dict[Key, Any] = {key: GONE for key in old if key not in new}
    put = {
        key: Put(value) for key, value in new.items() if key not in old or not same(old[key], value)
    }
    return gone | put


def items_of(old: Sequence[Any], edit: Edit) -> list[Item]:
    """The items of a list after an edit, in order.

    The edit is a list to write in its place, or edits by index; new items have those after the last.
    """
    if isinstance(edit, Put):
        return _aligned(old, edit.value)
    assert not isinstance(edit, Gone)
    if not all(isinstance(index, int) for index in edit):
        raise EditError("A list has no keys, only items.")
    kept = [Item(at, edit.get(at)) for at in range(len(old)) if edit.get(at) is not GONE]
    added = [Item(None, each) for at, each in edit.items() if int(at) >= len(old)]
    return kept + [item for item in added if item.edit is not None and not takes_away(item.edit)]


def applied(value: Any, edit: Edit) -> Any:
    if isinstance(edit, Put) and isinstance(edit.value, Mapping) and isinstance(value, dict):
        edit = difference(value, edit.value)
    if isinstance(edit, Mapping) and isinstance(value, list):
        items = [_item_after(value, item) for item in items_of(value, edit)]
        return items if items or not value else _EmptiedList()
    if isinstance(edit, Mapping) and isinstance(value, dict):
        after = {key: each for key, each in value.items() if edit.get(key) is not GONE}
        for key, each in edit.items():
            if key in after:
                after[str(key)] = applied(value[str(key)], each)
            elif not takes_away(each):
                after[str(key)] = built(each)
        return after if after or not value else _Emptied()
    return built(edit)


def same(found: Any, wanted: Any) -> bool:
    """Whether two values mean the same: types count, the order of keys does not.

    A table or list that lost its last entry may be gone altogether.
    """
    if isinstance(wanted, Mapping):
        return (
            isinstance(found, Mapping)
            and all(key in wanted for key in found)
            and all(
                same(found[key], each) if key in found else _is_hollow(each)
                for key, each in wanted.items()
            )
        )
    if isinstance(wanted, list | tuple):
        return (
            isinstance(found, list | tuple)
            and len(found) == len(wanted)
            and all(map(same, found, wanted))
        )
    if isinstance(wanted, bool) or isinstance(found, bool):
        return found is wanted
    if isinstance(wanted, int | Decimal) and isinstance(found, int | Decimal):
        return found == wanted or (found != found and wanted != wanted)
    if isinstance(wanted, date | time):
        return type(found) is type(wanted) and bool(found == wanted)
    return type(found) is type(wanted) and bool(found == wanted)


class _Emptied(dict[str, Any]):
    """A table that lost its last key."""


class _EmptiedList(list[Any]):
    """A list that lost its last item."""


def _item_after(old: list[Any], item: Item) -> Any:
    if item.origin is None:
        return built(item.edit) if item.edit is not None else None
    now = old[item.origin]
    return now if item.edit is None else applied(now, item.edit)


def _is_hollow(value: Any) -> bool:
    if isinstance(value, _Emptied | _EmptiedList):
        return True
    return isinstance(value, dict) and bool(value) and all(map(_is_hollow, value.values()))


def _aligned(old: Sequence[Any], new: Sequence[Any]) -> list[Item]:
    """The items of a new list, each with the one of the old list that it was."""
    if len(old) == len(new):
        return [Item(at, _change(old[at], each)) for at, each in enumerate(new)]
    matcher = SequenceMatcher(None, [*map(_mark, old)], [*map(_mark, new)], autojunk=False)
    items = []
    for _, start, end, first, last in matcher.get_opcodes():
        for position in range(first, last):
            at = start + position - first
            if at < end:
                items.append(Item(at, _change(old[at], new[position])))
            else:
                items.append(Item(None, Put(new[position])))
    return items


def _change(old: Any, new: Any) -> Edit | None:
    return None if same(old, new) else Put(new)


def _mark(value: Any) -> str:
    """By what an item is known again: its identifier, else all of it."""
    identifier = value.get("identifier") if isinstance(value, Mapping) else None
    return f"identifier {identifier}" if isinstance(identifier, str) else repr(value)
