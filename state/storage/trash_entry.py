"""The entries of the trash as files: their records, their copies, and later changes to them."""

import shutil
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from state.domain.assets import AssetError
from state.domain.errors import StorageError
from state.domain.events import EMPTY, Kind, parse_timestamp
from state.storage.atomic import ENGINE, LARGEST_MOVED, digest_of, is_there, read_plain
from state.storage.chain import History, check_chain
from state.storage.history import read_lines
from state.storage.integrity import Head, head_of
from state.storage.json_record import CorruptRecord, read_record, text_of, text_or_none

RECORD = "record.json"
"""The file in an entry that describes it."""

HISTORY = "history.jsonl"
"""The file in an entry that holds the history, which ends with the discard."""

TORN = "history.torn"
"""The file in an entry that holds an unfinished event."""

DEFINITION = "definition.toml"
"""The file in an entry that holds the bytes of the definition."""

ASSETS = "assets"
"""The folder in an entry that holds assets under their paths in the working directory."""


class Entry(NamedTuple):
    """A discarded draft; ``batch`` is the same text for everything that was discarded together."""

    offer: str
    at: datetime
    actor: str
    title: str | None
    batch: str
    path: Path


class Asset(NamedTuple):
    """A file that a discarded definition names; ``moved`` where it left the directory with the draft."""

    path: str
    sha256: str
    moved: bool


class Record(NamedTuple):
    """The files of an entry, from its record.

    Attributes:
        definition: The hash that the definition had, None where there was no file.
        link: The target of a definition that was a link, else None.
        head: The history's head; None in an old record.
        assets: The files that the definition names.
        modes: The permissions that files had, by the names of their copies in the entry.
    """

    definition: str | None
    link: str | None
    head: Head | None
    assets: tuple[Asset, ...]
    modes: Mapping[str, int] = EMPTY


class Altered(NamedTuple):
    """An altered file (a path, ``definition`` or ``record.json``), its old hash, and how it differs."""

    what: str
    sha256: str
    message: str


def entry_at(path: Path) -> Entry:
    """The entry at a path; CorruptRecord where its record is missing or was altered."""

    def made(said: Any) -> Entry:
        if said["offer"] != path.parent.name:
            raise ValueError("the record of another offer")
        actor, batch = text_of(said["actor"]), text_of(said["batch"])
        at, title = parse_timestamp(said["at"]), said["title"]
        if not isinstance(title, str | None):
            raise TypeError("a title is a text")
        return Entry(said["offer"], at, actor, title, batch, path)

    return read_record(path / RECORD, made)


def record_at(path: Path) -> Record:
    """The record of an entry; CorruptRecord where it is missing or was altered."""

    def made(said: Any) -> Record:
        assets = tuple(_asset(each) for each in said["assets"])
        if "head" not in said:
            # An old record has no hash: that of the copy is taken.
            return Record(digest_at(path / DEFINITION), None, None, assets)
        definition, link = text_or_none(said["definition"]), text_or_none(said["link"])
        modes = {text_of(name): mode & 0o777 for name, mode in said.get("modes", {}).items()}
        return Record(definition, link, head_of(*said["head"]), assets, modes)

    return read_record(path / RECORD, made)


def _asset(said: Any) -> Asset:
    path = text_of(said["path"])
    if stays_out(path):
        raise ValueError(f"{path} is not an asset")
    return Asset(path, text_of(said["sha256"]), bool(said["moved"]))


def stays_out(path: str) -> bool:
    """Whether a file never goes to the trash as an asset: a definition, or the engine's own."""
    return ("/" not in path and path.endswith(".toml")) or path.startswith(f"{ENGINE}/")


def history_at(path: Path) -> tuple[bytes, History]:
    """The history of an entry, which ends with the discard: its bytes, and the events to be trusted."""
    raw, head = read_lines(path / HISTORY), None
    with suppress(CorruptRecord):
        head = record_at(path).head
    history = check_chain(raw, head)
    count, what = len(history.events), None
    if history.broken:
        return raw, history
    if head is None and not (count and history.events[-1].kind is Kind.DISCARDED):
        what = "removed"
    elif history.torn or (head and count > head[0]):
        count, what = head[0] if head else count, "put in"
    if what is None:
        return raw, history
    return raw, history._replace(broken=f"event {count + 1} was {what}", doubtful=count + 1)


def doubts_at(path: Path) -> Iterator[Altered]:
    """The altered files in an entry, without the history."""
    try:
        entry_at(path)
        record = record_at(path)
    except StorageError as error:
        is_altered = isinstance(error, CorruptRecord)
        became = "was altered in the trash" if is_altered else f"cannot be read: {error}"
        yield Altered(RECORD, "", became)
        return
    files = [(each.path, path / ASSETS / each.path, each.sha256) for each in record.assets]
    if record.definition:
        files.insert(0, ("definition", path / DEFINITION, record.definition))
    for what, copy, digest in files:
        try:
            found = digest_at(copy)
            became = "was altered" if found else "is missing"
        except StorageError:
            found, became = None, "cannot be read"
        if found != digest:
            yield Altered(what, digest, f"{became} in the trash")


@contextmanager
def troubles(what: str) -> Iterator[None]:
    """Turn any error into a message that begins with a text."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"{what}: {error.strerror}.") from error
    except AssetError as error:
        raise StorageError(f"{what}: {error}") from error


def digest_at(path: Path) -> str | None:
    """The SHA-256 of a file's bytes, None where there is no file."""
    try:
        return digest_of(read_plain(path, LARGEST_MOVED))
    except FileNotFoundError:
        return None


def is_as_it_was(path: Path, digest: str | None, link: str | None = None) -> bool:
    """Whether a file is missing or has the digest that it had (None: no file), or the same link."""
    if not is_there(path):
        return True
    with troubles(f"{path.name} cannot be read"):
        if path.is_symlink():
            return link is not None and str(path.readlink()) == link
        return digest is not None and path.is_file() and digest_at(path) == digest


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def drop(entry: Path) -> None:
    """Remove an entry. It is renamed first, so that an interrupted removal leaves no entry."""
    aside = entry.parent.with_name(f".old-{entry.parent.name}")
    remove_tree(aside)
    with suppress(OSError):
        entry.rename(aside)
        entry.parent.rmdir()
    remove_tree(aside)


def remove_tree(folder: Path) -> None:
    """Remove a directory with everything in it, as far as possible."""
    # Not every error is one that rmtree ignores.
    with suppress(OSError):
        shutil.rmtree(folder, ignore_errors=True)


def remove_empty(folder: Path, root: Path) -> None:
    """Remove empty folders up to a root."""
    with suppress(OSError):
        while folder != root and root in folder.parents and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent
