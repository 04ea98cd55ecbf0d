"""The contents of versions: raw bytes by their SHA-256, each stored once."""

import re
from pathlib import Path

from state.domain.errors import AccessDenied, StorageError
from state.storage.atomic import (
    LARGEST_KEPT,
    digest_of,
    is_there,
    make_directory,
    read_plain,
    status_of,
    write_atomic,
)
from state.storage.modes import fit_again

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Blobs:
    """The kept bytes of a working directory."""

    def __init__(self, engine: Path) -> None:
        self._files = engine / "blobs"

    def keep(self, data: bytes, source: Path | None = None) -> str:
        """Keep bytes and return their SHA-256; altered ones under the same hash are replaced.

        Args:
            data: The bytes; a StorageError where they are too large.
            source: The original: who cannot read it cannot read the copy.
        """
        digest = digest_of(data)
        if len(data) > LARGEST_KEPT:
            most = LARGEST_KEPT / 1e6
            raise StorageError(
                f"{len(data) / 1e6:,.1f} MB is too large to be kept. Expected at most {most:,.1f} MB."
            )
        path, found = self._files / digest, status_of(source) if source else None
        if self.fault(digest):
            make_directory(self._files)
            write_atomic(path, data, source=found)
        elif found:
            fit_again(path, found)
        return digest

    def fault(self, digest: str) -> str | None:
        """Why the bytes of a SHA-256 are unavailable; None where they are available."""
        try:
            if self.find(digest) is not None:
                return None
            return "was altered" if is_there(self._files / digest) else "is missing"
        except StorageError as error:
            return f"cannot be read: {error}"

    def closed(self, digest: str) -> str | None:
        """Why this account may not read the bytes of a SHA-256; None where it may."""
        try:
            self.find(digest)
        except AccessDenied as error:
            return str(error)
        except StorageError:
            pass
        return None

    def find(self, digest: str) -> bytes | None:
        """The bytes of a SHA-256, None where they are missing or were altered."""
        try:
            data = read_plain(self._path(digest), LARGEST_KEPT)
        except FileNotFoundError:
            return None
        return data if digest_of(data) == digest else None

    def get(self, digest: str) -> bytes:
        """The bytes of a SHA-256; a StorageError where they are missing or were altered, too."""
        data = self.find(digest)
        if data is None:
            raise StorageError(f"{self._files / digest} {self.fault(digest)}.")
        return data

    def _path(self, digest: str) -> Path:
        """The file of a SHA-256; anything else in a record counts as missing."""
        if not _DIGEST.fullmatch(digest):
            raise FileNotFoundError(digest)
        return self._files / digest
