"""Answers kept between runs: what is true of an offer for as long as the files it follows from stay.

An entry is derived and disposable. It is taken only where every file has the signature that it had,
and at no other time than it holds for; where the file cannot be used, everything is read anew.
"""

import json
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import sqlite3

Signature = tuple[int, ...]
"""What changes whenever a file or a directory does; empty where there is none."""

MOST_ENTRIES = 200_000
"""How many entries are kept, of all directories together; the oldest go first."""

_PATIENCE = 0.2
"""How many seconds are waited for another program that writes."""

_RACY_NS = 2_000_000_000
"""A file that changed this short a time ago may change again without another signature."""

_TABLE = """
    CREATE TABLE IF NOT EXISTS entry (
        root TEXT, reader TEXT, name TEXT, program TEXT, files TEXT, since REAL, until REAL, answer TEXT,
        PRIMARY KEY (root, reader, name)
    )
"""


class Entry(NamedTuple):
    """An answer and what it holds for.

    Attributes:
        files: The files that it follows from, relative to the working directory.
        since: The moment at which it was made, in seconds since 1970.
        until: The first moment at which time alone changes it; None where none does.
        answer: Anything that JSON can hold.
    """

    files: Mapping[str, Signature]
    since: float
    until: float | None
    answer: Any

    def holds(self, root: Path, now: float) -> bool:
        """Whether the answer is still the one that reading everything would give."""
        if not self.since <= now or (self.until is not None and now >= self.until):
            return False
        return all(signature_of(root / file) == each for file, each in self.files.items())


class Index:
    """The entries of one working directory, for one reader as far as that makes a difference."""

    def __init__(self, root: Path, reader: str, path: Path | None = None) -> None:
        self._key = os.path.realpath(root), reader
        self._path = path or index_path()

    def entries(self) -> dict[str, Entry]:
        """The entries by name; none where the index cannot be used."""
        found: dict[str, Entry] = {}
        with suppress(OSError, ValueError, TypeError), self._open() as connection:
            rows = connection.execute(
                "SELECT name, files, since, until, answer FROM entry"
                " WHERE root = ? AND reader = ? AND program = ?",
                (*self._key, program()),
            )
            for name, files, since, until, answer in rows:
                signatures = {file: tuple(each) for file, each in json.loads(files).items()}
                found[name] = Entry(signatures, since, until, json.loads(answer))
        return found

    def replace(self, entries: Mapping[str, Entry], gone: Iterable[str], began: int) -> None:
        """Keep entries by name, where that is possible, and remove those that are gone.

        One with a file that changed just before ``began`` (when the reading began, in
        nanoseconds since 1970) is left out.
        """
        settled = began - _RACY_NS
        rows = [
            (
                *self._key,
                name,
                program(),
                json.dumps(entry.files),
                *entry[1:3],
                json.dumps(entry.answer),
            )
            for name, entry in entries.items()
            if all(max(each[:2], default=0) < settled for each in entry.files.values())
        ]
        with suppress(OSError, ValueError), self._open() as connection:
            connection.executemany(
                "DELETE FROM entry WHERE root = ? AND reader = ? AND name = ?",
                [(*self._key, name) for name in gone],
            )
            connection.executemany("INSERT OR REPLACE INTO entry VALUES (?,?,?,?,?,?,?,?)", rows)
            connection.execute(
                "DELETE FROM entry WHERE rowid <= (SELECT max(rowid) FROM entry) - ?",
                (MOST_ENTRIES,),
            )
            connection.commit()

    @contextmanager
    def _open(self) -> "Iterator[sqlite3.Connection]":
        """The database; a damaged one is made anew. An OSError where it cannot be used."""
        # Late: only what lists offers uses it.
        import sqlite3

        connection = None
        try:
            self._make_file()
            connection = sqlite3.connect(self._path, timeout=_PATIENCE)
            connection.execute(_TABLE)
            yield connection
        except sqlite3.OperationalError as error:
            raise OSError(str(error)) from None
        except sqlite3.DatabaseError as error:
            with suppress(OSError):
                self._path.unlink()
            raise OSError(str(error)) from None
        finally:
            if connection:
                connection.close()

    def _make_file(self) -> None:
        """Have a file of this account's own that nobody else can read."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        descriptor = os.open(self._path, flags, 0o600)
        try:
            found = os.fstat(descriptor)
        finally:
            os.close(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
            raise OSError(f"{self._path} is not this account's own.")


def cache_folder() -> Path:
    """The program's own in the account's cache directory; a relative one is ignored."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    base = named if named.startswith("/") else os.path.expanduser("~/.cache")  # noqa: PTH111 - fast
    return Path(base, "vitrina")


def index_path() -> Path:
    return cache_folder() / "index.sqlite"


def signature_of(path: Path) -> Signature:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return ()
    return found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino, found.st_dev


@cache
def program() -> str:
    """Which program makes the answers: another one may make others."""
    folder = Path(__file__).parent.parent
    newest = max(each.stat().st_mtime_ns for each in folder.glob("*/*.py"))
    return f"{folder} {newest}"
