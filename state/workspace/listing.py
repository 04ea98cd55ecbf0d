"""The list of offers: from the index where nothing changed, from the files where something did."""

import os
import time
from collections.abc import Callable, Mapping, Sequence, Set
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from state.domain.environment import Clock
from state.domain.findings import PUBLISHER_FILE
from state.storage.index import Entry, Index, Signature, signature_of
from state.storage.modes import ENGINE
from state.workspace.offer_summary import Listed, OfferSummary, from_json, to_json

if TYPE_CHECKING:
    from state.workspace.offer_view import OfferView
    from state.workspace.workspace import Workspace

_DIRECTORY = ""
"""The name of the entry that holds which offers there are."""


class _Known(NamedTuple):
    """What is known of an offer without reading it.

    Attributes:
        skus: The SKU identifiers that it uses, or used when it was listed.
        unsettled: Those of them for which it gives way to others.
        is_staged: Whether a version of it is in staging, so that only others like it come first.
        conflicts: The offers to which it gave way when the summary was made, by identifier.
    """

    summary: OfferSummary
    skus: Sequence[str]
    unsettled: Sequence[str]
    is_staged: bool
    conflicts: Mapping[str, Sequence[str]]

    def has_other_conflicts(self, users: Mapping[str, Sequence[str]], staged: Set[str]) -> bool:
        """Whether it gives way to other offers by now."""
        found = {}
        for identifier in self.unsettled:
            others = {each for each in users.get(identifier, ()) if each != self.summary.offer}
            if others := others & staged if self.is_staged else others:
                found[identifier] = others
        return found != {identifier: set(each) for identifier, each in self.conflicts.items()}


class Listing:
    """The offers of a working directory, as a list shows them to an account.

    Args:
        workspace: Gives the workspace, which is only needed where something changed.
        index: Where answers are kept; that of this account when left out.
    """

    def __init__(
        self,
        root: Path,
        clock: Clock,
        actor: str,
        login: str | None,
        workspace: "Callable[[], Workspace]",
        index: Index | None = None,
    ) -> None:
        self._root = root
        self._clock = clock
        self._workspace = workspace
        # What a person may read follows from the groups, and what day it is from the zone.
        reader = (actor, login, os.getgroups(), time.tzname, time.timezone, time.altzone)
        self._index = index or Index(root, repr(reader))

    def look(self) -> Listed:
        """Every offer as it is now."""
        began, now = time.time_ns(), self._clock().timestamp()
        held = self._index.entries()
        good = {name: entry for name, entry in held.items() if entry.holds(self._root, now)}
        made: dict[str, Entry] = {}
        directory = good.pop(_DIRECTORY, None)
        if directory and _is_texts(directory.answer):
            publisher, names = directory.answer
        else:
            files = self._directory_files()
            publisher = self._workspace().publisher().title
            names = self._workspace().names()
            made[_DIRECTORY] = Entry(files, now, None, [publisher, names])
        known: dict[str, _Known] = {}
        for name in good.keys() & {*names}:
            with suppress(ValueError, TypeError):
                known[name] = _known(good[name])
        if made or len(known) < len(names):
            made |= self._look(names, known)
        if made or not held.keys() <= {*names, _DIRECTORY}:
            self._index.replace(made, held.keys() - {*names, _DIRECTORY}, began)
        return Listed([known[name].summary for name in names], tuple(publisher))

    def _look(self, names: Sequence[str], known: dict[str, _Known]) -> dict[str, Entry]:
        """Make ``known`` complete by reading what it lacks; return what may be kept of that."""
        workspace = self._workspace()
        skus = {
            name: known[name].skus if name in known else workspace.sku_index.used(name)
            for name in names
        }
        staged = {
            name
            for name in names
            if (known[name].is_staged if name in known else workspace.is_staged(name))
        }
        users: dict[str, tuple[str, ...]] = {}
        for name in names:
            for identifier in skus[name]:
                users[identifier] = (*users.get(identifier, ()), name)
        made = {}
        for name in names:
            if name not in known or known[name].has_other_conflicts(users, staged):
                view = workspace.view(name, users)
                made[name] = self._entry(view, skus[name], users)
                # What the index does not keep is of the view alone.
                known[name] = _known(made[name])._replace(summary=view.summary)
        workspace.directory.assets.inspections.save()
        return {name: entry for name, entry in made.items() if entry.files}

    def _entry(
        self, view: "OfferView", skus: Sequence[str], users: Mapping[str, tuple[str, ...]]
    ) -> Entry:
        """What is known of an offer; without files where it may be another thing any moment."""
        workspace = self._workspace()
        staged, skus_of = workspace.evaluator.kept(view.state.staged), workspace.sku_index
        unsettled = skus_of.unsettled(view.offer, view.definition.offer, staged)
        conflicts = skus_of.conflicts(view.offer, view.definition.offer, staged, users)
        turns = workspace.evaluator.until(view.offer), view.next_percent_at
        until = min((each.timestamp() for each in turns if each), default=None)
        answer = (
            to_json(view.summary),
            list(skus),
            unsettled,
            bool(view.state.staged),
            conflicts,
        )
        files = self._signatures(view) if view.is_settled else {}
        return Entry(files, view.now.timestamp(), until, answer)

    def _signatures(self, view: "OfferView") -> dict[str, Signature]:
        """The files from which a view was made; nothing where one of them cannot be read for now."""
        state, assets = view.state, view.content.assets if view.content else {}
        versions = [each for each in (state.staged, state.production, *state.listed) if each]
        files = [
            PUBLISHER_FILE,
            view.definition.file,
            f"{ENGINE}/history/{view.offer}.jsonl",
            f"{ENGINE}/heads/{view.offer}",
            *(f"{ENGINE}/blobs/{version.definition}" for version in versions),
            *assets,
        ]
        found = {file: signature_of(self._root / file) for file in files}
        return {} if any(found[path] and not assets[path] for path in assets) else found

    def _directory_files(self) -> dict[str, Signature]:
        """What changes whenever an offer comes or goes."""
        files = [".", PUBLISHER_FILE, ENGINE]
        files += [f"{ENGINE}/{name}" for name in ("format", "renaming.json", "history", "heads")]
        trash = self._root / ENGINE / "trash"
        found = [trash]
        # Who may not look into the trash sees what stands.
        with suppress(OSError):
            found += [*trash.glob("*"), *trash.glob("*/*")]
        files += [str(path.relative_to(self._root)) for path in found]
        return {file: signature_of(self._root / file) for file in files}


def _is_texts(answer: object) -> bool:
    """Whether something is two lists of texts."""
    match answer:
        case [[*publisher], [*names]]:
            return all(isinstance(each, str) for each in (*publisher, *names))
    return False


def _known(entry: Entry) -> _Known:
    summary, *rest = entry.answer
    return _Known(from_json(summary), *rest)
