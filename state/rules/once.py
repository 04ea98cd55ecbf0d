"""Suppresses findings that follow from another finding."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from state.domain.field_path import EACH, FieldPath, Key
from state.rules.rule import Rule

if TYPE_CHECKING:
    from state.rules.context import Violation

Keys = tuple[Key, ...]
Told = tuple[Rule, "Violation"]


def deduplicate(found: list[Told], spoken: Iterable[FieldPath]) -> Iterator[Told]:
    """Leave out violations that follow from another fault.

    Args:
        found: The violations, each with its rule.
        spoken: The fields that the reader has reported, whose values are unknown.

    Yields:
        In the same order, those about fields that can be read, unless they depend on a field that
        cannot be read or is at fault itself.
    """
    unread = {field.path for field in spoken}
    doubts: _Doubts | None = None
    seen: set[tuple[str, FieldPath, str]] = set()
    for rule, each in found:
        if unread and _is_unread(each.field.path, unread):
            continue
        if each.depends_on:
            if doubts is None:
                doubts = _Doubts(
                    unread, (other.field for _, other in found if not other.depends_on)
                )
            if any(map(doubts.is_affected, each.depends_on)):
                continue
        # A rule may give a finding for each of several reasons.
        what = (rule.id, each.field, each.message)
        if what not in seen:
            seen.add(what)
            yield rule, each


class _Doubts:
    """The fields in doubt, looked up by a field's keys.

    Args:
        unread: The fields that cannot be read.
        faulty: The fields that something found is about.
    """

    def __init__(self, unread: set[Keys], faulty: Iterable[FieldPath]) -> None:
        self._unread = {form for keys in unread for form in _forms(keys)}
        fields = unread | {field.path for field in faulty}
        self._around = {
            form[:length]
            for keys in fields
            for form in _forms(keys)
            for length in range(1, len(keys) + 1)
        }

    def is_affected(self, field: FieldPath) -> bool:
        """Whether a field is in doubt, or something in it."""
        return field.path in self._around or _lies_in(field.path, self._unread)


def _forms(keys: Keys) -> tuple[Keys, Keys]:
    """A field's keys, and those of the same place in any item of the first list."""
    index = next((place for place, key in enumerate(keys) if isinstance(key, int)), len(keys))
    return keys, (*keys[:index], EACH, *keys[index + 1 :]) if index < len(keys) else keys


def _is_unread(keys: Keys, unread: set[Keys]) -> bool:
    """Whether a field cannot be read, or is a list that lacks an item which cannot."""
    return (*keys, EACH) in unread or any(_lies_in(form, unread) for form in _forms(keys))


def _lies_in(keys: Keys, others: set[Keys]) -> bool:
    return any(keys[:length] in others for length in range(1, len(keys) + 1))
