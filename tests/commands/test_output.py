"""What a terminal gets: lines that fit, colours where they are wanted, plain signs on request."""

import re
from pathlib import Path

import pytest

from state.domain.safe_text import clean
from tests.commands.conftest import Run, edit
from tui.cli import output
from tui.cli.output import Column, table, wrap_after
from tui.render import glyphs
from tui.render.lines import cells, cut

ANSI = re.compile("\x1b\\[[0-9;]*m")


@pytest.fixture(params=[40, 60, 80, 120])
def terminal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """A terminal of some width."""
    monkeypatch.setattr(output, "on_terminal", lambda stream=None: True)
    monkeypatch.setattr(output, "width", lambda stream=None: request.param)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    return int(request.param)


@pytest.mark.parametrize(
    "command",
    [["list"], ["check"], ["show", "contoso-db"], ["history", "contoso-rates"], ["rules"]],
)
def test_lines_fit_a_terminal(command: list[str], run: Run, terminal: int, directory: Path) -> None:
    edit(directory / "contoso-rates.toml", 'title = "Contoso Rates"', f'title = "{"歩" * 30}"')
    run("stage", "contoso-rates")

    out = run(*command).out

    assert ANSI.search(out)
    # A field's name and the like are not wrap_after: only where there is room for them is it asked.
    longest = max(cells(line) for line in ANSI.sub("", out).splitlines())
    assert terminal < 80 or longest <= terminal


def test_a_wide_terminal_shows_the_titles(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = {}
    for width in (80, 110):
        monkeypatch.setattr(output, "width", lambda width=width: width)
        shown[width] = "Contoso Grid" in run("list").out

    assert shown == {80: False, 110: True}


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_colours_can_be_declined(
    name: str, value: str, run: Run, terminal: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)

    assert "\x1b" not in run("list").out


def test_plain_signs_on_request(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VITRINA_ASCII", "1")
    glyphs.plain_signs.cache_clear()
    try:
        out = run("show", "contoso-db").out
    finally:
        monkeypatch.undo()
        glyphs.plain_signs.cache_clear()

    assert "+ 1  Get approved" in out and "x 3  " in out
    assert not set("✓✗○–·") & set(out)


def test_tables_give_way_from_the_last_column(terminal: int) -> None:
    columns = (Column("One", least=4), Column("Extra", optional=True), Column("Two", least=4))
    rows = [[[("a" * 30, "")], [("b" * 30, "")], [("c" * 30, "")]]]

    widths = [sum(cells(text) for text, _ in line) for line in table(columns, rows)]

    assert max(widths) <= terminal


@pytest.mark.parametrize(
    ("text", "room", "shown"),
    [
        ("plain", 5, "plain"),
        ("plainer", 5, "plai…"),
        ("歩歩歩", 6, "歩歩歩"),
        ("歩歩歩", 5, "歩歩…"),
    ],
)
def test_cuts_count_cells(text: str, room: int, shown: str) -> None:
    assert cut(text, room) == shown


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("\x1b[31m", "\\x1b[31m"),
        ("\u202e", "\\u202e"),
        ("\xad", "\\xad"),
        ("\u206a", "\\u206a"),
        ("\U000e0001\U000e0041\U000e007f", "\\U000e0001\\U000e0041\\U000e007f"),
    ],
)
def test_what_would_not_be_seen_is_spelled_out(hidden: str, shown: str) -> None:
    assert clean(f"a{hidden}b") == f"a{shown}b"


def test_text_is_whole_where_nobody_cuts() -> None:
    assert wrap_after([("a: ", "")], "word " * 100, indent=2) == [
        [("a: ", ""), ("word " * 100, "")]
    ]
