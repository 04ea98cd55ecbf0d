"""Comparing: what differs, which words, what it means, and setting back with proof."""

import shutil

import pytest
from rich.cells import cell_len

from state.domain.actions import Command
from state.domain.changes import Change
from state.engine.compare import comparison_of
from tests.tui.harness import AppHarness, noticed, shown, texts
from tui.app import VitrinaApp
from tui.render.compare_rows import comparison_rows, version_names
from tui.render.diff_lines import MOST_LINES, change_lines
from tui.render.lines import Line, flow, plain
from tui.render.picture import HALF
from tui.screens.compare import CompareScreen

RATES, DB = "contoso-rates", "contoso-db"
PUBLISHED = "stage tested request approve"


def lines_of(change: Change) -> list[Line]:
    """A change as a screen of 80 columns shows it."""
    return list(change_lines(change, None, None, lambda spans: flow(spans, 72)))


def marked(change: Change) -> dict[str, list[str]]:
    """The words of a change that stand out, by their role."""
    found: dict[str, list[str]] = {"removed": [], "added": []}
    for line in lines_of(change):
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


def test_a_long_text_is_cut_down_to_what_changed() -> None:
    text = "\n".join(f"line {at}" for at in range(100))
    change = Change(
        ("marketing", "description"), text, text.replace("line 50", "line fifty"), False
    )
    lines = [plain(line).strip() for line in lines_of(change)]
    assert "+ …" in lines and "line fifty" in lines and len(lines) <= 2 * MOST_LINES


def test_hostile_values_are_text() -> None:
    change = Change(("x",), "a\x1b[2J", "b\u202e[/x]", False)
    shown_lines = "".join(plain(line) for line in lines_of(change))
    assert "\x1b" not in shown_lines and "\u202e" not in shown_lines and "[/x]" in shown_lines


@pytest.mark.parametrize("width", [60, 80, 120])
def test_what_it_means_stands_on_top(town: AppHarness, width: int) -> None:
    town.walk(RATES, PUBLISHED)
    town.edit(RATES, 'title = "', 'title = "New ')
    view = town.view(RATES)
    rows = texts(comparison_rows(view, comparison_of(town.engine(), view), width))
    assert rows[0].startswith("production ") and "draft" in rows[0]
    assert rows[1].startswith("1 field, marketing only")
    assert rows[2].startswith("Next push: replication to staging, content validation")
    assert max(map(len, rows)) <= width - 2


def test_versions_are_named_once_each(town: AppHarness) -> None:
    town.walk(RATES, PUBLISHED)
    assert version_names(town.view(RATES)) == ["draft", "production"]
    town.edit(RATES, 'title = "', 'title = "New ')
    town.walk(RATES, "stage")
    assert version_names(town.view(RATES)) == ["draft", "production", "staged"]


async def test_setting_back_is_shown_first_and_proved_afterwards(town: AppHarness) -> None:
    path = town.root / f"{RATES}.toml"
    town.walk(RATES, PUBLISHED)
    original = path.read_bytes()
    town.edit(RATES, 'title = "', 'title = "New ')
    edited = path.read_bytes()
    async with town.on(RATES, 3) as (app, pilot):
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


async def test_another_version_can_be_chosen(town: AppHarness) -> None:
    town.walk(RATES, PUBLISHED)
    town.edit(RATES, 'title = "', 'title = "New ')
    town.walk(RATES, "stage")
    async with town.on(RATES, 3) as (app, pilot):
        await pilot.press("c", "tab")
        assert shown(app)[0].startswith("staged ")
        assert "No difference." in shown(app)[1]


async def test_where_there_is_nothing_to_compare_it_says_so(town: AppHarness) -> None:
    async with town.on(DB, 3) as (app, pilot):
        await app.push_screen(CompareScreen(DB))
        assert "never been staged" in " ".join(shown(app))
        await pilot.press("r")
        assert "no earlier version" in noticed(app)


async def test_what_is_not_allowed_and_who_else_changes_is_told(town: AppHarness) -> None:
    town.walk(RATES, PUBLISHED)
    town.edit(RATES, 'identifier = "starter"', 'identifier = "other"')
    town.edit(DB, f"logos/{DB}/small.png", f"logos/{RATES}/small.png")
    (town.root / f"logos/{RATES}/small.png").unlink()
    async with town.on(RATES, 3) as (app, pilot):
        await pilot.press("c")
        assert any(line.startswith("✗ ") and "locked" in line for line in shown(app)[:8])
        await pilot.press("r", "a")
        assert f"! These offers use the same files and change too: {DB}." in shown(app)
        await pilot.press("y")
        assert "No difference." in shown(app)[1] and DB in noticed(app)


async def test_what_is_edited_after_the_preview_is_not_overwritten(town: AppHarness) -> None:
    town.walk(RATES, "stage")
    town.edit(RATES, 'title = "', 'title = "New ')
    async with town.on(RATES, 3) as (app, pilot):
        await pilot.press("c", "r", "a")
        town.edit(RATES, 'summary = "', 'summary = "Mine ')
        await pilot.press("y")
        assert "changed since this was shown" in noticed(app)
    assert 'summary = "Mine ' in (town.root / f"{RATES}.toml").read_text()


async def test_a_file_that_the_version_lacked_is_nothing_to_set_back(town: AppHarness) -> None:
    logo = town.root / f"logos/{RATES}/smal.png"
    town.edit(RATES, "small.png", "smal.png")
    town.ask(RATES, Command("remark", "words"), "ana")
    logo.write_bytes(b"x")
    async with town.on(RATES, 3) as (app, pilot):
        await pilot.press("c", "r", "a")
        assert "nothing to revert" in noticed(app) and "stays" in noticed(app)
    assert logo.exists()


# Three ways -------------------------------------------------------------------------------------


def three_titles(town: AppHarness) -> VitrinaApp:
    """The program on an offer whose title is another in production, in staging and in the draft."""
    town.walk(RATES, PUBLISHED)
    town.edit(RATES, 'title = "Contoso Rates"', 'title = "Contoso Money"')
    town.walk(RATES, "stage")
    town.edit(RATES, 'title = "Contoso Money"', 'title = "Contoso Money \u202e歩"')
    town.edit(RATES, "transactions = 500", "transactions = 600")
    return town.app()


@pytest.mark.parametrize("width", [80, 120])
async def test_three_versions_stand_side_by_side(town: AppHarness, width: int) -> None:
    app = three_titles(town)
    async with app.run_test(size=(width, 24)) as pilot:
        app.open_offer(RATES, 3)
        await pilot.pause()
        await pilot.press("c", "t")
        lines = shown(app)
        heads = [lines[0].index(name) for name in ("production ", "staged ", "draft ")]
        title = lines.index(next(line for line in lines if line.startswith("marketing.title")))
        told = lines[title + 1]
        starts = [told.index("Contoso", at) for at in heads]
        assert starts == heads and lines[title].endswith("marketing")
        assert "\\u202e" in " ".join(lines) and "\u202e" not in " ".join(lines)
        assert any("500" in line and "600" in line for line in lines)
        assert max(map(cell_len, lines)) <= width - 2
        await pilot.press("t")
        assert shown(app)[0].startswith("production ") and "→ draft" in shown(app)[0]


async def test_three_ways_say_what_they_lack(town: AppHarness) -> None:
    town.walk(RATES, "stage")
    async with town.on(RATES, 3) as (app, pilot):
        await pilot.press("c", "t")
        assert "a version in production" in noticed(app)
        assert isinstance(app.screen, CompareScreen) and app.screen.why_not("three")
    town.walk(RATES, "tested request approve")
    async with town.on(RATES, 3) as (app, pilot):
        await pilot.press("c", "t")
        assert "All three are the same." in " ".join(shown(app))
        assert isinstance(app.screen, CompareScreen) and not app.screen.why_not("three")


# Pictures ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "colours", "drawn"),
    [(109, "truecolor", False), (110, "truecolor", True), (120, "256", True), (120, None, False)],
)
async def test_pictures_stand_side_by_side_where_there_is_room_and_colour(
    town: AppHarness, monkeypatch: pytest.MonkeyPatch, width: int, colours: str | None, drawn: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr("rich.console.Console.color_system", colours)
    town.walk(RATES, PUBLISHED)
    logos = town.root / "logos" / RATES
    shutil.copy(logos / "medium.png", logos / "small.png")
    app = town.app()
    async with app.run_test(size=(width, 40)) as pilot:
        app.open_offer(RATES, 3)
        await pilot.pause()
        await pilot.press("c")
        lines = shown(app)
        assert any("small.png (40x40, " in line for line in lines)
        assert any("small.png (90x90, " in line for line in lines)
        pairs = [line for line in lines if HALF in line]
        assert bool(pairs) == drawn
        assert all(line.count(f" {HALF}") == 2 for line in pairs)
        assert not pairs or ("- " in pairs[0] and "+ " in pairs[0])
        assert max(map(cell_len, lines)) <= width - 2
