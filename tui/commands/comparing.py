"""The commands about versions: diff and revert."""

from collections.abc import Callable
from typing import Any

from state.comparison import Comparison, NoSuchVersion, compare, patch
from state.content import Change
from state.drafting import revert
from state.findings import Refusal
from state.three_ways import VERSIONS, Row, ThreeWays, three_ways
from state.values import pixels_of, value_words
from tui.commands.acting import report
from tui.commands.documents import Document
from tui.commands.drafting import answered
from tui.commands.output import Column, Span, broken, put, put_json, table
from tui.commands.running import DONE, Call, UsageError
from tui.commands.wording import refused
from tui.glyphs import glyph

_THREE_WAYS = (
    Column("Field", least=20),
    Column("Class", optional=True),
    Column("Production", least=10),
    Column("Staged", least=10),
    Column("Draft", least=10),
)
_LINE_ROLES = {"+": "good", "-": "bad", "@": "muted"}


def diff(call: Call) -> int:
    """What differs between two versions."""
    options = call.options
    if options.three_way:
        return _three_ways(call)
    found = _of_versions(lambda: compare(call.engine, options.offer, options.old, options.new))
    if call.json:
        put_json(comparison_document(found))
    elif options.patch:
        for line in patch(found):
            put([(line, _LINE_ROLES.get(line[:1], ""))])
    else:
        _put_comparison(found)
    return DONE


def _three_ways(call: Call) -> int:
    options = call.options
    if options.old or options.new or options.patch:
        raise UsageError("--three-way compares draft, staged and production: leave the others out.")
    view = call.engine.offer(options.offer)
    found = _of_versions(lambda: three_ways(call.engine.survey, view))
    if call.json:
        put_json(three_ways_document(found))
    elif found.rows:
        for line in table(_THREE_WAYS, [_three_way_row(row, found) for row in found.rows]):
            put(line)
    else:
        put("draft, staged and production: no difference")
    return DONE


def _three_way_row(row: Row, found: ThreeWays) -> list[list[Span]]:
    told = [
        value_words(value, side.assets) for value, side in zip(row.values, found.sides, strict=True)
    ]
    return [[(row.field, "strong")], [(_class_of(row.technical), "muted")],
            *([(words or "-", "")] for words in told)]  # fmt: skip


def set_back(call: Call) -> int:
    """Set fields, or the whole definition, back to a version."""
    options = call.options

    def act() -> int:
        done = _of_versions(
            lambda: revert(call.engine, options.offer, tuple(options.fields), options.to)
        )
        if isinstance(done, Refusal):
            return refused(call, done)
        assert done.view is not None
        note = done.events[-1].note if done.events else None
        report(call, done.view, f"set back: {note}" if note else "nothing differs, nothing changed")
        return DONE

    return answered(call, act)


def comparison_document(found: Comparison) -> Document:
    """What differs between two versions, as JSON."""
    consequence = found.consequence
    return {
        "offer": found.offer,
        "from": found.old.name,
        "to": found.new.name,
        "class": found.class_,
        "changes": [_change(found, each) for each in found.changes],
        "from_content": found.old.content.hash,
        "to_content": found.new.content.hash,
        "stages": list(consequence.stages) if consequence else None,
        "skipped": list(consequence.skipped) if consequence else None,
    }


def three_ways_document(found: ThreeWays) -> Document:
    """Three versions side by side, as JSON."""
    return {
        "offer": found.offer,
        **{side.name: side.content.hash for side in found.sides},
        "changes": [
            {
                "field": row.field,
                **dict(zip(VERSIONS, row.values, strict=True)),
                "class": _class_of(row.technical),
            }
            for row in found.rows
        ],
    }


def _change(found: Comparison, change: Change) -> Document:
    return {
        "field": change.field,
        "old": change.old,
        "new": change.new,
        "class": _class_of(change.technical),
        "old_pixels": pixels_of(change.old, found.old.assets),
        "new_pixels": pixels_of(change.new, found.new.assets),
    }


def _put_comparison(found: Comparison) -> None:
    arrow = glyph("arrow")
    put([(f"{found.old.name} {arrow} {found.new.name}: ", "strong"), (found.headline, "")])
    for change in found.changes:
        put()
        put([(change.field, "strong"), (f"  {_class_of(change.technical)}", "muted")])
        old = value_words(change.old, found.old.assets)
        new = value_words(change.new, found.new.assets)
        for sign, role, text in (("-", "bad", old), ("+", "good", new)):
            if text is not None:
                for line in broken([(f"  {sign} ", role)], text, indent=4, role=role):
                    put(line)


def _of_versions(look: Callable[[], Any]) -> Any:
    """What a look at versions gives; a version that is not there is wrong usage."""
    try:
        return look()
    except NoSuchVersion as error:
        raise UsageError(str(error)) from None


def _class_of(technical: bool) -> str:
    return "technical" if technical else "marketing"
