"""Differences as rows: field and class, old value and new one, the changed words marked."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from state.comparison import DRAFT, PRODUCTION, STAGED, Comparison, Side, word_changes
from state.content import Change
from state.text import clean
from state.views import OfferView
from tui.flow import flow
from tui.glyphs import glyph
from tui.lines import Line, Span, paragraph, span, spread
from tui.widgets.rows import Row
from tui.words import day, short_content

MARKS = {"-": {"removed", ""}, "+": {"added", "muted"}}
"""The roles by which a line shows that something changed in it."""
MOST_LINES = 8
"""A value of more lines is cut down to those in which something changed, and their neighbours."""


def comparison_rows(view: OfferView, comparison: Comparison, width: int) -> list[Row]:
    """A comparison: which versions, what it means, and every field.

    Args:
        view: The offer.
        comparison: The comparison.
        width: The cells of the window.

    Returns:
        The rows; those of a field begin with its name in their keys.
    """
    inner = width - 3
    versions: Line = [
        span(side_words(view, comparison.old), "strong"),
        (f" {glyph('arrow')} ", "muted"),
        span(side_words(view, comparison.new), "strong"),
    ]
    others = len(version_names(view)) > 2
    hint: Line = [("tab other versions", "muted")] if others else []
    rows = [text_row(spread(versions, hint, inner))]
    if not comparison.changes:
        sign: Line = [(glyph("complete"), "good"), (" ", "")]
        return [*rows, text_row([*sign, (f"{comparison.headline.capitalize()}.", "")])]
    rows += [text_row(line) for line in paragraph(comparison.headline, inner)]
    for lock in comparison.consequence.locks if comparison.consequence else ():
        lead: Line = [(glyph("mend"), "bad"), (" ", "")]
        for line in paragraph(lock.message, inner - 2):
            rows.append(text_row([*lead, *line]))
            lead = [("  ", "")]
    return [*rows, text_row([]), *change_rows(comparison.changes, width)]


def change_rows(
    changes: Sequence[Change], width: int, marked: frozenset[str] = frozenset()
) -> list[Row]:
    """The fields that differ.

    Args:
        changes: The changes.
        width: The cells of the window.
        marked: The fields that are marked.

    Returns:
        The rows: a field, its old value and its new one.
    """
    inner = width - 3
    rows: list[Row] = []
    for change in changes:
        name = f"{glyph('mark')} {change.field}" if change.field in marked else change.field
        kind = ("technical", "warn") if change.technical else ("marketing", "muted")
        rows.append(Row(f"{change.field}\n", spread([span(name, "strong")], [kind], inner)))
        for number, line in enumerate(change_lines(change, inner)):
            rows.append(Row(f"{change.field}\n{number}", line))
        rows.append(text_row([]))
    return rows


def field_of(key: str | None) -> str | None:
    """The field that a row is about."""
    return key.partition("\n")[0] if key else None


def change_lines(change: Change, width: int) -> Iterator[Line]:
    """The old value and the new one, with the words that changed marked.

    Args:
        change: The change.
        width: The cells of a line.

    Yields:
        The lines.
    """
    old, new = value_words(change.old), value_words(change.new)
    before: list[Span] = [(_shown(old or "nothing"), "muted")]
    after: list[Span] = [(_shown(new or "nothing"), "" if new else "muted")]
    if old is not None and new is not None:
        pieces = word_changes(old, new)
        before = _marked([(each.old, each.changed) for each in pieces], "removed", "muted", "")
        after = _marked([(each.new, each.changed) for each in pieces], "added", "", "muted")
    for sign, role, spans in (("-", "bad", before), ("+", "good", after)):
        lead: Line = [("  ", ""), (sign, role), (" ", "")]
        for line in _cut_down(flow(spans, max(16, width - 4)), MARKS[sign]):
            yield [*lead, *line]
            lead = [("    ", "")]


def value_words(value: Any) -> str | None:
    """A value of a content in words; None where there is none."""
    match value:
        case None:
            return None
        case bool():
            return str(value).lower()
        case {"path": str(path), "sha256": digest}:
            return f"{path} ({short_content(digest) if digest else 'no such file'})"
        case Mapping():
            return (
                ", ".join(f"{key} {value_words(each)}" for key, each in value.items()) or "(empty)"
            )
        case list() | tuple():
            return ", ".join(value_words(each) or "" for each in value) or "(empty)"
    return str(value) or "(empty)"


def preview_rows(changes: Sequence[Change], called: str, width: int) -> list[Row]:
    """What setting back would change in the draft.

    Args:
        changes: The changes.
        called: What the version is called.
        width: The cells of the window.

    Returns:
        The rows.
    """
    head: Line = [span(f"Set back to {called}: this would change in the draft.", "strong")]
    return [text_row(head), text_row([]), *change_rows(changes, width)]


def version_names(view: OfferView) -> list[str]:
    """The versions that can be compared, as ``state.comparison`` names them; the draft first.

    Args:
        view: The offer.

    Returns:
        The names: draft, production, staged, then the contents that were kept, the latest first.
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


def side_words(view: OfferView, side: Side) -> str:
    """A version as it is called above a comparison: ``production 77b0 41de``."""
    content = short_content(side.content.hash)
    if side.name in (DRAFT, STAGED, PRODUCTION):
        return f"{side.name} {content}"
    assert side.version is not None, "only the draft was not kept"
    return f"{content} of {day(side.version.at, view.now)}"


def _shown(text: str) -> str:
    return clean(text, keep_lines=True)


def _marked(pieces: list[tuple[str, bool]], changed: str, same: str, gap: str) -> list[Span]:
    """Pieces of a text as spans; the word before a gap, where the other text has more, stands out."""
    spans: list[Span] = []
    for text, is_changed in pieces:
        if is_changed and not text and spans:
            before, role = spans.pop()
            head, blank, _ = before.rstrip().rpartition(" ")
            spans += [(head + blank, role), (before[len(head + blank) :], gap)]
        else:
            spans.append((_shown(text), changed if is_changed else same))
    return spans


def _cut_down(lines: list[Line], marks: set[str]) -> list[Line]:
    if len(lines) <= MOST_LINES:
        return lines
    changed = {at for at, line in enumerate(lines) if any(role in marks for _, role in line)}
    kept = {at + by for at in changed for by in (-1, 0, 1)} or set(range(MOST_LINES - 1))
    found: list[Line] = []
    for at, line in enumerate(lines):
        if at in kept:
            found.append(line)
        elif at - 1 in kept or at == 0:
            found.append([(glyph("cut"), "muted")])
    return found


def text_row(line: Line) -> Row:
    """A row at which the cursor does not stop."""
    return Row("", line, selectable=False)
