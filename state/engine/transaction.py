"""A transaction: the lock, the offers as they are under it, and what is recorded in the end."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from state.definitions.content import changes_between
from state.definitions.parse import LARGEST_FILE, Definition
from state.domain.actions import Command, Shown
from state.domain.assets import AssetError
from state.domain.changes import Change
from state.domain.errors import AccessDenied, StorageError, UnknownOfferError
from state.domain.events import Event, Kind, signed
from state.domain.findings import Reason, Refusal
from state.domain.offer_state import State, Version
from state.domain.safe_text import plural, quoted
from state.domain.unbroken import unbroken
from state.lifecycle.decide import decide, version_data
from state.lifecycle.evolve import fold, version_of
from state.lifecycle.guards import ROLES, DecisionContext, refusal_reasons, role_reasons
from state.lifecycle.transitions import Who
from state.storage.assets import LARGEST_ASSET
from state.storage.atomic import check_missing, time_of
from state.storage.working_directory import NOT_OFFERS, may_name_an_offer
from state.workspace.offer_view import OfferView
from state.workspace.workspace import Workspace


class CurrentOffer(NamedTuple):
    """An offer under the lock, before a command is decided.

    Attributes:
        facts: What a decision on it is based on.
        pending: What has come about and is not recorded yet.
        state: The state with all of that.
        unread: Why an asset of the draft cannot be read for now, None where all can. Then nobody
            can tell what was done to the draft, and nothing of that is pending.
    """

    view: OfferView
    facts: DecisionContext
    pending: tuple[Event, ...]
    state: State
    unread: StorageError | None = None

    def refusal_reasons(self, action: str, shown: Shown | None = None) -> tuple[Reason, ...]:
        return refusal_reasons(self.state, action, self.facts, shown)

    def decide(self, command: Command) -> tuple[Event, ...] | Refusal:
        return decide(self.state, command, self.facts)

    def check_read(self) -> None:
        """Make sure that the draft is known with its assets: no decision is made on an error."""
        if self.unread:
            raise self.unread


class Transaction:
    """What this account does under the lock of a working directory."""

    def __init__(self, workspace: Workspace, owner_of: Callable[[Path], str]) -> None:
        self.workspace = workspace
        self.directory = workspace.directory
        self._owner_of = owner_of
        self.warnings: tuple[str, ...] = ()

    @contextmanager
    def locked(self, action: str, offers: Sequence[str]) -> Iterator[None]:
        """Keep others from acting, with everything that was cut off finished first.

        Where the role of this account does not allow the action, nothing is done: whoever asks is
        refused inside, and leaves nothing behind, not even a lock.

        Args:
            action: One of ``ACTIONS``.
            offers: The offers that somebody acts on; none where it is no offer's history.
        """
        if self._may_only_look(action, offers):
            yield
            return
        try:
            with self.directory.lock(self.workspace.actor), unbroken():
                self.warnings = self.directory.warnings()
                self.workspace.trash.settle()
                self.workspace.renaming.settle()
                yield
        except OSError as error:
            raise StorageError(
                f"{error.filename or self.directory.root}: {error.strerror}."
            ) from error

    def _may_only_look(self, action: str, offers: Sequence[str]) -> bool:
        """Whether the action on one of the offers is refused, whatever else happens to it."""
        views = [self.workspace.view(offer) for offer in offers]
        if not views:
            return bool(self.publisher_reasons())
        return any(
            view.unreadable
            or not view.definition.is_offer
            or any(reason.rule in ROLES for reason in view.actions[action])
            for view in views
        )

    def publisher_reasons(self) -> tuple[Reason, ...]:
        """The reasons to refuse this account where only publishers act; empty for one of them."""
        facts = self.workspace.account_facts(self.workspace.publisher())
        return tuple(role_reasons((Who.PUBLISHER,), facts))

    def current(self, offer: str) -> CurrentOffer:
        """An offer with everything that its history lacks so far."""
        self.workspace.check_known(offer)
        self.workspace.unread.pop(offer, None)
        current = self.as_recorded(offer)
        view, facts = current.view, current.facts
        if view.broken or view.unreadable or current.unread:
            return current
        noticed = tuple(self._noticed(view, facts.version))
        return current._replace(
            facts=facts._replace(last=noticed[-1].at if noticed else facts.last),
            pending=(*current.pending, *noticed),
            state=fold(noticed, current.state),
        )

    def draft(self, offer: str) -> CurrentOffer:
        """The same, where the draft is known with its assets; raises as ``check_read`` too."""
        current = self.current(offer)
        current.check_read()
        return current

    def as_recorded(self, offer: str) -> CurrentOffer:
        """An offer with what has become due; what was done to its file is left out."""
        view, facts = self.workspace.decision(offer)
        if not view.definition.is_offer:
            raise UnknownOfferError(
                f'{view.definition.file} is not an offer: it has no "type" key.'
            )
        if view.definition.raw is None:
            # Who may not read a draft may still answer what was asked of somebody else's.
            with suppress(AccessDenied):
                check_missing(self.directory.path(offer), LARGEST_FILE)
        history, _ = self.workspace.history(offer)
        due = view.events[len(history.events) :]
        return CurrentOffer(view, facts, due, view.state, self._unread(view))

    def _unread(self, view: OfferView) -> StorageError | None:
        """Why an asset of a draft cannot be read for now; None where each can, or never could."""
        assets = self.directory.assets
        for path, digest in view.content.assets.items() if view.content else ():
            if digest is None:
                try:
                    check_missing(assets.locate(path), LARGEST_ASSET)
                except AssetError:
                    continue
                except StorageError as trouble:
                    return trouble
        return None

    def _noticed(self, view: OfferView, version: Version | None) -> Iterator[Event]:
        """What was done to the file outside of the program since the history's last word on it."""
        content = version.content if version else None
        if content == view.state.seen or view.definition.raw is None:
            return
        path = self.directory.path(view.offer)
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
        """An event by this account."""
        workspace = self.workspace
        return signed(Event(at, workspace.actor, kind, content, note, data), workspace.login)

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

    def record(self, current: CurrentOffer, events: tuple[Event, ...] = ()) -> CurrentOffer:
        """Keep the contents that events are about, then the events, after what is pending."""
        if everything := (*current.pending, *events):
            self.directory.check_locked()
            version = current.facts.version
            if version and any(
                event.data.get("version") == version_data(version) for event in everything
            ):
                self._keep(current.view.definition, version)
            self.directory.histories.append(current.view.offer, everything)
        return current._replace(pending=())

    def _keep(self, definition: Definition, version: Version) -> None:
        """Keep a content whole.

        Raises:
            StorageError: A file changed meanwhile, so that it is no longer this content.
        """
        directory = self.directory
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


def check_identifier(offer: str) -> tuple[Reason, ...]:
    """The reasons to refuse the form of an identifier; empty where it is valid."""
    if may_name_an_offer(offer):
        return ()
    file = f"{offer}.toml"
    message = (
        f"{quoted(offer)} is not a valid offer identifier. Use 3 to 50 lower-case letters a-z, digits "
        "and hyphens, the first a letter or a digit."
    )
    if file in NOT_OFFERS:
        message = f"{file} is not an offer: it {NOT_OFFERS[file]}. Choose another identifier."
    return (Reason("offer.identifier", 3, None, message),)


def _fields(changes: Sequence[Change]) -> str:
    """The fields of changes, the first few by name."""
    names = [change.field for change in changes]
    more = f" and {plural(len(names) - 3, 'more', 'more')}" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more
