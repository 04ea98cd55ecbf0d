"""Leaves out findings that follow from another one: one fault is one finding.

In one field the file's form comes before the locks, and these before the rules.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from state.domain.field_path import EACH, FieldPath, Key
from state.rules.rule import Rule

if TYPE_CHECKING:
    from state.rules.context import Violation

Keys = tuple[Key, ...]
Found = tuple[Rule, "Violation"]


def drop_follow_ups(found: list[Found], unknown: Iterable[FieldPath]) -> Iterator[Found]:
    """Leave out the violations that follow from another fault.

    Args:
        found: The violations, each with its rule.
        unknown: The fields that cannot be read, for which the reader has a finding.

    Yields:
        In the same order, those that stand for a fault of their own.
    """
    faults = _Faults(unknown)
    # Those that need other fields come after those that may be about these fields.
    order = sorted(found, key=lambda each: (not each[0].is_lock, bool(each[1].needs)))
    kept = {(rule.id, each.field, each.message) for rule, each in order if faults.add(rule, each)}
    for rule, each in found:
        what = (rule.id, each.field, each.message)
        if what in kept:
            kept.remove(what)
            yield rule, each


class _Faults:
    """The fields at fault so far, looked up by a field's keys.

    Args:
        unknown: The fields that cannot be read.
    """

    def __init__(self, unknown: Iterable[FieldPath]) -> None:
        self._whole = {field.path for field in unknown}
        self._unknown = {form for keys in self._whole for form in _forms(keys)}
        self._lacking = {keys[:-1] for keys in self._whole if keys and isinstance(keys[-1], int)}
        self._locked: set[Keys] = set()
        self._around: set[Keys] = set()
        for keys in self._whole:
            self._surround(keys)

    def add(self, rule: Rule, violation: "Violation") -> bool:
        """Enter a violation, unless it follows from what was entered before it."""
        keys = violation.field.path
        if self._is_unknown(keys) or any(map(self._is_doubtful, violation.needs)):
            return False
        if keys in self._locked and not rule.is_lock:
            return False
        self._surround(keys)
        if rule.is_lock:
            self._locked.add(keys)
        if violation.is_whole:
            self._whole.add(keys)
        return True

    def _is_unknown(self, keys: Keys) -> bool:
        """Whether a field cannot be read, or is a list that lacks an item which cannot."""
        return keys in self._lacking or any(_lies_in(form, self._whole) for form in _forms(keys))

    def _is_doubtful(self, field: FieldPath) -> bool:
        """Whether a field, or something in it, is at fault."""
        return field.path in self._around or _lies_in(field.path, self._unknown)

    def _surround(self, keys: Keys) -> None:
        for form in _forms(keys):
            self._around.update(form[:length] for length in range(1, len(form) + 1))


def _lies_in(keys: Keys, others: set[Keys]) -> bool:
    return any(keys[:length] in others for length in range(1, len(keys) + 1))


def _forms(keys: Keys) -> tuple[Keys, ...]:
    """A field's keys, and those of the same place in any item of the first list."""
    index = next((place for place, key in enumerate(keys) if isinstance(key, int)), None)
    return (keys,) if index is None else (keys, (*keys[:index], EACH, *keys[index + 1 :]))
