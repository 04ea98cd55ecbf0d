"""Comparing: what differs, which words, what it means, and setting back with proof."""

from pathlib import Path

import pytest

from state.comparison import comparison_of
from state.content import Change
from state.values import value_words
from tests.tui.town import Town, noticed, shown, texts
from tui.lines import plain
from tui.screens.compare import CompareScreen
from tui.screens.compare_rows import (
    MOST_LINES,
    Look,
    change_lines,
    comparison_rows,
    version_names,
)

RATES, DB = "contoso-rates", "contoso-db"
SIZE = (80, 24)
PUBLISHED = "stage tested request approve"


@pytest.fixture
def town(tmp_path: Path) -> Town:
    return Town(tmp_path / "offers")


def marked(change: Change) -> dict[str, list[str]]:
    """The words of a change that stand out, by their role."""
    found: dict[str, list[str]] = {"removed": [], "added": []}
    for line in change_lines(change, Look(79)):
        for text, role in line:
            if role in found and text.strip():
                found[role].append(text.strip())
    return found


@pytest.mark.parametrize(
    ("old", "new", "removed", "added"),
    [
        ("a small house", "a large house", ["small"], ["large"]),
        ("a house", "a large house", [], ["large"]),
        ("0.05", "0.06", ["05"], ["06"]),
        (["US", "ES"], ["US", "DE"], ["ES"], ["DE"]),
        (False, True, ["false"], ["true"]),
    ],
)
def test_the_changed_words_are_marked(
    old: object, new: object, removed: list[str], added: list[str]
) -> None:
    assert marked(Change(("x",), old, new, False)) == {"removed": removed, "added": added}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, None),
        ("", "(empty)"),
        ({}, "(empty)"),
        ({"path": "a.png", "sha256": "0123456789"}, "a.png (0123 4567)"),
        ({"path": "a.png", "sha256": None}, "a.png (no such file)"),
        ([{"title": "A", "url": "b"}], "title A, url b"),
    ],
)
def test_a_value_in_words(value: object, words: str | None) -> None:
    assert value_words(value) == words


def test_a_long_text_is_cut_down_to_what_changed() -> None:
    text = "\n".join(f"line {at}" for at in range(100))
    change = Change(
        ("marketing", "description"), text, text.replace("line 50", "line fifty"), False
    )
    lines = [plain(line).strip() for line in change_lines(change, Look(79))]
    assert "+ …" in lines and "line fifty" in lines and len(lines) <= 2 * MOST_LINES


def test_hostile_values_are_text() -> None:
    change = Change(("x",), "a\x1b[2J", "b\u202e[/x]", False)
    shown_lines = "".join(plain(line) for line in change_lines(change, Look(79)))
    assert "\x1b" not in shown_lines and "\u202e" not in shown_lines and "[/x]" in shown_lines


@pytest.mark.parametrize("width", [60, 80, 120])
def test_what_it_means_stands_on_top(town: Town, width: int) -> None:
    town.walk(RATES, PUBLISHED)
    town.edit(RATES, 'title = "', 'title = "New ')
    view = town.view(RATES)
    rows = texts(comparison_rows(view, comparison_of(town.engine().survey, view), width))
    assert rows[0].startswith("production ") and "draft" in rows[0]
    assert rows[1].startswith("1 field, marketing only")
    assert max(map(len, rows)) <= width - 2


def test_versions_are_named_once_each(town: Town) -> None:
    town.walk(RATES, PUBLISHED)
    assert version_names(town.view(RATES)) == ["draft", "production"]
    town.edit(RATES, 'title = "', 'title = "New ')
    town.walk(RATES, "stage")
    assert version_names(town.view(RATES)) == ["draft", "production", "staged"]


async def test_setting_back_is_shown_first_and_proved_afterwards(town: Town) -> None:
    path = town.root / f"{RATES}.toml"
    town.walk(RATES, PUBLISHED)
    original = path.read_bytes()
    town.edit(RATES, 'title = "', 'title = "New ')
    edited = path.read_bytes()
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        app.open_offer(RATES, 3)
        await pilot.pause()
        await pilot.press("r")
        await pilot.pause()
        await pilot.press("j", "a")
        assert "this would change in the draft" in shown(app)[0]
        await pilot.press("n")
        assert path.read_bytes() == edited
        await pilot.press("r", "f", "y")
        assert path.read_bytes() == original
        assert "No difference." in shown(app)[1]
        await pilot.press("z")
        assert path.read_bytes() == edited


async def test_another_version_can_be_chosen(town: Town) -> None:
    town.walk(RATES, PUBLISHED)
    town.edit(RATES, 'title = "', 'title = "New ')
    town.walk(RATES, "stage")
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        app.open_offer(RATES, 3)
        await pilot.pause()
        await pilot.press("c", "tab")
        assert shown(app)[0].startswith("staged ")
        assert "No difference." in shown(app)[1]


async def test_where_there_is_nothing_to_compare_it_says_so(town: Town) -> None:
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        app.open_offer(DB, 3)
        await pilot.pause()
        await pilot.press("c")
        assert isinstance(app.screen, CompareScreen)
        assert "never been staged" in " ".join(shown(app))
        await pilot.press("r")
        assert "no earlier version" in noticed(app)
