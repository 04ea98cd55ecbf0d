"""Differences as rows: field and class, old value and new one, the changed words marked."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from state.domain.assets import Assets
from state.domain.changes import Change
from state.domain.safe_text import short_content
from state.engine.compare import DRAFT, PRODUCTION, STAGED, Comparison, Side
from state.engine.revert import Planned
from state.workspace.offer_view import OfferView
from tui.render.diff_lines import change_lines
from tui.render.glyphs import glyph
from tui.render.lines import Line, Row, flow, paragraph, span, spread, width_of
from tui.render.offers_rows import flagged
from tui.render.picture_cache import Album
from tui.render.words import day

WIDE = 110
"""The cells from which on pictures are shown."""
SIGN = 4
"""The cells before a picture."""


class Look(NamedTuple):
    """What is needed to show the differences between two versions.

    Attributes:
        width: The cells of the window.
        old: The assets of the older version, None to say nothing of what is in them.
        new: The assets of the newer one.
        album: Draws their pictures; None where they are not shown.
        marked: The fields that are marked.
    """

    width: int
    old: Assets | None = None
    new: Assets | None = None
    album: Album | None = None
    marked: frozenset[str] = frozenset()


def comparison_rows(
    view: OfferView, comparison: Comparison, width: int, album: Album | None = None
) -> list[Row]:
    """A comparison: which versions, what it means, and every field, whose keys begin with its name."""
    inner = width - 3
    versions: Line = [
        span(format_side(view, comparison.old), "strong"),
        (f" {glyph('arrow')} ", "muted"),
        span(format_side(view, comparison.new), "strong"),
    ]
    others = len(version_names(view)) > 2
    hint: Line = [("tab other versions", "muted")] if others else []
    rows = [text_row(spread(versions, hint, inner))]
    if not comparison.changes:
        sign: Line = [(glyph("complete"), "good"), (" ", "")]
        return [*rows, text_row([*sign, (f"{comparison.headline.capitalize()}.", "")])]
    rows += map(text_row, paragraph(comparison.headline, inner))
    if found := comparison.consequence:
        rows += map(text_row, paragraph(found.words, inner))
        for lock in found.locks:
            rows += map(text_row, flagged(paragraph(lock.message, inner - 2)))
    look = Look(width, comparison.old.assets, comparison.new.assets, album)
    return [*rows, text_row([]), *change_rows(comparison.changes, look)]


def change_rows(changes: Sequence[Change], look: Look) -> list[Row]:
    """The fields that differ, each with its old and new value; wide windows show pictures, too."""
    inner = look.width - 3
    rows: list[Row] = []
    for change in changes:
        name = f"{glyph('mark')} {change.field}" if change.field in look.marked else change.field
        kind = ("technical", "warn") if change.technical else ("marketing", "muted")
        rows.append(Row(f"{change.field}\n", spread([span(name, "strong")], [kind], inner)))
        lines = change_lines(
            change, look.old, look.new, lambda spans: flow(spans, max(16, look.width - 7))
        )
        for number, line in enumerate(lines):
            rows.append(Row(f"{change.field}\n{number}", line))
        rows += map(text_row, picture_pairs(change, look))
        rows.append(text_row([]))
    return rows


def field_of(key: str | None) -> str | None:
    """The field that a row is about."""
    return key.partition("\n")[0] if key else None


def picture_pairs(change: Change, look: Look) -> Iterator[Line]:
    """The pictures of a change, the old one beside the new one, where the window is wide."""
    if look.album is None or look.width < WIDE:
        return
    across = (look.width - 3 - 2 * SIGN - 2) // 2
    for before, after in zip_longest(_paths(change.old), _paths(change.new)):
        if before == after:
            continue
        left, right = (
            look.album.draw(assets, found[0], across) if found and assets else ()
            for found, assets in ((before, look.old), (after, look.new))
        )
        yield from _beside(left, right, across)


def _paths(value: Any) -> list[tuple[str, str | None]]:
    """The files of a value, each with the hash of its bytes."""
    match value:
        case {"path": str(path), "sha256": digest}:
            return [(path, digest)]
        case [{"path": str(), "sha256": _}, *_]:
            return [(each["path"], each["sha256"]) for each in value]
    return []


def _beside(left: Sequence[Line], right: Sequence[Line], across: int) -> Iterator[Line]:
    nothing: Line = []
    for at, (old, new) in enumerate(zip_longest(left, right, fillvalue=nothing)):
        room = " " * (across + 2 - width_of(old))
        minus, plus = (("- ", "bad"), ("+ ", "good")) if at == 0 else (("  ", ""), ("  ", ""))
        line: Line = [("  ", ""), minus if left else ("  ", ""), *old]
        yield [*line, (room, ""), plus, *new] if new else line


def preview_rows(planned: Planned, called: str, look: Look) -> list[Row]:
    """What setting back would change in the draft."""
    effect = "this would change in the draft" if planned.changes else "only the text would change"
    head: Line = [span(f"Set back to {called}: {effect}.", "strong")]
    notes = [
        text_row(line)
        for note in planned.notes
        for line in flagged(paragraph(note, look.width - 5), ("warning", "warn"))
    ]
    return [text_row(head), *notes, text_row([]), *change_rows(planned.changes, look)]


def version_names(view: OfferView) -> list[str]:
    """The versions that can be compared, as ``state.engine.compare`` names them.

    Draft, production, staged, then the contents that were kept, the latest first.
    """
    names = [DRAFT] if view.content else []
    known: set[str | None] = {None}
    for name, version in ((PRODUCTION, view.state.production), (STAGED, view.state.staged)):
        if version and version.content not in known:
            names.append(name)
            known.add(version.content)
    for event in reversed(view.events):
        if "version" in event.data and event.content not in known:
            known.add(event.content)
            names.append(str(event.content))
    return names


def format_side(view: OfferView, side: Side) -> str:
    """A version as it is called above a comparison: ``production 77b0 41de``."""
    content = short_content(side.content.hash)
    if side.name in (DRAFT, STAGED, PRODUCTION):
        return f"{side.name} {content}"
    assert side.version is not None, "only the draft was not kept"
    return f"{content} of {day(side.version.at, view.now)}"


def text_row(line: Line) -> Row:
    """A row at which the cursor does not stop."""
    return Row("", line, selectable=False)
