"""Faults of simple HTML: tags and attributes that are not allowed, and nesting."""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from state.domain.safe_text import quoted
from state.domain.simple_html import ALLOWED, Malformed, Tag, tokens
from state.rules.addresses import is_email, is_web_address

LINK_ATTRIBUTES = frozenset({"href", "target"})
"""The attributes that an ``a`` may have. No other tag has any."""

MOST_FAULTS = 50
"""The most faults of one text that are reported one by one."""


class _Fault(NamedTuple):
    """A fault, with its position in the text; the names are what the message leaves open."""

    at: int
    message: str
    names: tuple[str, ...] = ()


@lru_cache(maxsize=128)
def html_faults(text: str) -> tuple[str, ...]:
    """What is wrong with a text's HTML.

    Args:
        text: The text as written.

    Returns:
        Each fault with its line within the text, in the order of the text; of very many the first
        ones, and how many more there are.
    """
    return tuple(_messages(text)) if "<" in text else ()


def _messages(text: str) -> Iterator[str]:
    faults = sorted(_faults(text), key=lambda fault: fault.at)
    line, seen = 1, 0
    for at, message, names in faults[:MOST_FAULTS]:
        line, seen = line + text.count("\n", seen, at), at
        shown = (quoted(name, 16)[1:-1] for name in names)
        yield message.format(*shown, line=f" in line {line} of the text")
    if more := len(faults[MOST_FAULTS:]):
        yield f"The text has {more} more faults of this kind. Fix the first ones, then check again."


def _faults(text: str) -> Iterator[_Fault]:
    tags: list[Tag] = []
    is_whole = True
    for token in tokens(text):
        match token:
            case Tag():
                tags.append(token)
                if token.name in ALLOWED:
                    yield from _attribute_faults(token)
            case Malformed(at, tag, is_whole):
                message = "A comment or a tag without a name{line} is not allowed. Remove it."
                if tag:
                    message = '<{0}{line} is malformed. Check its quotes, its "=" and its ">".'
                yield _Fault(at, message, (tag,))
    yield from _nesting_faults(tags, is_whole)


def _attribute_faults(tag: Tag) -> Iterator[_Fault]:
    for at, name, value in tag.attributes:
        if tag.closing:
            message = "</{0}>{line} has the attribute {1}. Remove it."
            yield _Fault(at, message, (tag.name, name))
        elif tag.name != "a" or name.lower() not in LINK_ATTRIBUTES:
            message = (
                "The attribute {0} of <{1}>{line} is not allowed, only href and target of <a>. "
                "Remove it."
            )
            yield _Fault(at, message, (name, tag.name))
        elif name.lower() == "href" and not _is_link(value):
            message = (
                'The href "{0}"{line} is not a whole address. Expected one that begins with https://, '
                "http:// or mailto:."
            )
            yield _Fault(at, message, (value,))


def _nesting_faults(tags: Iterable[Tag], is_whole: bool) -> Iterator[_Fault]:
    opened: list[Tag] = []
    is_open: Counter[str] = Counter()
    # Closing tags yet to come that belong to a fault already reported.
    excused: Counter[str] = Counter()
    for tag in tags:
        at, name, closing, _ = tag
        if closing and is_open[name]:
            if (inner := opened[-1].name) != name:
                message = (
                    "</{0}>{line} comes before </{1}>, which was opened later. Write </{1}> first."
                )
                yield _Fault(at, message, (name, inner))
            while (inner := opened.pop().name) != name:
                is_open[inner] -= 1
                excused[inner] += 1
            is_open[name] -= 1
        elif closing and excused[name]:
            excused[name] -= 1
        elif name not in ALLOWED:
            excused[name] += not closing
            message = (
                "<{0}>{line} is not allowed. Expected h1-h5, p, ol, ul, li, a, strong, em, b or i. "
                "Remove it."
            )
            yield _Fault(at, message, (f"{'/' * closing}{name}",))
        elif closing:
            message = "</{0}>{line} closes nothing. Remove it, or open <{0}> before it."
            yield _Fault(at, message, (name,))
        else:
            opened.append(tag)
            is_open[name] += 1
    for tag in opened if is_whole else ():
        message = "<{0}>{line} is never closed. Write </{0}> where it ends."
        yield _Fault(tag.at, message, (tag.name,))


def _is_link(address: str) -> bool:
    scheme, colon, rest = address.partition(":")
    if colon and scheme.lower() == "mailto":
        return is_email(rest.partition("?")[0])
    return is_web_address(address)
