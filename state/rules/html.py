"""The little HTML that the marketplace shows: which tags, which attributes, well nested."""

import re
from collections import Counter
from functools import lru_cache

from state.text import quoted

ALLOWED = frozenset(
    ("h1", "h2", "h3", "h4", "h5", "p", "ol", "ul", "li", "a", "strong", "em", "b", "i")
)
"""The tags that a text may use."""

LINK_ATTRIBUTES = frozenset({"href", "target"})
"""The attributes that an ``a`` may have. No other tag has any."""

_TAG = re.compile(r"<(?:(/?)([A-Za-z][^\s/>]*)|[!?/])")
_END_OR_ATTRIBUTE = re.compile(
    r"""[\s/]*(?:(>)|([^\s/>=]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>][^\s>]*))?)"""
)


@lru_cache(maxsize=128)
def html_fault(text: str) -> str | None:
    """What is wrong with a text's HTML.

    Args:
        text: The text as written.

    Returns:
        The first fault, with its line within the text and how many more there are; None where
        the text is in order.
    """
    if "<" not in text:
        return None
    checker = _Checker(text)
    checker.run()
    return checker.told()


class _Checker:
    """One walk through a text, from tag to tag."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[tuple[str, int]] = []
        self._is_open: Counter[str] = Counter()
        self._forgiven: Counter[str] = Counter()
        self._first: tuple[int, str, tuple[str, ...]] | None = None
        self._count = 0

    def run(self) -> None:
        """Look at every tag; what follows one that never ends is not looked at."""
        at = 0
        while (found := _TAG.search(self._text, at)) is not None:
            slash, name = found[1], found[2]
            if name is None:
                end = self._skip_declaration(found.start())
            elif (end := self._end_of_tag(name.lower(), found, closing=slash == "/")) is not None:
                self._take(name.lower(), found.start(), closing=slash == "/")
            if end is None:
                return
            at = end
        for name, opened in self._open:
            self._fault(opened, "<{0}>{line} is never closed: write </{0}> where it ends.", name)

    def told(self) -> str | None:
        """The first fault in words."""
        if self._first is None:
            return None
        at, message, names = self._first
        number = self._text.count("\n", 0, at) + 1
        shown = [quoted(name, 16)[1:-1] for name in names]
        more = self._count - 1
        rest = f" {more} more {'fault follows' if more == 1 else 'faults follow'}." if more else ""
        return message.format(*shown, line=f" in line {number} of the text") + rest

    def _fault(self, at: int, message: str, *names: str) -> None:
        self._count += 1
        if self._first is None or at < self._first[0]:
            self._first = at, message, names

    def _skip_declaration(self, at: int) -> int | None:
        self._fault(at, "A comment or a tag without a name{line} is not allowed: remove it.")
        end = "-->" if self._text.startswith("<!--", at) else ">"
        found = self._text.find(end, at + 2)
        return None if found < 0 else found + len(end)

    def _end_of_tag(self, name: str, found: re.Match[str], *, closing: bool) -> int | None:
        at = found.end()
        while (part := _END_OR_ATTRIBUTE.match(self._text, at)) is not None:
            at = part.end()
            if part[1]:
                return at
            if not closing:
                self._judge_attribute(name, part[2], part.start(2))
        self._fault(
            found.start(),
            '<{0}{line} is not well written: check its quotes, its "=" and its ">".',
            f"{found[1]}{name}",
        )
        return None

    def _judge_attribute(self, tag: str, attribute: str, at: int) -> None:
        if tag in ALLOWED and (tag != "a" or attribute.lower() not in LINK_ATTRIBUTES):
            self._fault(
                at,
                "The attribute {0} of <{1}>{line} is not allowed, only href and target of <a>: "
                "remove it.",
                attribute,
                tag,
            )

    def _take(self, name: str, at: int, *, closing: bool) -> None:
        if name not in ALLOWED:
            self._take_foreign(name, at, closing=closing)
        elif not closing:
            self._open.append((name, at))
            self._is_open[name] += 1
        elif self._is_open[name]:
            self._close(name, at)
        elif self._forgiven[name]:
            self._forgiven[name] -= 1
        else:
            self._fault(
                at, "</{0}>{line} closes nothing: remove it, or open <{0}> before it.", name
            )

    def _take_foreign(self, name: str, at: int, *, closing: bool) -> None:
        """A tag that is not allowed is one fault; its closing tag is the same one."""
        if closing and self._forgiven[name]:
            self._forgiven[name] -= 1
            return
        if not closing:
            self._forgiven[name] += 1
        self._fault(
            at,
            "<{0}>{line} is none of h1-h5, p, ol, ul, li, a, strong, em, b and i: remove it.",
            f"{'/' * closing}{name}",
        )

    def _close(self, name: str, at: int) -> None:
        inner = self._pop()
        if inner != name:
            self._fault(
                at,
                "</{0}>{line} comes before </{1}>, which was opened later: write </{1}> first.",
                name,
                inner,
            )
        while inner != name:
            self._forgiven[inner] += 1
            inner = self._pop()

    def _pop(self) -> str:
        name, _ = self._open.pop()
        self._is_open[name] -= 1
        return name
