"""Edits of files in every layout that people write: the value changes, all around it stays."""

import re
from itertools import count
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from state.definitions.edit import GONE, Put, apply_edits
from state.definitions.edits import same
from state.definitions.locate import Places
from state.definitions.parse import parse_table

Keys = tuple[str | int, ...]
COMMENT = re.compile(rb"# \d+")
MARK = b"\xef\xbb\xbf"


class Layout:
    """Writes values with white space, comments and notations as they are drawn.

    Args:
        draw: Draws from a strategy.
    """

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self._numbers = count(1)

    def one_of(self, *options: str) -> str:
        return self._draw(st.sampled_from(options))

    def comment(self) -> str:
        return f"# {next(self._numbers)}"

    def blank(self) -> str:
        """What may stand between the brackets of a list."""
        return self.one_of("", " ", "\n  ", f" {self.comment()}\n  ", f"\n  {self.comment()}\n  ")

    def value(self, value: Any) -> str:
        if isinstance(value, list):
            items = [self.blank() + self.value(each) + self.blank() for each in value]
            last = self.one_of(",", "") if items else ""
            return "[" + ",".join(items) + last + self.blank() + "]"
        if isinstance(value, dict):
            space = self.one_of("", " ")
            pairs = (f"{key}{space}= {self.value(each)}" for key, each in dotted(value, self))
            return "{" + space + f"{space},{space}".join(pairs) + space + "}"
        if isinstance(value, str):
            return self.one_of(f'"{value}"', f"'{value}'", f'"""{value}"""', f'"""\n{value}"""')
        return str(value)

    def pairs(self, table: dict[str, Any]) -> str:
        """The lines of a table's keys."""
        indent, lines = self.one_of("", "  "), []
        for key, each in dotted(table, self):
            above = self.one_of("", f"{indent}{self.comment()}\n")
            behind = self.one_of("", f" {self.comment()}")
            lines.append(f"{above}{indent}{key} = {self.value(each)}{behind}\n")
        return "".join(lines)

    def file(self, values: dict[str, Any]) -> bytes:
        """A file whose tables have headers, dots or braces, and whose items have headers."""
        top, below = {}, ""
        for key, each in values.items():
            if isinstance(each, dict) and self.one_of("header", "beside") == "header":
                below += f"\n{self.comment()}\n[{key}] {self.comment()}\n{self.pairs(each)}"
            elif key == "skus":
                for item in each:
                    below += f"\n[[{key}]] {self.comment()}\n{self.pairs(item)}"
            else:
                top[key] = each
        text = (self.pairs(top) + below).replace("\n", self.one_of("\n", "\r\n"))
        return self._draw(st.sampled_from([b"", MARK])) + text.encode()


def dotted(table: dict[str, Any], layout: Layout) -> list[tuple[str, Any]]:
    """The pairs of a table, some of the tables in it by keys with dots."""
    pairs = []
    for key, each in table.items():
        if isinstance(each, dict) and each and layout.one_of("dots", "braces") == "dots":
            pairs += [(f"{key}.{inner}", value) for inner, value in dotted(each, layout)]
        else:
            pairs.append((key, each))
    return pairs


plain = st.integers(0, 99) | st.text("abc", max_size=5)
lists = st.lists(plain, max_size=4)
inner = st.dictionaries(st.sampled_from("pqr"), plain | lists, max_size=3)
tables = st.dictionaries(st.sampled_from("klmn"), plain | lists | inner, min_size=1, max_size=4)
files = st.fixed_dictionaries(
    {
        "a": plain,
        "ports": lists,
        "links": st.lists(inner, max_size=3),
        "marketing": tables,
        "skus": st.lists(tables, min_size=1, max_size=2),
    }
)


def ways(value: Any, at: Keys = ()) -> list[Keys]:
    """The way to every value inside a value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    return [
        way
        for key, each in pairs
        for way in [
            (*at, key),
            *(ways(each, (*at, key)) if isinstance(each, dict | list) else ()),
        ]
    ]


def scalars_of(values: dict[str, Any]) -> list[Keys]:
    return [each for each in ways(values) if isinstance(at(values, each), int | str)]


def lists_of(values: dict[str, Any]) -> list[Keys]:
    return [each for each in ways(values) if isinstance(at(values, each), list)]


def at(value: Any, way: Keys) -> Any:
    for key in way:
        value = value[key]
    return value


def pruned(value: Any) -> Any:
    """A value without the tables and lists that hold nothing."""
    if isinstance(value, dict):
        kept = {key: pruned(each) for key, each in value.items()}
        return {key: each for key, each in kept.items() if each not in ({}, [])}
    return [pruned(each) for each in value] if isinstance(value, list) else value


def values_of(raw: bytes) -> dict[str, Any]:
    table = parse_table(raw)
    assert table.values is not None, (table, raw)
    return dict(table.values)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_scalar_changes_and_no_other_byte(data: st.DataObject) -> None:
    raw = Layout(data.draw).file(data.draw(files))
    values = values_of(raw)
    way = data.draw(st.sampled_from(scalars_of(values)))
    place = Places(raw).exact(way)
    assert place
    after = apply_edits(raw, {way: Put(12345)})
    assert after == raw[: place.start] + b"12345" + raw[place.end :]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_list_changes_and_every_comment_stays(data: st.DataObject) -> None:
    raw = Layout(data.draw).file(data.draw(files))
    values = values_of(raw)
    # What stands inside an item that goes, goes with it.
    found = [each for each in lists_of(values) if each[-1] not in ("skus", "links")]
    way = data.draw(st.sampled_from(found))
    new = data.draw(st.lists(st.sampled_from([*at(values, way), 1234, "x"]), max_size=5))
    place = Places(raw).exact(way)
    assert place
    after = apply_edits(raw, {way: Put(new)})
    assert same(at(values_of(after), way), new)
    assert after.startswith(raw[: place.start]) and after.endswith(raw[place.end :])
    assert COMMENT.findall(after) == COMMENT.findall(raw)
    assert (b"\r\n" in raw) == (b"\r\n" in after) and b"\n" not in after.replace(b"\r\n", b"") * (
        b"\r\n" in raw
    )


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_value_goes_and_every_comment_around_it_stays(data: st.DataObject) -> None:
    raw = Layout(data.draw).file(data.draw(files))
    values = values_of(raw)
    way = data.draw(st.sampled_from(scalars_of(values)))
    after = apply_edits(raw, {way: GONE})
    table = at(values, way[:-1])
    del table[way[-1]]
    assert all(
        same(found, wanted) for found, wanted in [(values_of(after).get("skus"), values["skus"])]
    )
    assert COMMENT.findall(after) == COMMENT.findall(raw)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_key_is_added_and_no_other_byte_goes(data: st.DataObject) -> None:
    raw = Layout(data.draw).file(data.draw(files))
    values = values_of(raw)
    found = [(), *(each for each in ways(values) if isinstance(at(values, each), dict))]
    way = (*data.draw(st.sampled_from(found)), "new")
    after = apply_edits(raw, {way: Put(5)})
    at(values, way[:-1])["new"] = 5
    assert same(values_of(after), values)
    assert COMMENT.findall(after) == COMMENT.findall(raw)
    rest = iter(after)
    assert all(byte in rest for byte in raw)
