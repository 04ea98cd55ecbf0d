"""Values -> TOML text, in the style of the text that they replace."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

LINE = 88
"""The most columns of a table or a list that is written on one line."""

# A number is a key that needs no quotes; with them it looks like the text that it is.
_BARE = re.compile(r"(?!\d+\Z)[A-Za-z0-9_-]+")
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
_CONTROL_BUT_LINES = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_NOT_UTF_8 = re.compile("[\ud800-\udfff]")
_CLOSING = re.compile(r'"(?=""|\Z)')
_LONG_QUOTES = ('"""', "'''")
_SHORT = {"\b": "\\b", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


class EditError(Exception):
    """A change that cannot be written into a file. The message says why, for a person."""


def key_text(keys: Sequence[str]) -> str:
    """Keys as a file holds them: ``prices.US``, in quotes where they need them."""
    return ".".join(key if _BARE.fullmatch(key) else _basic(key) for key in keys)


def value_text(value: Any, old: str = "", *, lines: bool = False) -> str:
    """A value as a file holds it, with ``\\n`` as line ends.

    Args:
        value: Text, flag, number (int or Decimal), date, time, list or table.
        old: The text of the value that it replaces, whose quotes it keeps where it can.
        lines: Whether it may take several lines, being the value of a table's key.

    Raises:
        EditError: TOML has nothing that means this value.
    """
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Decimal():
            return _decimal(value)
        case str():
            return _text(value, old, lines=lines)
        case date() | time():
            return value.isoformat()
        case list() | tuple():
            return _list(value, lines=lines)
        case Mapping():
            pairs = (f"{key_text([key])} = {value_text(each)}" for key, each in value.items())
            inside = ", ".join(pairs)
            return f"{{ {inside} }}" if inside else "{}"
    raise EditError(f"A value of the type {type(value).__name__} cannot be written into TOML.")


def section_text(path: Sequence[str], table: Mapping[str, Any], *, item: bool = False) -> str:
    """A table with a header of its own, and the tables in it; an item's is in double brackets."""
    inline = {key: value for key, value in table.items() if goes_inline(value)}
    head = f"[[{key_text(path)}]]" if item else f"[{key_text(path)}]"
    parts = []
    if inline or item or not table:
        parts.append("\n".join([head, *map(pair_text, inline, inline.values())]) + "\n")
    for key, value in table.items():
        if key in inline:
            continue
        below = [*path, key]
        if isinstance(value, Mapping):
            parts.append(section_text(below, value))
        else:
            parts.extend(section_text(below, each, item=True) for each in value)
    return "\n".join(parts)


def pair_text(key: str, value: Any) -> str:
    return f"{key_text([key])} = {value_text(value, lines=True)}"


def goes_inline(value: Any) -> bool:
    """Whether a value within a table is written beside its key, rather than below a header."""
    if isinstance(value, Mapping):
        return _is_flat(value) and len(value_text(value)) <= LINE
    if is_list_of_tables(value):
        return all(_is_flat(each) for each in value)
    return True


def is_list_of_tables(value: Any) -> bool:
    """Whether a value is a list that could be written with headers in double brackets."""
    return (
        isinstance(value, list | tuple)
        and bool(value)
        and all(isinstance(each, Mapping) for each in value)
    )


def _is_flat(table: Mapping[str, Any]) -> bool:
    """Whether a table holds neither tables nor texts of several lines."""
    return not any(
        isinstance(each, Mapping) or is_list_of_tables(each) or "\n" in str(each)
        for each in table.values()
    )


def _list(values: Sequence[Any], *, lines: bool) -> str:
    items = [value_text(each) for each in values]
    one_line = f"[{', '.join(items)}]"
    several = len(items) > 1 and is_list_of_tables(values)
    if not lines or not items or (len(one_line) <= LINE and not several):
        return one_line
    return "[\n" + "".join(f"    {item},\n" for item in items) + "]"


def _decimal(value: Decimal) -> str:
    if value.is_nan():
        return "nan"
    if value.is_infinite():
        return "inf" if value > 0 else "-inf"
    return str(value)


def _text(value: str, old: str, *, lines: bool) -> str:
    if _NOT_UTF_8.search(value):
        raise EditError("The text holds a character that UTF-8 cannot write: type it again.")
    if old.startswith(_LONG_QUOTES):
        return _several_lines(value, old[:3], own_line=old[3:4] in ("\n", "\r"))
    if lines and "\n" in value:
        return _several_lines(value, '"""', own_line=True)
    if old.startswith("'") and "'" not in value and not _CONTROL.search(value):
        return f"'{value}'"
    return _basic(value)


def _several_lines(value: str, quotes: str, *, own_line: bool) -> str:
    """A text between three quotes, which begins on the line of the quotes or on its own."""
    start = "\n" if own_line or value.startswith("\n") else ""
    literal = not ("'''" in value or value.endswith("'") or _CONTROL_BUT_LINES.search(value))
    if quotes == "'''" and literal:
        return f"'''{start}{value}'''"
    escaped = _CLOSING.sub(r'\\"', value.replace("\\", "\\\\"))
    return f'"""{start}{_CONTROL_BUT_LINES.sub(_escape, escaped)}"""'


def _basic(value: str) -> str:
    if _NOT_UTF_8.search(value):
        raise EditError("The text holds a character that UTF-8 cannot write: type it again.")
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    return f'"{_CONTROL.sub(_escape, escaped)}"'


def _escape(match: re.Match[str]) -> str:
    return _SHORT.get(match[0]) or f"\\u{ord(match[0]):04x}"
