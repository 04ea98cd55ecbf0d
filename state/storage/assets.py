"""The files that a definition names, read again only after they changed."""

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, TypeVar

from state.domain.assets import AssetError
from state.domain.errors import AccessDenied, StorageError
from state.domain.safe_text import quoted
from state.storage.atomic import digest_of, read_plain
from state.storage.inspection_cache import Inspections

T = TypeVar("T")

LARGEST_ASSET = 64 * 1024 * 1024
"""The most bytes of an asset that is part of a content."""


class _Known(NamedTuple):
    """The digest of a file, and the signature that it had then."""

    signature: tuple[int, ...]
    digest: str


class DirectoryAssets:
    """The assets of a working directory."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._real_root = os.path.realpath(root)
        self._known: dict[str, _Known] = {}
        self.inspections = Inspections()

    def locate(self, path: str) -> Path:
        """The file of a path in a definition.

        Raises:
            AssetError: The path is absolute, leads out of the working directory, or names no file.
        """
        if not path or path.startswith(("/", "~")) or "\0" in path:
            raise AssetError(f"{quoted(path)} is not a path relative to the working directory.")
        real = os.path.realpath(os.path.join(self._real_root, path))  # noqa: PTH118 - much faster
        if not real.startswith(self._real_root.rstrip("/") + "/"):
            raise AssetError(f"{quoted(path)} leads out of the working directory.")
        return Path(real)

    def digest(self, path: str) -> str | None:
        """The SHA-256 of a file's bytes, None where it cannot be read."""
        try:
            return self._read_digest(path, LARGEST_ASSET)[0]
        except AssetError:
            return None

    def read(self, path: str, limit: int = LARGEST_ASSET) -> bytes:
        """The bytes of a file; raises AssetError where it is missing or cannot be read."""
        # Commands in messages name the file by this path.
        located = self._root / self.locate(path).relative_to(self._real_root)
        try:
            return read_plain(located, limit, quoted(path))
        except FileNotFoundError:
            message = f"{quoted(path)} is missing from the working directory."
            raise AssetError(message) from None
        except StorageError as error:
            raise AssetError(str(error), has_remedy=isinstance(error, AccessDenied)) from None

    def inspect(self, path: str, inspector: Callable[[bytes], T], limit: int) -> T:
        """Inspect a file; the result is cached by its bytes."""
        digest, data = self._read_digest(path, limit)

        def read() -> bytes:
            return data if data is not None else self.read(path, limit)

        return self.inspections.of(digest, inspector, read)

    def _read_digest(self, path: str, limit: int) -> tuple[str, bytes | None]:
        """The digest, and the bytes where they had to be read for it."""
        known = self._known.get(path)
        # The file is unchanged, so links need not be followed again.
        if known and known.signature == self._signature(path, limit):
            return known.digest, None
        self.locate(path)
        signature = self._signature(path, limit)
        data = self.read(path, limit)
        digest = digest_of(data)
        if signature:
            self._known[path] = _Known(signature, digest)
        return digest, data

    def _signature(self, path: str, limit: int) -> tuple[int, ...]:
        """A value that changes whenever a plain file within the limit does; empty for anything else."""
        try:
            found = Path(self._real_root, path).stat()
        except (OSError, ValueError):
            return ()
        if not stat.S_ISREG(found.st_mode) or found.st_size > limit:
            return ()
        return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns)
