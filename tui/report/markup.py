"""HTML that is made here: whatever comes from outside is text in it, never markup."""

from collections.abc import Iterable
from html import escape
from html.parser import HTMLParser

from state.domain.safe_text import clean
from state.domain.simple_html import ALLOWED

LONGEST_TEXT = 20_000
"""How many characters of a text are shown; its rule allows far fewer."""

_SIGNS = {"good": "✓", "bad": "✗", "todo": "○", "warn": "!", "off": "–", "now": "▸"}
_HEADINGS = {"h1": "h5", "h2": "h6", "h3": "h6", "h4": "h6", "h5": "h6"}
"""The headings of a text stand below those of the page, whose deepest is of the fourth rank."""
_PARAGRAPHS = frozenset(("p", "h1", "h2", "h3", "h4", "h5"))
_BLOCKS = _PARAGRAPHS | {"ol", "ul", "li"}
_DEEPEST = 30


class Html(str):
    """Markup that was made here. A plain ``str`` is text, and is escaped on its way into it."""

    __slots__ = ()


Part = Html | str | None
"""Markup, text, or nothing."""


def tag(name: str, /, *inside: Part, **attributes: str | None) -> Html:
    """An element.

    Args:
        name: Its name.
        inside: What it holds.
        attributes: Its attributes; a trailing underscore is dropped, None leaves one out.

    Returns:
        The element.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{text(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{join(*inside)}</{name}>")


def join(*parts: Part) -> Html:
    """Parts one after the other."""
    return Html("".join(each if isinstance(each, Html) else text(each) for each in parts if each))


def text(words: str) -> Html:
    """Text as markup: escaped, with control characters made visible."""
    return Html(escape(clean(words, keep_lines=True)))


def sign(role: str) -> Html:
    """A sign in the colour of its role."""
    return tag("span", _SIGNS[role], class_=f"sign {role}")


def table(titles: Iterable[str], rows: Iterable[Iterable[Part]], **attributes: str | None) -> Html:
    """A table with a head.

    Args:
        titles: The titles of its columns.
        rows: The cells of each row.
        attributes: The table's attributes.

    Returns:
        The table, which scrolls where the window is narrow.
    """
    head = tag("thead", tag("tr", *(tag("th", title, scope="col") for title in titles)))
    body = [tag("tr", *(tag("td", each) for each in row)) for row in rows]
    return tag("div", tag("table", head, tag("tbody", *body), **attributes), class_="scroll")


def customer_html(words: str) -> Html:
    """A text of the marketplace with its emphasis, lists and headings.

    Args:
        words: The text as written.

    Returns:
        It, written anew with the allowed tags alone, its headings as the page's lowest. A link is
        shown with its address, to be read rather than followed.
    """
    if len(words) > LONGEST_TEXT:
        words = f"{words[:LONGEST_TEXT]}…"
    writer = _Writer()
    # The parser gives up on marked sections, which are none of the allowed tags.
    writer.feed(words.replace("<![", "&lt;!["))
    writer.close()
    return writer.finished()


class _Writer(HTMLParser):
    """Writes the allowed tags of a text anew, well nested."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[Html] = []
        self._open: list[str] = []
        self._addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an allowed tag, without its attributes."""
        if tag not in ALLOWED or len(self._open) >= _DEEPEST:
            return
        if tag in _BLOCKS and any(each in _PARAGRAPHS for each in self._open):
            self._close_until(next(each for each in self._open if each in _PARAGRAPHS))
        self._open.append(tag)
        if tag == "a":
            self._addresses.append(dict(attrs).get("href") or "")
        written = _HEADINGS.get(tag, tag)
        self._parts.append(Html('<span class="link">' if tag == "a" else f"<{written}>"))

    def handle_endtag(self, tag: str) -> None:
        """Close an open tag, and whatever was opened in it."""
        if tag in self._open:
            self._close_until(tag)

    def handle_data(self, data: str) -> None:
        """Take text."""
        self._parts.append(text(data))

    def finished(self) -> Html:
        """Everything, with what is still open closed."""
        while self._open:
            self._close_until(self._open[-1])
        return join(*self._parts)

    def _close_until(self, wanted: str) -> None:
        closed = ""
        while closed != wanted:
            closed = self._open.pop()
            written = "span" if closed == "a" else _HEADINGS.get(closed, closed)
            self._parts.append(Html(f"</{written}>"))
            if closed == "a" and (address := self._addresses.pop()):
                self._parts.append(tag("span", f" ({address})", class_="address"))


_VOID = frozenset(("meta", "img", "br"))
