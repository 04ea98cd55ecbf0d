"""Faults of simple HTML: forbidden tags and attributes, and wrong nesting."""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from state.domain.safe_text import quoted
from state.domain.simple_html import ALLOWED, Malformed, Tag, tokens
from state.rules.checks import is_email, is_web_address

LINK_ATTRIBUTES = frozenset({"href", "target"})
"""The attributes that an ``a`` may have. No other tag has any."""

MOST_FAULTS = 50
"""The most faults of one text that are reported separately."""

_Fault = tuple[int, str, str]
"""Its position in the text, the subject and the rest of the sentence."""


@lru_cache(maxsize=128)
def html_faults(text: str) -> tuple[str, ...]:
    """The faults of a text's HTML in its order, each with its line within the text; at most a few."""
    if "<" not in text:
        return ()
    faults = sorted(_faults(text))
    messages = []
    for at, what, how in faults[:MOST_FAULTS]:
        line = text.count("\n", 0, at) + 1
        messages.append(f"{what} in line {line} of the text {how}")
    if more := len(faults[MOST_FAULTS:]):
        messages.append(
            f"The text has {more} more faults of HTML. Fix the first ones, then check again."
        )
    return tuple(messages)


def _faults(text: str) -> Iterator[_Fault]:
    tags: list[Tag] = []
    is_whole = True
    for token in tokens(text):
        match token:
            case Tag():
                tags.append(token)
                if token.name in ALLOWED:
                    yield from _attribute_faults(token)
            case Malformed(at, "", is_whole):
                yield at, "A comment or a tag without a name", "is not allowed. Remove it."
            case Malformed(at, tag, is_whole):
                yield at, f"<{_shown(tag)}", 'is malformed. Check its quotes, its "=" and its ">".'
    yield from _nesting_faults(tags, is_whole)


def _attribute_faults(tag: Tag) -> Iterator[_Fault]:
    for at, name, value in tag.attributes:
        if tag.closing:
            yield at, f"</{tag.name}>", f"has the attribute {_shown(name)}. Remove it."
        elif tag.name != "a" or name.lower() not in LINK_ATTRIBUTES:
            how = "is not allowed, only href and target of <a>. Remove it."
            yield at, f"The attribute {_shown(name)} of <{tag.name}>", how
        elif name.lower() == "href" and not _is_link(value):
            how = (
                "is not a full address. Expected one that begins with https://, http:// or mailto:."
            )
            yield at, f'The href "{_shown(value)}"', how


def _nesting_faults(tags: Iterable[Tag], is_whole: bool) -> Iterator[_Fault]:
    opened: list[Tag] = []
    is_open: Counter[str] = Counter()
    # Closing tags yet to come that belong to a fault already reported.
    excused: Counter[str] = Counter()
    for tag in tags:
        at, name, closing, _ = tag
        if closing and is_open[name]:
            if (inner := opened[-1].name) != name:
                how = f"comes before </{inner}>, which was opened later. Write </{inner}> first."
                yield at, f"</{name}>", how
            while (inner := opened.pop().name) != name:
                is_open[inner] -= 1
                excused[inner] += 1
            is_open[name] -= 1
        elif closing and excused[name]:
            excused[name] -= 1
        elif name not in ALLOWED:
            excused[name] += not closing
            how = "is not allowed. Expected h1-h5, p, ol, ul, li, a, strong, em, b or i. Remove it."
            yield at, f"<{_shown('/' * closing + name)}>", how
        elif closing:
            yield at, f"</{name}>", f"closes nothing. Remove it, or open <{name}> before it."
        else:
            opened.append(tag)
            is_open[name] += 1
    for at, name, _, _ in opened if is_whole else ():
        yield at, f"<{name}>", f"is never closed. Write </{name}> where it ends."


def _shown(text: str) -> str:
    return quoted(text, 16)[1:-1]


def _is_link(address: str) -> bool:
    scheme, colon, rest = address.partition(":")
    if colon and scheme.lower() == "mailto":
        return is_email(rest.partition("?")[0])
    return is_web_address(address)
