"""A field of an offer: its place in the file, and its name."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

T = TypeVar("T")

Key = str | int
"""A table's key, or the index of an item of a list."""

EACH = -1
"""An index that means any item."""

EACH_NAME = "*"
"""How such an index is called."""


class FieldPath(NamedTuple):
    """A place in a definition.

    Attributes:
        path: The way through the file's tables, with the index of each list item.
        names: The same way as people say it, with the identifier of each list item.
    """

    path: tuple[Key, ...] = ()
    names: tuple[Key, ...] = ()

    def __truediv__(self, key: str) -> "FieldPath":
        return FieldPath((*self.path, key), (*self.names, key))

    def item(self, index: int, name: Key) -> "FieldPath":
        """The item of this list at an index, called by its name."""
        return FieldPath((*self.path, index), (*self.names, name))

    @property
    def each(self) -> "FieldPath":
        """Any item of this list: a field in it means the same field of every item."""
        return self.item(EACH, EACH_NAME)

    def __str__(self) -> str:
        return ".".join(map(str, self.names))

    def within(self, other: "FieldPath") -> bool:
        """Whether this is the other field or lies inside it."""
        return self.path[: len(other.path)] == other.path


ROOT = FieldPath()
"""The definition itself."""


def item_names(identifiers: Iterable[object]) -> list[Key]:
    """How a list's items are called: by an identifier that no other item has, else the index from 0."""
    found = [each if isinstance(each, str) else "" for each in identifiers]
    if len(set(found)) < len(found):
        count = Counter(found)
        found = [name if count[name] == 1 else "" for name in found]
    return [name or index for index, name in enumerate(found)]


def named_items(at: FieldPath, items: Sequence[T]) -> list[tuple[FieldPath, T]]:
    """The items of a list, each with its field."""
    names = item_names(getattr(item, "identifier", None) for item in items)
    return [
        (at.item(index, name), item)
        for index, (name, item) in enumerate(zip(names, items, strict=True))
    ]
