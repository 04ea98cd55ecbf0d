"""Whether what is recorded is still what was recorded: chains, heads and kept contents.

Where a chain is broken a publisher may go on without the rest: the events that can be trusted stay,
the bytes after them are kept as a blob, and an event says so. The chain is whole from then on.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from state.conditions import EDIT, reasons_against
from state.engine import Done, Engine, UnknownOfferError
from state.events import Event, Kind, timestamp
from state.files.entries import Entry, copies_in
from state.files.history import chained, check_chain, split_after
from state.files.plain import FileTrouble, digest_of
from state.findings import Reason, Refusal
from state.model import replace
from state.text import plural

ACCEPT = "accept"
"""What a refusal to go on with a broken history calls it."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


class Break(NamedTuple):
    """Where the trust in a history ends.

    Attributes:
        event: The number of the first event that cannot be trusted, from 1.
        message: What happened to it.
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
        sha256: The hash by which it was kept.
        message: What is wrong with it.
    """

    event: int | None
    what: str
    sha256: str
    message: str


class Verified(NamedTuple):
    """What was found out about a history.

    Attributes:
        offer: The offer's identifier.
        discarded_at: When it was discarded; None for an offer that is not in the trash.
        events: How many events can be trusted.
        broken: Where that ends, None where nothing is broken.
        missing: The contents that are not there any more.
        notes: What else a person should know.
    """

    offer: str
    discarded_at: datetime | None
    events: int
    broken: Break | None
    missing: tuple[Lost, ...]
    notes: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether everything is as it was recorded."""
        return self.broken is None and not self.missing


def verify(engine: Engine, offers: Iterable[str] = ()) -> list[Verified]:
    """Check histories, those in the trash included.

    Args:
        engine: The engine.
        offers: Identifiers; all of them when left out.

    Returns:
        What was found out, by identifier, what lies in the trash last.

    Raises:
        UnknownOfferError: There is no such offer, in the trash neither.
        FileTrouble: A history is there and cannot be read.
    """
    verifier = _Verifier(engine)
    entries = [*engine.survey.trash.entries(), *engine.survey.trash.unlisted()]
    living = verifier.offers()
    wanted = list(dict.fromkeys(offers))
    for offer in wanted:
        if offer not in living and all(entry.offer != offer for entry in entries):
            engine.offer(offer)
            raise UnknownOfferError(f'There is no offer "{offer}".')
    found = [verifier.living(name) for name in living if not wanted or name in wanted]
    thrown = [entry for entry in entries if not wanted or entry.offer in wanted]
    return [*found, *(verifier.discarded(entry) for entry in thrown)]


def accept(engine: Engine, offer: str, note: str | None = None) -> Done | Refusal:
    """Go on with a broken history: what cannot be trusted is set aside, and an event says so.

    Args:
        engine: The engine.
        offer: The offer's identifier.
        note: What the person says about it.

    Returns:
        What was recorded, or the refusal.

    Raises:
        UnknownOfferError: There is no such offer.
        FileTrouble: Something cannot be written; then everything is as it was.
    """
    with engine.acting(offer) as before:
        directory, broken = engine.survey.directory, before.view.broken
        facts = replace(engine.facts(before), broken=None)
        reasons = reasons_against(before.state, EDIT, facts)
        if broken is None:
            message = f"Nothing is broken in the history of {offer}: there is nothing to accept."
            reasons = (*reasons, Reason("status.wrong", None, None, message))
        if reasons or broken is None:
            return Refusal(ACCEPT, reasons)
        recorded, state = engine.survey.history(offer)
        trusted, rest = split_after(directory.histories.raw(offer), len(recorded.events))
        due = engine.survey.marketplace(engine.survey.publisher()).due(state, before.view.now)
        data = {
            "after": len(recorded.events),
            "broken": broken,
            "set_aside": directory.blobs.keep(rest) if rest else None,
        }
        said = f"{broken}; {plural(len(rest.splitlines()), 'line')} set aside"
        note = f"{note} ({said})" if note else said
        event = Event(before.view.now, engine.actor, Kind.CHAIN_ACCEPTED, None, note, data)
        lines, _ = chained([*due, event], check_chain(trusted, None).head)
        directory.histories.write(offer, trusted + lines)
    return Done((event,), engine.survey.view(offer))


class _Verifier:
    """Checks histories; every kept content once.

    Args:
        engine: The engine.
    """

    def __init__(self, engine: Engine) -> None:
        self._survey = engine.survey
        self._troubles: dict[str, str | None] = {}

    def offers(self) -> list[str]:
        """Every offer, and those of which no more than a head is left."""
        survey = self._survey
        leaving = survey.trash.unsettled() | survey.renaming.hidden()
        return sorted({*survey.names(), *(survey.directory.histories.heads() - leaving)})

    def living(self, offer: str) -> Verified:
        """An offer that is not in the trash."""
        histories = self._survey.directory.histories
        history, _ = self._survey.history(offer)
        notes = [*_about_accepted(history.events)]
        if history.torn:
            notes.append("an unfinished last line will be set aside by the next action")
        if history.events and offer not in histories.heads():
            notes.append("it has no head, so events that were removed at its end would not show")
        broken = None
        if history.broken:
            remedy = f"put the file back from a copy, or go on: vitrina verify --accept {offer}"
            if offer not in self._survey.names():
                remedy = f"put it back with {offer}.toml, or remove .vitrina/heads/{offer} too"
            path, raw = histories.path(offer), histories.raw(offer)
            broken = self._break(path, len(history.events), history.broken, raw, remedy)
        missing = tuple(self._missing(history.events))
        return Verified(offer, None, len(history.events), broken, missing, tuple(notes))

    def discarded(self, entry: Entry) -> Verified:
        """A draft in the trash."""
        path = entry.path / "history.jsonl"
        try:
            raw = path.read_bytes()
        except OSError:
            raw = b""
        history = check_chain(raw, None)
        events, said = history.events, history.broken
        if not said and not any(_is_discard(event, entry) for event in events[-1:]):
            said = f"event {len(events) + 1} was removed"
        remedy = "put the file back from a copy, or restore the draft and accept the break then"
        broken = self._break(path, len(events), said, raw, remedy) if said else None
        missing = (*self._missing(events), *_missing_copies(entry))
        notes = tuple(_about_accepted(events))
        return Verified(entry.offer, entry.at, len(events), broken, missing, notes)

    def _break(self, path: Path, trusted: int, message: str, raw: bytes, remedy: str) -> Break:
        file = str(path.relative_to(self._survey.directory.root))
        line = max(1, min(trusted + 1, raw.count(b"\n")))
        return Break(trusted + 1, message, file, line, remedy)

    def _missing(self, events: Iterable[Event]) -> Iterator[Lost]:
        """The kept contents that events are about and that cannot be had; each is told once."""
        told: set[str] = set()
        for number, event in enumerate(events, 1):
            for what, digest in _kept_by(event):
                if digest not in told and (trouble := self._trouble(digest)):
                    told.add(digest)
                    yield Lost(number, what, digest, trouble)

    def _trouble(self, digest: str) -> str | None:
        """Why a kept content cannot be had, None where it can."""
        if digest not in self._troubles:
            self._troubles[digest] = self._look_up(digest)
        return self._troubles[digest]

    def _look_up(self, digest: str) -> str | None:
        blobs = self._survey.directory.blobs
        if not _DIGEST.fullmatch(digest) or not blobs.has(digest):
            return "is missing"
        try:
            blobs.get(digest)
        except FileTrouble:
            return "was altered or cannot be read"
        return None


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


def _is_discard(event: Event, entry: Entry) -> bool:
    return event.kind is Kind.DISCARDED and event.at == entry.at


def _missing_copies(entry: Entry) -> Iterator[Lost]:
    """The files in an entry of the trash that are not what was put there."""
    try:
        copies = copies_in(entry.path)
    except (OSError, ValueError, KeyError, TypeError):
        yield Lost(None, "record.json", "", "was altered in the trash")
        return
    for path, digest in copies:
        copy = entry.path / "assets" / path
        try:
            if digest_of(copy.read_bytes()) != digest:
                yield Lost(None, path, digest, "was altered in the trash")
        except OSError:
            yield Lost(None, path, digest, "is missing in the trash")


def _about_accepted(events: Iterable[Event]) -> Iterator[str]:
    for number, event in enumerate(events, 1):
        if event.kind is Kind.CHAIN_ACCEPTED:
            aside = event.data.get("set_aside")
            where = f"; the rest is kept as .vitrina/blobs/{aside}" if aside else ""
            day = timestamp(event.at)[:10]
            yield f"event {number}: {event.actor} accepted a break on {day}{where}"
