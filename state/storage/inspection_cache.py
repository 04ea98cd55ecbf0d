"""What was found in assets, kept between runs by the SHA-256 of their bytes.

Opening forty pictures takes longer than everything else that a list of offers needs. Losing the file
costs only time.
"""

import json
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from state.domain.errors import StorageError
from state.storage.atomic import make_directory, read_plain, write_atomic
from state.storage.index import cache_folder

T = TypeVar("T")

MOST = 5000
"""The most findings that are kept; the oldest go first."""

LARGEST = 8 << 20
"""The most bytes of the file."""


class Inspections:
    """Findings by inspector and digest."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or cache_folder() / "inspections.json"
        self._found: dict[str, Any] | None = None
        self._changed = False

    def of(self, digest: str, inspector: Callable[[bytes], T], data: Callable[[], bytes]) -> T:
        """The result of an inspector, from this or an earlier run; an AssetError is not kept.

        Args:
            digest: The SHA-256 of the bytes.
            inspector: Turns the bytes into texts, numbers or tuples of them.
            data: Gives the bytes, where they have to be read.
        """
        if self._found is None:
            self._found = self._load()
        key = f"{_name(inspector)}:{digest}"
        if key in self._found:
            with suppress(TypeError, ValueError):
                return _made(inspector, self._found[key])
        found = inspector(data())
        self._found[key] = found
        self._changed = True
        return found

    def save(self) -> None:
        """Keep new results for the next run, where the file can be written."""
        if self._changed and self._found is not None:
            self._changed = False
            newest = dict(list(self._found.items())[-MOST:])
            with suppress(StorageError, TypeError):
                make_directory(self._path.parent)
                write_atomic(self._path, json.dumps(newest).encode(), mode=0o600)

    def _load(self) -> dict[str, Any]:
        with suppress(FileNotFoundError, StorageError, ValueError, RecursionError):
            found = json.loads(read_plain(self._path, LARGEST))
            if isinstance(found, dict):
                return found
        return {}


@cache
def _name(inspector: Callable[[bytes], object]) -> str:
    """An inspector's name, with the time of its module: a changed one may find other things."""
    module = sys.modules[inspector.__module__]
    written = Path(module.__file__ or "").stat().st_mtime_ns
    return f"{inspector.__module__}.{inspector.__qualname__}@{written}"


def _made(inspector: Callable[[bytes], T], kept: Any) -> T:
    """An inspector's result, from its JSON."""
    kind: Any = inspector.__annotations__["return"]
    value = _tuples(kept)
    return kind(*value) if hasattr(kind, "_fields") else value  # type: ignore[no-any-return]


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value
