"""Small JSON files that the program writes for itself, and that anybody may have altered since."""

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
    """A record that is missing, or is not what the program writes. The message names it."""


def read_record(path: Path, made: Callable[[Any], T]) -> T:
    """Read a record.

    Args:
        path: The file.
        made: Makes of its JSON what is wanted. Whatever the JSON lacks for that, or holds of
            another kind, may raise there as it comes.

    Returns:
        What was made.

    Raises:
        AlteredRecord: The file is missing or was altered.
        FileTrouble: It cannot be read.
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
    """A text of a record, one that can be a path.

    Raises:
        ValueError: It is none.
    """
    if not isinstance(said, str) or b"\0" in os.fsencode(said):
        raise ValueError(f"{said!r} is no text for a path")
    return said


def text_or_none(said: object) -> str | None:
    """Like ``text_of``, but what is left out stays so."""
    return None if said is None else text_of(said)
