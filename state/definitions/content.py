"""What an offer means: its leaves, the hash over them, and the differences between two.

Comments, white space, the order of keys and of SKUs or plans, ``0.10`` for ``0.1``, a key written
out that equals its default, and the query of a VHD address leave no trace here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256
from json import JSONEncoder
from typing import TYPE_CHECKING, Any, NamedTuple

from state.definitions.model_fields import FieldType, fields_of, technical_fields
from state.domain.changes import Change, Names
from state.domain.field_path import item_names
from state.domain.offer_types import OFFER_TYPES
from state.domain.safe_text import plain_decimal

if TYPE_CHECKING:
    from state.domain.offer import Offer
    from state.domain.table import Table

FORMAT = 1
"""The number that the hashed rendering begins with."""

Leaves = Mapping[Names, Any]
"""Each leaf of a definition by its field's names: text, flag, number, list, or an asset's bytes."""


class Leaf(NamedTuple):
    """One value of a definition that differs from its default; ``names`` as people name the field."""

    names: Names
    kind: str
    value: Any


class Content(NamedTuple):
    """What an offer means, as hashes and leaves.

    Attributes:
        hash: ``sha256:`` and the hex digits over all leaves.
        technical: The same over the technical leaves alone.
        leaves: The rendered leaves.
        assets: The hash of each asset's bytes by its path, None where there is no such file.
    """

    hash: str
    technical: str
    leaves: Leaves
    assets: Mapping[str, str | None]

    def is_outdated(self, digest: Callable[[str], str | None]) -> bool:
        """Whether the bytes of an asset are others by now."""
        return any(digest(path) != known for path, known in self.assets.items())


def content_of(offer: "Offer", digest: Callable[[str], str | None]) -> Content:
    """What a definition and its assets mean; ``digest`` gives the SHA-256 of an asset by its path."""
    assets: dict[str, str | None] = {}
    leaves: dict[Names, Any] = {}
    for leaf in leaves_of(offer):
        for path in asset_paths([leaf]):
            assets[path] = digest(path)
        leaves[leaf.names] = _rendered(leaf, assets)
    lines = {names: _line([list(names), value]) for names, value in leaves.items()}
    technical = [line for names, line in lines.items() if _is_technical(type(offer), names)]
    return Content(_hash(lines.values()), _hash(technical), leaves, assets)


def leaves_of(table: "Table") -> list[Leaf]:
    """The values of a definition, or of a table in it, that differ from their defaults."""
    return list(_leaves(table, ()))


def asset_paths(leaves: Iterable[Leaf]) -> list[str]:
    """The paths of the files that leaves name."""
    found: list[str] = []
    for leaf in leaves:
        if leaf.kind == "asset":
            found.append(leaf.value)
        elif leaf.kind == "list of asset":
            found.extend(leaf.value)
    return found


def is_technical(names: Names) -> bool:
    """Whether a field of a definition of any type is technical, else marketing content."""
    return any(_is_technical(kind.model, names) for kind in OFFER_TYPES.values())


def _is_technical(model: "type[Table]", names: Names) -> bool:
    keys = technical_fields(model).get(str(names[0]))
    return keys is not None and (not keys or len(names) < 3 or names[2] in keys)


def changes_between(old: Leaves, new: Leaves) -> list[Change]:
    """The fields that differ, in the order of the newer version, removed ones last.

    Empty exactly when the hashes of both are equal.
    """
    return [
        Change(names, old.get(names), new.get(names), is_technical(names))
        for names in [*new, *(each for each in old if each not in new)]
        if old.get(names, _NOTHING) != new.get(names, _NOTHING)
    ]


def _leaves(value: Any, names: Names) -> Iterator[Leaf]:
    model: type[Table] = type(value)
    for spec in fields_of(model).values():
        each = getattr(value, spec.name)
        if each != spec.default:
            yield from _inside(spec.type, each, (*names, spec.name))


def _inside(field_type: FieldType, value: Any, names: Names) -> Iterator[Leaf]:
    inner = field_type.inner
    if field_type.kind == "model":
        yield from _leaves(value, names)
    elif field_type.kind == "map" and inner:
        for key, each in value.items():
            yield from _entry(inner, each, (*names, key))
    elif inner and inner.kind == "model":
        named = item_names(getattr(each, "identifier", None) for each in value)
        for name, each in zip(named, value, strict=True):
            yield from _entry(inner, each, (*names, name))
    elif inner:
        yield Leaf(names, f"list of {inner.kind}", value)
    else:
        yield Leaf(names, field_type.kind, value)


def _entry(field_type: FieldType, value: Any, names: Names) -> Iterator[Leaf]:
    """An item of a list or a map counts even when it holds nothing."""
    found = list(_inside(field_type, value, names))
    yield from found or [Leaf(names, "empty", {})]


def _rendered(leaf: Leaf, assets: Mapping[str, str | None]) -> Any:
    value = leaf.value
    if leaf.kind == "vhd":
        return value.partition("?")[0]
    if leaf.kind == "money" and not isinstance(value, Decimal):
        # Text must not look like an amount: "10" is not 10.
        return _line(plain(value))
    if leaf.kind == "asset":
        return {"path": value, "sha256": assets[value]}
    if leaf.kind == "list of asset":
        return [{"path": path, "sha256": assets[path]} for path in value]
    return plain(value)


def plain(value: Any) -> Any:
    """A value of a definition as JSON can hold it: decimals as text, tuples as lists."""
    if isinstance(value, Decimal):
        return plain_decimal(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, str | bool | int | None):
        return value
    return str(value)


def _hash(lines: Iterable[str]) -> str:
    """The format number, then the leaves in an order that does not depend on the file's."""
    return "sha256:" + sha256("\n".join([str(FORMAT), *sorted(lines)]).encode()).hexdigest()


_line = JSONEncoder(sort_keys=True).encode
_NOTHING = object()
