"""The state of one offer: what its events add up to."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Status(StrEnum):
    """The statuses of an offer."""

    DRAFT = "draft"
    STAGING = "staging"
    STAGING_FAILED = "staging-failed"
    STAGED = "staged"
    PRODUCTION_REQUESTED = "production-requested"
    REJECTED = "rejected"
    LISTED = "listed"
    AVAILABLE = "available"

    @property
    def words(self) -> str:
        """The status in words: ``production requested``."""
        return self.value.replace("-", " ")


class Version(NamedTuple):
    """A content that was kept whole.

    Attributes:
        content: The content's hash.
        technical: The hash over its technical part.
        definition: The SHA-256 of the definition's text.
        assets: Path and SHA-256 of each asset.
        at: When it was certified, pushed, requested or listed.
        by: The account that did it.
        namespace: The publisher's namespace then.
    """

    content: str
    technical: str
    definition: str | None
    assets: tuple[tuple[str, str], ...]
    at: datetime
    by: str
    namespace: str = ""


class Stage(NamedTuple):
    """A stage of the marketplace, as in ``state.domain.stages``, that is in progress.

    Attributes:
        seconds: How long it takes; None while it waits for a person.
        attempt: How often it has been tried, this time included.
    """

    name: str
    began: datetime
    seconds: float | None
    fails: bool = False
    attempt: int = 1


class Certification(NamedTuple):
    """The last certification: ``requested``, ``certified`` or ``failed``, of what, why it failed."""

    state: str
    version: Version
    reason: str | None = None


class Rejection(NamedTuple):
    """Why a production request was rejected, and the fields that the reviewer named."""

    reason: str
    fields: tuple[str, ...]
    by: str
    at: datetime


class Run(NamedTuple):
    """A certification, push or request that is in progress.

    Attributes:
        version: The content in progress, frozen.
        asked: The clock's time when it was submitted. With the account, that identifies it.
        stage: The stage in progress.
        later: The names of the stages after it.
        four_eyes: Whether someone else has to approve, fixed when it began.
        settings: The marketplace's settings, as recorded with the action that began its stage.
        before: The state that a cancel goes back to.
        login: The account that had logged in when it was asked for, where that was another.
    """

    version: Version
    asked: datetime
    stage: Stage
    later: tuple[str, ...]
    four_eyes: bool
    settings: tuple[tuple[str, object], ...]
    before: "State"
    login: str | None = None

    @property
    def by(self) -> str:
        """Who asked for it: ``maria``, or ``root (maria)`` where maria had logged in."""
        return f"{self.version.by} ({self.login})" if self.login else self.version.by


class State(NamedTuple):
    """What the events of an offer add up to.

    Attributes:
        status: The candidate's status.
        pushed: The version pushed last: the candidate.
        tested: Content and point of the staging checklist, for each that was recorded as passed.
        production_tested: Contents whose customer scenarios were recorded as tested in production.
        certified: The hashes of the technical contents that have been certified.
        rejection: The last rejection, until the next listing.
        listed: Every version that was listed, oldest first; the last is production.
        seen: The content of the draft that the history knows.
        drafted: The last version of the draft that was kept without being asked about.
        possibly_pushed: Whether a history that was broken may have held a push, whatever became of that.
        accepted_losses: The SHA-256 of definitions that are lost and that somebody goes on without.
    """

    status: Status = Status.DRAFT
    pushed: Version | None = None
    staged: Version | None = None
    tested: frozenset[tuple[str, str]] = frozenset()
    production_tested: frozenset[str] = frozenset()
    certified: frozenset[str] = frozenset()
    certification: Certification | None = None
    run: Run | None = None
    rejection: Rejection | None = None
    listed: tuple[Version, ...] = ()
    seen: str | None = None
    drafted: Version | None = None
    possibly_pushed: bool = False
    accepted_losses: frozenset[str] = frozenset()
    discarded: bool = False

    @property
    def production(self) -> Version | None:
        """The version approved last, from listed on."""
        return self.listed[-1] if self.listed else None

    @property
    def busy(self) -> Stage | None:
        return self.run.stage if self.run else None

    def points_passed(self, content: str) -> frozenset[str]:
        """The points of the staging checklist that were recorded as passed for a content."""
        return frozenset(point for tested, point in self.tested if tested == content)


START = State()
"""An offer without events: a draft."""
