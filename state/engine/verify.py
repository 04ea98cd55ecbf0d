"""Whether what is recorded is still what was recorded: chains, heads and kept contents."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from state.domain.errors import StorageError
from state.domain.events import Event, Kind, timestamp
from state.engine.engine import Engine
from state.storage.chain import History
from state.storage.trash_entry import Entry, doubts_at, history_at


class Break(NamedTuple):
    """Where the trust in a history ends.

    Attributes:
        event: The number of the first event that cannot be trusted, from 1.
        file: The history's file, within the working directory.
        line: The line of the event, or the last one where the file ends before it.
        remedy: How to go on.
    """

    event: int
    message: str
    file: str
    line: int
    remedy: str


class Lost(NamedTuple):
    """A content that was kept and is gone, or is no longer what was kept.

    Attributes:
        event: The number of the event that is about it, from 1; None for a copy in the trash.
        what: ``definition``, the path of an asset, or what else it is.
    """

    event: int | None
    what: str
    sha256: str
    message: str


class Verified(NamedTuple):
    """What was found out about a history.

    Attributes:
        discarded_at: None for an offer that is not in the trash.
        events: How many events can be trusted.
        missing: The contents that are not there any more.
        notes: What else a person should know.
        unreadable: Why this account cannot read it, or a content kept for it; None where it can.
    """

    offer: str
    discarded_at: datetime | None
    events: int
    broken: Break | None
    missing: tuple[Lost, ...]
    notes: tuple[str, ...]
    unreadable: str | None = None

    @property
    def is_whole(self) -> bool:
        return self.broken is None and not self.missing and not self.unreadable


def verify(engine: Engine, offers: Iterable[str] = ()) -> list[Verified]:
    """Check histories, by identifier, then those in the trash; all of them when none is named.

    Raises:
        UnknownOfferError: There is no such offer, in the trash neither.
    """
    verifier = _Verifier(engine)
    entries = [*engine.workspace.trash.entries(), *engine.workspace.trash.unlisted()]
    living = verifier.offers()
    wanted = list(dict.fromkeys(offers))
    for offer in wanted:
        if offer not in living and all(entry.offer != offer for entry in entries):
            # It raises, and names the nearest one.
            engine.offer(offer)
    found = [verifier.living(name) for name in living if not wanted or name in wanted]
    thrown = [entry for entry in entries if not wanted or entry.offer in wanted]
    return [*found, *(verifier.discarded(entry) for entry in thrown)]


class _Verifier:
    """Checks histories; every kept content once."""

    def __init__(self, engine: Engine) -> None:
        self._workspace = engine.workspace
        self._troubles: dict[str, str | None] = {}
        self._closed: dict[str, str] = {}

    def offers(self) -> list[str]:
        """Every offer, and those of which no more than a head is left."""
        workspace = self._workspace
        leaving = workspace.trash.unsettled() | workspace.renaming.hidden()
        return sorted({*workspace.names(), *(workspace.directory.histories.heads() - leaving)})

    def living(self, offer: str) -> Verified:
        workspace, histories = self._workspace, self._workspace.directory.histories
        history, state = workspace.history(offer)
        if history.unreadable:
            return Verified(offer, None, 0, None, (), (), history.unreadable)
        notes = [*_about_accepted(history.events)]
        if history.torn and not history.broken:
            notes.append("its unfinished last line will be set aside by the next action")
        if history.events and not history.broken and histories.head(offer) is None:
            notes.append("it has no head, so events removed from its end would go unnoticed")
        remedy = (
            f"restore the file from a backup, or accept the loss: vitrina verify --accept {offer}"
        )
        if offer not in workspace.names():
            remedy = f"restore it together with {offer}.toml, or delete .vitrina/heads/{offer} too"
        raw = b""
        with suppress(StorageError):
            raw = histories.raw(offer)
        broken = self._break(histories.path(offer), history, raw, remedy)
        if workspace.evaluator.lost(state) and not workspace.evaluator.unreadable(state):
            notes.append(f"no action is possible without its definition: {remedy}")
        events, missing = (
            history.events,
            tuple(self._missing(history.events, state.accepted_losses)),
        )
        closed = self._closed_to(events)
        return Verified(offer, None, len(events), broken, missing, tuple(notes), closed)

    def discarded(self, entry: Entry) -> Verified:
        try:
            raw, history = history_at(entry.path)
        except StorageError as error:
            return Verified(entry.offer, entry.at, 0, None, (), (), str(error))
        events, path = history.events, entry.path / "history.jsonl"
        remedy = "restore the file from a backup, or restore the draft and then accept the loss"
        broken = self._break(path, history, raw, remedy)
        missing = (*self._missing(events), *(Lost(None, *doubt) for doubt in doubts_at(entry.path)))
        notes = tuple(_about_accepted(events))
        closed = self._closed_to(events)
        return Verified(entry.offer, entry.at, len(events), broken, missing, notes, closed)

    def _break(self, path: Path, history: History, raw: bytes, remedy: str) -> Break | None:
        if history.broken is None:
            return None
        file = str(path.relative_to(self._workspace.directory.root))
        number = history.doubtful or len(history.events) + 1
        line = max(1, min(number, len(raw.splitlines())))
        return Break(number, history.broken, file, line, remedy)

    def _missing(self, events: Iterable[Event], without: Collection[str] = ()) -> Iterator[Lost]:
        """The unavailable contents that events are about, each once."""
        named = set(without)
        for number, event in enumerate(events, 1):
            for what, digest in _kept_by(event):
                if digest not in named and (trouble := self._trouble(digest)):
                    named.add(digest)
                    yield Lost(number, what, digest, trouble)

    def _trouble(self, digest: str) -> str | None:
        """Why a kept content cannot be had; None where it can, or where others may read it."""
        if digest not in self._troubles:
            blobs = self._workspace.directory.blobs
            self._troubles[digest] = blobs.fault(digest)
            if closed := blobs.closed(digest) if self._troubles[digest] else None:
                self._closed[digest], self._troubles[digest] = closed, None
        return self._troubles[digest]

    def _closed_to(self, events: Iterable[Event]) -> str | None:
        """Why this account may not read one of the contents that were looked at for events."""
        kept = (digest for event in events for _, digest in _kept_by(event))
        return next((self._closed[each] for each in kept if each in self._closed), None)


def _kept_by(event: Event) -> Iterator[tuple[str, str]]:
    """What an event wants kept: what it is, and its hash."""
    version, former = event.data.get("version"), event.data.get("former_assets")
    found: list[tuple[object, object]] = []
    if isinstance(version, Mapping):
        found.append(("definition", version.get("definition")))
        assets = version.get("assets")
        found += assets.items() if isinstance(assets, Mapping) else ()
    found.append(("the definition before it", event.data.get("former")))
    found += former.items() if isinstance(former, Mapping) else ()
    found.append(("what was set aside", event.data.get("set_aside")))
    for what, digest in found:
        if isinstance(digest, str):
            yield str(what), digest


def _about_accepted(events: Iterable[Event]) -> Iterator[str]:
    for number, event in enumerate(events, 1):
        if event.kind is Kind.CHAIN_ACCEPTED:
            aside = event.data.get("set_aside")
            where = (
                f"; the former content of the file is kept as .vitrina/blobs/{aside}"
                if aside
                else ""
            )
            for digest in event.data.get("without", ()):
                where += f"; locks are not checked against .vitrina/blobs/{digest}, which is lost"
            day = timestamp(event.at)[:10]
            yield f"event {number}: {event.actor} accepted a break on {day}{where}"
