"""The contents of versions: raw bytes by their SHA-256, each stored once."""

import re
from pathlib import Path

from state.files.plain import FileTrouble, digest_of, make_directory, write_whole

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Blobs:
    """The kept bytes of a working directory.

    Args:
        engine: The engine's own directory, ``.vitrina``.
    """

    def __init__(self, engine: Path) -> None:
        self._files = engine / "blobs"

    def keep(self, data: bytes) -> str:
        """Keep bytes; where others stand under their hash by now, those are replaced.

        Args:
            data: The bytes.

        Returns:
            Their SHA-256, by which ``get`` gives them back.

        Raises:
            FileTrouble: They cannot be written.
        """
        digest = digest_of(data)
        if self.fault(digest):
            make_directory(self._files)
            write_whole(self._files / digest, data)
        return digest

    def fault(self, digest: str) -> str | None:
        """Why the bytes of a SHA-256 cannot be had, in words; None where they can."""
        if not _DIGEST.fullmatch(digest) or not (self._files / digest).exists():
            return "is missing"
        try:
            self.get(digest)
        except FileTrouble:
            return "was altered or cannot be read"
        return None

    def get(self, digest: str) -> bytes:
        """The bytes of a SHA-256.

        Raises:
            FileTrouble: They are not there, or are no longer what was kept.
        """
        path = self._files / digest
        try:
            data = path.read_bytes()
        except OSError as error:
            raise FileTrouble(f"{path} cannot be read: {error.strerror}.") from error
        if digest_of(data) != digest:
            raise FileTrouble(f"{path} was altered: it no longer holds the bytes that were kept.")
        return data
