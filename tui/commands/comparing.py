"""The commands about versions: diff and revert."""

import json
from collections.abc import Callable
from typing import Any

from state.comparison import Comparison, NoSuchVersion, compare, patch
from state.content import Change
from state.drafting import revert
from state.findings import Refusal
from tui.commands.acting import report
from tui.commands.documents import Document
from tui.commands.drafting import answered
from tui.commands.output import broken, put, put_json
from tui.commands.running import DONE, Call, UsageError
from tui.commands.wording import refused
from tui.glyphs import glyph

_LINE_ROLES = {"+": "good", "-": "bad", "@": "muted"}


def diff(call: Call) -> int:
    """What differs between two versions."""
    options = call.options
    found = _of_versions(lambda: compare(call.engine, options.offer, options.old, options.new))
    if call.json:
        put_json(comparison_document(found))
    elif options.patch:
        for line in patch(found):
            put([(line, _LINE_ROLES.get(line[:1], ""))])
    else:
        _put_comparison(found)
    return DONE


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
        "changes": [_change(each) for each in found.changes],
        "from_content": found.old.content.hash,
        "to_content": found.new.content.hash,
        "stages": list(consequence.stages) if consequence else None,
        "skipped": list(consequence.skipped) if consequence else None,
    }


def _change(change: Change) -> Document:
    return {
        "field": change.field,
        "old": change.old,
        "new": change.new,
        "class": _class_of(change.technical),
    }


def _put_comparison(found: Comparison) -> None:
    arrow = glyph("arrow")
    put([(f"{found.old.name} {arrow} {found.new.name}: ", "strong"), (found.headline, "")])
    for change in found.changes:
        put()
        put([(change.field, "strong"), (f"  {_class_of(change.technical)}", "muted")])
        for sign, role, value in (("-", "bad", change.old), ("+", "good", change.new)):
            if value is not None:
                for line in broken([(f"  {sign} ", role)], _as_text(value), indent=4, role=role):
                    put(line)


def _of_versions(look: Callable[[], Any]) -> Any:
    """What a look at versions gives; a version that is not there is wrong usage."""
    try:
        return look()
    except NoSuchVersion as error:
        raise UsageError(str(error)) from None


def _class_of(technical: bool) -> str:
    return "technical" if technical else "marketing"


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
