"""The simple HTML of summaries, descriptions and terms of use: its tags as written, and its tree.

The parser of the standard library has no positions for attributes, drops those of closing tags,
and reads what is malformed differently from release to release of Python: so the tags are found
here.
"""

import re
from collections.abc import Iterator, Set
from html import unescape
from typing import NamedTuple

HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5"))
BLOCKS = HEADINGS | {"p", "ol", "ul", "li"}
ALLOWED = BLOCKS | {"a", "strong", "em", "b", "i"}
"""The tags that a text may use."""

_PARAGRAPHS = HEADINGS | {"p"}
_DEEPEST = 30
_TAG = re.compile(r"<(?:(/?)([A-Za-z][^\s/>]*)|[!?/])")
_END_OR_ATTRIBUTE = re.compile(
    r"""[\s/]*(?:(>)|([^\s/>=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>][^\s>]*))?)"""
)


Attribute = tuple[int, str, str]
"""The position of an attribute in the text, its name and its value, both as written."""


class Tag(NamedTuple):
    """A tag, with its position in the text and its name in lower case."""

    at: int
    name: str
    closing: bool
    attributes: tuple[Attribute, ...]


class Malformed(NamedTuple):
    """A comment, a declaration, a tag without a name (``tag`` is empty then) or without an end."""

    at: int
    tag: str
    ends: bool


class Element(NamedTuple):
    """An element of the tree; ``address`` is where a link leads to."""

    name: str
    address: str
    children: "list[Element | str]"


def tokens(text: str) -> Iterator[Tag | Malformed | str]:
    """A text in pieces: its tags, and what stands between them as written.

    What follows a tag or comment that never ends is text.
    """
    at = 0
    while found := _TAG.search(text, at):
        start = found.start()
        yield text[at:start]
        slash, name = (part.lower() for part in found.groups(""))
        if name:
            attributes, end = _attributes(text, found.end())
        else:
            attributes, end = (), _end_of_comment(text, start)
        if name and end:
            yield Tag(start, name, bool(slash), attributes)
        else:
            yield Malformed(start, slash + name, bool(end))
        at = end or start
        if not end:
            break
    yield text[at:]


def _attributes(text: str, at: int) -> tuple[tuple[Attribute, ...], int]:
    """The attributes of a tag and its end, which is 0 where there is none."""
    found: list[Attribute] = []
    while part := _END_OR_ATTRIBUTE.match(text, at):
        at = part.end()
        if part[1]:
            return tuple(found), at
        found.append((part.start(2), part[2], (part[3] or "").strip("\"'")))
    return (), 0


def _end_of_comment(text: str, at: int) -> int:
    end = "-->" if text.startswith("<!--", at) else ">"
    found = text.find(end, at + 2)
    return found + len(end) if found >= 0 else 0


def tree_of(text: str) -> Element:
    """A text as the elements that it shows; one that is not well formed as far as it can be read.

    The outermost element has no name. There are the allowed ones alone, well nested, no
    paragraph or heading in another, and none deeper than any person reads.
    """
    root = Element("", "", [])
    path = [root]
    for token in tokens(text):
        if isinstance(token, str):
            path[-1].children.append(unescape(token))
        elif isinstance(token, Malformed) or token.name not in ALLOWED:
            continue
        elif token.closing:
            _close(path, {token.name})
        else:
            if token.name in BLOCKS:
                _close(path, _PARAGRAPHS)
            if len(path) <= _DEEPEST:
                hrefs = (value for _, name, value in token.attributes if name.lower() == "href")
                path.append(Element(token.name, unescape(next(hrefs, "")), []))
                path[-2].children.append(path[-1])
    return root


def _close(path: list[Element], names: Set[str]) -> None:
    """Close the innermost open element of certain names, and those in it."""
    last = next((at for at in reversed(range(len(path))) if path[at].name in names), len(path))
    del path[last:]
