"""The entries of the trash as files: their records, their copies, and what goes wrong with them."""

import json
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from state.assets import AssetError
from state.events import parse_timestamp
from state.files.plain import FileTrouble


class Entry(NamedTuple):
    """A discarded draft.

    Attributes:
        offer: The identifier that it had.
        at: When it was discarded.
        actor: Who discarded it.
        title: The title that it had, if any.
        batch: What was discarded together bears the same text.
        path: Where it lies.
    """

    offer: str
    at: datetime
    actor: str
    title: str | None
    batch: str
    path: Path


def entry_at(path: Path) -> Entry:
    """The entry that lies at a path.

    Raises:
        OSError, ValueError, KeyError, TypeError: Its record is missing or was altered.
    """
    record = json.loads((path / "record.json").read_bytes())
    at = parse_timestamp(record["at"])
    return Entry(record["offer"], at, record["actor"], record["title"], record["batch"], path)


def assets_in(path: Path) -> list[tuple[str, bool]]:
    """The files that lie in an entry, and whether they left the working directory with it."""
    record = json.loads((path / "record.json").read_bytes())
    return [(asset["path"], asset["moved"]) for asset in record["assets"]]


def copies_in(path: Path) -> list[tuple[str, str]]:
    """The files that lie in an entry, each with the SHA-256 that it had.

    Raises:
        OSError, ValueError, KeyError, TypeError: The entry's record is missing or was altered.
    """
    record = json.loads((path / "record.json").read_bytes())
    return [(asset["path"], asset["sha256"]) for asset in record["assets"]]


@contextmanager
def troubles(what: str) -> Iterator[None]:
    """Whatever goes wrong with an entry, as something that a person can read."""
    try:
        yield
    except OSError as error:
        raise FileTrouble(f"{what}: {error.strerror}.") from error
    except AssetError as error:
        raise FileTrouble(f"{what}: {error}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise FileTrouble(f"{what}: its record was altered.") from error


def is_another(path: Path, kept: Path) -> bool:
    """Whether something else than the kept file stands at a path; the unreadable counts as such."""
    try:
        if not os.path.lexists(path):
            return False
        return not path.is_file() or path.read_bytes() != kept.read_bytes()
    except OSError:
        return True


def mode_of(path: Path) -> int:
    """A file's permissions."""
    return stat.S_IMODE(path.stat().st_mode)


def drop(entry: Path) -> None:
    """Remove an entry. It is renamed first: cut off, what is left of it is no entry any more."""
    aside = entry.parent.with_name(f".old-{entry.parent.name}")
    shutil.rmtree(aside, ignore_errors=True)
    with suppress(OSError):
        entry.rename(aside)
        entry.parent.rmdir()
    shutil.rmtree(aside, ignore_errors=True)


def remove_empty(folder: Path, root: Path) -> None:
    """Remove folders that the last asset has left."""
    with suppress(OSError):
        while folder != root and root in folder.parents and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent
