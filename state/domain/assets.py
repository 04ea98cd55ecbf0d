"""What rules may ask of the files that a definition names."""

from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")

LFS_POINTER = "is a Git LFS pointer in place of the file. Run git lfs pull."
"""What a message says of a file that was not fetched, after its name."""


class AssetError(Exception):
    """An asset that cannot be used; ``has_remedy`` where the message says how to go on, too."""

    def __init__(self, message: str, *, has_remedy: bool = False) -> None:
        super().__init__(message)
        self._has_remedy = has_remedy

    def or_else(self, remedy: str) -> str:
        """The message, with a remedy where it has none of its own."""
        return str(self) if self._has_remedy else f"{self} {remedy}"


def is_lfs_pointer(data: bytes) -> bool:
    """Whether bytes are what Git keeps in place of a file that lies in its large file storage."""
    return data.startswith(b"version https://git-lfs.github.com/spec/")


class Assets(Protocol):
    """The assets of a working directory, or of a version that was kept, by their paths in it."""

    def digest(self, path: str) -> str | None:
        """The SHA-256 of a file's bytes; None where there is none inside, or it cannot be read."""

    def read(self, path: str, limit: int) -> bytes:
        """The bytes of a file; an AssetError where it is missing or exceeds the limit."""

    def inspect(self, path: str, inspector: Callable[[bytes], T], limit: int) -> T:
        """Inspect a file; the result is cached by its bytes.

        Raises:
            AssetError: No such file, outside of the working directory, not a plain file,
                unreadable, longer than
                the limit, or refused by the inspector.
        """
