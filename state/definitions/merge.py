"""Two definitions as tables -> the edits that give the one the values of the other."""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any

from state.definitions.edit import item_text
from state.definitions.edits import GONE, Gone, Put, built, same, takes_away, tree_of
from state.definitions.model_fields import REQUIRED, FieldType, fields_of
from state.domain.field_path import Key, item_names

if TYPE_CHECKING:
    from state.domain.table import Table

Keys = tuple[Key, ...]


class DefinitionMerge:
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
        model: "type[Table]",
        draft: Mapping[str, Any],
        version: Mapping[str, Any],
        at: Keys = (),
        name: str = "",
    ) -> None:
        """Match two tables of a model, as tomllib gives them."""
        known = fields_of(model)
        for key in dict.fromkeys([*draft, *version, *known]):
            spec = known.get(key)
            field_type = spec.type if spec else _UNKNOWN
            values = draft.get(key, _NOTHING), version.get(key, _NOTHING)
            default = _NOTHING if spec is None or spec.default is REQUIRED else spec.default
            self._value(field_type, *values, default, (*at, key), _join(name, key))

    def _value(
        self, field_type: FieldType, mine: Any, its: Any, default: Any, at: Keys, name: str
    ) -> None:
        self.known.add(name)
        inner = field_type.inner
        form = _form(field_type)
        if form and not self._holds(name) and not _are(form, mine):
            self._instead(field_type, its, default, at, name)
            return
        if form is None or not _are(form, mine, its):
            if self._holds(name) and not _means_same(
                field_type, _or(mine, default), _or(its, default)
            ):
                self._set(its, at)
        elif field_type.model:
            self._inner_table(field_type.model, mine, its, at, name)
        elif form is list and inner and inner.model:
            self._items(inner.model, _or(mine, []), _or(its, []), at, name)
        elif inner:
            self._entries(inner, _or(mine, {}), _or(its, {}), at, name)

    def _instead(self, field_type: FieldType, its: Any, default: Any, at: Keys, name: str) -> None:
        """Set something in a table or list that replaces a value of another kind."""
        before = len(self.edits)
        self._value(field_type, _NOTHING, its, default, at, name)
        below = {keys[len(at) :]: self.edits.pop(keys) for keys in list(self.edits)[before:]}
        if below and not all(map(takes_away, below.values())):
            self.edits[at] = Put(built(tree_of(below)))

    def _inner_table(self, model: "type[Table]", mine: Any, its: Any, at: Keys, name: str) -> None:
        before = len(self.edits)
        self.table(model, _or(mine, {}), _or(its, {}), at, name)
        missing = mine is _NOTHING or its is _NOTHING
        if missing and len(self.edits) > before and self._holds(name):
            # A table that only one of them has comes or goes with its header.
            for keys in list(self.edits)[before:]:
                del self.edits[keys]
            self._set(its, at)

    def _entries(
        self, inner: FieldType, mine: Mapping[str, Any], its: Mapping[str, Any], at: Keys, name: str
    ) -> None:
        """Match two tables whose keys are data, such as prices by market."""
        for key in dict.fromkeys([*mine, *its]):
            below, inside = (*at, key), _join(name, key)
            here, there = mine.get(key, _NOTHING), its.get(key, _NOTHING)
            one_lacks_it = here is _NOTHING or there is _NOTHING
            if one_lacks_it and self._holds(inside):
                self.known.add(inside)
                self._set(there, below)
            else:
                self._value(inner, here, there, _NOTHING, below, inside)

    def _items(
        self, model: "type[Table]", mine: Sequence[Any], its: Sequence[Any], at: Keys, name: str
    ) -> None:
        """Match two lists of tables: SKUs, plans, links."""
        drafts, versions = _by_name(model, mine), _by_name(model, its)
        for key, (index, here) in drafts.items():
            below, inside = (*at, index), _join(name, key)
            if key in versions:
                there = versions[key][1]
                self._value(FieldType("model", model), here, there, _NOTHING, below, inside)
                continue
            self.known.add(inside)
            if self._holds(inside):
                self.edits[below] = GONE
            elif self._touches(inside) and isinstance(here, Mapping):
                self.table(model, here, {}, below, inside)
        added = [key for key in versions if key not in drafts]
        for position, key in enumerate(added, len(mine)):
            index, there = versions[key]
            inside = _join(name, key)
            self.known.add(inside)
            if self._holds(inside):
                text = item_text(self._raw, (*at, index)) if len(at) == 1 else ""
                self.edits[(*at, position)] = Put(there, text)
            elif self._touches(inside) and isinstance(there, Mapping):
                if isinstance(key, str):
                    self.edits[(*at, position, "identifier")] = Put(key)
                self.table(model, {}, there, (*at, position), inside)

    def _set(self, value: Any, at: Keys) -> None:
        self.edits[at] = GONE if value is _NOTHING else Put(value)


class _Nothing(Enum):
    NOTHING = "nothing"


_NOTHING = _Nothing.NOTHING
_UNKNOWN = FieldType("unknown")


def _or(value: Any, default: Any) -> Any:
    return default if value is _NOTHING else value


def _are(wanted: type, *values: Any) -> bool:
    """Whether values are of a type, those that are not there aside."""
    return all(value is _NOTHING or isinstance(value, wanted) for value in values)


def _form(field_type: FieldType) -> type | None:
    """What a value has to be so that one can look into it; None for a scalar."""
    if field_type.model or field_type.kind == "map":
        return Mapping
    return list if field_type.inner and field_type.inner.model else None


def _means_same(field_type: FieldType, mine: Any, its: Any) -> bool:
    if field_type.kind == "vhd" and isinstance(mine, str) and isinstance(its, str):
        # The query is a token: no part of the content, and an old one would have expired.
        return mine.partition("?")[0] == its.partition("?")[0]
    return mine is its or same(mine, its)


def _by_name(model: "type[Table]", items: Sequence[Any]) -> dict[Key, tuple[int, Any]]:
    """The index and the table of each item by what it is called."""
    has_names = "identifier" in fields_of(model)
    names = item_names(
        each.get("identifier") if has_names and type(each) is dict else None for each in items
    )
    return {name: (index, items[index]) for index, name in enumerate(names)}


def _join(name: str, key: Key) -> str:
    return f"{name}.{key}" if name else str(key)
