"""What is said of a file that is not TOML 1.0: the place, the fault and the remedy."""

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from state.definitions.parse import parse_table
from state.domain.errors import StorageError
from tests.directories import write_tree
from tests.support import EXAMPLES

QUOTES = '"""'
FAULTS: dict[str, tuple[str, str, tuple[int, int]]] = {
    "a key twice": (
        'a = 1\n[t]\nbilling = "x"\nb = 2\nbilling = "y"\n',
        '"billing" is already set in line 3. Keep one of the two.',
        (5, 1),
    ),
    "a key twice in braces": ("a = { b = 1, b = 2 }", '"b" is already set in line 1.', (1, 14)),
    "a table twice": (
        "[marketing]\n[t]\n[marketing]\n",
        "The table marketing is already declared in line 1. Put its keys there.",
        (3, 2),
    ),
    "a table of keys with dots": (
        "a.b = 1\n[a]\n", "The table a is already declared in line 1.", (2, 2),
    ),
    "a key of another table": (
        "[a.b]\n[a]\nb.c = 1", "The table b is already declared in line 1.", (3, 1),
    ),
    "a value as a table": ("a = 1\n[a]", '"a" is already set in line 1.', (2, 2)),
    "a value as a table around another": ("a = 1\n[a.b]", '"a" is already set in line 1.', (2, 2)),
    "a table for a list": ("[skus]\n[[skus]]", "in line 1. Write [[skus]] there", (2, 3)),
    "an item for a table": ("[[skus]]\n[skus]", "since line 1. Write [[skus]] for an item", (2, 2)),
    "a merge": (
        "a = 1\n<<<<<<< HEAD\na = 2\n=======\na = 3\n>>>>>>> main\n",
        "Lines 2, 4, 6 hold markers of a merge conflict. Keep one of the two sides",
        (2, 1),
    ),
    "what is left of a merge": ("a = 1\r\n>>>>>>> main\r\n", "Line 2 holds a marker", (2, 1)),
    "an open text": (
        'a = 1\nb = "x # y\nc = 1', 'The text that begins here has no closing ". ', (2, 5),
    ),
    "an open text of several lines": (
        f"a = {QUOTES}\nx\ny", f"The text that begins here has no closing {QUOTES}.", (1, 5),
    ),
    "an open text that another one ends": (
        f"a = {QUOTES}\nx\nb = {QUOTES}\nUse it well.\n{QUOTES}\n", "begins here", (1, 5),
    ),
    "an open text that another one ends in its line": (
        f"a = {QUOTES}\nx\nb = {QUOTES}Use{QUOTES}\n", "begins here", (1, 5),
    ),
    "an open list": (
        'a = 1\nb = [\n  "x", # y\n', "This [ is never closed. Write ] where", (2, 5),
    ),
    "an open list before a key": ("b = [1, 2\nc = 3\n", "[ is never closed", (1, 5)),
    "an open list before a header": ("b = [1,\n\n[t.u]\nc = 3\n", "[ is never closed", (1, 5)),
    "an open brace": ("b = { c = 1\n[t]\n", "This { is never closed.", (1, 5)),
    "braces over lines": (
        "b = {\n  c = 1,\n  d = { e = 1 }\n}\n", "A table in braces takes one line. Join", (1, 5),
    ),
    "a last comma in braces": ("b = { c = 1, }", "comma before the closing }. Remove it", (1, 14)),
    "no comma": ("b = [1 2]", "begins in line 1, found \"2\". Write a comma between two", (1, 8)),
    "no comma in braces": ("a = { b = 1 c = 2 }", 'found "c". Write a comma between', (1, 13)),
    "a comma after a text": ('a = "x",', 'found ",". Delete the comma.', (1, 8)),
    "two commas": ("b = [1,,2]", 'Expected a value, found ",".', (1, 8)),
    "no quotes": (
        "a = 1\ntitle = Contoso DB # our own", 'found "Contoso DB". Put text in quotes.', (2, 9),
    ),
    "typographic quotes": ("title = “Contoso”", "Found the typographic quote “. Write", (1, 9)),
    "no equals sign": (
        'title "x"', 'Expected = after the key "title", found a quote. Write key = value', (1, 7),
    ),
    "a colon": ("title: 'x'", 'Expected = after the key "title", found ":".', (1, 6)),
    "no value": ("a = 1\ntitle =  # soon", 'The key "title" has no value.', (2, 10)),
    "no key": ("= 1", 'found "=". Write a name here, or delete the line.', (1, 1)),
    "no key beside a signature": ("?sig=x", "a key, found something else. Write a name", (1, 1)),
    "a key that needs quotes": ("größe = 1", 'Expected = after the key "gr", found "öße"', (1, 3)),
    "two keys on a line": ("a = 1 b = 2", 'found "b". Write each key on a line of its own', (1, 7)),
    "a quote in a text": ('a = "the "best" one"', 'A quote inside a text is written \\".', (1, 11)),
    "no end of a header": ("[a\nb = 1", "Expected ] after the name of the table, found", (1, 3)),
    "no name in a header": ("[]", 'a key, found "]". Write a name here', (1, 2)),
    "a path of Windows": (
        'a = "C:\\x"',
        'found "\\x". Write \\\\ for a backslash, or put the text in single quotes',
        (1, 8),
    ),
    "half an escape": ('a = "\\u00e"', 'found "\\u"', (1, 6)),
    "an escape of no character": ('a = "\\ud800"', 'found "\\u"', (1, 6)),
    "an escape of TOML 1.1": ('a = "\\e"', 'found "\\e"', (1, 6)),
    "a day that is none": ("a = 2026-02-30", 'Expected a date such as 2026-09-14', (1, 5)),
    "a short day": ("a = 2026-9-14", 'found "2026-9-14".', (1, 5)),
    "a time of TOML 1.1": ("a = 07:30", 'Expected a time such as 09:30:00, found "07:30"', (1, 5)),
    "a zero in front": ("a = 007", "Write it without zeros in front, or in quotes.", (1, 5)),
    "no digit after the point": ("a = [5.]", "as in 0.5.", (1, 6)),
    "a comma in a number": ("a = 0,05", "Write decimals with a point, as in 0.05.", (1, 6)),
    "a version": ("a = 1.0.0", 'Put a version in quotes, as in "1.0.0".', (1, 5)),
    "a flag in capitals": ("a = True", 'or false, found "True". Write true.', (1, 5)),
    "nothing": ("a = null", "Delete the key where there is none.", (1, 5)),
    "a control character": ('a = "x\x1b[2J"', "Found the control character U+001B. Delete", (1, 7)),
    "one in a comment": ("a = 1 # \x07", "Found the control character U+0007. Delete", (1, 9)),
    "a carriage return": ("a = 1\rb = 2\r", "A carriage return ends this line alone.", (1, 6)),
    "an invisible space": ("a =\u00a01", "the invisible character U+00A0. Replace it", (1, 4)),
    "a mark inside": ("a = 1\n\ufeffb = 1", "byte order mark that is not at the beginning", (2, 1)),
    "the end of a file": ("a = 1\nb", "found the end of the file", (2, 2)),
}  # fmt: skip
"""What is wrong, by its name: the text, a part of the message, the line and column."""


@pytest.mark.parametrize(("text", "part", "place"), FAULTS.values(), ids=FAULTS)
def test_a_fault_is_explained_at_its_place(text: str, part: str, place: tuple[int, int]) -> None:
    for raw in (text.encode(), b"\xef\xbb\xbf" + text.encode()):
        table = parse_table(raw)
        assert table.values is None and part in table.message
        assert (table.line, table.column) == place


BYTES = {
    "UTF-16": ("a = 1".encode("utf-16"), "The file is saved as UTF-16. Save it as UTF-8.", (1, 1)),
    "UTF-16 without a mark": ("a = 1".encode("utf-16-be"), "UTF-16", (1, 1)),
    "Latin-1": ("a = 1\nb = 'ñé'".encode("latin-1"), "The byte 0xF1 is not UTF-8", (2, 6)),
    "columns are characters": ("b = 'é".encode() + b"\xff'", "0xFF", (1, 7)),
    "a pointer": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
        "This is a Git LFS pointer, not the file itself. Run: git lfs pull",
        (1, 1),
    ),
}


@pytest.mark.parametrize(("raw", "part", "place"), BYTES.values(), ids=BYTES)
def test_bytes_that_are_no_text_are_named(raw: bytes, part: str, place: tuple[int, int]) -> None:
    table = parse_table(raw)
    assert table.values is None and part in table.message
    assert (table.line, table.column) == place


FINE = [
    "\t a\t=\t1\t# tab\t\r\n\r\nb = [ # c\r\n  1,\r\n]\r\n",
    "a.b.c = 1\na.b.d = 2\na.e = 3\n[x.y]\n[x]\nz = 1\n[x.y.w]\n[x.v]\n",
    "[fruit]\napple.color = 1\napple.taste.sweet = true\n[fruit.apple.texture]\nsmooth = true\n",
    "[[a]]\n[a.b]\nc = 1\n[[a]]\n[a.b]\nc = 2\n[[a.d]]\n[[a.d]]\n",
    'a = """"x""""\nb = """\\\n   y\\"""" \n c = \'\'\'\n\'x\'\'\'\'\n"" = 1\n"q.r".s = 3',
    "a = 0x1F\nb = -0.0e-1_0\nc = +inf\nd = 1979-05-27T00:32:00.999999-07:00",
    "e = 1979-05-27 07:32:00Z\nf = 1979-05-27\ng = 00:32:00.5\nh = 0b01\ni = 0o17\nj = 1_000",
    "a = {}\nb = { c.d = 1, c.e = [\n1,\n{ f = 2 } ] }\n",
    f"a = {QUOTES}\n<<<<<<< HEAD\n=======\n>>>>>>> x\n{QUOTES}\n",
    "a = '\ufeff\u00a0“x”'",
    "",
]  # fmt: skip


@pytest.mark.parametrize("text", FINE)
def test_what_is_fine_is_taken_by_any_python(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert parse_table(text.encode()).message == ""
    monkeypatch.setattr("state.definitions.parse._takes_more", lambda: True)
    assert parse_table(text.encode()).values == tomllib.loads(text, parse_float=Decimal)


@pytest.mark.parametrize("text", ["a = {\n}", "a = { b = 1, }", 'a = "\\e\\x41"', "a = 07:30"])
def test_toml_1_1_is_refused_by_any_python(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said = parse_table(text.encode())
    assert said.values is None
    monkeypatch.setattr("state.definitions.parse._takes_more", lambda: True)
    monkeypatch.setattr("tomllib.loads", lambda text, **_: {})
    assert parse_table(text.encode()) == said


def test_no_signature_is_shown() -> None:
    for text in ("a = https://x/y?sig=abc%3D", 'a = "https://x/y"&sig=abc', "a = sig=abc\n"):
        assert "abc" not in parse_table(text.encode()).message


def test_publisher_toml_is_told_with_its_place(tmp_path: Path) -> None:
    raw = 'namespace = "contoso"\nnamespace = "other"\n'
    with pytest.raises(StorageError, match=r"line 2, column 1: \"namespace\" is already set"):
        write_tree(tmp_path, {"publisher.toml": raw, "a.toml": "type = 'data-service'"}).offers()


def test_a_byte_order_mark_is_skipped(tmp_path: Path) -> None:
    files = {name: b"\xef\xbb\xbf" + (EXAMPLES / name).read_bytes()
             for name in ("contoso-rates.toml", "publisher.toml")}  # fmt: skip
    view = write_tree(tmp_path, files).offer("contoso-rates")
    assert view.title == "Contoso Rates"
    assert not [each for each in view.findings if each.rule.startswith("file.")]


TEXTS = [path.read_text() for path in sorted(EXAMPLES.glob("*.toml"))]
PIECES = [
    '"', "'", QUOTES, "[", "]", "{", "}", "=", ",", ".", "\n", "\r", "\\", "#", "0", "-", "_", "e",
    " ", "\0", "é", "“", "[marketing]\n", "marketing.title.x = 1\n", "[[skus]]\n", "skus = []\n",
    "2026-02-30", "07:30", "\\ud800", "true", "<<<<<<< x\n",
]  # fmt: skip


def check_mutated(text: str) -> None:
    """A text that is not TOML has a fault inside it that is explained, always the same."""
    try:
        values: Any = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        values, raw_message = None, re.sub(r" \(at .*", "", str(error))
    table = parse_table(text.encode())
    assert (table.values is None) == (values is None), text
    if values is None:
        assert raw_message not in table.message and "not TOML 1.0" not in table.message
        assert 1 <= table.line <= len(text.rstrip("\n").split("\n")) and table.column >= 1
        assert table.message.isprintable() and len(table.message) < 200
        assert parse_table(text.encode()) == table


def mutated(text: str, at: int, piece: str) -> list[str]:
    """A text without a character, with a piece in it, without a line, with a line twice."""
    before, _, line = text[:at].rpartition("\n")
    line += text[at:].partition("\n")[0] + "\n"
    rest = text[at:].partition("\n")[2]
    start = before + "\n" if before else ""
    return [text[:at] + text[at + 1 :], text[:at] + piece + text[at:],
            start + rest, start + line + line + rest]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(TEXTS), st.data())
def test_a_mutated_example_is_explained(text: str, data: st.DataObject) -> None:
    at, piece = data.draw(st.integers(0, len(text) - 1)), data.draw(st.sampled_from(PIECES))
    for each in mutated(text, at, piece):
        check_mutated(each)


@pytest.mark.slow
def test_every_mutation_of_an_example_is_explained() -> None:
    for text in sorted(TEXTS, key=len)[:3]:
        for at in range(len(text)):
            for each in mutated(text, at, PIECES[at % len(PIECES)]):
                check_mutated(each)
