"""Text that came from outside, made safe to show."""

import re
from collections.abc import Iterable
from decimal import Decimal

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
_SIGNATURE = re.compile(
    r"((?:s|%[57]3)(?:i|%[46]9)(?:g|%[46]7)(?:=|%3d|%253d))(?!…)[^\s&#\"'<>]*"
    r"(?:(?:[ \t]+[a-z0-9+/%=]+)+(?=[\"'&]|$))?",
    re.IGNORECASE,
)
"""A signature behind its name, white space in it and all; not where a text of ours leaves it out."""

_TYPED = "\n\t\u200c\u200d"
_BETWEEN = re.compile(f"([{_TYPED}])")


def clean(text: str, *, keep_lines: bool = False) -> str:
    """Make any text fit to be shown: no signature in it, and no control character as such.

    With ``keep_lines`` line ends stay as they are, and tabs become spaces.
    """
    if keep_lines:
        return "\n".join(clean(line.replace("\t", "    ")) for line in text.split("\n"))
    return visible(masked(text))


def masked(text: str) -> str:
    """A text without the signatures of SAS tokens, which are keys: ``sig=***`` in their place."""
    if "=" not in text and "%" not in text:
        return text
    return _SIGNATURE.sub(lambda found: found[1] + "***" * (found[0] != found[1]), text)


def visible(text: str) -> str:
    """Make control characters visible, so that none reaches a terminal.

    C0, C1, bidirectional and invisible format characters, tags and lone surrogates are written as
    ``\\xNN``, ``\\uNNNN`` or ``\\UNNNNNNNN``.
    """
    return _UNSAFE.sub(_visible, text)


def typeable(text: str) -> str:
    """A text as it may be typed: line ends, tabs and joiners stay as they are, all else is visible.

    Joiners are part of joined emoji and of the letters of several scripts.
    """
    return "".join(part if part in _TYPED else visible(part) for part in _BETWEEN.split(text))


def quoted(text: str, limit: int = 40) -> str:
    """A value for a message: cleaned, in quotes, cut in the middle to at most ``limit`` characters."""
    shown = clean(text)
    if len(shown) > limit:
        half = (limit - 1) // 2
        shown = f"{shown[:half]}…{shown[-half:]}"
    return f'"{shown}"'


def either(names: Iterable[str]) -> str:
    """Names to choose from: ``"a", "b" or "c"``."""
    *others, last = [quoted(each, 80) for each in names]
    return f"{', '.join(others)} or {last}" if others else last


def plural(count: int, one: str, many: str = "") -> str:
    """A count with its noun: ``1 error``, ``2 errors``."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def short_content(content: str | None) -> str:
    """The beginning of a content's hash in two groups: ``1f3a 9c02``."""
    digits = (content or "").removeprefix("sha256:")[:8]
    return f"{digits[:4]} {digits[4:]}".strip() or "-"


def _visible(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def plain_decimal(value: Decimal) -> str:
    """A decimal without exponent and trailing zeros, where that is not absurdly long."""
    if not value.is_finite():
        return str(value)
    sign, digits, exponent = value.as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    stripped = text.rstrip("0")
    exponent = int(exponent) + len(text) - len(stripped)
    if not stripped:
        return "0"
    if not -40 < exponent < 40:
        return f"{'-' * sign}{stripped}E{exponent}"
    if exponent >= 0:
        whole, part = stripped + "0" * exponent, ""
    else:
        padded = stripped.rjust(1 - exponent, "0")
        whole, part = padded[:exponent], "." + padded[exponent:]
    return f"{'-' * sign}{whole}{part}"
