"""Two versions of an offer side by side: what differs, and what that means for the next push."""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

from state.definitions.content import Content, changes_between, leaves_of
from state.domain.assets import Assets
from state.domain.changes import Change
from state.domain.errors import AccessDenied, HistoryError
from state.domain.events import Event
from state.domain.findings import Finding
from state.domain.offer_state import Version
from state.domain.offer_types import OfferType
from state.domain.safe_text import plural, quoted
from state.domain.stages import (
    CERTIFICATION,
    PRODUCTION_CERTIFICATION,
    STAGES,
    STAGING_REPLICATION,
)
from state.domain.suggestions import did_you_mean
from state.engine.engine import Engine
from state.lifecycle.decide import is_marketing_only
from state.lifecycle.evolve import version_of
from state.workspace.offer_view import OfferView

if TYPE_CHECKING:
    from state.domain.offer import Offer

DRAFT, STAGED, PRODUCTION = "draft", "staged", "production"

_SHOWN_DIGITS = 12
_NO_NEWLINE = b"\n\\ No newline at end of file\n"
_ODD = re.compile(rb'[\x00-\x1f\x7f"\\]')
_HASH = re.compile(r"(?:sha256:)?([0-9a-f]{1,64})", re.ASCII)


class NoSuchVersion(Exception):
    """There is no version of that name. The message lists the versions."""


class Side(NamedTuple):
    """A version that takes part in a comparison.

    Attributes:
        name: ``draft``, ``staged``, ``production`` or the first digits of its content's hash.
        raw: The definition's bytes.
        version: None for the draft.
    """

    name: str
    content: Content
    offer: "Offer"
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
    """What differs between two versions; ``consequence`` is None unless a known type's draft is new."""

    offer: str
    old: Side
    new: Side
    changes: tuple[Change, ...]
    consequence: Consequence | None

    @property
    def class_(self) -> Class:
        """What kind of content differs; technical where any of it is."""
        if not self.changes:
            return Class.NONE
        technical = any(change.technical for change in self.changes)
        return Class.TECHNICAL if technical else Class.MARKETING

    @property
    def changed_tokens(self) -> list[str]:
        """The fields whose VHD addresses or SAS tokens differ."""
        old, new = (
            {leaf.names: leaf.value for leaf in leaves_of(side.offer) if leaf.kind == "vhd"}
            for side in (self.old, self.new)
        )
        return [".".join(map(str, names)) for names in new if new[names] != old.get(names)]

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


class Release(NamedTuple):
    """What a candidate changes for customers.

    Attributes:
        old: What they have now; None where nothing is in production, and all fields differ.
        new: What is under way, else the draft.
    """

    old: Side | None
    new: Side
    changes: tuple[Change, ...]


def compare(
    engine: Engine, offer: str, old: str | None = None, new: str | None = None
) -> Comparison:
    """Compare two versions of an offer as it is now; otherwise as ``comparison_of``."""
    return comparison_of(engine, engine.offer(offer), old, new)


def comparison_of(
    engine: Engine,
    view: OfferView,
    old: str | Version | None = None,
    new: str | Version | None = None,
) -> Comparison:
    """Compare two versions of an offer.

    Args:
        old: The version or its name. Left out: production, else staged.
        new: The version or its name. Left out: the draft.

    Raises:
        NoSuchVersion: There is no such version.
    """
    if view.unreadable:
        raise HistoryError(view.unreadable)
    before = side_of(engine, view, last_pushed(view) if old is None else old)
    after = side_of(engine, view, DRAFT if new is None else new)
    changes = tuple(changes_between(before.content.leaves, after.content.leaves))
    consequence = None if after.version or view.kind is None else _consequence(view, view.kind)
    return Comparison(view.offer, before, after, changes, consequence)


def event_changes(engine: Engine, view: OfferView, event: Event) -> Comparison | None:
    """What an event changed in the content kept before it; None where either was not kept.

    Raises:
        NoSuchVersion: One of the two cannot be read.
    """
    kept = [each for each in view.events if "version" in each.data]
    at = kept.index(event) if event in kept else 0
    if not at:
        return None
    return comparison_of(engine, view, version_of(kept[at - 1]), version_of(event))


def release_of(engine: Engine, view: OfferView) -> Release | None:
    """What the candidate of an offer changes for customers; None where there is no candidate.

    Raises:
        NoSuchVersion: One of the two versions cannot be read.
    """
    run, production = view.state.run, view.state.production
    if run is None and view.content is None:
        return None
    new = side_of(engine, view, run.version if run else DRAFT)
    old = side_of(engine, view, production) if production else None
    changes = changes_between(old.content.leaves if old else {}, new.content.leaves)
    return Release(old, new, tuple(changes))


def last_pushed(view: OfferView) -> str:
    """The version that a draft is compared with and reverted to: production, else staged.

    Raises:
        NoSuchVersion: There is neither.
    """
    if view.state.production:
        return PRODUCTION
    if view.state.staged:
        return STAGED
    raise NoSuchVersion(f"{view.offer} has never been staged. Name a version. {_there_is(view)}")


def side_of(engine: Engine, view: OfferView, wanted: str | Version) -> Side:
    """A version, itself or by its name: that of a ``Side``, or the beginning of a content's hash.

    Raises:
        NoSuchVersion: There is none, or the beginning is that of several.
    """
    if isinstance(wanted, Version):
        return _kept_side(engine, view, short_hash(wanted.content), wanted)
    name = wanted
    if name == DRAFT:
        return _draft(engine, view)
    if name in (STAGED, PRODUCTION):
        version = view.state.staged if name == STAGED else view.state.production
        if version is None:
            raise NoSuchVersion(f"{view.offer} has never been {_DONE[name]}. {_there_is(view)}")
        return _kept_side(engine, view, name, version)
    return _by_hash(engine, view, name)


_DONE = {STAGED: "staged", PRODUCTION: "listed"}


def _draft(engine: Engine, view: OfferView) -> Side:
    definition = view.definition
    if view.closed:
        raise AccessDenied(view.closed)
    if definition.offer is None or definition.raw is None or view.content is None:
        why = definition.findings[0].message if definition.findings else "it is not an offer."
        raise NoSuchVersion(f"The draft of {view.offer} cannot be compared: {why}")
    assets = engine.workspace.directory.assets
    return Side(DRAFT, view.content, definition.offer, definition.raw, None, assets)


def _kept_side(engine: Engine, view: OfferView, name: str, version: Version) -> Side:
    versions = engine.workspace.versions
    definition, content = versions.definition(version), versions.content(version)
    if definition.offer is None or definition.raw is None or content is None:
        raise NoSuchVersion(f"The definition of version {name} of {view.offer} cannot be read.")
    assets = versions.assets(version)
    return Side(name, content, definition.offer, definition.raw, version, assets)


def _by_hash(engine: Engine, view: OfferView, name: str) -> Side:
    found = _HASH.fullmatch(name.lower())
    beginning = f"sha256:{found[1]}" if found else "none"
    kept = {content: each for content, each in _kept(view).items() if content.startswith(beginning)}
    draft = view.content.hash if view.content else ""
    if not kept and draft.startswith(beginning):
        return _draft(engine, view)
    if len(kept) > 1:
        names = ", ".join(map(short_hash, kept))
        raise NoSuchVersion(f"{quoted(name)} matches several versions: {names}. Give more digits.")
    for content, version in kept.items():
        return _kept_side(engine, view, short_hash(content), version)
    hint = did_you_mean(name, (DRAFT, STAGED, PRODUCTION))
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
    return f"Versions: {', '.join(names)}." if names else "It has no version."


def _consequence(view: OfferView, kind: OfferType) -> Consequence:
    assert view.content is not None
    state, technical = view.state, view.content.technical
    stages: list[str] = []
    skipped: list[str] = []
    if kind.is_certified:
        (skipped if technical in state.certified else stages).append(CERTIFICATION)
    requested = kind.production_stages(marketing_only=is_marketing_only(state, technical))
    stages += [STAGING_REPLICATION, *requested]
    everything = kind.production_stages(marketing_only=False)
    skipped += [stage for stage in everything if stage not in requested]
    locks = tuple(found for found in view.findings if found.rule.startswith("lock."))
    return Consequence(tuple(stages), tuple(skipped), locks)


def _titles(stages: Iterable[str]) -> str:
    """The titles of stages; those of the two certifications differ."""
    return ", ".join(
        f"{STAGES[each]} in production" if each == PRODUCTION_CERTIFICATION else STAGES[each]
        for each in stages
    )


def patch_of(comparison: Comparison) -> Iterator[bytes]:
    """The lines by which the texts of both definitions differ, byte for byte as in the files.

    They are to be cleaned before a terminal shows them.
    """
    # Late: it is for one option of one command.
    from difflib import diff_bytes, unified_diff

    # Only a line feed ends a line: whatever else is in it belongs to it.
    old, new = (BytesIO(side.raw).readlines() for side in (comparison.old, comparison.new))
    file = f"{comparison.offer}.toml"
    for line in diff_bytes(
        unified_diff, old, new, _patch_name(f"a/{file}"), _patch_name(f"b/{file}")
    ):
        yield line if line.endswith(b"\n") else line + _NO_NEWLINE


def _patch_name(path: str) -> bytes:
    """A path in a header: quoted as in C where it has to be, its end marked after a blank."""
    raw = path.encode(errors="surrogateescape")
    if _ODD.search(raw):
        return b'"%b"' % _ODD.sub(lambda found: b"\\%03o" % found[0][0], raw)
    return raw + b"\t" * (b" " in raw)
