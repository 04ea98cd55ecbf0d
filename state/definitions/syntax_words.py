"""The words of a fault of syntax: what was found at a place, and what to do about it."""

import re
from datetime import date

from state.domain.safe_text import quoted

_DATE = r"([0-9]{4})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
_DIGITS = r"[0-9](?:_?[0-9])*"
_SCALAR = re.compile(
    rf"{_DATE}(?:[Tt ]{_TIME}(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?)?|{_TIME}|true|false"
    r"|[+-]?(?:inf|nan)|0x[0-9A-Fa-f](?:_?[0-9A-Fa-f])*|0o[0-7](?:_?[0-7])*|0b[01](?:_?[01])*"
    rf"|[+-]?(?:0|[1-9](?:_?[0-9])*)(?:\.{_DIGITS})?(?:[eE][+-]?{_DIGITS})?"
)
_WORD = re.compile(r"[^\s,\]}#=][^,\]}#\n]*")
_PIECE = re.compile(r"[\w.:/+@-]+|.", re.S)

_ODD = (
    (
        r"\r",
        "A carriage return ends this line alone. Save the file with the line ends of Unix or Windows.",
    ),
    ("[\x00-\x08\x0b-\x1f\x7f]", "Found the control character {code}. Delete it."),
    (
        "[\u2018-\u201f\u2032\u2033\u00ab\u00bb\u00b4`]",
        "Found the typographic quote {char}. Write straight quotes, \" or '.",
    ),
    ("\ufeff", "Found a byte order mark that is not at the beginning of the file. Delete it."),
    (
        "[\u00a0\u00ad\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000]",
        "Found the invisible character {code}. Replace it with an ordinary space, or delete it.",
    ),
)
"""Characters that nobody means to write, and what to do about them."""

_WRONG_SCALARS = (
    (r"(?i)true|yes|on", "true or false", "Write true."),
    (r"(?i)false|no|off", "true or false", "Write false."),
    (r"(?i)null|none|nil", "a value", "Delete the key where there is none."),
    (r"[0-9]{4}-[0-9][0-9-]*(?:[Tt ].*)?",
     "a date such as 2026-09-14, or a time such as 2026-09-14T09:30:00Z", ""),
    (r"[0-9]{1,2}:[0-9:.]*", "a time such as 09:30:00", ""),
    (r"[+-]?0[0-9_]+(?:\.[0-9]+)?", "a number", "Write it without zeros in front, or in quotes."),
    (r"[+-]?\.[0-9]+|[+-]?[0-9]+\.", "a number",
     "Write a digit on both sides of the point, as in 0.5."),
    (r"[0-9]+(?:\.[0-9]+){2,}", "a value", 'Put a version in quotes, as in "1.0.0".'),
    (r"[+-]?[0-9].*", "a number", "Put text in quotes."),
    (r".*", "a value", "Put text in quotes."),
)  # fmt: skip
"""What looks like one kind of value and is not: the pattern, what is expected, the remedy."""


class SyntaxFault(Exception):
    """Why a text is not TOML, with the character at fault, from 0."""

    def __init__(self, at: int, message: str) -> None:
        super().__init__(message)
        self.at = at
        self.message = message


def line_at(text: str, at: int) -> int:
    """The line of a character, from 1."""
    return text.count("\n", 0, at) + 1


def place_at(text: str, at: int) -> tuple[int, int]:
    """The line and column of a character, from 1; the end of the last line for what is behind."""
    at = min(at, len(text.rstrip("\r\n")))
    return line_at(text, at), at - text.rfind("\n", 0, at)


def is_scalar(word: str) -> bool:
    """Whether a word is a number, a flag, a date or a time."""
    found = _SCALAR.fullmatch(word)
    if found and found[1]:
        try:
            date(*map(int, found.groups()))
        except ValueError:
            return False
    return bool(found)


def scalar_fault(text: str, start: int) -> SyntaxFault:
    """What there is to say of something that is no value."""
    word = _WORD.match(text, start)
    if word is None or odd_character(text, start):
        return expected(text, start, "a value")
    said = word[0].strip()
    wanted, remedy = next(
        (wanted, remedy)
        for pattern, wanted, remedy in _WRONG_SCALARS
        if re.fullmatch(pattern, said, re.S)
    )
    message = f"Expected {wanted}, found {_shown_at(text, start, said)}. {remedy}"
    return SyntaxFault(start, message.rstrip())


def expected(text: str, at: int, wanted: str, remedy: str = "") -> SyntaxFault:
    """What there is to say of a character where something else is expected."""
    if odd := odd_character(text, at):
        return SyntaxFault(at, odd)
    piece = _PIECE.match(text, at)
    if piece is None:
        found = "the end of the file"
    elif piece[0] in "\r\n":
        found = "the end of the line"
    elif piece[0] in "\"'":
        found = "a quote"
    else:
        found = _shown_at(text, at, piece[0])
    return SyntaxFault(at, f"Expected {wanted}, found {found}. {remedy}".rstrip())


def odd_character(text: str, at: int) -> str:
    """What there is to say of a character that nobody means to write; "" for any other."""
    char = text[at : at + 1]
    if char and not text.startswith("\r\n", at):
        for pattern, message in _ODD:
            if re.match(pattern, char):
                return message.format(char=char, code=f"U+{ord(char):04X}")
    return ""


def shown(text: str) -> str:
    """A name or a piece of a file as it is shown in a message."""
    return quoted(text, 24)


def _shown_at(text: str, at: int, piece: str) -> str:
    """A piece as it is shown, where its line holds no signature."""
    line = text[text.rfind("\n", 0, at) + 1 :].split("\n", 1)[0]
    return "something else" if re.search(r"sig\b", line, re.I) else shown(piece)
