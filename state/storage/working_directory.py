"""The working directory: which offers there are, what their files say, and the engine's own files."""

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from state.definitions.parse import (
    LARGEST_FILE,
    Definition,
    covered_by,
    parse_definition,
    parse_table,
    unreadable,
)
from state.definitions.reading import Fault, read
from state.domain.errors import DirectoryTrouble, FileClosed, FileTrouble, PublisherTrouble
from state.domain.field_path import ROOT, Field
from state.domain.findings import Finding, Severity
from state.domain.model import replace
from state.domain.offer import OfferType
from state.domain.publisher import PUBLISHER_FILE, Publisher, Roles
from state.domain.safe_text import quoted
from state.domain.stages import NEEDS_APPROVAL
from state.marketplace.rehearsal_settings import faults_of, refusal_of
from state.rules.publisher import AZURE_CERTIFIED
from state.storage.assets import DirectoryAssets
from state.storage.atomic import (
    ENGINE,
    clear_drafts,
    is_there,
    link_at,
    make_directory,
    read_plain,
    write_whole,
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
"""The TOML files of a working directory that are not offers, and what each does."""

LOCK_SECONDS = 10
"""How long an action waits for another program that is acting."""

_FOR_GIT = {
    ".gitattributes": b"* -text -filter -ident\n",
    ".gitignore": b"/lock\n/tmp/\n",
}

_IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9-]{2,49}")


class PublisherFile(NamedTuple):
    """What publisher.toml says.

    Attributes:
        publisher: The publisher, None where there is no such file.
        raw: The file's bytes.
        findings: What is wrong with its form, for an offer that needs every step.
        covered: The fields that those findings speak for.
    """

    publisher: Publisher | None = None
    raw: bytes = b""
    findings: tuple[Finding, ...] = ()
    covered: tuple[Field, ...] = ()

    @property
    def no_marketplace(self) -> str | None:
        """Why no marketplace can be asked, None where one can."""
        named = self.publisher or Publisher()
        return refusal_of(named.marketplace, self.findings, self.covered)

    def findings_for(self, kind: OfferType) -> tuple[Finding, ...]:
        """What is wrong with its form, for an offer of a type: not all of them need step 1."""
        least = 1 if kind in NEEDS_APPROVAL else 2
        return tuple(each._replace(step=max(each.step, least)) for each in self.findings)


class WorkingDirectory:
    """A directory of offers.

    Args:
        root: The directory.

    Raises:
        FileTrouble: It is not there, is no directory, cannot be read, or was written by a newer
            program.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.engine = root / ENGINE
        self.assets = DirectoryAssets(root)
        self.histories = Histories(self.engine)
        self.blobs = Blobs(self.engine)
        self._files()
        if link := link_at(self.engine):
            where = quoted(link, 120)
            raise FileTrouble(
                f"{self.engine} is a link to {where}; expected a directory. Move that one here."
            )
        with suppress(FileClosed):
            self._format()

    def offers(self) -> list[str]:
        """The identifiers of all offers: those that have a file, and those that have a history."""
        found = {name.removesuffix(".toml") for name in self._files()}
        return sorted(found | set(self.histories.offers()))

    def path(self, offer: str) -> Path:
        """The file of an offer's definition."""
        return self.root / f"{offer}.toml"

    def check_inside(self, path: Path) -> None:
        """Make sure that writing a file writes nothing outside of the working directory.

        Raises:
            FileTrouble: It is a link that leads out of it, or into the engine's own files.
        """
        root, target = Path(os.path.realpath(self.root)), Path(os.path.realpath(path))
        if root not in target.parents or root / ENGINE in target.parents:
            where = quoted(str(path.readlink()), 120)
            raise FileTrouble(
                f"{path.name} is a link to {where}, which is not in the working directory: edit "
                "that file itself, or put a copy of it here."
            )

    def signature(self, path: Path) -> tuple[int, ...]:
        """What changes whenever a file does; empty where there is none."""
        try:
            found = path.stat()
        except OSError:
            return ()
        return (found.st_mtime_ns, found.st_size, found.st_ino, found.st_ctime_ns)

    def definition(self, offer: str) -> Definition:
        """What the file of an offer says, or why it cannot be read."""
        path = self.path(offer)
        try:
            return parse_definition(read_plain(path, LARGEST_FILE), path.name)
        except FileNotFoundError:
            message = (
                f"{path.name} is gone, its history is not: write it back with revert. "
                "A draft may be discarded instead."
            )
            return _missing(path.name, message)
        except FileClosed as error:
            return _missing(path.name, str(error))._replace(is_closed=True)
        except FileTrouble as error:
            return unreadable(path.name, None, str(error))

    def publisher(self) -> PublisherFile:
        """What publisher.toml says.

        Raises:
            FileTrouble: It is there and cannot be read.
        """
        path = self.root / PUBLISHER_FILE
        try:
            raw = read_plain(path, LARGEST_FILE)
        except FileNotFoundError:
            return PublisherFile()
        except FileTrouble as trouble:
            raise PublisherTrouble(str(trouble)) from trouble
        return self.parse_publisher(raw)

    def parse_publisher(self, raw: bytes) -> PublisherFile:
        """What publisher.toml says, or would say with other bytes.

        Args:
            raw: The bytes.

        Raises:
            FileTrouble: They cannot be read.
        """
        table = parse_table(raw)
        if table.values is None:
            place = f"{PUBLISHER_FILE}, line {table.line}, column {table.column}"
            raise PublisherTrouble(f"{place}: {table.message} Fix it: it says who may do what.")
        publisher, faults = read(Publisher, table.values)
        if publisher.roles is None and any(map(_is_about_roles, faults)):
            # A slip in this table must not let everybody do everything.
            publisher = replace(publisher, roles=Roles())
        faults += faults_of(publisher.marketplace)
        findings = tuple(
            Finding(
                each.rule, Severity.ERROR, _step_of(each), each.field, PUBLISHER_FILE, each.message
            )
            for each in faults
        )
        return PublisherFile(publisher, raw, findings, covered_by(faults))

    @contextmanager
    def lock(self, account: str) -> Iterator[None]:
        """Keep every other program from acting on this directory meanwhile.

        Args:
            account: Who acts.

        Raises:
            FileTrouble: The lock cannot be had.
        """
        with self._made(), holding(self.engine / "lock", account, LOCK_SECONDS):
            fit_all(self.engine, self.root.stat())
            if self._format() != FORMAT:
                write_whole(self.engine / "format", f"{FORMAT}\n".encode())
            for name, text in _FOR_GIT.items():
                if not os.path.lexists(self.engine / name):
                    write_whole(self.engine / name, text)
            clear_drafts(self.engine)
            yield

    @contextmanager
    def _made(self) -> Iterator[None]:
        """Have a directory for the engine's own files; one that was made for nothing goes again."""
        is_new = not is_there(self.engine)
        try:
            make_directory(self.engine)
            yield
        except (FileTrouble, OSError):
            if is_new and not self.histories.offers() and not is_there(self.engine / "trash"):
                shutil.rmtree(self.engine, ignore_errors=True)
            raise

    def warnings(self) -> tuple[str, ...]:
        """What somebody who acts should know of the directory itself."""
        folder = self.root.stat()
        if not stays_apart(self.engine, folder):
            return ()
        group = group_name(folder.st_gid)
        return (
            f"{self.engine} is not open to the group {group} as {self.root} is, because this "
            f"account is not in it. Join the group, then run: chgrp -R {group} {self.engine}",
        )

    def _files(self) -> list[str]:
        """The names of the files that are definitions."""
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
        raise DirectoryTrouble(message)

    def _format(self) -> int | None:
        """The format of ``.vitrina``, None before the first action; an older one reads the same.

        Raises:
            FileTrouble: It is newer, or none.
        """
        path = self.engine / "format"
        try:
            said = read_plain(path, 100).decode(errors="replace").strip()
        except FileNotFoundError:
            return None
        if not said.isascii() or not said.isdigit() or int(said) > FORMAT:
            message = f"{path} says format {quoted(said)}; this program knows up to {FORMAT}"
            raise FileTrouble(f"{message}: use a newer vitrina.")
        return int(said)


def _is_directory(entry: "os.DirEntry[str]") -> bool:
    with suppress(OSError):
        return entry.is_dir()
    return False


def _missing(file: str, message: str) -> Definition:
    finding = Finding("file.missing", Severity.ERROR, 3, ROOT, file, message, None, None)
    return Definition(file, None, findings=(finding,))


def may_name_an_offer(identifier: str) -> bool:
    """Whether a new offer may bear an identifier: it is well formed, and its file would be one."""
    free = f"{identifier}.toml" not in NOT_OFFERS
    return free and _IDENTIFIER.fullmatch(identifier) is not None


def _step_of(fault: Fault) -> int:
    """The step that a slip keeps from completing: 1 where the approval is what it hides."""
    return 1 if any(map(AZURE_CERTIFIED.within, covered_by([fault]))) else 2


def _is_about_roles(fault: Fault) -> bool:
    """Whether a slip was probably meant to say who may do what, wherever in the file it stands."""
    from difflib import get_close_matches

    said = str(fault.field.keys[-1]).lower()
    return said in _ROLE_WORDS or bool(get_close_matches(said, _ROLE_WORDS, n=1, cutoff=0.75))


_ROLE_WORDS = ("role", "roles", "publishers", "approvers")
