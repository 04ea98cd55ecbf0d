"""The one door: what may be asked of the offers of a working directory.

Looking never writes. Whoever acts takes the lock, records what has become due and what was edited
outside, and then what was asked, or gets a refusal and nothing is recorded.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from state.assets import AssetError
from state.checkout import STAMPED, stamped
from state.conditions import DISCARD, Facts
from state.content import Change, asset_paths, changes_between, leaves_of
from state.events import Event, Kind
from state.evolve import fold, version_of
from state.files.definition import Definition
from state.files.directory import may_name_an_offer
from state.files.plain import FileTrouble, time_of
from state.files.trash import Entry
from state.findings import Reason, Refusal
from state.lifecycle import Command, decide, kept
from state.publisher import Publisher
from state.status import State, Version
from state.survey import Survey
from state.text import plural, quoted
from state.views import OfferView
from state.world import Clock, current_account, owner_of, system_clock


class UnknownOfferError(Exception):
    """No offer has that identifier. The message names the nearest one."""


class Done(NamedTuple):
    """What an action did.

    Attributes:
        events: What was recorded for it.
        view: The offer after it; None where it is gone.
    """

    events: tuple[Event, ...]
    view: OfferView | None


class Before(NamedTuple):
    """An offer under the lock, before a command is decided.

    Attributes:
        view: The offer as it stands.
        version: The draft, as this person would push it; None where it cannot be read.
        pending: What has come about and is not recorded yet.
        state: The state with all of that.
    """

    view: OfferView
    version: Version | None
    pending: tuple[Event, ...]
    state: State


class Engine:
    """The engine over one working directory.

    Args:
        root: The working directory.
        clock: Gives the time, in UTC.
        actor: The account that acts; that of this process when left out.
        owner_of: Gives the account that a file belongs to.

    Raises:
        FileTrouble: The directory cannot be used.
    """

    def __init__(
        self,
        root: Path,
        clock: Clock = system_clock,
        actor: str | None = None,
        owner_of: Callable[[Path], str] = owner_of,
    ) -> None:
        self.root = root
        self._owner_of = owner_of
        self.actor = actor or current_account()
        self.survey = Survey(root, clock, self.actor)
        self._clock = clock

    @property
    def publisher(self) -> Publisher | None:
        """The publisher file as it stands now, None where there is none.

        Raises:
            FileTrouble: It cannot be read.
        """
        return self.survey.publisher().publisher

    def offers(self) -> list[OfferView]:
        """Every offer as it stands now, by identifier.

        Raises:
            FileTrouble: The directory or publisher.toml cannot be read.
        """
        return self.survey.views()

    def offer(self, offer: str) -> OfferView:
        """One offer as it stands now.

        Raises:
            UnknownOfferError: There is none of that identifier.
            FileTrouble: The directory or publisher.toml cannot be read.
        """
        self._known(offer)
        return self.survey.view(offer)

    def perform(self, offer: str, command: Command) -> Done | Refusal:
        """Do what is asked of an offer, or say why not.

        Args:
            offer: The offer's identifier.
            command: What is asked. Not for discard, rename, revert and edit, which move files and
                have methods of their own.

        Returns:
            What was recorded, or the refusal.

        Raises:
            UnknownOfferError: There is no such offer.
            FileTrouble: Something cannot be read or written.
        """
        with self.acting(offer) as before:
            decided = decide(before.state, command, self.facts(before))
            if isinstance(decided, Refusal):
                return decided
            if command.action in STAMPED:
                decided = stamped(self, before, decided)
            self.record(offer, before, decided)
        return Done(decided, self.survey.view(offer))

    def discard(self, offers: Sequence[str]) -> Done | Refusal:
        """Move drafts into the trash, none of them where one is refused.

        Args:
            offers: Their identifiers.

        Returns:
            What was recorded, or the refusal for the first that is no draft.

        Raises:
            UnknownOfferError: There is no such offer.
            FileTrouble: Something cannot be read or written.
        """
        batch = ""
        events: list[Event] = []
        with self.locked():
            befores = {offer: self._before(offer) for offer in offers}
            for offer, before in befores.items():
                decided = decide(before.state, Command(DISCARD), self.facts(before))
                if isinstance(decided, Refusal):
                    return _about(decided, offer) if len(offers) > 1 else decided
                events.extend(self._after_every_discard(event) for event in decided)
            for offer, before in befores.items():
                if before.pending:
                    self.record(offer, before, ())
            for (offer, before), event in zip(befores.items(), events, strict=True):
                batch = batch or f"{event.at:%Y%m%dT%H%M%S%f}"
                paths, shared = self._assets_of(offer, before.view.definition)
                title = before.view.title
                self.survey.trash.discard(offer, event, paths, shared, title, batch)
        return Done(tuple(events), None)

    def _after_every_discard(self, event: Event) -> Event:
        """A discard that is the latest, even where the clock went back."""
        last = max((entry.at for entry in self.trash()), default=None)
        if last is None or last < event.at:
            return event
        return event._replace(at=last + timedelta(microseconds=1))

    def trash(self) -> list[Entry]:
        """The discarded drafts, the latest last."""
        return self.survey.trash.entries()

    def restore(self, offer: str, new: str | None = None) -> Done | Refusal:
        """Bring the draft of an identifier that was discarded last back.

        Args:
            offer: The identifier that it had.
            new: The identifier under which it comes back, where that is another.

        Returns:
            What was recorded, or the refusal where the identifier is taken.

        Raises:
            UnknownOfferError: There is no such draft in the trash.
            FileTrouble: Something cannot be read or written.
        """
        target = new or offer
        with self.locked():
            entry = self.survey.trash.latest(offer)
            if entry is None:
                raise UnknownOfferError(f'There is no "{offer}" in the trash.')
            if reasons := self._against_restore(target, is_new=target != offer):
                return Refusal("restore", tuple(reasons))
            note = f"from the trash, as {target}" if target != offer else "from the trash"
            event = Event(max(self._clock(), entry.at), self.actor, Kind.RESTORED, None, note)
            self.survey.trash.restore(entry, target, event)
        return Done((event,), self.survey.view(target))

    def restore_last(self) -> list[Done] | Refusal:
        """Bring back what was discarded last: one draft, or those discarded together."""
        entries = self.trash()
        batch = [each for each in entries if each.batch == entries[-1].batch]
        reasons = [reason for entry in batch for reason in self._against_restore(entry.offer)]
        if reasons:
            return Refusal("restore", tuple(dict.fromkeys(reasons)))
        done = []
        for entry in batch:
            restored = self.restore(entry.offer)
            if isinstance(restored, Refusal):
                return restored
            done.append(restored)
        return done

    # Under the lock ---------------------------------------------------------------------------

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep others from acting, with everything that was cut off finished first."""
        with self.survey.directory.lock():
            self.survey.trash.settle()
            self.survey.renaming.settle()
            yield

    @contextmanager
    def acting(self, offer: str) -> Iterator[Before]:
        """Act on one offer: the lock, and what its history lacks so far."""
        self._known(offer)
        with self.locked():
            yield self._before(offer)

    def _before(self, offer: str) -> Before:
        """An offer with everything that its history lacks so far."""
        self._known(offer)
        view = self.survey.view(offer)
        if not view.definition.is_offer:
            raise UnknownOfferError(
                f'{view.definition.file} is not an offer: it has no "type" key.'
            )
        history, recorded = self.survey.history(offer)
        due = view.events[len(history.events) :]
        file = self.survey.publisher()
        version = self.survey.draft_version(view.definition, view.content, file, view.now)
        noticed = () if view.broken else tuple(self._noticed(view, version))
        pending = (*due, *noticed)
        return Before(view, version, pending, fold(pending, recorded))

    def facts(self, before: Before) -> Facts:
        """What a decision on an offer needs to know."""
        view, survey = before.view, self.survey
        findings, file = view.findings, survey.publisher()
        now = max([view.now, *(event.at for event in before.pending[-1:])])
        return survey.facts(view.definition, before.version, findings, file, now, view.broken)

    def _noticed(self, view: OfferView, version: Version | None) -> Iterator[Event]:
        """What was done to the file outside of the program since the history's last word on it."""
        if version is None or version.content == view.state.seen:
            return
        path = self.survey.directory.path(view.offer)
        try:
            owner, changed = self._owner_of(path), time_of(path.stat().st_mtime)
        except OSError:
            raise FileTrouble(f"{path.name} changed while it was read: try again.") from None
        at = min(changed, view.now)
        at = max([at, *(event.at for event in view.events[-1:])])
        kind = Kind.EDITED if view.events else Kind.CREATED
        note = self._changed_since(view) if kind is Kind.EDITED else None
        yield Event(at, owner, kind, version.content, note, {"version": kept(version)})

    def _changed_since(self, view: OfferView) -> str | None:
        """Which fields differ from the content that the history knows."""
        for event in reversed(view.events):
            if "version" in event.data and event.content == view.state.seen:
                try:
                    old = self.survey.versions.content(version_of(event))
                except FileTrouble:
                    return None
                if old and view.content:
                    return _fields(changes_between(old.leaves, view.content.leaves))
        return None

    def record(self, offer: str, before: Before, events: tuple[Event, ...]) -> None:
        """Keep the contents that events are about, then the events."""
        everything = (*before.pending, *events)
        version = before.version
        if version and any(event.data.get("version") == kept(version) for event in everything):
            self._keep(before.view.definition, version)
        self.survey.directory.histories.append(offer, everything)

    def _keep(self, definition: Definition, version: Version) -> None:
        """Keep a content whole.

        Raises:
            FileTrouble: A file changed meanwhile, so that it is no longer this content.
        """
        directory = self.survey.directory
        for path, digest in version.assets:
            if directory.blobs.has(digest):
                continue
            try:
                found = directory.blobs.keep(directory.assets.read(path))
            except AssetError as error:
                raise FileTrouble(str(error)) from None
            if found != digest:
                raise FileTrouble(f"{path} changed while it was read: try again.")
        assert definition.raw is not None
        directory.blobs.keep(definition.raw)

    def _assets_of(self, offer: str, definition: Definition) -> tuple[list[str], set[str]]:
        """The files that a definition names, and those that other definitions name too."""
        if definition.offer is None:
            return [], set()
        paths = asset_paths(leaves_of(definition.offer))
        shared: set[str] = set()
        for other in self.survey.names():
            if other == offer:
                continue
            staying = self.survey.definition(other)
            if staying.offer:
                shared |= set(asset_paths(leaves_of(staying.offer)))
            elif staying.is_offer and not staying.is_missing:
                # It cannot be read, so it may name any of them.
                return paths, set(paths)
        return paths, shared

    def _against_restore(self, offer: str, *, is_new: bool = False) -> list[Reason]:
        facts_file = self.survey.publisher()
        roles = facts_file.publisher.roles if facts_file.publisher else None
        reasons = []
        if is_new and not may_name_an_offer(offer):
            message = (
                f"{quoted(offer)} is no offer identifier: use 3 to 50 lower-case letters a-z, "
                "digits and hyphens."
            )
            reasons.append(Reason("offer.identifier", 3, None, message))
        if roles and self.actor not in roles.publishers:
            message = f"{self.actor} is not among the publishers in publisher.toml."
            reasons.append(Reason("role.publisher", None, None, message))
        if offer in self.survey.names():
            message = f"The identifier {quoted(offer)} is taken: restore it as another with --as."
            reasons.append(Reason("status.wrong", None, None, message))
        return reasons

    def _known(self, offer: str) -> None:
        names = self.survey.names()
        if offer in names:
            return
        from difflib import get_close_matches

        near = get_close_matches(offer, names, n=1, cutoff=0.5)
        hint = f' Did you mean "{near[0]}"?' if near else ""
        if any(entry.offer == offer for entry in self.trash()):
            hint = f' It lies in the trash: "vitrina restore {offer}" brings it back.'
        raise UnknownOfferError(f'There is no offer "{offer}".{hint}')


def _fields(changes: Sequence[Change]) -> str:
    """The fields of changes, the first few by name."""
    names = [change.field for change in changes]
    more = f" and {plural(len(names) - 3, 'more', 'more')}" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _about(refusal: Refusal, offer: str) -> Refusal:
    """A refusal that names its offer, where several were asked about."""
    reasons = (each._replace(message=f"{offer}: {each.message}") for each in refusal.reasons)
    return refusal._replace(reasons=tuple(reasons))
