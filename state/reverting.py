"""Setting fields, or a whole definition, back to a version that was kept.

Values change one by one, so that comments and order survive. Only where a file cannot be read, or
its values cannot be set one by one, do the version's own bytes take its place.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from state.assets import AssetError
from state.comparison import DRAFT, NoSuchVersion, Side, last_pushed, side_of
from state.conditions import REVERT, reasons_against
from state.content import Change, Content, asset_paths, changes_between, content_of, leaves_of
from state.engine import Done, Engine
from state.events import Kind
from state.files.definition import parse_definition, parse_table
from state.files.plain import FileTrouble, make_directory, write_whole
from state.findings import Refusal
from state.offer import OFFER_MODELS
from state.survey import Survey
from state.text import quoted
from state.views import OfferView
from state.writing import DraftingError, write_draft


class _Plan(NamedTuple):
    """What a revert would do.

    Attributes:
        side: The version.
        raw: The definition's bytes afterwards.
        assets: The SHA-256 of each asset that comes back, by its path.
        changes: What differs afterwards.
    """

    side: Side
    raw: bytes
    assets: Mapping[str, str]
    changes: tuple[Change, ...]


def revert(
    engine: Engine, offer: str, fields: Sequence[str] = (), to: str | None = None
) -> Done | Refusal:
    """Set fields, or the whole definition, back to a version.

    Args:
        engine: The engine.
        offer: The offer's identifier.
        fields: The fields, such as ``skus.standard.prices.ES``, each with everything below it;
            none for the whole definition.
        to: The version: ``production``, ``staged`` or the beginning of a content's hash. Left
            out: production, else staged.

    Returns:
        What was recorded (nothing where nothing differs), or the refusal.

    Raises:
        UnknownOfferError: There is no such offer.
        NoSuchVersion: There is no such version.
        DraftingError: There is no such field, or the fields of the draft cannot be read.
        FileTrouble: Something cannot be read or written.
    """
    with engine.acting(offer) as before:
        if reasons := reasons_against(before.state, REVERT, engine.facts(before)):
            return Refusal(REVERT, reasons)
        plan = _plan(engine.survey, before.view, fields, to)
        if plan.raw == before.view.definition.raw and not plan.assets:
            return Done((), before.view)
        former = restore_assets(engine, plan.assets)
        note = f"{', '.join(fields) or 'everything'} to {plan.side.name}"
        data = {"fields": [*fields], "to": plan.side.content.hash, "former_assets": former}
        return write_draft(engine, offer, before, plan.raw, Kind.REVERTED, note, data)


def preview_revert(
    engine: Engine, offer: str, fields: Sequence[str] = (), to: str | None = None
) -> tuple[Change, ...]:
    """What a revert would change in the draft; otherwise as ``revert``."""
    return _plan(engine.survey, engine.offer(offer), fields, to).changes


def restore_assets(engine: Engine, wanted: Mapping[str, str]) -> dict[str, str]:
    """Give files the bytes that they had once. The caller holds the lock.

    Args:
        engine: The engine.
        wanted: The SHA-256 of the bytes of each, by its path in the working directory.

    Returns:
        The SHA-256 of the bytes that they had until now, for those that were there.

    Raises:
        FileTrouble: One cannot be read or written.
    """
    directory = engine.survey.directory
    former, targets = {}, {}
    for path in wanted:
        try:
            targets[path] = target = directory.assets.locate(path)
            inside = target.relative_to(Path(os.path.realpath(engine.root))).parts
            if inside[0] == directory.engine.name or inside[-1].endswith(".toml"):
                raise FileTrouble(f"{quoted(path)} is no asset: it stays as it is.")
            if target.exists():
                former[path] = directory.blobs.keep(directory.assets.read(path))
        except AssetError as error:
            raise FileTrouble(str(error)) from None
    for path, target in targets.items():
        make_directory(target.parent)
        write_whole(target, directory.blobs.get(wanted[path]))
    return former


def _plan(survey: Survey, view: OfferView, fields: Sequence[str], to: str | None) -> _Plan:
    side = side_of(survey, view, to or last_pushed(view))
    if side.version is None:
        raise NoSuchVersion(f"{quoted(to or DRAFT)} is the draft itself: name another version.")
    definition = view.definition
    wanted = _Wanted(fields)
    assets = _assets(survey, side, wanted)
    if definition.offer is None or definition.offer.type != side.offer.type:
        if fields:
            message = "cannot be read field by field: set it back whole, without naming fields."
            raise DraftingError(f"{definition.file} {message}")
        raw = side.raw
    else:
        raw = _spliced(survey, view, side, wanted, assets)
    after = _content(survey, raw, assets)
    old = view.content.leaves if view.content else {}
    return _Plan(side, raw, assets, tuple(changes_between(old, after.leaves if after else {})))


def _spliced(
    survey: Survey, view: OfferView, side: Side, wanted: "_Wanted", assets: Mapping[str, str]
) -> bytes:
    """The draft's bytes with the values of the version."""
    from state.files.editing import EditError, apply_edits
    from state.matching import Matching

    raw, file = view.definition.raw, view.definition.file
    assert raw is not None and view.kind is not None
    matching = Matching(side.raw, wanted.holds, wanted.touches)
    draft, version = parse_table(raw).values, parse_table(side.raw).values
    assert draft is not None and version is not None
    matching.table(OFFER_MODELS[view.kind], draft, version)
    wanted.check(matching.known, view.offer)
    try:
        spliced = apply_edits(raw, matching.edits) if matching.edits else raw
    except EditError as error:
        if wanted.fields:
            raise FileTrouble(f"{file}: {error}") from None
        return side.raw
    if wanted.fields:
        return spliced
    after = _content(survey, spliced, assets)
    return spliced if after and after.hash == side.content.hash else side.raw


def _content(survey: Survey, raw: bytes, assets: Mapping[str, str]) -> Content | None:
    """What bytes mean once assets have come back."""
    offer = parse_definition(raw, "").offer
    digest = survey.directory.assets.digest
    return content_of(offer, lambda path: assets.get(path) or digest(path)) if offer else None


def _assets(survey: Survey, side: Side, wanted: "_Wanted") -> dict[str, str]:
    """The files of a version that hold other bytes now, or are gone."""
    kept = dict(side.version.assets) if side.version else {}
    leaves = (
        leaf for leaf in leaves_of(side.offer) if wanted.holds(".".join(map(str, leaf.names)))
    )
    now = survey.directory.assets.digest
    paths = (path for path in asset_paths(leaves) if path in kept)
    return {path: kept[path] for path in paths if now(path) != kept[path]}


class _Wanted(NamedTuple):
    """The fields that are asked for; none means all.

    Attributes:
        fields: Their names.
    """

    fields: Sequence[str]

    def holds(self, name: str) -> bool:
        """Whether a field is asked for, itself or with one that it is in."""
        return not self.fields or any(_is_in(name, field) for field in self.fields)

    def touches(self, name: str) -> bool:
        """Whether a field is asked for, or something in it."""
        return self.holds(name) or any(_is_in(field, name) for field in self.fields)

    def check(self, known: Iterable[str], offer: str) -> None:
        """Make sure that every field is one.

        Raises:
            DraftingError: One is not; the message names the nearest one.
        """
        from difflib import get_close_matches

        names = set(known)
        for field in self.fields:
            if field not in names:
                near = get_close_matches(field, names, n=1, cutoff=0.5)
                hint = f" Did you mean {quoted(near[0], 80)}?" if near else ""
                raise DraftingError(f"{offer} has no field {quoted(field, 80)}.{hint}")


def _is_in(name: str, field: str) -> bool:
    return name == field or name.startswith(f"{field}.")
