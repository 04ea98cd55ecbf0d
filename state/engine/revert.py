"""Setting fields, or a whole definition, back to a version that was kept.

Values change one by one, so that comments and order survive. Only where a file cannot be read, or
its values cannot be set one by one, do the version's own bytes take its place. A revert that only
takes the program's last write back brings the very bytes before it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from state.definitions.content import Content, asset_paths, changes_between, content_of, leaves_of
from state.definitions.parse import parse_definition, parse_table
from state.domain.actions import REVERT, Shown
from state.domain.assets import Assets
from state.domain.changes import Change
from state.domain.errors import StorageError
from state.domain.events import Kind
from state.domain.findings import Reason, Refusal
from state.domain.safe_text import quoted
from state.domain.suggestions import did_you_mean
from state.engine.compare import DRAFT, NoSuchVersion, Side, last_pushed, side_of
from state.engine.draft_writer import DraftingError, write_draft
from state.engine.engine import Done, Engine
from state.lifecycle.guards import CHANGED
from state.storage.asset_restore import former_assets, restored_assets
from state.storage.atomic import digest_of
from state.workspace.offer_view import OfferView
from state.workspace.shared_assets import shared_files
from state.workspace.workspace import Workspace


class Planned(NamedTuple):
    """What a revert would do.

    Attributes:
        former: The definition's bytes now, None where there is no file.
        raw: The definition's bytes afterwards.
        writes: Whether a file would be written at all.
        assets: The SHA-256 of each asset that comes back, by its path.
        others: The other offers that name one of those assets.
        staying: The files that the version lacked and that are there now: they stay.
        files: The files as they are now.
    """

    side: Side
    former: bytes | None
    raw: bytes
    writes: bool
    assets: Mapping[str, str]
    changes: tuple[Change, ...]
    others: tuple[str, ...]
    staying: tuple[str, ...]
    files: Assets

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know besides the changes, a sentence each."""
        also = [f"These offers use the same files and change too: {', '.join(self.others)}."]
        stay = (
            f"{path} is not part of that version and stays. Delete it if you do not need it."
            for path in self.staying
        )
        return (*also * bool(self.others), *stay)

    def is_still(self, now: "Planned") -> bool:
        """Whether a plan that was made later overwrites and writes the same."""
        mine, theirs = (
            (each.side.content.hash, each.former, each.raw, each.assets, each.changes)
            for each in (self, now)
        )
        return mine == theirs


def revert(
    engine: Engine,
    offer: str,
    fields: Sequence[str] = (),
    to: str | None = None,
    *,
    planned: Planned | None = None,
    shown: Shown | None = None,
) -> Done | Refusal:
    """Set fields, or the whole definition, back to a version; what is equal records nothing.

    Args:
        fields: Such as ``skus.standard.prices.ES``, each with everything below it; none for the
            whole definition.
        to: The version: ``production``, ``staged`` or the beginning of a content's hash. Left
            out: production, else staged.
        planned: What the person was shown and agreed to; left out, nobody was asked.
        shown: What the person was shown of the draft.

    Raises:
        NoSuchVersion: There is no such version.
        DraftingError: There is no such field, or the fields of the draft cannot be read.
    """
    with engine.transaction(REVERT, offer) as transaction:
        current = transaction.draft(offer)
        if reasons := current.refusal_reasons(REVERT, shown):
            return Refusal(REVERT, reasons)
        plan = _plan(engine, current.view, fields, to)
        if planned and not planned.is_still(plan):
            file = current.view.definition.file
            message = (
                f"{file}, or the version to restore, changed since this was shown. Look again."
            )
            return Refusal(REVERT, (Reason(CHANGED, None, None, message),))
        if not plan.writes:
            return Done((), current.view)
        current = transaction.record(current)
        with restored_assets(transaction.directory, plan.assets) as former:
            made = {path: each for path, each in plan.assets.items() if path not in former}
            note = f"{', '.join(fields) or 'everything'} to {plan.side.name}"
            data = {
                "fields": [*fields],
                "to": plan.side.content.hash,
                "former_assets": former,
                "made_assets": made,
            }
            event = write_draft(transaction, current, plan.raw, Kind.REVERTED, note, data)
        return Done((event,), engine.shown(offer))


def preview_revert(
    engine: Engine, offer: str, fields: Sequence[str] = (), to: str | None = None
) -> Planned:
    """What a revert would do; otherwise as ``revert``."""
    return _plan(engine, engine.offer(offer), fields, to)


def within(changes: Iterable[Change], fields: Sequence[str]) -> tuple[Change, ...]:
    """The changes to some fields and to everything below them; all of them where none is named."""
    wanted = _Wanted(fields)
    return tuple(change for change in changes if wanted.holds(change.field))


def _plan(engine: Engine, view: OfferView, fields: Sequence[str], to: str | None) -> Planned:
    workspace = engine.workspace
    side = side_of(engine, view, last_pushed(view) if to is None else to)
    if side.version is None:
        raise NoSuchVersion(f"{quoted(to or DRAFT)} is the draft itself. Name another version.")
    definition = view.definition
    wanted = _Wanted(fields)
    if fields:
        definition.check_read()
    assets = _assets(workspace, side, wanted)
    former_assets(workspace.directory, assets)
    if definition.offer is None or definition.offer.type != side.offer.type:
        if fields:
            message = (
                "cannot be read field by field. Revert the whole definition, without naming fields."
            )
            raise DraftingError(f"{definition.file} {message}")
        raw = side.raw
    else:
        raw = _spliced(view, side, wanted)
    raw = _before_last_write(workspace, view, raw, assets) or raw
    after = _content(workspace, raw, assets)
    old = view.content.leaves if view.content else {}
    shared = shared_files(workspace, view.offer, [*assets], missing=True)
    return Planned(
        side,
        definition.raw,
        raw,
        raw != definition.raw or bool(assets),
        assets,
        tuple(changes_between(old, after.leaves if after else {})),
        tuple(dict.fromkeys(name for each in shared for name in each.named_by)),
        tuple(_staying(workspace, side, wanted)),
        workspace.directory.assets,
    )


def _before_last_write(
    workspace: Workspace, view: OfferView, raw: bytes, assets: Mapping[str, str]
) -> bytes | None:
    """The bytes that the program wrote the draft over, where these are to mean what those did.

    Only where the meaning of the text changes: what that leaves alone, such as a token, is newer
    in the draft.
    """
    last = next((event.data for event in reversed(view.events) if "wrote" in event.data), None)
    draft = view.definition.raw
    if not last or not last["former"] or draft is None or digest_of(draft) != last["wrote"]:
        return None
    wanted, now = (_content(workspace, each, assets) for each in (raw, draft))
    # Without those bytes the values are set one by one, which means the same.
    with suppress(StorageError):
        former = workspace.directory.blobs.get(last["former"])
        then = _content(workspace, former, assets)
        if wanted and then and wanted.hash == then.hash and not (now and now.hash == then.hash):
            return former
    return None


def _spliced(view: OfferView, side: Side, wanted: "_Wanted") -> bytes:
    """The draft's bytes with the values of the version."""
    from state.definitions.edit import EditError, apply_edits
    from state.definitions.merge import DefinitionMerge

    raw, file = view.definition.raw, view.definition.file
    assert raw is not None and view.kind is not None
    matching = DefinitionMerge(side.raw, wanted.holds, wanted.touches)
    draft, version = parse_table(raw).values, parse_table(side.raw).values
    assert draft is not None and version is not None
    matching.table(view.kind.model, draft, version)
    wanted.check(matching.known, view.offer)
    try:
        spliced = apply_edits(raw, matching.edits) if matching.edits else raw
    except EditError as error:
        if wanted.fields:
            raise StorageError(f"{file}: {error}") from None
        return side.raw
    if wanted.fields:
        return spliced
    # With the version's own assets: what is on the disk is no fault of the text.
    after = parse_definition(spliced, "").offer
    means_same = after and content_of(after, side.assets.digest).hash == side.content.hash
    return spliced if means_same else side.raw


def _content(workspace: Workspace, raw: bytes, assets: Mapping[str, str]) -> Content | None:
    """What bytes mean once assets have come back."""
    offer = parse_definition(raw, "").offer
    digest = workspace.directory.assets.digest
    return content_of(offer, lambda path: assets.get(path) or digest(path)) if offer else None


def _assets(workspace: Workspace, side: Side, wanted: "_Wanted") -> dict[str, str]:
    """The files of a version that hold other bytes now, or are gone."""
    now = workspace.directory.assets.digest
    kept = {path: side.assets.digest(path) for path in _named(side, wanted)}
    return {path: each for path, each in kept.items() if each and now(path) != each}


def _staying(workspace: Workspace, side: Side, wanted: "_Wanted") -> Iterator[str]:
    """The files that a version named and lacked, and that are there now."""
    for path in _named(side, wanted):
        if side.assets.digest(path) is None and workspace.directory.assets.digest(path):
            yield path


def _named(side: Side, wanted: "_Wanted") -> list[str]:
    """The files that the fields of a version name."""
    leaves = leaves_of(side.offer)
    return asset_paths(each for each in leaves if wanted.holds(".".join(map(str, each.names))))


class _Wanted(NamedTuple):
    """The fields that are asked for, by name; none means all."""

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
        names = set(known)
        for field in self.fields:
            if field not in names:
                hint = did_you_mean(field, names)
                raise DraftingError(f"{offer} has no field {quoted(field, 80)}.{hint}")


def _is_in(name: str, field: str) -> bool:
    return name == field or name.startswith(f"{field}.")
