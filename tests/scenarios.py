"""An offer's way through the pure core, for tests: commands, edits and time, without any disk."""

from datetime import UTC, datetime, timedelta

from state.domain.actions import Command
from state.domain.events import Event
from state.domain.findings import Refusal
from state.domain.offer_state import START, State, Version
from state.domain.offer_types import (
    DATA_SERVICE,
    DEVELOPER_SERVICE,
    SOLUTION_TEMPLATE,
    VIRTUAL_MACHINE,
    OfferType,
)
from state.domain.publisher import Rehearsal, Roles
from state.lifecycle.decide import decide
from state.lifecycle.evolve import fold
from state.lifecycle.guards import DecisionContext
from state.marketplace.rehearsal import RehearsalMarketplace
from state.rules.progress import open_progress

BEGIN = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LONG = timedelta(days=1)

V, D, T, S = (
    VIRTUAL_MACHINE,
    DEVELOPER_SERVICE,
    DATA_SERVICE,
    SOLUTION_TEMPLATE,
)

TECHNICAL = {"A": "one", "A'": "one", "B": "two"}
"""The contents of a journey and their technical parts: of A, A' is a marketing edit, B a technical."""

ROLES = Roles(publishers=("ana", "eva"), approvers=("maria", "eva"))
"""Ana publishes, Maria approves, Eva does both; anybody else reads."""


def version_of(content: str, by: str, at: datetime = BEGIN) -> Version:
    """A content of a journey as a version."""
    return Version(content, TECHNICAL[content], f"bytes of {content}", (), at, by, "contoso")


class Journey:
    """One offer under way.

    Args:
        kind: Its type.
        roles: Who may do what; None for everybody everything.
        four_eyes: Whether who approves is not who requested.
        rehearsal: The marketplace's settings.
    """

    def __init__(
        self,
        kind: OfferType = V,
        roles: Roles | None = ROLES,
        four_eyes: bool = True,
        rehearsal: Rehearsal | None = None,
    ) -> None:
        self.kind = kind
        self.roles = roles
        self.four_eyes = four_eyes
        self.rehearsal = rehearsal or Rehearsal()
        self.state: State = START
        self.events: list[Event] = []
        self.now = BEGIN
        self.actor = "ana"
        self.content = "A"
        self.broken: str | None = None

    @property
    def marketplace(self) -> RehearsalMarketplace:
        """The marketplace with the settings as they stand."""
        return RehearsalMarketplace(self.rehearsal)

    def facts(self) -> DecisionContext:
        """What a decision needs to know now, as the engine would tell it."""
        version = version_of(self.content, self.actor, self.now)
        roles = self.roles
        others = (
            set(roles.approvers) - ({self.actor} if self.four_eyes else set()) if roles else {""}
        )
        return DecisionContext(
            self.now,
            self.actor,
            self.kind,
            self.kind,
            version,
            tuple(open_progress(self.kind, self.state, version, "offer.toml")),
            may_publish=roles is None or self.actor in roles.publishers,
            may_approve=roles is None or self.actor in roles.approvers,
            can_be_approved=bool(others),
            four_eyes=self.four_eyes,
            begin=self.marketplace.begin,
            settings=self.marketplace.settings(),
            broken=self.broken,
        )

    def ask(self, action: str, note: str | None = None) -> tuple[Event, ...] | Refusal:
        """Do what is asked, where nothing speaks against it."""
        decided = decide(self.state, Command(action, note or "because"), self.facts())
        if not isinstance(decided, Refusal):
            self._happened(decided)
        return decided

    def wait(self, long: timedelta = LONG) -> tuple[Event, ...]:
        """Let time pass."""
        self.now += long
        due = tuple(self.marketplace.due(self.state, self.now))
        self._happened(due)
        return due

    def walk(self, way: str) -> "Journey":
        """Go a way, each step of which has to succeed.

        Args:
            way: Words: an action (``ptested`` for the test in production), ``wait``, ``as:maria``,
                ``to:B`` for an edit, ``fail:STAGE`` and ``mend`` for the marketplace's settings.

        Returns:
            The journey itself.
        """
        for word in way.split():
            verb, _, value = word.partition(":")
            if verb == "as":
                self.actor = value
            elif verb == "to":
                self.content = value
            elif verb == "fail":
                self.rehearsal = self.rehearsal.model_copy(update={"fail": (value,)})
            elif verb == "mend":
                self.rehearsal = self.rehearsal.model_copy(update={"fail": ()})
            elif verb == "wait":
                self.wait()
            else:
                decided = self.ask("production-tested" if verb == "ptested" else verb)
                assert not isinstance(decided, Refusal), (way, word, decided)
        return self

    def _happened(self, events: tuple[Event, ...]) -> None:
        self.events += events
        self.state = fold(events, self.state)
