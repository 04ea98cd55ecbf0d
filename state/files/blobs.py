"""The contents of versions: raw bytes by their SHA-256, each stored once."""

from pathlib import Path

from state.files.plain import FileTrouble, digest_of, make_directory, write_whole


class Blobs:
    """The kept bytes of a working directory.

    Args:
        engine: The engine's own directory, ``.vitrina``.
    """

    def __init__(self, engine: Path) -> None:
        self._files = engine / "blobs"

    def keep(self, data: bytes) -> str:
        """Keep bytes.

        Args:
            data: The bytes.

        Returns:
            Their SHA-256, by which ``get`` gives them back.

        Raises:
            FileTrouble: They cannot be written.
        """
        digest = digest_of(data)
        if not self.has(digest):
            make_directory(self._files)
            write_whole(self._files / digest, data)
        return digest

    def has(self, digest: str) -> bool:
        """Whether bytes of that SHA-256 are kept."""
        return (self._files / digest).is_file()

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
