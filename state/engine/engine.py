"""The one door: what may be asked of the offers of a working directory.

Reading never writes. An action takes the lock, records what has become due and what was edited
outside, then itself; or it is refused and nothing is recorded.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from state.definitions.content import asset_paths, leaves_of
from state.domain.actions import CERTIFY, DISCARD, EDIT, REMARK, REQUEST, STAGE, Command, Shown
from state.domain.environment import Clock, accounts, has_account, owner_of, system_clock
from state.domain.errors import StorageError, UnknownOfferError
from state.domain.events import EMPTY, Event, Kind, not_before
from state.domain.findings import Reason, Refusal
from state.domain.safe_text import quoted
from state.domain.stages import FINAL_REVIEW
from state.domain.suggestions import did_you_mean
from state.engine.commit_stamp import STAMPED_ACTIONS, stamp_events
from state.engine.transaction import Transaction, check_identifier
from state.storage.trash import Entry, Leaving
from state.workspace.listing import Listing
from state.workspace.offer_summary import Listed
from state.workspace.offer_view import OfferView
from state.workspace.shared_assets import Shared, shared_files
from state.workspace.workspace import Workspace

if TYPE_CHECKING:
    from state.domain.publisher import Publisher

EMPTY_TRASH = "empty"
"""What a refusal to empty the trash names as the action."""

__all__ = ["Done", "Engine", "UnknownOfferError"]


class Done(NamedTuple):
    """What an action did.

    Attributes:
        view: The offer after it; None where it is gone.
        notes: What else a person should know.
    """

    events: tuple[Event, ...]
    view: OfferView | None
    notes: tuple[str, ...] = ()


class Engine:
    """The engine over one working directory.

    Args:
        clock: Gives the time, in UTC.
        actor: The account that acts; that of this process when left out.
        owner_of: Gives the account that a file belongs to.
        login: The account that logged in, where that is known; that of this process when the actor
            is left out.
        has_account: Says whether an account of a name is on this machine.
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
        self.actor, login = (actor, login) if actor else accounts()
        login = None if login == self.actor else login
        self.workspace = Workspace(root, clock, self.actor, login)
        self.warnings: tuple[str, ...] = ()
        self._owner_of = owner_of
        self._has_account = has_account

    @contextmanager
    def transaction(self, action: str = EDIT, *offers: str) -> Iterator[Transaction]:
        """Act under the lock; what is asked is as for ``Transaction.locked``.

        Raises:
            StorageError: Somebody else holds the lock, or something cannot be read or written.
        """
        for offer in offers:
            self.workspace.check_known(offer)
        transaction = Transaction(self.workspace, self._owner_of)
        with transaction.locked(action, offers):
            self.warnings = transaction.warnings
            yield transaction

    @property
    def publisher(self) -> "Publisher | None":
        """The publisher file as it is now, None where there is none."""
        return self.workspace.publisher().publisher

    @property
    def histories(self) -> Path:
        """The folder in which a file changes whenever something is recorded."""
        return self.workspace.directory.histories.folder

    def offers(self) -> list[OfferView]:
        """Every offer as it is now, by identifier."""
        return self.workspace.views()

    def listed(self) -> Listed:
        """What a list shows; read anew only where something changed."""
        workspace = self.workspace
        listing = Listing(
            self.root, workspace.clock, self.actor, workspace.login, lambda: workspace
        )
        return listing.look()

    def offer(self, offer: str) -> OfferView:
        """One offer as it is now."""
        self.workspace.check_known(offer)
        return self.workspace.view(offer)

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

    def perform(self, offer: str, command: Command) -> Done | Refusal:
        """Perform an action on an offer, or refuse it.

        Discard, rename, revert and edit, which move or write files, have functions of their own.
        """
        with self.transaction(command.action, offer) as transaction:
            current = transaction.current(offer)
            decided = current.decide(command)
            if isinstance(decided, Refusal):
                return decided
            if command.action in (CERTIFY, STAGE, REQUEST):
                current.check_read()
            if current.unread and command.action == REMARK:
                # The last content that is known for sure.
                decided = tuple(event._replace(content=current.state.seen) for event in decided)
            if command.action in STAMPED_ACTIONS:
                file, version = current.view.definition.file, current.facts.version
                decided = stamp_events(transaction.directory, file, version, decided)
            transaction.record(current, decided)
        return Done(decided, self.shown(offer), tuple(self._without_account(decided[0])))

    def _without_account(self, event: Event) -> Iterator[str]:
        """The note on a request that no account on this machine can approve."""
        policy, workspace = event.data.get("policy", EMPTY), self.workspace
        others = [
            name
            for name in policy.get("approvers") or ()
            if name != event.actor or not policy["four_eyes"]
        ]
        review = workspace.marketplace(workspace.publisher()).begin(FINAL_REVIEW)
        if others and review["seconds"] is None and not any(map(self._has_account, others)):
            names = ", ".join(map(quoted, others))
            yield (
                f"No approver has an account on this machine: {names}. Correct [roles] in "
                "publisher.toml, or create an account."
            )

    def discard(self, offers: Sequence[str], shown: Mapping[str, Shown] = EMPTY) -> Done | Refusal:
        """Move drafts into the trash: all of them, or none where one is refused.

        Args:
            shown: What the person saw of each; offers may be left out.
        """
        events: list[Event] = []
        notes: list[str] = []
        with self.transaction(DISCARD, *offers) as transaction:
            found = {offer: transaction.current(offer) for offer in offers}
            for offer, current in found.items():
                decided = current.decide(Command(DISCARD, shown=shown.get(offer)))
                if isinstance(decided, Refusal):
                    return _about(decided, offer) if len(offers) > 1 else decided
                current.check_read()
                events.extend(self._after_every_discard(event) for event in decided)
            for current in found.values():
                transaction.record(current)
            batch = f"{events[0].at:%Y%m%dT%H%M%S%f}" if events else ""
            for (offer, current), event in zip(found.items(), events, strict=True):
                definition = current.view.definition.offer
                assets = asset_paths(leaves_of(definition)) if definition else []
                shared = shared_files(self.workspace, offer, assets)
                staying = [each.asset for each in shared]
                leaving = Leaving(offer, event, assets, staying, current.view.title, batch)
                transaction.directory.check_locked()
                self.workspace.trash.discard(leaving)
                notes.extend(_staying(shared, offers))
        return Done(tuple(events), None, tuple(dict.fromkeys(notes)))

    def _after_every_discard(self, event: Event) -> Event:
        """A discard that is the latest, even where the clock went back."""
        last = max((entry.at for entry in self.trash()), default=None)
        if last is None or last < event.at:
            return event
        return event._replace(at=last + timedelta(microseconds=1))

    def trash(self) -> list[Entry]:
        """The discarded drafts, the latest last."""
        return self.workspace.trash.entries()

    def discarded(self, age: timedelta = timedelta()) -> list[Entry]:
        """What was discarded at least ``age`` ago, the latest last, also what cannot be restored."""
        trash, now = self.workspace.trash, self.workspace.clock()
        entries = [*trash.entries(), *trash.unlisted()]
        old = [each for each in entries if not age or now - each.at >= age]
        return sorted(old, key=lambda each: (each.at, each.offer))

    def empty_trash(self, entries: Sequence[Entry]) -> list[Entry] | Refusal:
        """Delete discarded drafts for good, and say which were deleted.

        Raises:
            StorageError: One cannot be removed; those before it are gone.
        """
        with self.transaction() as transaction:
            if reasons := transaction.publisher_reasons():
                return Refusal(EMPTY_TRASH, reasons)
            return self.workspace.trash.end(entries)

    def restore(self, offer: str, new: str | None = None) -> Done | Refusal:
        """Restore the draft that was discarded last under an identifier, as ``new`` where given.

        A history that was damaged in the trash is restored as it is, and nothing is recorded.

        Raises:
            UnknownOfferError: There is no such draft in the trash.
        """
        target = new or offer
        with self.transaction() as transaction:
            entry = self.workspace.trash.latest(offer)
            if entry is None:
                hint = did_you_mean(offer, (each.offer for each in self.trash()))
                raise UnknownOfferError(f'"{offer}" is not in the trash.{hint}')
            reasons = self._against_restore(transaction, target)
            if target != offer:
                reasons = (*check_identifier(target), *reasons)
            if reasons:
                return Refusal("restore", reasons)
            return self._bring_back(transaction, entry, target)

    def restore_last(self) -> list[Done] | Refusal:
        """Restore what was discarded last: one draft, or those discarded together.

        The last one restored has a note on each that is not.

        Raises:
            StorageError: None of them can be restored.
        """
        back: list[Done] = []
        stayed: dict[str, StorageError] = {}
        with self.transaction() as transaction:
            batch = self.workspace.trash.last_batch()
            against = (self._against_restore(transaction, entry.offer) for entry in batch)
            if reasons := tuple(dict.fromkeys(chain.from_iterable(against))):
                return Refusal("restore", reasons)
            for entry in batch:
                try:
                    back.append(self._bring_back(transaction, entry, entry.offer))
                except StorageError as trouble:
                    stayed[entry.offer] = trouble
        if stayed and not back:
            raise next(iter(stayed.values()))
        notes = [f"{offer} stays in the trash: {trouble}" for offer, trouble in stayed.items()]
        return [*back[:-1], *(each._replace(notes=(*each.notes, *notes)) for each in back[-1:])]

    def _bring_back(self, transaction: Transaction, entry: Entry, target: str) -> Done:
        note = f"from the trash, as {target}" if target != entry.offer else "from the trash"
        now = transaction.event(self.workspace.clock(), Kind.RESTORED, None, note, {})
        event = not_before(now, entry.at)
        transaction.directory.check_locked()
        restored = self.workspace.trash.restore(entry, target, event)
        view = self.shown(target)
        if restored.broken is None:
            return Done((event,), view, restored.notes)
        altered = f"The history was altered in the trash: {restored.broken}."
        return Done((), view, (*restored.notes, view.trouble or altered))

    def _against_restore(self, transaction: Transaction, offer: str) -> tuple[Reason, ...]:
        reasons = transaction.publisher_reasons()
        if offer in self.workspace.names():
            taken = f"The identifier {quoted(offer)} is taken."
            message = f"{taken} Restore the draft under another one with --as."
            reasons = (*reasons, Reason("status.wrong", None, None, message))
        return reasons


def _about(refusal: Refusal, offer: str) -> Refusal:
    reasons = (each._replace(message=f"{offer}: {each.message}") for each in refusal.reasons)
    return refusal._replace(reasons=tuple(reasons))


def _staying(shared: Sequence[Shared], gone: Sequence[str]) -> Iterator[str]:
    """Notes on the files that stay because other offers use them."""
    for each in shared:
        if users := [offer for offer in each.named_by if offer not in gone]:
            how = "also" if each.is_sure else "possibly also"
            yield f"{each.asset} stays in place: {how} used by {', '.join(users)}."
