"""Differences as lines of a terminal, for the commands that show them."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from state.domain.assets import Assets
from state.domain.changes import Change
from state.engine.compare import Consequence
from state.workspace.display_value import pixels_of
from tui.cli.json_documents import Document
from tui.cli.output import width, wrap_after
from tui.render.diff_lines import change_lines
from tui.render.glyphs import glyph
from tui.render.lines import Line, Span, flow

_LEAST = 16
_ROLES = {"removed": "bad", "added": "good"}


def consequence_lines(found: Consequence) -> Iterator[Line]:
    """The stages of the next push, and what is not allowed, a line each."""
    yield from wrap_after([], found.words, indent=2)
    for lock in found.locks:
        yield from wrap_after([(glyph("error"), "bad"), (" ", "")], lock.message, indent=2)


def changed_lines(changes: Iterable[Change], old: Assets, new: Assets) -> Iterator[Line]:
    """Fields that differ, an empty line before each, long values cut down to what changed."""
    for change in changes:
        yield []
        yield [(change.field, "strong"), (f"  {class_of(change.technical)}", "muted")]
        for line in change_lines(change, old, new, _wrapped):
            yield [
                ("".join(text for text, _ in alike), _ROLES.get(role, role))
                for role, alike in groupby(line, key=itemgetter(1))
            ]


def change_document(change: Change, old: Assets, new: Assets) -> Document:
    """A field that differs, as JSON."""
    return {
        "field": change.field,
        "old": change.old,
        "new": change.new,
        "class": class_of(change.technical),
        "old_pixels": pixels_of(change.old, old),
        "new_pixels": pixels_of(change.new, new),
    }


def class_of(technical: bool) -> str:
    return "technical" if technical else "marketing"


def _wrapped(spans: Sequence[Span]) -> list[Line]:
    """A value in lines: its own, which a terminal's width breaks further."""
    if room := width():
        return flow(spans, max(_LEAST, room - 4), chop=False)
    lines: list[Line] = [[]]
    for text, role in spans:
        first, *rest = text.split("\n")
        lines[-1].append((first, role))
        lines += ([(each, role)] for each in rest)
    return lines
