"""Draft, staged and production as one table: three columns below each field that differs."""

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from state.domain.safe_text import clean
from state.engine.three_way import ThreeWays
from state.workspace.display_value import format_value
from state.workspace.offer_view import OfferView
from tui.render.compare_rows import format_side, text_row
from tui.render.diff_lines import MARKS, cut_down, marked_spans, word_changes
from tui.render.glyphs import glyph
from tui.render.lines import Line, Row, cell, flow, span, spread, width_of

INDENT, GAP = 2, 2
"""The cells before the columns, and between them."""


def three_way_rows(view: OfferView, found: ThreeWays, width: int) -> list[Row]:
    """The table; the keys of a field's rows begin with its name."""
    inner = width - 3
    column = (inner - INDENT - 2 * GAP) // 3
    named = [cell(format_side(view, side), column, "strong") for side in found.sides]
    rows = [text_row(_joined([[each] for each in named], column)), text_row([])]
    if not found.rows:
        sign: Line = [(glyph("complete"), "good"), (" ", "")]
        return [*rows, text_row([*sign, ("All three are the same.", "")])]
    for row in found.rows:
        kind = ("technical", "warn") if row.technical else ("marketing", "muted")
        rows.append(Row(f"{row.field}\n", spread([span(row.field, "strong")], [kind], inner)))
        words = [
            format_value(value, side.assets)
            for value, side in zip(row.values, found.sides, strict=True)
        ]
        columns = list(_columns(words, column))
        for number, lines in enumerate(zip_longest(*columns, fillvalue=[])):
            rows.append(Row(f"{row.field}\n{number}", _joined(list(lines), column)))
        rows.append(text_row([]))
    return rows


def _columns(words: list[str | None], width: int) -> Iterator[list[Line]]:
    """The values, each broken into lines; what is new against the column before stands out."""
    before: Any = ...
    for value in words:
        yield cut_down(flow(_told(before, value), width), MARKS["+"])
        before = value


def _told(before: Any, value: str | None) -> Line:
    if value is None:
        return [("none", "muted")]
    if before is None:
        return [(clean(value, keep_lines=True), "added")]
    if before is ... or before == value:
        return [(clean(value, keep_lines=True), "muted" if before == value else "")]
    return marked_spans(
        [(each.new, each.changed) for each in word_changes(before, value)], "added", "", "muted"
    )


def _joined(columns: list[Line], width: int) -> Line:
    line: Line = [(" " * INDENT, "")]
    for column in columns:
        line += [*column, (" " * (width - width_of(column) + GAP), "")]
    return line[:-1]
