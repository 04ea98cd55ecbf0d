"""A few lines of a file around one that matters, and what a rule wants, as painted lines."""

from collections.abc import Iterator

from state.domain.findings import Finding
from state.engine import Rule
from state.workspace.offer_view import OfferView
from tui.render.glyphs import glyph
from tui.render.lines import Line, cell, cut, paragraph, span

LABEL = 7
LARGEST_EXCERPT = 15


def excerpt(raw: bytes, line: int | None, height: int, width: int) -> list[Line]:
    """The numbered surroundings of a line, from 1 and marked; None for the beginning of the file."""
    lines = raw.decode("utf-8-sig", errors="replace").rstrip("\n").split("\n") if raw else []
    marked = min(line or 1, len(lines))
    first = max(1, min(marked - height // 2, len(lines) - height + 1))
    shown = range(first, min(first + height, len(lines) + 1))
    digits = len(str(shown[-1])) if shown else 1
    return [
        _numbered(number, lines[number - 1], digits, width, marked=number == line)
        for number in shown
    ]


def explained(view: OfferView, found: Finding, width: int, height: int) -> list[Line]:
    """What is beside a finding in a wide window: its rule, and its place in the file."""
    lines: list[Line] = [[span(str(found.field) or found.file, "strong")], []]
    lines += [*paragraph(found.message, width), []]
    if rule := list(rule_lines(view.rule_of(found), width, examples=not found.progress)):
        lines += [*rule, []]
    if not found.progress:
        room = min(LARGEST_EXCERPT, height - len(lines) - 1)
        lines.append([span(cut(found.file, width), "muted")])
        lines += excerpt(view.raw(found.file), found.line, room, width) if room > 0 else []
    return lines[:height]


def rule_lines(rule: Rule | None, width: int, *, examples: bool = True) -> Iterator[Line]:
    """What a rule expects, in words and as TOML; nothing for a remark, which has none."""
    if rule is None:
        return
    yield from labelled("Rule", rule.description, width)
    example = rule.examples[0]
    for label, text, role in (("Right", example.good, "good"), ("Wrong", example.bad, "bad")):
        for each in text.split("\n") if examples and text else ():
            yield [cell(label, LABEL, role), span(cut(each, width - LABEL))]
            label = ""


def labelled(
    label: str, text: str, width: int, role: str = "", lines: int | None = None
) -> Iterator[Line]:
    """A text beside its label, broken into lines below each other."""
    for each in paragraph(text, width - LABEL, role, lines=lines):
        yield [cell(label, LABEL, "muted"), *each]
        label = ""


def _numbered(number: int, text: str, digits: int, width: int, *, marked: bool) -> Line:
    sign = glyph("running") if marked else " "
    role = "" if marked else "muted"
    shown = cut(span(text.rstrip("\r").expandtabs(4))[0], width - digits - 4)
    return [(f"{sign} ", "strong"), (f"{number:>{digits}}  ", "muted"), (shown, role)]
