"""Evaluating rules: a definition and the versions before it -> findings, cached while they hold."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from state.definitions.parse import Definition
from state.domain.errors import StorageError
from state.domain.findings import PUBLISHER_FILE, Finding
from state.domain.offer_state import State, Version
from state.domain.offer_types import catalogue_items
from state.rules.progress import open_progress
from state.rules.registry import check
from state.storage.working_directory import WorkingDirectory
from state.workspace.publisher_file import PublisherFile
from state.workspace.sku_index import SkuUsers, skus_of
from state.workspace.versions import Versions

if TYPE_CHECKING:
    from state.domain.offer import Offer
    from state.rules.context import Listed, RuleContext


class _Known(NamedTuple):
    """What was found last time, and what it was found from."""

    key: tuple[object, ...]
    findings: tuple[Finding, ...]
    until: datetime | None


class RuleEvaluator:
    """What the rules find in the definitions of a working directory."""

    def __init__(self, directory: WorkingDirectory, versions: Versions) -> None:
        self._directory = directory
        self._versions = versions
        self._known: dict[str, _Known] = {}

    def findings(
        self,
        offer: str,
        definition: Definition,
        version: Version | None,
        state: State,
        file: PublisherFile,
        now: datetime,
        conflicts: SkuUsers,
    ) -> tuple[Finding, ...]:
        """Everything that is wrong with an offer now, progress rules included; not located."""
        if definition.offer is None or definition.kind is None or version is None:
            return definition.findings
        context = self.context(offer, definition.offer, state, file, now, conflicts)
        # Rules look at dates by the day and the hour; a minute is as long as an answer is kept.
        key = (
            definition.raw, file.raw, version.content, version.assets, state.staged,
            state.production, tuple(context.conflicts.items()), now.replace(second=0, microsecond=0),
        )  # fmt: skip
        known = self._known.get(offer)
        if known is None or known.key != key:
            known = _Known(key, checked(context, definition, file), context.until)
            self._known[offer] = known
        progress = open_progress(definition.kind, state, version, definition.file)
        return (*known.findings, *progress)

    def until(self, offer: str) -> datetime | None:
        """The first moment at which time alone changes what was found last in an offer, if any."""
        known = self._known.get(offer)
        return known.until if known else None

    def context(
        self,
        offer: str,
        definition: "Offer",
        state: State,
        file: PublisherFile,
        now: datetime,
        conflicts: SkuUsers,
    ) -> "RuleContext":
        from state.rules.context import RuleContext

        staged, production = state.staged, state.production
        return RuleContext(
            offer,
            definition,
            self._directory.assets,
            now,
            file.publisher,
            staged=self.kept(staged),
            staged_at=staged.at if staged else None,
            production=self.kept(production),
            listed_at=production.at if production else None,
            listed_images=self._listed_images(state),
            ever_listed=self._ever_listed(state),
            conflicts=conflicts,
            locked_namespace=(staged.namespace or None) if staged else None,
        )

    def kept(self, version: Version | None) -> "Offer | None":
        """The definition of a version; one whose bytes are lost counts as none."""
        if version is None:
            return None
        try:
            return self._versions.definition(version).offer
        except StorageError:
            return None

    def lost(self, state: State) -> Mapping[str, str]:
        """What is wrong with each definition that decisions need and whose loss is not accepted."""
        found = {}
        for which, version in (("staging", state.staged), ("production", state.production)):
            digest = version.definition if version else None
            if digest and digest not in state.accepted_losses and self.kept(version) is None:
                fault = self._directory.blobs.fault(digest)
                if fault:
                    found[digest] = f".vitrina/blobs/{digest}, the definition in {which}, {fault}"
        return found

    def unreadable(self, state: State) -> str | None:
        """Why this account may not read a definition that decisions need; None where it may."""
        for version in filter(None, (state.staged, *state.listed)):
            if version.definition and self.kept(version) is None:
                closed = self._directory.blobs.closed(version.definition)
                if closed:
                    return closed
        return None

    def _ever_listed(self, state: State) -> "Mapping[str, Listed]":
        from state.rules.context import Listed

        ever: dict[str, Listed] = {}
        for version in state.listed:
            offer, digests = self.kept(version), dict(version.assets)
            for item in catalogue_items(offer)[1] if offer else ():
                package = digests.get(getattr(item, "package", ""))
                ever[item.identifier] = Listed(item, version.at, package)
        return ever

    def _listed_images(self, state: State) -> Mapping[str, frozenset[str]]:
        images: dict[str, set[str]] = {}
        for version in state.listed:
            for sku in skus_of(self.kept(version)):
                images.setdefault(sku.identifier, set()).add(sku.image.version)
        return {identifier: frozenset(versions) for identifier, versions in images.items()}


def checked(
    context: "RuleContext", definition: Definition, file: PublisherFile
) -> tuple[Finding, ...]:
    """What is wrong with a definition: each fault once, those of form before the rules'."""
    from state.rules.locks import TYPE_LOCK

    assert definition.kind is not None
    unknown = (*definition.unknown, *file.unknown)
    found = tuple(check(context, definition.kind, definition.file, unknown))
    of_publisher = file.findings_for(definition.kind)
    if retyped := [each for each in found if each.rule == TYPE_LOCK]:
        # Under another type, whatever else the file says was not said of that type.
        return (*of_publisher, *(each for each in found if each.file == PUBLISHER_FILE), *retyped)
    return (*of_publisher, *definition.findings, *found)
