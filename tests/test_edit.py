"""Edits of a file's values: what was asked changes, every other byte stays."""

import string
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from state.definitions.edit import (
    GONE,
    EditError,
    Put,
    apply_edits,
    item_text,
    remove_value,
    rename_key,
    set_value,
)
from state.definitions.edits import same
from state.definitions.parse import parse_table
from tests.support import EXAMPLES, example_text

Keys = tuple[str | int, ...]


def values_of(raw: bytes) -> dict[str, Any]:
    table = parse_table(raw)
    assert table.values is not None, table.message
    return dict(table.values)


SET = {
    "basic text": ("a = 'x'\n", ("a",), "it's", 'a = "it\'s"\n'),
    "literal text stays literal": ("a = 'x' # c\n", ("a",), "C:\\y", "a = 'C:\\y' # c\n"),
    "escapes": (
        'a = "x"\n',
        ("a",),
        'q " b \\ t\t\x01\x7f',
        'a = "q \\" b \\\\ t\\t\\u0001\\u007f"\n',
    ),
    "lines stay lines": ('a = """x"""\n', ("a",), "y", 'a = """y"""\n'),
    "lines on their own": ('a = """\nx\n"""\n', ("a",), "y\nz\n", 'a = """\ny\nz\n"""\n'),
    "literal lines": ("a = '''\nx'''\n", ("a",), "\\d\n", "a = '''\n\\d\n'''\n"),
    "new lines": ('a = "x"\n', ("a",), "y\nz", 'a = """\ny\nz"""\n'),
    "quotes in lines": ('a = """x"""\n', ("a",), 'y""""z"', 'a = """y\\"\\"""z\\""""\n'),
    "number as text": ("a = 0.10\n", ("a",), Decimal("0.20"), "a = 0.20\n"),
    "number with exponent": ("a = 1\n", ("a",), Decimal("1E+3"), "a = 1E+3\n"),
    "no number": ("a = 1\n", ("a",), Decimal("NaN"), "a = nan\n"),
    "no end": ("a = 1\n", ("a",), Decimal("-Infinity"), "a = -inf\n"),
    "flag": ("a = true # why\n", ("a",), False, "a = false # why\n"),
    "day": ("a = 2026-01-01\n", ("a",), date(2026, 2, 3), "a = 2026-02-03\n"),
    "another type": ("a = [1]\n", ("a",), "x", 'a = "x"\n'),
    "item of a list": ("a = [1,2 , 3]\n", ("a", 1), 5, "a = [1,5 , 3]\n"),
    "item after the last": ("a = [1, 2]\n", ("a", 2), 3, "a = [1, 2, 3]\n"),
    "item of an empty list": ("a = []\n", ("a", 0), 3, "a = [3]\n"),
    "items on lines": (
        "a = [\n  1, # one\n  2 # two\n  # end\n]\n",
        ("a", 2),
        3,
        "a = [\n  1, # one\n  2, # two\n  3\n  # end\n]\n",
    ),
    "items with a last comma": ("a = [\n  1,\n]\n", ("a", 1), 2, "a = [\n  1,\n  2,\n]\n"),
    "shorter list": ("a = [1, 2,  3]\n", ("a",), [1, 3], "a = [1,  3]\n"),
    "longer list": ("a = [1,  3]\n", ("a",), [1, 2, 3], "a = [1, 2,  3]\n"),
    "table in braces": ("a = { b = 1, c = 2 }\n", ("a", "c"), 3, "a = { b = 1, c = 3 }\n"),
    "key in braces": ("a = { b = 1 }\n", ("a", "c"), 3, "a = { b = 1, c = 3 }\n"),
    "key in empty braces": ("a = {}\n", ("a", "c"), 3, "a = { c = 3 }\n"),
    "dots in braces": ("a = { b.c = 1 }\n", ("a", "b", "d"), 3, "a = { b.c = 1, b.d = 3 }\n"),
    "a value of dots in braces": (
        "a = { b.c = 1, z = 0, b.d = 2 }\n",
        ("a", "b", "c"),
        5,
        "a = { b.c = 5, z = 0, b.d = 2 }\n",
    ),
    "another table of dots in braces": (
        "a = { b.c = 1, z = 0, b.d = 2 }\n",
        ("a", "b"),
        {"d": 3, "e": 4},
        "a = { z = 0, b.d = 3, b.e = 4 }\n",
    ),
    "no table of dots in braces": ("a = { b.c = 1, b.d = 2 }\n", ("a", "b"), 5, "a = { b = 5 }\n"),
    "commas first": (
        "a = [\n  1 # one\n  , 2 # two\n]\n",
        ("a",),
        [2],
        "a = [\n  # one\n  2 # two\n]\n",
    ),
    "commas first, the last one": (
        "a = [\n  1 # one\n  , 2 # two\n]\n",
        ("a",),
        [1],
        "a = [\n  1 # one\n   # two\n]\n",
    ),
    "commas first, one in the middle": (
        "a = [ 1\n  , 2 # two\n  , 3 ]\n",
        ("a",),
        [1, 3],
        "a = [ 1\n  , # two\n  3 ]\n",
    ),
    "commas first, one more": (
        "a = [ 1 # one\n  , 2 # two\n]\n",
        ("a",),
        [1, 2, 3],
        "a = [ 1 # one\n  , 2 # two\n  , 3\n]\n",
    ),
    "commas first, one more between": (
        "a = [ 1 # one\n  , 3 # three\n]\n",
        ("a",),
        [1, 2, 3],
        "a = [ 1 # one\n  , 2\n  , 3 # three\n]\n",
    ),
    "missing key": ("[a]\nb = 1 # c\n\n[d]\n", ("a", "e"), 2, "[a]\nb = 1 # c\ne = 2\n\n[d]\n"),
    "missing key, indented": ("[a]\n  b = 1\n", ("a", "e"), 2, "[a]\n  b = 1\n  e = 2\n"),
    "missing key of an empty table": ("[a] # c\n[d]\n", ("a", "e"), 2, "[a] # c\ne = 2\n[d]\n"),
    "missing key at the top": ("# c\n[a]\n", ("b",), 2, "# c\nb = 2\n\n[a]\n"),
    "missing table": ("a = 1", ("b", "c"), 2, "a = 1\n\n[b]\nc = 2"),
    "missing table in a table": (
        "[a]\nb = 1\n[z]\n",
        ("a", "c", "d"),
        2,
        "[a]\nb = 1\n\n[a.c]\nd = 2\n\n[z]\n",
    ),
    "table of which only inner ones are there": ("[a.b]\n", ("a", "c"), 2, "[a.b]\n\n[a]\nc = 2\n"),
    "keys with dots": ("a.b = 1\nz = 0\n", ("a", "c"), 2, "a.b = 1\na.c = 2\nz = 0\n"),
    "key in quotes": ("[a]\n", ("a", "b c"), 2, '[a]\n"b c" = 2\n'),
    "key of an item": ("[[a]]\nb = 1\n[[a]]\n", ("a", 1, "b"), 2, "[[a]]\nb = 1\n[[a]]\nb = 2\n"),
    "table of an item": (
        "[[a]]\nb = 1\n\n[[a]]\n",
        ("a", 0, "c", "d"),
        2,
        "[[a]]\nb = 1\n\n[a.c]\nd = 2\n\n[[a]]\n",
    ),
    "item": ("[[a]]\nb = 1\n", ("a", 1), {"b": 2}, "[[a]]\nb = 1\n\n[[a]]\nb = 2\n"),
    "first item": ("z = 1\n", ("a", 0), {"b": 2}, "z = 1\n\n[[a]]\nb = 2\n"),
    "windows lines": (
        'a = """\r\nx\r\n"""\r\n',
        ("a",),
        "y\nz\n",
        'a = """\r\ny\r\nz\r\n"""\r\n',
    ),
    "missing key, windows lines": ("[a]\r\nb = 1\r\n", ("a", "c"), 2, "[a]\r\nb = 1\r\nc = 2\r\n"),
    "nothing before": ("", ("a", "b"), 1, "[a]\nb = 1\n"),
}


@pytest.mark.parametrize(("before", "keys", "value", "after"), SET.values(), ids=SET)
def test_setting_a_value(before: str, keys: Keys, value: Any, after: str) -> None:
    assert set_value(before.encode(), keys, value).decode() == after


REMOVED = {
    "pair": ("a = 1\nb = 2\n", ("a",), "b = 2\n"),
    "pair with a comment": ("a = 1\nb = 2  # why\n", ("b",), "a = 1\n# why\n"),
    "last pair without line end": ("a = 1\nb = 2", ("b",), "a = 1\n"),
    "pairs with dots": ("a.b = 1\nz = 0\na.c = 2\n", ("a",), "z = 0\n"),
    "item": ("a = [1, 2, 3]\n", ("a", 1), "a = [1, 3]\n"),
    "first item": ("a = [1, 2]\n", ("a", 0), "a = [2]\n"),
    "last item": ("a = [1, 2]\n", ("a", 1), "a = [1]\n"),
    "only item": ("a = [1]\n", ("a", 0), "a = []\n"),
    "item on a line": ("a = [\n 1,\n 2, # two\n 3,\n]\n", ("a", 1), "a = [\n 1,\n # two\n 3,\n]\n"),
    "item below a comment": ("a = [\n # one\n 1,\n 2\n]\n", ("a", 0), "a = [\n # one\n 2\n]\n"),
    "pair in braces": ("a = { b = 1, c = 2 }\n", ("a", "b"), "a = { c = 2 }\n"),
    "only pair in braces": ("a = { b = 1 }\n", ("a", "b"), "a = {}\n"),
    "table": ("[a]\nb = 1\n\n# about c\n[c]\n", ("a",), "\n# about c\n[c]\n"),
    "table and those in it": (
        "[z]\n\n[a]\n# in a\nb = 1\n\n[a.b2]\nc = 1\n\n[y]\n",
        ("a",),
        "[z]\n\n[y]\n",
    ),
    "item with a header": (
        "[[a]]\nb = 1\n\n# two\n[[a]]\nb = 2\n[a.c]\n\n[[a]]\nb = 3\n",
        ("a", 1),
        "[[a]]\nb = 1\n\n# two\n\n[[a]]\nb = 3\n",
    ),
    "what is not there": ("a = 1\n", ("b", "c"), "a = 1\n"),
}


@pytest.mark.parametrize(("before", "keys", "after"), REMOVED.values(), ids=REMOVED)
def test_removing_a_value(before: str, keys: Keys, after: str) -> None:
    assert remove_value(before.encode(), keys).decode() == after


def test_several_edits_count_indexes_before_all_of_them() -> None:
    before = b"a = [1, 2, 3] # c\nb = 1\n[[s]]\nn = 1\n[[s]]\nn = 2\n"
    edits: dict[Keys, Any] = {
        ("a", 0): GONE,
        ("a", 3): Put(4),
        ("b",): GONE,
        ("s", 0): GONE,
        ("s", 1, "n"): Put(5),
        ("s", 2): Put({"n": 6}, "[[s]]\n# kept\nn = 6\n"),
    }
    after = b"a = [2, 3, 4] # c\n[[s]]\nn = 5\n\n[[s]]\n# kept\nn = 6\n"
    assert apply_edits(before, edits) == after


def test_the_text_of_an_item_comes_with_its_comments() -> None:
    raw = example_text("contoso-db").encode()
    text = item_text(raw, ("skus", 0))
    assert text.startswith('[[skus]]\nidentifier = "standard"')
    assert "# SQL, and the metrics exporter" in text
    assert text.endswith('cores = { "1" = 0.05, "2" = 0.09, "4" = 0.18 }\n')
    assert item_text(raw, ("marketing", "links", 0)) == ""


REFUSED: dict[str, tuple[str, Keys, Any]] = {
    "a file that cannot be read": ("a = [", ("a",), 1),
    "what UTF-8 cannot write": ('a = "x"', ("a",), "\ud800"),
    "what TOML has not": ('a = "x"', ("a",), None),
    "a key of a list": ("a = [1]", ("a", "b"), 1),
    "text among tables": ("[[a]]\n", ("a", 1), "x"),
    "nowhere": ("a = 1", (), 1),
}


@pytest.mark.parametrize(("before", "keys", "value"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_written_is_refused(before: str, keys: Keys, value: Any) -> None:
    with pytest.raises(EditError, match=r"\w"):
        set_value(before.encode(), keys, value)


keys = st.text(string.ascii_lowercase + ' ."é', min_size=1, max_size=4)
scalars = st.one_of(
    st.text(max_size=12),
    st.text("\"'\\\n\r\t ab", max_size=10),
    st.booleans(),
    st.integers(-(10**20), 10**20),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.dates(date(1, 1, 1)),
    st.times(),
    st.datetimes(datetime(1000, 1, 1)),
)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=10,
)
tables = st.dictionaries(keys, anything, max_size=5)


def _ways(value: Any, at: Keys = ()) -> list[Keys]:
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value if isinstance(value, list) else ())
    )
    return [at, *(way for key, each in inner for way in _ways(each, (*at, key)))]


def _after(values: Any, way: Keys, change: Callable[[Any, Any], None]) -> None:
    for key in way[:-1]:
        values = values[key]
    change(values, way[-1])


@given(tables, anything, st.data())
def test_any_value_of_any_file_can_be_another(before: Any, value: Any, data: st.DataObject) -> None:
    raw = _commented(tomli_w.dumps(before, multiline_strings=data.draw(st.booleans())))
    ways = [way for way in _ways(values_of(raw)) if way]
    if not ways:
        return
    way = data.draw(st.sampled_from(ways))
    try:
        after = set_value(raw, way, value)
    except EditError:
        # What stands beside tables with headers of their own has to be a table too.
        assert isinstance(_at(values_of(raw), way[:-1]), list) and not isinstance(value, dict)
        return
    wanted = values_of(raw)
    _after(wanted, way, lambda table, key: table.__setitem__(key, value))
    # A table that is given nothing may go altogether: no model tells it from one that is not there.
    gone = value == {} and same(values_of(after), values_of(remove_value(raw, way)))
    assert gone or same(values_of(after), wanted)


@given(tables, st.data())
def test_any_value_of_any_file_can_be_removed(before: Any, data: st.DataObject) -> None:
    raw = _commented(tomli_w.dumps(before))
    ways = [way for way in _ways(values_of(raw)) if way]
    if not ways:
        return
    way = data.draw(st.sampled_from(ways))
    removed = _at(values_of(raw), way)
    after = remove_value(raw, way)
    if isinstance(way[-1], str):
        assert same(values_of(set_value(after, way, removed)), values_of(raw))
    else:
        left = [each for at, each in enumerate(_at(values_of(raw), way[:-1])) if at != way[-1]]
        assert not left or same(_at(values_of(after), way[:-1]), left)


@given(st.sampled_from(sorted(EXAMPLES.glob("contoso-*.toml"))), st.text(max_size=20), st.data())
def test_an_edit_of_an_example_touches_only_lines_of_that_value(
    path: Any, text: str, data: st.DataObject
) -> None:
    raw = path.read_bytes()
    values = values_of(raw)
    texts = [way for way in _ways(values) if way and isinstance(_at(values, way), str)]
    way = data.draw(st.sampled_from(texts))
    before = _at(values, way)
    after = set_value(raw, way, text)
    prefix = len(_common(raw, after))
    suffix = len(_common(raw[::-1], after[::-1]))
    touched = raw[prefix : max(prefix, len(raw) - suffix)].decode(errors="replace")
    assert len(touched) <= len(before) + 8
    assert _at(values_of(set_value(after, way, before)), way) == before


def _at(values: Any, way: Keys) -> Any:
    for key in way:
        values = values[key]
    return values


def _common(one: bytes, other: bytes) -> bytes:
    for at, (mine, its) in enumerate(zip(one, other, strict=False)):
        if mine != its:
            return one[:at]
    return one


def _commented(text: str) -> bytes:
    """A file with a comment above each header."""
    lines = text.split("\n")
    about = (
        f"# about {at}\n{line}" if line.startswith("[") else line for at, line in enumerate(lines)
    )
    return "\n".join(about).encode()


@pytest.mark.parametrize(
    ("old", "keys", "expected"),
    [
        ("free_trail = 'none' # why\n", ("free_trail",), "free_trial = 'none' # why\n"),
        ("[a]\n  b.free_trail=1\n", ("a", "b", "free_trail"), "[a]\n  b.free_trial=1\n"),
        ('"free_trail"  =  "x=y"', ("free_trail",), 'free_trial  =  "x=y"'),
    ],
)
def test_a_key_is_renamed_where_it_stands(old: str, keys: tuple[str, ...], expected: str) -> None:
    assert rename_key(old.encode(), keys, "free_trial").decode() == expected


@pytest.mark.parametrize("raw", [b"a = { free_trail = 1 }", b"[a]\nfree_trail = 1\nfree_trial = 2"])
def test_a_key_that_cannot_be_renamed_is_told(raw: bytes) -> None:
    with pytest.raises(EditError):
        rename_key(raw, ("a", "free_trail"), "free_trial")
