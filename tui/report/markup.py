"""What becomes markup: texts from outside are cleaned, and simple HTML keeps its allowed tags."""

from datetime import datetime

from markupsafe import Markup, escape

from state.domain.events import timestamp
from state.domain.safe_text import clean
from state.domain.simple_html import Element, tree_of

LONGEST_TEXT = 20_000
"""How many characters of a text are shown; its rule allows far fewer."""

_HEADINGS = {"h1": "h5", "h2": "h6", "h3": "h6", "h4": "h6", "h5": "h6"}
"""The headings of a text rank below those of the page, whose deepest is of the fourth rank."""


def cleaned(value: object) -> object:
    """A value of the template: markup as it is, all else as text without control characters."""
    if isinstance(value, Markup):
        return value
    return "" if value is None else clean(str(value), keep_lines=True)


def when(at: datetime) -> Markup:
    """A local time, and the same for machines."""
    local = at.astimezone().strftime("%Y-%m-%d %H:%M %Z")
    return Markup('<time datetime="{}">{}</time>').format(timestamp(at), local)


def simple_html(text: str) -> Markup:
    """A text of the marketplace with its allowed tags alone.

    A link is followed by its address, to be read rather than opened.
    """
    if len(text) > LONGEST_TEXT:
        text = f"{text[:LONGEST_TEXT]}…"
    return _markup(tree_of(text))


def _markup(element: Element) -> Markup:
    inside = Markup("").join(
        _markup(child) if isinstance(child, Element) else escape(cleaned(child))
        for child in element.children
    )
    if element.name == "a":
        address = Markup('<span class="address"> ({})</span>').format(cleaned(element.address))
        return Markup('<span class="link">{}</span>{}').format(
            inside, address if element.address else ""
        )
    if not element.name:
        return inside
    return Markup("<{0}>{1}</{0}>").format(_HEADINGS.get(element.name, element.name), inside)
