"""The little HTML that the marketplace shows: which tags, which attributes, well nested."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from state.domain.safe_text import quoted
from state.rules.addresses import is_email, is_web_address

ALLOWED = frozenset(
    ("h1", "h2", "h3", "h4", "h5", "p", "ol", "ul", "li", "a", "strong", "em", "b", "i")
)
"""The tags that a text may use."""

LINK_ATTRIBUTES = frozenset({"href", "target"})
"""The attributes that an ``a`` may have. No other tag has any."""

MOST_FAULTS = 50
"""The most faults of one text that are named one by one."""

_TAG = re.compile(r"<(?:(/?)([A-Za-z][^\s/>]*)|[!?/])")
_END_OR_ATTRIBUTE = re.compile(
    r"""[\s/]*(?:(>)|([^\s/>=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>][^\s>]*))?)"""
)


@lru_cache(maxsize=128)
def html_faults(text: str) -> tuple[str, ...]:
    """What is wrong with a text's HTML.

    Args:
        text: The text as written.

    Returns:
        Each fault with its line within the text, in the order of the text; of very many the first
        ones, and how many more there are.
    """
    if "<" not in text:
        return ()
    checker = _Checker(text)
    checker.run()
    return tuple(checker.messages())


class _Checker:
    """One walk through a text, from tag to tag."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._open: list[tuple[str, int]] = []
        self._is_open: Counter[str] = Counter()
        self._forgiven: Counter[str] = Counter()
        self._faults: list[tuple[int, str, tuple[str, ...]]] = []

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
            self._fault(opened, "<{0}>{line} is never closed. Write </{0}> where it ends.", name)

    def messages(self) -> Iterator[str]:
        """The faults in words."""
        self._faults.sort(key=lambda fault: fault[0])
        line, seen = 1, 0
        for at, message, names in self._faults[:MOST_FAULTS]:
            line, seen = line + self._text.count("\n", seen, at), at
            shown = [quoted(name, 16)[1:-1] for name in names]
            yield message.format(*shown, line=f" in line {line} of the text")
        if more := len(self._faults[MOST_FAULTS:]):
            yield f"The text has {more} more faults of this kind. Fix the first ones, then look again."

    def _fault(self, at: int, message: str, *names: str) -> None:
        self._faults.append((at, message, names))

    def _skip_declaration(self, at: int) -> int | None:
        self._fault(at, "A comment or a tag without a name{line} is not allowed. Remove it.")
        end = "-->" if self._text.startswith("<!--", at) else ">"
        found = self._text.find(end, at + 2)
        return None if found < 0 else found + len(end)

    def _end_of_tag(self, name: str, found: re.Match[str], *, closing: bool) -> int | None:
        at = found.end()
        attributes: list[re.Match[str]] = []
        while (part := _END_OR_ATTRIBUTE.match(self._text, at)) is not None:
            at = part.end()
            if part[1]:
                for each in attributes:
                    self._judge_attribute(name, each, closing=closing)
                return at
            attributes.append(part)
        self._fault(
            found.start(),
            '<{0}{line} is malformed. Check its quotes, its "=" and its ">".',
            f"{found[1]}{name}",
        )
        return None

    def _judge_attribute(self, tag: str, part: re.Match[str], *, closing: bool) -> None:
        attribute, at = part[2], part.start(2)
        if tag not in ALLOWED:
            return
        if closing:
            self._fault(at, "</{0}>{line} has the attribute {1}. Remove it.", tag, attribute)
        elif tag != "a" or attribute.lower() not in LINK_ATTRIBUTES:
            self._fault(
                at,
                "The attribute {0} of <{1}>{line} is not allowed, only href and target of <a>. "
                "Remove it.",
                attribute,
                tag,
            )
        elif attribute.lower() == "href" and not _is_link(address := (part[3] or "").strip("\"'")):
            self._fault(
                at,
                'The href "{0}"{line} is not a whole address. Expected one that begins with https://, '
                "http:// or mailto:.",
                address,
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
                at, "</{0}>{line} closes nothing. Remove it, or open <{0}> before it.", name
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
            "<{0}>{line} is not allowed. Expected h1-h5, p, ol, ul, li, a, strong, em, b or i. "
            "Remove it.",
            f"{'/' * closing}{name}",
        )

    def _close(self, name: str, at: int) -> None:
        inner = self._pop()
        if inner != name:
            self._fault(
                at,
                "</{0}>{line} comes before </{1}>, which was opened later. Write </{1}> first.",
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


def _is_link(address: str) -> bool:
    scheme, colon, rest = address.partition(":")
    if colon and scheme.lower() == "mailto":
        return is_email(rest.partition("?")[0])
    return is_web_address(address)
