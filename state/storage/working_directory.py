"""The working directory: its offers, their definitions, and the engine's own files."""

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from state.definitions.parse import (
    LARGEST_FILE,
    Definition,
    parse_definition,
    unreadable,
)
from state.domain.errors import AccessDenied, DirectoryError, StorageError
from state.domain.field_path import ROOT
from state.domain.findings import PUBLISHER_FILE, Finding, Severity
from state.domain.safe_text import quoted
from state.storage.assets import DirectoryAssets
from state.storage.atomic import (
    ENGINE,
    check_directory,
    clear_drafts,
    is_there,
    link_at,
    make_directory,
    read_plain,
    write_atomic,
)
from state.storage.blobs import Blobs
from state.storage.history import Histories
from state.storage.lock import holding
from state.storage.modes import fit_all, group_name, stays_apart

FORMAT = 1
"""The format of ``.vitrina`` that this program reads and writes."""

NOT_OFFERS: Mapping[str, str] = {
    PUBLISHER_FILE: "says who publishes",
    "pyproject.toml": "configures tools of Python",
}
"""The TOML files of a working directory that are not offers, each with its purpose."""

LOCK_SECONDS = 10
"""How long an action waits for the lock."""

_FOR_GIT = {
    ".gitattributes": b"* -text -filter -ident\n",
    ".gitignore": b"/lock\n/tmp/\n",
}

_IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9-]{2,49}")


class WorkingDirectory:
    """A directory of offers.

    Raises:
        StorageError: It does not exist, is not a directory, cannot be read, or was written by a newer
            program; or one of the engine's own directories is something else.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.engine = root / ENGINE
        self.assets = DirectoryAssets(root)
        self.histories = Histories(self.engine)
        self.blobs = Blobs(self.engine)
        self._is_locked = False
        self._files()
        if link := link_at(self.engine):
            where = quoted(link, 120)
            raise StorageError(
                f"{self.engine} is a link to {where}. Expected a directory. Move that one here."
            )
        for name in ("", "history", "heads", "blobs", "trash"):
            check_directory(self.engine / name)
        with suppress(AccessDenied):
            self._format()

    def offers(self) -> list[str]:
        """The identifiers of all offers: those that have a file, and those that have a history."""
        found = {name.removesuffix(".toml") for name in self._files()}
        return sorted(found | set(self.histories.offers()))

    def path(self, offer: str) -> Path:
        return self.root / f"{offer}.toml"

    def check_inside(self, path: Path) -> None:
        """Check that a write stays inside the working directory, and out of the engine's own files."""
        root, target = Path(os.path.realpath(self.root)), Path(os.path.realpath(path))
        if root not in target.parents or root / ENGINE in target.parents:
            where = quoted(str(path.readlink()), 120)
            raise StorageError(
                f"{path.name} is a link to {where}, outside of the working directory. Edit that file "
                "itself, or replace the link with a copy."
            )

    def definition(self, offer: str) -> Definition:
        """The definition of an offer, or why it cannot be read."""
        path = self.path(offer)
        try:
            return parse_definition(read_plain(path, LARGEST_FILE), path.name)
        except FileNotFoundError:
            message = f'{path.name} is missing. Restore it with "vitrina revert {offer}".'
            return _missing(path.name, message)
        except AccessDenied as error:
            return _missing(path.name, str(error))._replace(is_closed=True)
        except StorageError as error:
            return unreadable(path.name, None, str(error))

    @contextmanager
    def lock(self, account: str) -> Iterator[None]:
        """Hold the directory's lock, so that no other program writes to it."""
        with self._made(), holding(self.engine / "lock", account, LOCK_SECONDS):
            fit_all(self.engine, self.root.stat())
            if self._format() != FORMAT:
                write_atomic(self.engine / "format", f"{FORMAT}\n".encode())
            for name, text in _FOR_GIT.items():
                if not os.path.lexists(self.engine / name):
                    write_atomic(self.engine / name, text)
            clear_drafts(self.engine)
            self._is_locked = True
            try:
                yield
            finally:
                self._is_locked = False

    def check_locked(self) -> None:
        """Check that the lock is held: an account's rights may change during a decision."""
        if not self._is_locked:
            raise StorageError(f"{self.root} changed while it was read. Try again.")

    @contextmanager
    def _made(self) -> Iterator[None]:
        """Make the engine's own directory; a new one is removed again where the action fails."""
        is_new = not is_there(self.engine)
        try:
            make_directory(self.engine)
            yield
        except (StorageError, OSError):
            if is_new and not self.histories.offers() and not is_there(self.engine / "trash"):
                shutil.rmtree(self.engine, ignore_errors=True)
            raise

    def warnings(self) -> tuple[str, ...]:
        """Warnings about the directory for someone who acts on it."""
        folder = self.root.stat()
        if not stays_apart(self.engine, folder):
            return ()
        group = group_name(folder.st_gid)
        return (
            f"{self.engine} is not open to the group {group} as {self.root} is, because this "
            f"account is not in it. Join the group, then run: chgrp -R {group} {self.engine}",
        )

    def _files(self) -> list[str]:
        try:
            with os.scandir(self.root) as entries:
                return [
                    entry.name
                    for entry in entries
                    if entry.name.endswith(".toml")
                    and not entry.name.startswith(".")
                    and entry.name not in NOT_OFFERS
                    and not _is_directory(entry)
                ]
        except FileNotFoundError:
            message = f"There is no directory {quoted(str(self.root))}."
        except NotADirectoryError:
            message = f"{quoted(str(self.root))} is not a directory."
        except OSError as error:
            message = f"{quoted(str(self.root))} cannot be read: {error.strerror}."
        raise DirectoryError(message)

    def _format(self) -> int | None:
        """The format of ``.vitrina``, None before the first action; a StorageError where it is newer."""
        path = self.engine / "format"
        try:
            said = read_plain(path, 100).decode(errors="replace").strip()
        except FileNotFoundError:
            return None
        if not said.isascii() or not said.isdigit():
            message = f"{path} holds {quoted(said)}. Expected the number of a format"
            raise StorageError(
                f"{message}. Restore the file from a copy, or write {FORMAT} into it."
            )
        if int(said) > FORMAT:
            message = f"{path} has format {quoted(said)}; this program reads formats up to {FORMAT}"
            raise StorageError(f"{message}. Update vitrina.")
        return int(said)


def _is_directory(entry: "os.DirEntry[str]") -> bool:
    with suppress(OSError):
        return entry.is_dir()
    return False


def _missing(file: str, message: str) -> Definition:
    finding = Finding("file.missing", Severity.ERROR, 3, ROOT, file, message, None, None)
    return Definition(file, None, findings=(finding,))


def may_name_an_offer(identifier: str) -> bool:
    """Whether an identifier is well formed, and its file would be an offer's."""
    free = f"{identifier}.toml" not in NOT_OFFERS
    return free and _IDENTIFIER.fullmatch(identifier) is not None
