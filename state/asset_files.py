"""Files that definitions name: given the bytes that they had once, and taken away again."""

import os
from collections.abc import Mapping
from pathlib import Path

from state.assets import AssetError
from state.engine import Engine
from state.files.plain import FileTrouble, make_directory, sync_directory, write_whole
from state.text import quoted


def restore_assets(engine: Engine, wanted: Mapping[str, str]) -> dict[str, str]:
    """Give files the bytes that they had once. The caller holds the lock.

    Args:
        engine: The engine.
        wanted: The SHA-256 of the bytes of each, by its path in the working directory.

    Returns:
        The SHA-256 of the bytes that they had until now, for those that were there.

    Raises:
        FileTrouble: One cannot be read or written.
    """
    directory = engine.survey.directory
    former, targets = {}, {}
    for path in wanted:
        try:
            targets[path] = target = directory.assets.locate(path)
            inside = target.relative_to(Path(os.path.realpath(engine.root))).parts
            if inside[0] == directory.engine.name or inside[-1].endswith(".toml"):
                raise FileTrouble(f"{quoted(path)} is no asset: it stays as it is.")
            if target.exists():
                former[path] = directory.blobs.keep(directory.assets.read(path))
        except AssetError as error:
            raise FileTrouble(str(error)) from None
    for path, target in targets.items():
        make_directory(target.parent)
        write_whole(target, directory.blobs.get(wanted[path]))
    return former


def remove_assets(engine: Engine, made: Mapping[str, str]) -> None:
    """Take files away that the program made. The caller holds the lock.

    Args:
        engine: The engine.
        made: The SHA-256 of the bytes that each was given, by its path in the working directory;
            one that holds others by now stays.

    Raises:
        FileTrouble: One cannot be taken away.
    """
    assets = engine.survey.directory.assets
    for path, digest in made.items():
        if assets.digest(path) != digest:
            continue
        target = assets.locate(path)
        try:
            target.unlink()
            sync_directory(target.parent)
        except OSError as error:
            raise FileTrouble(f"{target} cannot be taken away: {error.strerror}.") from error
