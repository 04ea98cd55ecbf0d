"""A reader of TOML 1.0 that keeps no values: it finds the first fault of a text and explains it.

It takes what the tomllib of Python 3.11 takes, whatever a newer one has learnt.
"""

import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager

from state.definitions.declarations import Declarations, Table, Way
from state.definitions.syntax_words import (
    SyntaxFault,
    expected,
    is_scalar,
    line_at,
    scalar_fault,
    shown,
)

_SPACE = re.compile(r"[ \t]*")
_COMMENT = re.compile(r"#[^\x00-\x08\n-\x1f\x7f]*")
_END = re.compile(rf"[ \t]*(?:{_COMMENT.pattern})?(?:\r?\n|\Z)")
_LINES = re.compile(rf"(?:[ \t\n]+|\r\n|{_COMMENT.pattern}(?=\r?\n|\Z))*+")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_TOKEN = re.compile(r"[0-9A-Za-z_+\-.:]+")
_TIME_AFTER_DATE = re.compile(r"(?<=[0-9]{4}-[0-9]{2}-[0-9]{2}) [0-9][0-9A-Za-z+\-.:]*")
_HEADER = re.compile(r"^[ \t]*\[\[?[ \t]*[A-Za-z_][^\]\n,]*\]\]?[ \t]*(?:#.*)?\r?$", re.M)
_STATEMENT = re.compile(rf"[ \t]*[A-Za-z0-9_.-]+[ \t]*=|{_HEADER.pattern}", re.M)
_LOOKS_LIKE_OPENING = re.compile(r"""=[ \t]*(?:"{3}|'{3})\Z""")
_ESCAPE = re.compile(r'\\(?:[btnfr"\\]|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))')
_LINE_ESCAPE = re.compile(r"\\[ \t]*\r?\n")
_QUOTES = re.compile("\"{3}|'{3}|\"|'")
_INSIDE = {
    '"': re.compile(r'[^"\\\x00-\x08\n-\x1f\x7f]*'),
    "'": re.compile(r"[^'\x00-\x08\n-\x1f\x7f]*"),
    '"""': re.compile(r'(?:[^"\\\x00-\x08\x0b-\x1f\x7f]+|\r\n|"(?!""))*+'),
    "'''": re.compile(r"(?:[^'\x00-\x08\x0b-\x1f\x7f]+|\r\n|'(?!''))*+"),
}
_CLOSING = {
    '"': re.compile('"'),
    "'": re.compile("'"),
    '"""': re.compile('"{3,5}'),
    "'''": re.compile("'{3,5}"),
}


class Scanner:
    """A reading of a text, without a byte order mark, from its beginning to its first fault."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._declared = Declarations(text)
        self._brackets_open: list[int] = []
        self._swallowing: tuple[int, str] | None = None
        """A text over several lines whose end looks like the beginning of another one."""

    def run(self) -> None:
        """Raise a SyntaxFault where it is not TOML 1.0; a RecursionError where nested too deeply."""
        try:
            self._document()
        except SyntaxFault as fault:
            if self._swallowing:
                raise self._text_never_closed(*self._swallowing) from None
            if (opened := self._opened_before(fault.at)) is not None:
                raise self._never_closed(opened) from None
            raise

    def _document(self) -> None:
        while True:
            self._skip_lines()
            if self._at == len(self._text):
                return
            before = self._swallowing
            if self._next == "[":
                self._header()
            else:
                self._pair(self._declared.current)
            self._line_end()
            if self._swallowing is before:
                self._swallowing = None

    @property
    def _next(self) -> str:
        return self._text[self._at : self._at + 1]

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        """Go behind what a pattern matches here; False where it does not match."""
        found = pattern.match(self._text, self._at)
        if found:
            self._at = found.end()
        return bool(found)

    def _skip_lines(self) -> None:
        self._skip(_LINES)
        if self._next == "#":
            self._skip(_COMMENT)
            raise self._expected("the end of the line")

    def _line_end(self) -> None:
        after_text = self._text[self._at - 1] in "\"'"
        if self._skip(_END):
            return
        self._skip(_SPACE)
        self._skip(_COMMENT)
        remedy = "Write each key on a line of its own."
        if self._next == "," and self._text[self._at + 1 : self._at + 2].isdigit():
            remedy = "Write decimals with a point, as in 0.05."
        elif self._next == "," and _END.match(self._text, self._at + 1):
            remedy = "Delete the comma."
        elif after_text:
            remedy = 'A quote inside a text is written \\".'
        raise self._expected("the end of the line", remedy)

    def _header(self) -> None:
        is_item = self._text.startswith("[[", self._at)
        closing = "]]" if is_item else "]"
        self._at += len(closing)
        way = self._key()
        if not self._text.startswith(closing, self._at):
            raise self._expected(f"{closing} after the name of the table")
        self._at += len(closing)
        self._declared.header(way, is_item=is_item)

    def _pair(self, table: Table) -> None:
        way = self._key()
        name = shown(".".join(key for key, _ in way))
        if self._next != "=":
            remedy = "Write key = value; a text over several lines stands between three quotes."
            raise self._expected(f"= after the key {name}", remedy)
        self._declared.pair(table, way)
        self._at += 1
        self._skip(_SPACE)
        if _END.match(self._text, self._at):
            message = f"The key {name} has no value. Write one after the =, or delete the key."
            raise SyntaxFault(self._at, message)
        self._value()

    def _key(self) -> Way:
        way = []
        while True:
            self._skip(_SPACE)
            start = self._at
            if self._next in ('"', "'") and self._next:
                self._string(self._next)
                key = next(iter(tomllib.loads(f"{self._text[start : self._at]} = 0")))
            elif self._skip(_BARE_KEY):
                key = self._text[start : self._at]
            else:
                remedy = "A key of other characters than A to Z, 0 to 9, - and _ needs quotes."
                if not self._next.isalpha():
                    remedy = "Write a name here, or delete the line."
                raise self._expected("a key", remedy)
            way.append((key, start))
            self._skip(_SPACE)
            if self._next != ".":
                return way
            self._at += 1

    def _value(self) -> None:
        if quotes := _QUOTES.match(self._text, self._at):
            self._string(quotes[0])
        elif self._next == "[":
            self._list()
        elif self._next == "{":
            self._inline_table()
        else:
            start = self._at
            self._skip(_TOKEN)
            self._skip(_TIME_AFTER_DATE)
            if not is_scalar(self._text[start : self._at]):
                raise scalar_fault(self._text, start)

    def _string(self, quotes: str) -> None:
        start = self._at
        self._at += len(quotes)
        while True:
            self._skip(_INSIDE[quotes])
            if self._skip(_CLOSING[quotes]):
                break
            if self._next == "\\":
                self._escape(over_lines=len(quotes) > 1)
            elif self._next in ("", "\n") or self._text.startswith("\r\n", self._at):
                raise self._text_never_closed(start, quotes)
            else:
                raise self._expected("a character of the text")
        text = self._text[start : self._at]
        if "\n" in text and _LOOKS_LIKE_OPENING.search(text):
            self._swallowing = (start, quotes)

    def _escape(self, *, over_lines: bool) -> None:
        if over_lines and self._skip(_LINE_ESCAPE):
            return
        found = _ESCAPE.match(self._text, self._at)
        code = int(found[1] or found[2] or "0", 16) if found else 0xD800
        if found and (code < 0xD800 or 0xDFFF < code <= 0x10FFFF):
            self._at = found.end()
            return
        said = shown(self._text[self._at : self._at + 2].strip())
        message = (
            f"Expected an escape such as \\n or \\u00e9, found {said}. Write \\\\ for a backslash, "
            "or put the text in single quotes, as in 'C:\\images'."
        )
        raise SyntaxFault(self._at, message)

    def _list(self) -> None:
        with self._brackets():
            while True:
                self._skip_lines()
                if self._next == "]":
                    return
                self._value()
                self._skip_lines()
                if self._next == "]":
                    return
                if self._next != ",":
                    line = line_at(self._text, self._brackets_open[-1])
                    wanted = f"a comma or ] in the list that begins in line {line}"
                    raise self._expected(wanted, "Write a comma between two values.")
                self._at += 1

    def _inline_table(self) -> None:
        with self._brackets():
            table = Table()
            self._stay_on_line()
            if self._next == "}":
                return
            while True:
                self._pair(table)
                self._stay_on_line()
                if self._next == "}":
                    return
                if self._next != ",":
                    remedy = "Write a comma between two keys."
                    raise self._expected("a comma or } after the value", remedy)
                self._at += 1
                self._stay_on_line()
                if self._next == "}":
                    message = "There is a comma before the closing }. Remove it."
                    raise SyntaxFault(self._at, message)

    @contextmanager
    def _brackets(self) -> Iterator[None]:
        """What stands between the bracket that is next and the one that closes it."""
        self._brackets_open.append(self._at)
        self._at += 1
        yield
        self._at += 1
        self._brackets_open.pop()

    def _stay_on_line(self) -> None:
        """Go to what is next in braces, which is on the same line."""
        self._skip(_SPACE)
        if not _END.match(self._text, self._at):
            return
        opened = self._brackets_open[-1]
        header = _HEADER.search(self._text, self._at)
        rest = self._text[self._at : header.start() if header else None]
        if rest.count("}") <= rest.count("{"):
            raise self._never_closed(opened)
        message = (
            "A table in braces takes one line. Join its lines, or write it below a header of its "
            "own, such as [support.customer]."
        )
        raise SyntaxFault(opened, message)

    def _opened_before(self, at: int) -> int | None:
        """The bracket that was left open, where a fault is at the end or in another statement."""
        start = self._text.rfind("\n", 0, at) + 1
        if at < len(self._text) and not _STATEMENT.match(self._text, start):
            return None
        return next((each for each in reversed(self._brackets_open) if each < start), None)

    def _never_closed(self, opened: int) -> SyntaxFault:
        what, closing = {"[": ("list", "]"), "{": ("table", "}")}[self._text[opened]]
        message = (
            f"This {self._text[opened]} is never closed. Write {closing} where the {what} ends."
        )
        return SyntaxFault(opened, message)

    def _text_never_closed(self, start: int, quotes: str) -> SyntaxFault:
        message = (
            f"The text that begins here has no closing {quotes}. Write it where the text ends."
        )
        if len(quotes) == 1:
            message += f" A text over several lines stands between {quotes * 3} and {quotes * 3}."
        return SyntaxFault(start, message)

    def _expected(self, wanted: str, remedy: str = "") -> SyntaxFault:
        return expected(self._text, self._at, wanted, remedy)
