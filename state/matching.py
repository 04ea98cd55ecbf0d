"""Two definitions as tables -> the edits that give the one the values of the other."""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import Any

from state.fields import Key, item_names
from state.files.editing import item_text
from state.files.edits import GONE, Gone, Put, same
from state.model import Model
from state.shapes import Shape, slots

Keys = tuple[Key, ...]


class Matching:
    """One walk through a draft and a version.

    Args:
        raw: The version's bytes.
        holds: Whether a field is to be set, by its name.
        touches: Whether a field, or something in it, is to be set.
    """

    def __init__(
        self, raw: bytes, holds: Callable[[str], bool], touches: Callable[[str], bool]
    ) -> None:
        self.edits: dict[Keys, Put | Gone] = {}
        """What to change in the draft."""
        self.known: set[str] = set()
        """The names of all fields that the draft or the version has or could have."""
        self._raw = raw
        self._holds = holds
        self._touches = touches

    def table(
        self,
        model: type[Model],
        draft: Mapping[str, Any],
        version: Mapping[str, Any],
        at: Keys = (),
        name: str = "",
    ) -> None:
        """Match two tables of a model.

        Args:
            model: The model.
            draft: The table of the draft, as tomllib gives it.
            version: The table of the version.
            at: The way to the table in the draft.
            name: The table's name.
        """
        known = slots(model)
        for key in dict.fromkeys([*draft, *version, *known]):
            slot = known.get(key)
            shape = slot.shape if slot else _UNKNOWN
            values = draft.get(key, _NOTHING), version.get(key, _NOTHING)
            default = slot.default if slot else _NOTHING
            self._value(shape, *values, default, (*at, key), _join(name, key))

    def _value(self, shape: Shape, mine: Any, its: Any, default: Any, at: Keys, name: str) -> None:
        self.known.add(name)
        inner = shape.inner
        if shape.model and _are(Mapping, mine, its):
            self._inner_table(shape.model, mine, its, at, name)
        elif inner and shape.kind == "map" and _are(Mapping, mine, its):
            self._entries(inner, _or(mine, {}), _or(its, {}), at, name)
        elif inner and inner.model and _are(list, mine, its):
            self._items(inner.model, _or(mine, []), _or(its, []), at, name)
        elif self._holds(name) and not _means_same(shape, _or(mine, default), _or(its, default)):
            self._set(its, at)

    def _inner_table(self, model: type[Model], mine: Any, its: Any, at: Keys, name: str) -> None:
        before = len(self.edits)
        self.table(model, _or(mine, {}), _or(its, {}), at, name)
        missing = mine is _NOTHING or its is _NOTHING
        if missing and len(self.edits) > before and self._holds(name):
            # A table that only one of them has comes or goes with its header.
            for keys in list(self.edits)[before:]:
                del self.edits[keys]
            self._set(its, at)

    def _entries(
        self, inner: Shape, mine: Mapping[str, Any], its: Mapping[str, Any], at: Keys, name: str
    ) -> None:
        """Match two tables whose keys are data, such as prices by market."""
        for key in dict.fromkeys([*mine, *its]):
            below, inside = (*at, key), _join(name, key)
            here, there = mine.get(key, _NOTHING), its.get(key, _NOTHING)
            one_lacks_it = here is _NOTHING or there is _NOTHING
            if inner.model and one_lacks_it and not self._holds(inside):
                if there is _NOTHING and self._touches(inside) and isinstance(here, Mapping):
                    self.table(inner.model, here, {}, below, inside)
            elif one_lacks_it:
                self.known.add(inside)
                if self._holds(inside):
                    self._set(there, below)
            else:
                self._value(inner, here, there, _NOTHING, below, inside)

    def _items(
        self, model: type[Model], mine: Sequence[Any], its: Sequence[Any], at: Keys, name: str
    ) -> None:
        """Match two lists of tables: SKUs, plans, links."""
        drafts, versions = _by_name(mine), _by_name(its)
        for key, (index, here) in drafts.items():
            below, inside = (*at, index), _join(name, key)
            if key in versions:
                there = versions[key][1]
                self._value(Shape("model", model), here, there, _NOTHING, below, inside)
                continue
            self.known.add(inside)
            if self._holds(inside):
                self.edits[below] = GONE
            elif self._touches(inside) and isinstance(here, Mapping):
                self.table(model, here, {}, below, inside)
        added = [key for key in versions if key not in drafts]
        for position, key in enumerate(added, len(mine)):
            index, there = versions[key]
            self.known.add(_join(name, key))
            if self._holds(_join(name, key)):
                text = item_text(self._raw, (*at, index)) if len(at) == 1 else ""
                self.edits[(*at, position)] = Put(there, text)

    def _set(self, value: Any, at: Keys) -> None:
        self.edits[at] = GONE if value is _NOTHING else Put(value)


class _Nothing(Enum):
    NOTHING = "nothing"


_NOTHING = _Nothing.NOTHING
_UNKNOWN = Shape("unknown")


def _or(value: Any, default: Any) -> Any:
    return default if value is _NOTHING else value


def _are(wanted: type, *values: Any) -> bool:
    """Whether values are of a type, those that are not there aside."""
    return all(value is _NOTHING or isinstance(value, wanted) for value in values)


def _means_same(shape: Shape, mine: Any, its: Any) -> bool:
    if shape.kind == "vhd" and isinstance(mine, str) and isinstance(its, str):
        # The query is a token: no part of the content, and an old one would have lapsed.
        return mine.partition("?")[0] == its.partition("?")[0]
    return mine is its or same(mine, its)


def _by_name(items: Sequence[Any]) -> dict[Key, tuple[int, Any]]:
    names = item_names(each.get("identifier") if type(each) is dict else None for each in items)
    return {name: (index, items[index]) for index, name in enumerate(names)}


def _join(name: str, key: Key) -> str:
    return f"{name}.{key}" if name else str(key)
