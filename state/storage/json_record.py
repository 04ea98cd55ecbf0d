"""Small JSON files that the program writes for itself and that may have been altered since."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from state.domain.errors import StorageError
from state.storage.atomic import read_plain

T = TypeVar("T")

LARGEST_RECORD = 4 << 20
"""The most bytes of a record."""


class CorruptRecord(StorageError):
    """A record that is missing or was altered. The message names it."""


def read_record(path: Path, made: Callable[[Any], T]) -> T:
    """Read a record; ``made`` converts its JSON and may raise what mistyped values raise.

    Raises:
        CorruptRecord: The file is missing or was altered.
    """
    try:
        return made(json.loads(read_plain(path, LARGEST_RECORD)))
    except (
        FileNotFoundError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        raise CorruptRecord(f"{path} is missing or was altered.") from error


def text_of(said: object) -> str:
    """A text of a record that can be a path, else a ValueError."""
    if not isinstance(said, str) or b"\0" in os.fsencode(said):
        raise ValueError(f"{said!r} is not a path")
    return said


def text_or_none(said: object) -> str | None:
    return None if said is None else text_of(said)
