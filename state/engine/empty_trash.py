"""Ending what lies in the trash: the one thing in the program that nothing brings back."""

from collections.abc import Sequence
from datetime import timedelta

from state.domain.findings import Refusal
from state.engine.engine import Engine
from state.storage.trash_entry import Entry

EMPTY = "empty"
"""What a refusal to empty the trash calls it."""


def discarded(engine: Engine, age: timedelta = timedelta()) -> list[Entry]:
    """What lies in the trash, what cannot be restored included.

    Args:
        engine: The engine.
        age: Only what was discarded at least this long ago.

    Returns:
        The discarded drafts, the latest last.
    """
    trash, now = engine.workspace.trash, engine.workspace.clock()
    entries = [*trash.entries(), *trash.unlisted()]
    old = [each for each in entries if not age or now - each.at >= age]
    return sorted(old, key=lambda each: (each.at, each.offer))


def empty(engine: Engine, entries: Sequence[Entry]) -> list[Entry] | Refusal:
    """End discarded drafts.

    Args:
        engine: The engine.
        entries: The drafts.

    Returns:
        Those that were ended, or the refusal.

    Raises:
        FileTrouble: One cannot be removed; those before it are gone.
    """
    with engine.locked():
        if reasons := engine.check_publisher_role():
            return Refusal(EMPTY, reasons)
        return engine.workspace.trash.end(entries)
