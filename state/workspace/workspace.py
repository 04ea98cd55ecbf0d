"""Reading: a working directory -> a view of each offer. Nothing here writes."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from state.definitions.content import Content, content_of
from state.definitions.parse import Definition, lost_type, missing_draft, parse_definition
from state.domain.actions import ACTIONS
from state.domain.environment import Clock
from state.domain.errors import AccessDenied, StorageError, UnknownOfferError
from state.domain.events import Kind, not_before
from state.domain.findings import PUBLISHER_FILE, Finding, Reason
from state.domain.offer_state import START, State, Status, Version
from state.domain.offer_types import OFFER_TYPES
from state.domain.stages import FINAL_REVIEW, STAGES
from state.domain.suggestions import did_you_mean
from state.lifecycle.evolve import evolve, fold
from state.lifecycle.guards import DecisionContext, refusal_reasons
from state.lifecycle.recovery import is_valid_next
from state.marketplace import MarketplaceService
from state.marketplace.backends import service_of
from state.rules.walkthrough import steps_of
from state.storage.atomic import digest_of
from state.storage.chain import History
from state.storage.index import signature_of
from state.storage.rename import Renaming
from state.storage.trash import Trash
from state.storage.working_directory import WorkingDirectory
from state.workspace.evaluation import RuleEvaluator, checked
from state.workspace.next_step import next_step
from state.workspace.offer_view import OfferView, draft_of, format_damage
from state.workspace.publisher_file import PublisherFile, parse_publisher, read_publisher
from state.workspace.remarks import standing_remarks
from state.workspace.sku_index import SkuIndex, SkuUsers
from state.workspace.versions import Versions

if TYPE_CHECKING:
    from state.domain.offer import Offer
    from state.rules.context import RuleContext


class Workspace:
    """A working directory as an account looks at it, read again where files changed.

    ``login`` is the account that logged in, None where it is the same or unknown. A StorageError
    where the directory cannot be used.
    """

    def __init__(self, root: Path, clock: Clock, actor: str, login: str | None = None) -> None:
        self.directory = WorkingDirectory(root)
        self.trash = Trash(self.directory)
        self.renaming = Renaming(self.directory)
        self.versions = Versions(self.directory.blobs)
        self.evaluator = RuleEvaluator(self.directory, self.versions)
        self.sku_index = SkuIndex(
            self.directory,
            self.names,
            lambda name: self.definition(name).offer,
            lambda name: self.history(name)[1],
            self.versions,
        )
        self.clock = clock
        self.actor = actor
        self.login = login
        self._definitions: dict[str, tuple[tuple[int, ...], Definition]] = {}
        self._publisher: tuple[tuple[int, ...], PublisherFile] | None = None
        self.unread: dict[str, StorageError] = {}
        """Why a history could not be read, by offer; that is no damage."""
        self._histories: dict[str, tuple[tuple[int, ...], History, State]] = {}
        self._contents: dict[str, tuple[Offer, Content]] = {}

    def names(self) -> list[str]:
        """The identifiers of all offers, discarded ones left out."""
        gone = self.trash.unsettled() | self.renaming.hidden()
        return [name for name in self.directory.offers() if name not in gone]

    def check_known(self, offer: str) -> None:
        """Make sure that there is an offer.

        Raises:
            UnknownOfferError: There is none of that identifier.
        """
        names = self.names()
        if offer in names:
            return
        hint = did_you_mean(offer, names)
        if any(entry.offer == offer for entry in self.trash.entries()):
            hint = f' It is in the trash: "vitrina restore {offer}" brings it back.'
        raise UnknownOfferError(f'There is no offer "{offer}".{hint}')

    def views(self) -> list[OfferView]:
        """Every offer, by identifier."""
        names = self.names()
        users = self.sku_index.users()
        views = [self.view(name, users) for name in names]
        self.directory.assets.inspections.save()
        return views

    def view(self, offer: str, users: SkuUsers | None = None) -> OfferView:
        return self.decision(offer, users)[0]

    def decision(
        self, offer: str, users: SkuUsers | None = None
    ) -> tuple[OfferView, DecisionContext]:
        """One offer as it is now, with what a decision about it needs to know.

        Args:
            users: Which offers use each SKU identifier, where that is known already.
        """
        file, definition = self.publisher(), self.definition(offer)
        history, recorded = self.history(offer)
        now = self.clock()
        last = history.events[-1].at if history.events else None
        marketplace = self.marketplace(file)
        ended = marketplace.due(recorded, now)
        due = tuple(not_before(event, last) for event in ended)
        state, events = fold(due, recorded), (*history.events, *due)
        unreadable = history.unreadable or self.evaluator.unreadable(state)
        lost = {} if unreadable else self.evaluator.lost(state)
        broken = history.broken or "; ".join(lost.values()) or None
        content = self.content(definition)
        version = self.draft_version(definition, content, file, now)
        staged = self.evaluator.kept(state.staged)
        conflicts = self.sku_index.conflicts(offer, definition.offer, staged, users)
        findings = self.evaluator.findings(offer, definition, version, state, file, now, conflicts)
        if history.unreadable:
            findings = tuple(found for found in findings if not found.progress)
        is_readable = definition.offer is not None and not history.unreadable
        staged_kind = OFFER_TYPES[staged.type] if staged else definition.kind
        facts = self.account_facts(file, now)._replace(
            kind=definition.kind,
            staged_kind=staged_kind,
            version=version,
            findings=findings,
            draft=draft_of(definition, content.hash if content else None),
            last=events[-1].at if events else None,
            no_marketplace=file.no_marketplace_for(definition.kind),
            broken=format_damage(offer, broken) if broken else None,
            unreadable=unreadable,
            is_closed=definition.is_closed,
        )
        actions = {action: _against(definition, state, action, facts) for action in ACTIONS}
        errors = tuple(found for found in findings if found.is_error)
        view = OfferView(
            offer,
            definition,
            content,
            state,
            events,
            steps_of(definition.kind, findings, readable=is_readable),
            actions,
            next_step(
                definition, state, errors, actions, now, broken, facts.no_marketplace, unreadable
            ),
            now,
            file.raw,
            broken,
            standing_remarks(events, content, self.versions),
            staged_kind,
            facts.no_marketplace,
            unreadable,
            {stage: marketplace.begin(stage)["seconds"] for stage in STAGES},
            len(history.torn),
        )
        # A refusal names its reasons in the order of the steps.
        return view, facts._replace(findings=view.findings)

    def is_staged(self, offer: str) -> bool:
        """Whether a version of an offer is in staging, as far as that is recorded."""
        return self.history(offer)[1].staged is not None

    def publisher(self) -> PublisherFile:
        path = self.directory.root / PUBLISHER_FILE
        signature = signature_of(path)
        if self._publisher is None or self._publisher[0] != signature:
            self._publisher = (signature, read_publisher(self.directory.root))
        return self._publisher[1]

    def definition(self, offer: str) -> Definition:
        signature = signature_of(self.directory.path(offer))
        known = self._definitions.get(offer)
        if known is None or known[0] != signature or known[1].raw is None:
            known = (signature, self.directory.definition(offer))
            self._definitions[offer] = known
        if not known[1].is_offer and self.history(offer)[0].events:
            return lost_type(known[1])
        if known[1].is_missing and self.history(offer)[1].status is Status.DRAFT:
            return missing_draft(known[1])
        return known[1]

    def history(self, offer: str) -> tuple[History, State]:
        signature = self.directory.histories.signature(offer)
        known = self._histories.get(offer)
        if (
            known is None
            or known[0] != signature
            or not signature
            or known[1].broken
            or known[1].unreadable
        ):
            known = (signature, *_folded(self._read(offer)))
            self._histories[offer] = known
        return known[1], known[2]

    def _read(self, offer: str) -> History:
        try:
            return self.directory.histories.read(offer)
        except AccessDenied as error:
            return History(unreadable=str(error))
        except StorageError as error:
            self.unread[offer] = error
            return History(broken=str(error).removesuffix("."), doubtful=1)

    def content(self, definition: Definition) -> Content | None:
        if definition.offer is None:
            return None
        digest = self.directory.assets.digest
        offer, known = self._contents.get(definition.file, (None, None))
        if offer is not definition.offer or known is None or known.is_outdated(digest):
            known = content_of(definition.offer, digest)
            self._contents[definition.file] = (definition.offer, known)
        return known

    def draft_version(
        self,
        definition: Definition,
        content: Content | None,
        file: PublisherFile,
        now: datetime,
    ) -> Version | None:
        """The draft as a version that this person would push now."""
        if content is None or definition.raw is None:
            return None
        assets = tuple((path, digest) for path, digest in content.assets.items() if digest)
        namespace = file.publisher.namespace if file.publisher else ""
        digest = digest_of(definition.raw)
        return Version(content.hash, content.technical, digest, assets, now, self.actor, namespace)

    def marketplace(self, file: PublisherFile) -> MarketplaceService:
        return service_of(file.values.marketplace)

    def account_facts(self, file: PublisherFile, now: datetime = datetime.min) -> DecisionContext:
        """What a decision needs to know of this account and the marketplace, whatever the offer.

        Args:
            now: Left out where no time counts, as for a role.
        """
        publisher = file.values
        roles, four_eyes = publisher.roles, publisher.approval.four_eyes
        marketplace = self.marketplace(file)
        own = {self.actor, self.login} if four_eyes else set()
        approvers = set(roles.approvers) - own if roles else None
        by_person = marketplace.begin(FINAL_REVIEW)["seconds"] is None
        policy = {
            "four_eyes": four_eyes,
            "publishers": list(roles.publishers) if roles else None,
            "approvers": list(roles.approvers) if roles else None,
        }
        return DecisionContext(
            now,
            self.actor,
            may_publish=roles is None or self.actor in roles.publishers,
            may_approve=roles is None or self.actor in roles.approvers,
            can_be_approved=approvers is None or bool(approvers) or not by_person,
            four_eyes=four_eyes,
            policy=policy,
            begin=marketplace.begin,
            settings=marketplace.settings(),
            login=self.login,
        )

    def context_of(
        self, view: OfferView, definition: "Offer", file: PublisherFile
    ) -> "RuleContext":
        """What the content rules would look at with another definition or publisher file."""
        staged = self.evaluator.kept(view.state.staged)
        conflicts = self.sku_index.conflicts(view.offer, definition, staged, None)
        return self.evaluator.context(view.offer, definition, view.state, file, view.now, conflicts)

    def findings_with(self, view: OfferView, file: str, raw: bytes) -> tuple[Finding, ...]:
        """What the content rules would find, not located, if a file held other bytes.

        Raises:
            StorageError: The bytes are not a publisher file.
        """
        if file == PUBLISHER_FILE:
            definition, publisher = view.definition, parse_publisher(raw)
        else:
            definition, publisher = parse_definition(raw, file), self.publisher()
        if definition.offer is None:
            return definition.findings
        context = self.context_of(view, definition.offer, publisher)
        return checked(context, definition, publisher)


def _folded(history: History) -> tuple[History, State]:
    """A history and its state, as far as its events follow from each other."""
    # Before a break that was accepted events may be lost, and the next one does not follow.
    kinds = [event.kind for event in history.events]
    accepted = max((n for n, kind in enumerate(kinds) if kind is Kind.CHAIN_ACCEPTED), default=-1)
    state = START
    for number, event in enumerate(history.events):
        try:
            if number > accepted and not history.broken and not is_valid_next(state, event):
                raise ValueError("it ends or needs what is not there")
            state = evolve(state, event)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
            broken = history.broken or f"event {number + 1} does not follow from those before it"
            doubtful = history.doubtful or number + 1
            events = history.events[:number]
            return history._replace(events=events, broken=broken, doubtful=doubtful), state
    return history, state


def _against(
    definition: Definition, state: State, action: str, facts: DecisionContext
) -> tuple[Reason, ...]:
    """The reasons to refuse an action; a file that is not an offer allows none."""
    if definition.is_offer:
        return refusal_reasons(state, action, facts)
    message = f'{definition.file} is not an offer: it has no "type" key.'
    return (Reason("status.wrong", None, None, message),)
