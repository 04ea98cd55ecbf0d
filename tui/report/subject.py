"""What a report is about: the candidate that is under way, else the draft."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from state.domain.assets import AssetError
from state.domain.errors import StorageError
from state.domain.offer import Offer
from state.domain.offer_state import Version
from state.domain.publisher import Publisher
from state.domain.stages import CERTIFICATION
from state.engine import Engine
from state.engine.compare import PRODUCTION, Comparison, NoSuchVersion, comparison_of
from state.workspace.offer_view import OfferView
from state.workspace.workspace import Workspace

LARGEST_PICTURE = 2 * 1024 * 1024
"""The most bytes of a picture that become part of a report."""

LARGEST_TERMS = 4 * 1024 * 1024
Read = Callable[[str, int], bytes]
"""Gives the bytes of an asset by its path, up to a length."""

_PNG = b"\x89PNG\r\n\x1a\n"


class Subject(NamedTuple):
    """Everything that a report tells.

    Attributes:
        view: The offer.
        actor: Who makes the report.
        publisher: The publisher.
        offer: The definition that is shown, None where it cannot be read.
        content: The hash of its content.
        candidate: Whether that was pushed or requested, rather than the draft.
        pictures: The bytes of its pictures, by path; those that are PNG files and not too large.
        terms: Its terms of use.
        comparison: It against production, or why there is none.
    """

    view: OfferView
    actor: str
    publisher: Publisher
    offer: Offer | None
    content: str | None
    candidate: bool
    pictures: Mapping[str, bytes]
    terms: str
    comparison: Comparison | str


def subject_of(engine: Engine, offer: str) -> Subject:
    """Gather what a report tells.

    Args:
        engine: The engine.
        offer: The offer's identifier.

    Returns:
        What there is to tell.

    Raises:
        UnknownOfferError: There is no such offer.
        FileTrouble: Something cannot be read.
    """
    view, workspace = engine.offer(offer), engine.workspace
    flight = view.state.flight
    candidate = flight.version if flight and flight.stage.name != CERTIFICATION else None
    content = view.content.hash if view.content else None
    shown = view.definition.offer
    read = _reader(workspace, candidate)
    if candidate:
        content, shown = candidate.content, _kept(workspace, candidate)
    return Subject(
        view,
        engine.actor,
        engine.publisher or Publisher(),
        shown,
        content,
        candidate is not None,
        _pictures(shown, read) if shown else {},
        _terms(shown, read) if shown else "",
        _against_production(workspace, view, candidate.content if candidate else None),
    )


def named_pictures(offer: Offer) -> dict[str, str]:
    """The pictures that an offer names, by what they are."""
    logos = offer.marketing.logos
    found = {name: getattr(logos, name) for name in ("small", "medium", "large", "wide", "hero")}
    found |= {f"sample {at}": each for at, each in enumerate(offer.marketing.sample_images, 1)}
    return {name: path for name, path in found.items() if path}


def _kept(workspace: Workspace, version: Version) -> Offer | None:
    """The definition of a version, None where its bytes are lost."""
    try:
        return workspace.versions.definition(version).offer
    except StorageError:
        return None


def _reader(workspace: Workspace, version: Version | None) -> Read:
    """Gives the bytes of a version's assets, of the draft's where there is none."""
    if version is None:
        return workspace.directory.assets.read
    assets = workspace.versions.assets(version)
    return lambda path, limit: assets.inspect(path, bytes, limit)


def _pictures(offer: Offer, read: Read) -> dict[str, bytes]:
    found = {}
    for path in named_pictures(offer).values():
        try:
            raw = read(path, LARGEST_PICTURE)
        except AssetError:
            continue
        # Other kinds of file could hold more than a picture.
        if raw.startswith(_PNG):
            found[path] = raw
    return found


def _terms(offer: Offer, read: Read) -> str:
    marketing = offer.marketing
    if marketing.terms_of_use or not marketing.terms_file:
        return marketing.terms_of_use
    try:
        return read(marketing.terms_file, LARGEST_TERMS).decode(errors="replace")
    except AssetError as error:
        return str(error)


def _against_production(workspace: Workspace, view: OfferView, new: str | None) -> Comparison | str:
    if view.state.production is None:
        return "Nothing of this offer is in production yet: all of it is new to customers."
    try:
        return comparison_of(workspace, view, PRODUCTION, new)
    except (NoSuchVersion, StorageError) as error:
        return f"It cannot be compared with what is in production: {error}"
