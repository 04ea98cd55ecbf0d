"""Files that definitions name: given the bytes that they had once, and taken away again."""

import os
from collections.abc import Mapping

from state.assets import AssetError
from state.files.directory import WorkingDirectory
from state.files.entries import stays_out
from state.files.plain import FileTrouble, make_directory, sync_directory, write_whole
from state.text import quoted


def restore_assets(directory: WorkingDirectory, wanted: Mapping[str, str]) -> dict[str, str]:
    """Give files the bytes that they had once. The caller holds the lock.

    Args:
        directory: The working directory.
        wanted: The SHA-256 of the bytes of each, by its path in the working directory.

    Returns:
        The SHA-256 of the bytes that they had until now, for those that were there.

    Raises:
        FileTrouble: One cannot be read or written.
    """
    former, targets = {}, {}
    for path in wanted:
        try:
            targets[path] = target = directory.assets.locate(path)
            if stays_out(os.path.relpath(target, os.path.realpath(directory.root))):
                raise FileTrouble(f"{quoted(path)} is no asset: it stays as it is.")
            if target.exists():
                former[path] = directory.blobs.keep(directory.assets.read(path))
        except AssetError as error:
            raise FileTrouble(str(error)) from None
    for path, target in targets.items():
        make_directory(target.parent)
        write_whole(target, directory.blobs.get(wanted[path]))
    return former


def remove_assets(directory: WorkingDirectory, made: Mapping[str, str]) -> None:
    """Take files away that the program made. The caller holds the lock.

    Args:
        directory: The working directory.
        made: The SHA-256 of the bytes that each was given, by its path in the working directory;
            one that holds others by now stays.

    Raises:
        FileTrouble: One cannot be taken away.
    """
    for path, digest in made.items():
        if directory.assets.digest(path) != digest:
            continue
        target = directory.assets.locate(path)
        try:
            target.unlink()
            sync_directory(target.parent)
        except OSError as error:
            raise FileTrouble(f"{target} cannot be taken away: {error.strerror}.") from error
