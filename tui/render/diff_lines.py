"""Two values side by side with the words that changed marked, for screens and commands alike."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from state.domain.assets import Assets
from state.domain.changes import Change
from state.domain.safe_text import clean
from state.workspace.display_value import format_value
from tui.render.glyphs import glyph

Span = tuple[str, str]
Line = list[Span]
Wrap = Callable[[Sequence[Span]], list[Line]]
"""Breaks cleaned spans into lines."""

_MOST_WORDS = 3000
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")

MARKS = {"-": {"removed", ""}, "+": {"added", "muted"}}
"""The roles by which a line shows that something changed in it."""
MOST_LINES = 8
"""A value of more lines is cut down to those in which something changed, and their neighbours."""


def change_lines(
    change: Change, old: Assets | None, new: Assets | None, wrap: Wrap
) -> Iterator[Line]:
    """The old value and the new one, those that there are; with assets also what is in them.

    ``wrap`` breaks a value into lines, which are four cells longer in the end.
    """
    mine, its = format_value(change.old, old), format_value(change.new, new)
    before: list[Span] = [(_shown(mine), "muted")] if mine is not None else []
    after: list[Span] = [(_shown(its), "")] if its is not None else []
    if mine is not None and its is not None:
        pieces = word_changes(mine, its)
        before = marked_spans([(each.old, each.changed) for each in pieces], "removed", "muted", "")
        after = marked_spans([(each.new, each.changed) for each in pieces], "added", "", "muted")
    for sign, role, spans in (("-", "bad", before), ("+", "good", after)):
        lead: Line = [("  ", ""), (sign, role), (" ", "")]
        for line in cut_down(wrap(spans), MARKS[sign]) if spans else ():
            yield [*lead, *line]
            lead = [("    ", "")]


def marked_spans(
    pieces: Iterable[tuple[str, bool]], changed: str, same: str, gap: str
) -> list[Span]:
    """Pieces of a text as spans, cleaned, from each piece and whether it is changed.

    The word before a gap, where the other text has more, has the role ``gap``.
    """
    spans: list[Span] = []
    for text, is_changed in pieces:
        if is_changed and not text and spans:
            before, role = spans.pop()
            head, blank, _ = before.rstrip().rpartition(" ")
            spans += [(head + blank, role), (before[len(head + blank) :], gap)]
        else:
            spans.append((_shown(text), changed if is_changed else same))
    return spans


def cut_down(lines: list[Line], marks: set[str]) -> list[Line]:
    """Many lines cut down to those with a role in ``marks``, and their neighbours."""
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


class Words(NamedTuple):
    """A piece of a text in the older version and in the newer one."""

    old: str
    new: str

    @property
    def changed(self) -> bool:
        return self.old != self.new


def word_changes(old: str, new: str) -> list[Words]:
    """Two versions of a text, cut where they differ, long ones coarsely; joined they are whole."""
    mine, its = _WORDS.findall(old), _WORDS.findall(new)
    start = _common(mine, its)
    end = _common(mine[start:][::-1], its[start:][::-1])
    middle, other = mine[start : len(mine) - end], its[start : len(its) - end]
    pieces = [Words("".join(mine[:start]), "".join(its[:start]))]
    if len(middle) + len(other) > _MOST_WORDS:
        pieces.append(Words("".join(middle), "".join(other)))
    else:
        matcher = SequenceMatcher(None, middle, other, autojunk=False)
        for _, first, last, from_, to in matcher.get_opcodes():
            pieces.append(Words("".join(middle[first:last]), "".join(other[from_:to])))
    pieces.append(Words("".join(mine[len(mine) - end :]), "".join(its[len(its) - end :])))
    return [piece for piece in pieces if piece.old or piece.new]


def _common(mine: Sequence[str], its: Sequence[str]) -> int:
    """How many words are the same at the beginning."""
    pairs = enumerate(zip(mine, its, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(mine), len(its)))


def _shown(text: str) -> str:
    return clean(text, keep_lines=True)
