"""Files of an offer that other definitions name too, which stay when the offer is discarded."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from state.definitions.content import asset_paths, leaves_of
from state.definitions.parse import Definition
from state.domain.assets import AssetError
from state.workspace.workspace import Workspace

_BETWEEN_QUOTES = re.compile(r"[\"'\r\n]+")
_BETWEEN_SPACES = re.compile(r"[\"'\s,=\[\]]+")


class Shared(NamedTuple):
    """A file that other definitions name too; ``is_sure`` where all of theirs can be read."""

    asset: str
    named_by: tuple[str, ...]
    is_sure: bool


def shared_files(
    workspace: Workspace, offer: str, assets: Sequence[str], *, missing: bool = False
) -> list[Shared]:
    """The files of an offer that others name too, with ``missing`` also those that are not there.

    An unreadable definition names what its text has as a path; one without a text may name any of them.
    """
    files = {
        located: path
        for path, located in _located(workspace, assets)
        if missing or located.is_file()
    }
    users: dict[Path, list[str]] = {}
    unsure: set[Path] = set()
    for other in workspace.names() if files else ():
        definition = workspace.definition(other)
        if other != offer and definition.is_offer and not definition.is_missing:
            named = _named_by(workspace, definition, files)
            unsure |= set() if definition.offer else named
            for located in named:
                users.setdefault(located, []).append(other)
    return [
        Shared(path, tuple(users[located]), located not in unsure)
        for located, path in files.items()
        if located in users
    ]


def _named_by(workspace: Workspace, definition: Definition, files: dict[Path, str]) -> set[Path]:
    """Which of the files, each with a path that leads to it, a definition names."""
    if definition.offer:
        paths: Iterable[str] = asset_paths(leaves_of(definition.offer))
    elif definition.raw is None:
        return set(files)
    else:
        names = {name for file, path in files.items() for name in (file.name, Path(path).name)}
        paths = [said for said in _said_in(definition.raw) if said.endswith(tuple(names))]
    return files.keys() & {located for _, located in _located(workspace, paths)}


def _said_in(raw: bytes) -> set[str]:
    """Everything in the text of a file that may be a path, quoted or not."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        # Whatever it is, its ASCII characters stand in it, maybe with zeros between them.
        text = raw.decode("latin-1").replace("\0", "")
    return {*_BETWEEN_QUOTES.split(text), *_BETWEEN_SPACES.split(text)}


def _located(workspace: Workspace, paths: Iterable[str]) -> Iterator[tuple[str, Path]]:
    for path in paths:
        with suppress(AssetError):
            yield path, workspace.directory.assets.locate(path)
