"""Restoring assets to earlier bytes, and removing them again."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from state.domain.assets import AssetError
from state.domain.errors import StorageError
from state.domain.safe_text import quoted
from state.storage.atomic import make_directory, restore_on_error, sync_directory, write_atomic
from state.storage.trash_entry import stays_out
from state.storage.working_directory import WorkingDirectory


class Former(NamedTuple):
    """An asset with its earlier bytes, its path in the working directory, and its file."""

    path: str
    target: Path
    data: bytes


def former_assets(directory: WorkingDirectory, digests: Mapping[str, str]) -> list[Former]:
    """The assets with their earlier bytes, from their SHA-256 by path; writes nothing.

    Raises:
        StorageError: The bytes of one are unavailable, or it is not an asset.
    """
    root, found = os.path.realpath(directory.root), []
    for path, digest in digests.items():
        try:
            target = directory.assets.locate(path)
        except AssetError as error:
            raise StorageError(str(error)) from None
        if stays_out(os.path.relpath(target, root)):
            raise StorageError(f"{quoted(path)} is not an asset.")
        found.append(Former(path, target, directory.blobs.get(digest)))
    return found


@contextmanager
def restored_assets(
    directory: WorkingDirectory, digests: Mapping[str, str]
) -> Iterator[dict[str, str]]:
    """Restore assets to the bytes of a SHA-256; if what follows fails, they are unchanged.

    The caller holds the lock. Yields the SHA-256 of the bytes until now, for those that existed.
    """
    found, until_now = former_assets(directory, digests), {}
    try:
        for each in found:
            if each.target.exists():
                until_now[each.path] = directory.blobs.keep(
                    directory.assets.read(each.path), each.target
                )
    except AssetError as error:
        raise StorageError(str(error)) from None
    with restore_on_error(*(each.target for each in found)):
        for each in found:
            make_directory(each.target.parent)
            write_atomic(each.target, each.data)
        yield until_now


def remove_assets(directory: WorkingDirectory, made: Mapping[str, str]) -> None:
    """Remove files that the program wrote, unless changed since. The caller holds the lock."""
    for path, digest in made.items():
        if directory.assets.digest(path) != digest:
            continue
        target = directory.assets.locate(path)
        try:
            target.unlink()
            sync_directory(target.parent)
        except OSError as error:
            raise StorageError(f"{target} cannot be removed: {error.strerror}.") from error
