"""Messages about a field to edit: why it cannot be typed here, and what the rules find in a value."""

from state.domain.findings import PUBLISHER_FILE, Finding
from state.engine.field_form import Form, Remedy
from state.workspace.offer_view import OfferView
from tui.render.glyphs import glyph


def why_not_typed(view: OfferView, form: Form) -> str:
    """Why a field cannot be typed here, and how to change it; empty where it can."""
    match form.remedy:
        case Remedy.FILE:
            return no_file(view, form.found.file)
        case Remedy.EDITOR:
            line = form.found.line
            at = f" at line {line}" if line else ""
            return f"{form.why_not} e opens the file in your editor{at}."
    return form.why_not


def no_file(view: OfferView, file: str) -> str:
    """Why a file that is missing or unreadable cannot be edited."""
    if file == PUBLISHER_FILE:
        return f"{file} does not exist. Press enter on the walkthrough to write one."
    if view.definition.is_missing:
        return f"{file} is missing. 3, then r restores it from the history."
    return next((each.message for each in view.definition.findings), f"{file} cannot be read.")


def verdict(
    form: Form, findings: tuple[Finding, ...], before: tuple[Finding, ...]
) -> tuple[str, str]:
    """What the rules find in a value, ``before`` being what they find now: a sentence and its role.

    The first fault in the field itself, else a new one elsewhere.
    """
    here = [each for each in findings if each.field.within(form.field) or form.field == each.field]
    known = {(each.rule, each.field) for each in before}
    new = [each for each in findings if (each.rule, each.field) not in known]
    for each in sorted([*here, *new], key=lambda each: not each.is_error):
        sign, role = ("error", "bad") if each.is_error else ("warning", "warn")
        return f"{glyph(sign)} {each.message}", role
    return f"{glyph('complete')} Valid.", "good"
