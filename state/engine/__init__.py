"""The only door: what may be asked of the offers of a working directory.

An identifier that no offer has is an ``UnknownOfferError``, what cannot be read or written a
``StorageError``; docstrings name only other errors, and conditions beyond that.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from state.engine.engine import Done, Engine, UnknownOfferError
    from state.rules.rule import Rule
    from state.storage.trash_entry import Entry

__all__ = ["Done", "Engine", "Entry", "Rule", "UnknownOfferError"]

_ELSEWHERE = {"Rule": "state.rules.rule", "Entry": "state.storage.trash_entry"}


def __getattr__(name: str) -> Any:
    # Late: a list of offers in which nothing changed needs none of it.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_ELSEWHERE.get(name, "state.engine.engine")), name)
