"""Two versions of an offer side by side: what differs, and what that means for the next push."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from state.definitions.content import Content, changes_between
from state.domain.assets import Assets
from state.domain.changes import Change
from state.domain.errors import AccessDenied, HistoryError
from state.domain.findings import Finding
from state.domain.offer import Offer, OfferType
from state.domain.offer_state import Version
from state.domain.safe_text import nearest, plural, quoted
from state.domain.stages import (
    CERTIFICATION,
    NEEDS_CERTIFICATION,
    PRODUCTION_CERTIFICATION,
    STAGES,
    STAGING_REPLICATION,
    production_stages,
)
from state.engine.engine import Engine
from state.lifecycle.decide import is_marketing_only
from state.lifecycle.evolve import version_of
from state.workspace.offer_view import OfferView
from state.workspace.workspace import Workspace

DRAFT, STAGED, PRODUCTION = "draft", "staged", "production"

_SHOWN_DIGITS = 12
_HASH = re.compile(r"(?:sha256:)?([0-9a-f]{1,64})", re.ASCII)


class NoSuchVersion(Exception):
    """No version is called so. The message tells which there are."""


class Side(NamedTuple):
    """A version that takes part in a comparison.

    Attributes:
        name: ``draft``, ``staged``, ``production`` or the first digits of its content's hash.
        content: What it means.
        offer: Its definition.
        raw: The definition's bytes.
        version: What was kept of it, None for the draft.
        assets: Its assets.
    """

    name: str
    content: Content
    offer: Offer
    raw: bytes
    version: Version | None
    assets: Assets


class Class(StrEnum):
    """What kind of content differs."""

    NONE = "none"
    MARKETING = "marketing"
    TECHNICAL = "technical"


class Consequence(NamedTuple):
    """What would happen with the draft.

    Attributes:
        stages: The stages that certifying, pushing and requesting it would run, in order.
        skipped: The certifications among them that are not needed.
        locks: The changes in it that are not allowed any more.
    """

    stages: tuple[str, ...]
    skipped: tuple[str, ...]
    locks: tuple[Finding, ...]

    @property
    def words(self) -> str:
        """The stages in one line: ``Next push: …; skipped: certification``."""
        skipped = f"; skipped: {_titles(self.skipped)}" if self.skipped else ""
        return f"Next push: {_titles(self.stages)}{skipped}"

    @property
    def certification(self) -> str:
        """What becomes of certification, empty where the type has none."""
        if CERTIFICATION in self.stages:
            return "certification is needed"
        if PRODUCTION_CERTIFICATION in self.stages:
            return "certification runs in production"
        return "certification is skipped" if self.skipped else ""


class Comparison(NamedTuple):
    """What differs between two versions.

    Attributes:
        offer: The offer's identifier.
        old: The version that is compared from.
        new: The version that is compared to.
        changes: The fields that differ.
        consequence: What would happen with the draft; None where it is not compared to.
    """

    offer: str
    old: Side
    new: Side
    changes: tuple[Change, ...]
    consequence: Consequence | None

    @property
    def class_(self) -> Class:
        """What kind of content differs; technical content where some of it does."""
        if not self.changes:
            return Class.NONE
        technical = any(change.technical for change in self.changes)
        return Class.TECHNICAL if technical else Class.MARKETING

    @property
    def headline(self) -> str:
        """The comparison in one line: ``3 fields, marketing only: certification is skipped``."""
        if not self.changes:
            return "no difference"
        count = sum(change.technical for change in self.changes)
        which = f"{count} of them technical" if count else "marketing only"
        if count == len(self.changes):
            which = "technical"
        effect = self.consequence.certification if self.consequence else ""
        return f"{plural(len(self.changes), 'field')}, {which}{effect and f': {effect}'}"


def compare(
    engine: Engine, offer: str, old: str | None = None, new: str | None = None
) -> Comparison:
    """Compare two versions of an offer.

    Args:
        engine: The engine.
        offer: The offer's identifier.
        old: The version to compare from: ``draft``, ``staged``, ``production`` or the beginning
            of a content's hash. Left out: production, else staged.
        new: The version to compare to. Left out: the draft.

    Returns:
        The comparison.

    Raises:
        UnknownOfferError: There is no such offer.
        NoSuchVersion: There is no such version.
        FileTrouble: The version's bytes cannot be read.
    """
    view = engine.offer(offer)
    return comparison_of(engine.workspace, view, old, new)


def comparison_of(
    workspace: Workspace, view: OfferView, old: str | None = None, new: str | None = None
) -> Comparison:
    """Compare two versions of an offer that was looked at; otherwise as ``compare``."""
    if view.unreadable:
        raise HistoryError(view.unreadable)
    before = side_of(workspace, view, last_pushed(view) if old is None else old)
    after = side_of(workspace, view, DRAFT if new is None else new)
    changes = tuple(changes_between(before.content.leaves, after.content.leaves))
    consequence = None if after.version or view.kind is None else _consequence(view, view.kind)
    return Comparison(view.offer, before, after, changes, consequence)


def last_pushed(view: OfferView) -> str:
    """The version that a draft is compared with and set back to: production, else staged.

    Raises:
        NoSuchVersion: There is neither.
    """
    if view.state.production:
        return PRODUCTION
    if view.state.staged:
        return STAGED
    raise NoSuchVersion(f"{view.offer} has never been staged: name a version. {_there_is(view)}")


def side_of(workspace: Workspace, view: OfferView, name: str) -> Side:
    """A version by its name.

    Args:
        survey: The working directory.
        view: The offer.
        name: ``draft``, ``staged``, ``production`` or the beginning of a content's hash.

    Returns:
        The version.

    Raises:
        NoSuchVersion: There is none, or the beginning is that of several.
        FileTrouble: Its bytes cannot be read.
    """
    if name == DRAFT:
        return _draft(workspace, view)
    if name in (STAGED, PRODUCTION):
        version = view.state.staged if name == STAGED else view.state.production
        if version is None:
            raise NoSuchVersion(f"{view.offer} has never been {_DONE[name]}. {_there_is(view)}")
        return _kept_side(workspace, view, name, version)
    return _by_hash(workspace, view, name)


_DONE = {STAGED: "staged", PRODUCTION: "listed"}


def _draft(workspace: Workspace, view: OfferView) -> Side:
    definition = view.definition
    if view.closed:
        raise AccessDenied(view.closed)
    if definition.offer is None or definition.raw is None or view.content is None:
        why = definition.findings[0].message if definition.findings else "it is no offer."
        raise NoSuchVersion(f"The draft of {view.offer} cannot be compared: {why}")
    return Side(
        DRAFT, view.content, definition.offer, definition.raw, None, workspace.directory.assets
    )


def _kept_side(workspace: Workspace, view: OfferView, name: str, version: Version) -> Side:
    definition = workspace.versions.definition(version)
    content = workspace.versions.content(version)
    if definition.offer is None or definition.raw is None or content is None:
        raise NoSuchVersion(f"The version {name} of {view.offer} could not be read even then.")
    assets = workspace.versions.assets(version)
    return Side(name, content, definition.offer, definition.raw, version, assets)


def _by_hash(workspace: Workspace, view: OfferView, name: str) -> Side:
    found = _HASH.fullmatch(name.lower())
    beginning = f"sha256:{found[1]}" if found else "none"
    kept = {content: each for content, each in _kept(view).items() if content.startswith(beginning)}
    draft = view.content.hash if view.content else ""
    if not kept and draft.startswith(beginning):
        return _draft(workspace, view)
    if len(kept) > 1:
        names = ", ".join(map(short_hash, kept))
        raise NoSuchVersion(f"{quoted(name)} is the beginning of several contents: {names}.")
    for content, version in kept.items():
        return _kept_side(workspace, view, short_hash(content), version)
    near = nearest(name, (DRAFT, STAGED, PRODUCTION))
    hint = f' Did you mean "{near}"?' if near else ""
    raise NoSuchVersion(f"{view.offer} has no version {quoted(name)}.{hint} {_there_is(view)}")


def short_hash(content: str) -> str:
    """The first digits of a content's hash, enough to name it."""
    return content.removeprefix("sha256:")[:_SHOWN_DIGITS]


def _kept(view: OfferView) -> dict[str, Version]:
    """Every content that was kept, the latest of its versions each."""
    versions = [version_of(event) for event in view.events if "version" in event.data]
    return {version.content: version for version in versions if version.definition}


def _there_is(view: OfferView) -> str:
    names = [DRAFT] if view.content else []
    names += [STAGED] if view.state.staged else []
    names += [PRODUCTION] if view.state.production else []
    names += [short_hash(content) for content in [*_kept(view)][-3:]]
    return f"There is: {', '.join(names)}." if names else "There is none."


def _consequence(view: OfferView, kind: OfferType) -> Consequence:
    assert view.content is not None
    state, technical = view.state, view.content.technical
    stages: list[str] = []
    skipped: list[str] = []
    if kind in NEEDS_CERTIFICATION:
        (skipped if technical in state.certified else stages).append(CERTIFICATION)
    requested = production_stages(kind, marketing_only=is_marketing_only(state, technical))
    stages += [STAGING_REPLICATION, *requested]
    everything = production_stages(kind, marketing_only=False)
    skipped += [stage for stage in everything if stage not in requested]
    locks = tuple(found for found in view.findings if found.rule.startswith("lock."))
    return Consequence(tuple(stages), tuple(skipped), locks)


def _titles(stages: Iterable[str]) -> str:
    """Stages by their titles; the two certifications are told apart."""
    return ", ".join(
        f"{STAGES[each]} in production" if each == PRODUCTION_CERTIFICATION else STAGES[each]
        for each in stages
    )
