"""Acting under the lock: what the history lacks so far, and what is recorded in the end."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from state.definitions.content import changes_between
from state.definitions.parse import LARGEST_FILE, Definition
from state.domain.actions import EDIT
from state.domain.assets import AssetError
from state.domain.changes import Change
from state.domain.environment import (
    Clock,
    accounts,
    has_account,
    owner_of,
    system_clock,
)
from state.domain.errors import AccessDenied, StorageError, UnknownOfferError
from state.domain.events import Event, Kind, signed
from state.domain.findings import Reason
from state.domain.offer_state import State, Version
from state.domain.safe_text import plural, quoted
from state.domain.suggestions import did_you_mean
from state.domain.unbroken import unbroken
from state.lifecycle.decide import version_data
from state.lifecycle.evolve import fold, version_of
from state.lifecycle.guards import ROLES, DecisionContext, not_a_publisher
from state.storage.assets import LARGEST_ASSET
from state.storage.atomic import check_missing, time_of
from state.storage.working_directory import NOT_OFFERS, may_name_an_offer
from state.workspace.offer_view import OfferView
from state.workspace.workspace import Workspace


class CurrentOffer(NamedTuple):
    """An offer under the lock, before a command is decided.

    Attributes:
        view: The offer as it stands.
        version: The draft, as this person would push it; None where it cannot be read.
        pending: What has come about and is not recorded yet.
        state: The state with all of that.
        unread: Why an asset of the draft cannot be read for now, None where all can. Then nobody
            can tell what was done to the draft, and nothing of that is pending.
    """

    view: OfferView
    version: Version | None
    pending: tuple[Event, ...]
    state: State
    unread: StorageError | None = None

    def check_read(self) -> None:
        """Make sure that the draft is known with its assets: no decision is made on an error.

        Raises:
            StorageError: An asset cannot be read for now.
        """
        if self.unread:
            raise self.unread


class Transaction:
    """Acting on the offers of a working directory: lock, pending events, facts, recording.

    Args:
        clock: Gives the time, in UTC.
        actor: The account that acts; that of this process when left out.
        owner_of: Gives the account that a file belongs to.
        login: The account that logged in, where that is known; that of this process when the actor
            is left out.
        has_account: Says whether an account of a name is on this machine.

    Raises:
        StorageError: The directory cannot be used.
    """

    def __init__(
        self,
        root: Path,
        clock: Clock = system_clock,
        actor: str | None = None,
        owner_of: Callable[[Path], str] = owner_of,
        login: str | None = None,
        has_account: Callable[[str], bool] = has_account,
    ) -> None:
        self.root = root
        self._owner_of = owner_of
        self._has_account = has_account
        self.actor, login = (actor, login) if actor else accounts()
        self.login = None if login == self.actor else login
        self.workspace = Workspace(root, clock, self.actor, self.login)
        self._clock = clock
        self.warnings: tuple[str, ...] = ()

    @contextmanager
    def locked(self, action: str = EDIT, *offers: str) -> Iterator[None]:
        """Keep others from acting, with everything that was cut off finished first.

        Where the role of this account does not allow the action, nothing is done: whoever asks is
        refused inside, and leaves nothing behind, not even a lock.

        Args:
            action: What is asked of the offers, one of ``ACTIONS``.
            offers: The offers that somebody acts on; none where it is no offer's history.
        """
        if self._may_only_look(action, offers):
            yield
            return
        try:
            with self.workspace.directory.lock(self.actor), unbroken():
                self.warnings = self.workspace.directory.warnings()
                self.workspace.trash.settle()
                self.workspace.renaming.settle()
                yield
        except OSError as error:
            raise StorageError(f"{error.filename or self.root}: {error.strerror}.") from error

    @contextmanager
    def acting(self, offer: str, action: str) -> Iterator[CurrentOffer]:
        """Act on the draft of an offer: the lock, and what its history lacks so far."""
        self._known(offer)
        with self.locked(action, offer):
            before = self._before(offer)
            before.check_read()
            yield before

    def _may_only_look(self, action: str, offers: Sequence[str]) -> bool:
        """Whether the action on one of the offers is refused, whatever else happens to it."""
        views = [self.workspace.view(offer) for offer in offers]
        if not views:
            return bool(self.check_publisher_role())
        return any(
            view.unreadable
            or not view.definition.is_offer
            or any(reason.rule in ROLES for reason in view.actions[action])
            for view in views
        )

    def _before(self, offer: str) -> CurrentOffer:
        """An offer with everything that its history lacks so far."""
        self._known(offer)
        self.workspace.unread.pop(offer, None)
        view = self.workspace.view(offer)
        if not view.definition.is_offer:
            raise UnknownOfferError(
                f'{view.definition.file} is not an offer: it has no "type" key.'
            )
        self._check_definition(view)
        unread = self._unread(view)
        history, recorded = self.workspace.history(offer)
        due = view.events[len(history.events) :]
        file = self.workspace.publisher()
        version = self.workspace.draft_version(view.definition, view.content, file, view.now)
        is_unsure = view.broken or view.unreadable or unread
        noticed = () if is_unsure else tuple(self._noticed(view, version))
        pending = (*due, *noticed)
        return CurrentOffer(view, version, pending, fold(pending, recorded), unread)

    def check_history(self, offer: str) -> None:
        """Make sure that a history could be read: no decision is made on an error.

        Raises:
            StorageError: It could not.
        """
        if offer in self.workspace.unread:
            raise self.workspace.unread[offer]

    def check_missing(self, view: OfferView) -> None:
        """Make sure that what counts as missing is missing: no decision is made on an error.

        Raises:
            StorageError: Something is there and cannot be read.
        """
        self._check_definition(view)
        if unread := self._unread(view):
            raise unread

    def _check_definition(self, view: OfferView) -> None:
        if view.definition.raw is None:
            # Who may not read a draft may still answer what was asked of somebody else's.
            with suppress(AccessDenied):
                check_missing(self.workspace.directory.path(view.offer), LARGEST_FILE)

    def _unread(self, view: OfferView) -> StorageError | None:
        """Why an asset of a draft cannot be read for now; None where each can, or never could."""
        assets = self.workspace.directory.assets
        for path, digest in view.content.assets.items() if view.content else ():
            if digest is None:
                try:
                    check_missing(assets.locate(path), LARGEST_ASSET)
                except AssetError:
                    continue
                except StorageError as trouble:
                    return trouble
        return None

    def shown(self, offer: str) -> OfferView:
        """An offer after something was done to it.

        Raises:
            StorageError: It cannot be read. The message says that it was done all the same.
        """
        try:
            return self.workspace.view(offer)
        except StorageError as error:
            raise StorageError(
                f"The action was recorded, but its result cannot be shown: {error}"
            ) from error

    def facts(self, before: CurrentOffer) -> DecisionContext:
        """What a decision on an offer needs to know."""
        view = before.view
        events = (*view.events, *before.pending)
        return self.workspace.facts(
            definition=view.definition,
            staged_kind=view.staged_kind,
            version=before.version,
            findings=view.findings,
            file=self.workspace.publisher(),
            now=view.now,
            last=events[-1].at if events else None,
            broken=view.broken,
            unreadable=view.unreadable,
        )

    def check_publisher_role(self) -> tuple[Reason, ...]:
        """The reasons to refuse this account where only publishers act; empty for one of them."""
        publisher = self.workspace.publisher().publisher
        roles = publisher.roles if publisher else None
        if roles is None or self.actor in roles.publishers:
            return ()
        return (not_a_publisher(self.actor),)

    def _noticed(self, view: OfferView, version: Version | None) -> Iterator[Event]:
        """What was done to the file outside of the program since the history's last word on it."""
        content = version.content if version else None
        if content == view.state.seen or view.definition.raw is None:
            return
        path = self.workspace.directory.path(view.offer)
        try:
            owner, changed = self._owner_of(path), time_of(path.stat().st_mtime)
        except OSError:
            raise StorageError(f"{path.name} changed while it was read. Try again.") from None
        at = min(changed, view.now)
        at = max([at, *(event.at for event in view.events[-1:])])
        kind = Kind.EDITED if view.events else Kind.CREATED
        note = self._changed_since(view) if kind is Kind.EDITED else None
        data = {"file_of": owner, **({"version": version_data(version)} if version else {})}
        yield self.event(at, kind, content, note, data)

    def event(
        self,
        at: datetime,
        kind: Kind,
        content: str | None,
        note: str | None,
        data: Mapping[str, Any],
    ) -> Event:
        """Something that this account did."""
        return signed(Event(at, self.actor, kind, content, note, data), self.login)

    def _changed_since(self, view: OfferView) -> str | None:
        """The fields that differ from the last recorded content, or why they are unknown."""
        if view.content is None:
            first = view.definition.findings[0]
            return f"cannot be read, line {first.line or 1}: {first.message}"
        for event in reversed(view.events):
            # After one that could not be read it is the last that could.
            if "version" in event.data and event.content == (view.state.seen or event.content):
                try:
                    old = self.workspace.versions.content(version_of(event))
                except StorageError:
                    return None
                if old:
                    return _fields(changes_between(old.leaves, view.content.leaves)) or None
        return None

    def record(self, offer: str, before: CurrentOffer, events: tuple[Event, ...]) -> None:
        """Keep the contents that events are about, then the events."""
        self.workspace.directory.check_locked()
        everything = (*before.pending, *events)
        version = before.version
        if version and any(
            event.data.get("version") == version_data(version) for event in everything
        ):
            self._keep(before.view.definition, version)
        self.workspace.directory.histories.append(offer, everything)

    def _keep(self, definition: Definition, version: Version) -> None:
        """Keep a content whole.

        Raises:
            StorageError: A file changed meanwhile, so that it is no longer this content.
        """
        directory = self.workspace.directory
        for path, digest in version.assets:
            if directory.blobs.fault(digest) is None:
                continue
            try:
                source = directory.assets.locate(path)
                found = directory.blobs.keep(directory.assets.read(path), source)
            except AssetError as error:
                raise StorageError(str(error)) from None
            if found != digest:
                raise StorageError(f"{path} changed while it was read. Try again.")
        assert definition.raw is not None
        directory.blobs.keep(definition.raw, directory.root / definition.file)

    def _known(self, offer: str) -> None:
        names = self.workspace.names()
        if offer in names:
            return
        hint = did_you_mean(offer, names)
        if any(entry.offer == offer for entry in self.workspace.trash.entries()):
            hint = f' It is in the trash: "vitrina restore {offer}" brings it back.'
        raise UnknownOfferError(f'There is no offer "{offer}".{hint}')


def check_identifier(offer: str) -> tuple[Reason, ...]:
    """The reasons to refuse the form of an identifier; empty where it is valid."""
    if may_name_an_offer(offer):
        return ()
    file = f"{offer}.toml"
    message = (
        f"{quoted(offer)} is not a valid offer identifier. Use 3 to 50 lower-case letters a-z, digits "
        "and hyphens."
    )
    if file in NOT_OFFERS:
        message = f"{file} is not an offer: it {NOT_OFFERS[file]}. Choose another identifier."
    return (Reason("offer.identifier", 3, None, message),)


def _fields(changes: Sequence[Change]) -> str:
    """The fields of changes, the first few by name."""
    names = [change.field for change in changes]
    more = f" and {plural(len(names) - 3, 'more', 'more')}" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more
