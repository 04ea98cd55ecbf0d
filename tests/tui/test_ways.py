"""Getting about: marks and filters, the next offer, what lies over a screen, what all screens tell."""

from datetime import timedelta

import pytest
from textual.pilot import Pilot

from state.domain.actions import Command
from state.engine import Engine
from tests.tui.harness import AppHarness, noticed, shown
from tui.app import VitrinaApp
from tui.render.lines import plain
from tui.screens.compare import CompareScreen
from tui.screens.history import HistoryScreen
from tui.screens.preview import PreviewScreen
from tui.screens.publish import PublishScreen
from tui.screens.review import ReviewScreen
from tui.screens.walkthrough import WalkthroughScreen
from tui.widgets.key_bar import KeyLine
from tui.widgets.line_view import LineView
from tui.widgets.row_list import RowList

DB, MAIL, RATES, VAULT = "contoso-db", "contoso-mail", "contoso-rates", "contoso-vault"
SIZE = (80, 24)


def line_of(app: VitrinaApp, name: str) -> str:
    """A line of the frame."""
    return plain(app.screen.query_one(f"#{name}", LineView).lines[0])


async def only(pilot: Pilot[int], text: str) -> None:
    """Leave only the offers that hold a text."""
    await pilot.press("slash")
    await pilot.pause()
    await pilot.press(*text, "enter")
    await pilot.pause()


async def test_a_mark_that_the_filter_hides_is_not_meant(town: AppHarness) -> None:
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        app.screen.query_one(RowList).move_to(VAULT)
        await pilot.press("space")
        assert "1 marked" in line_of(app, "title")
        await only(pilot, DB)
        await pilot.press("D")
        assert noticed(app).startswith(f"Discard the draft {DB}?")
        await pilot.press("n", "escape")
        assert "marked" not in line_of(app, "title")


async def test_keys_on_an_empty_list_say_what_to_do(town: AppHarness) -> None:
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        await only(pilot, "zzz")
        for key in ("enter", "1", "D", "space", "e", "v"):
            app.screen.query_one("#status", LineView).show([])
            await pilot.press(key)
            assert "Escape clears the filter" in noticed(app), key


async def test_the_next_offer_is_the_next_of_those_that_are_shown(town: AppHarness) -> None:
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        await only(pilot, "virtual")
        await pilot.press("enter", "right_square_bracket")
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, WalkthroughScreen) and screen.offer == "contoso-search"


@pytest.mark.parametrize(
    ("key", "screen"), [("1", WalkthroughScreen), ("2", PublishScreen), ("3", HistoryScreen)]
)
async def test_each_screen_is_a_key_away_from_the_preview(
    town: AppHarness, key: str, screen: type
) -> None:
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("v")
        await pilot.pause()
        assert isinstance(app.screen, PreviewScreen) and "Preview" in line_of(app, "title")
        await pilot.press("right_square_bracket")
        await pilot.pause()
        assert isinstance(app.screen, PreviewScreen) and app.screen.offer == "contoso-grid"
        await pilot.press(key)
        await pilot.pause()
        assert type(app.screen) is screen


async def test_what_lies_over_a_screen_says_what_it_is(town: AppHarness) -> None:
    town.walk(RATES, "stage")
    async with town.on(RATES, 3) as (app, pilot):
        await pilot.press("c")
        await pilot.pause()
        assert isinstance(app.screen, CompareScreen)
        assert f"{RATES} · Compare · staged" in line_of(app, "title")


async def test_a_broken_publisher_file_is_told_on_every_screen(town: AppHarness) -> None:
    async with town.on(DB, 1) as (app, pilot):
        path = town.root / "publisher.toml"
        whole = path.read_bytes()
        path.write_bytes(whole + b"broken = [\n")
        app.reload()
        for key in ("1", "2", "3", "v"):
            await pilot.press(key)
            await pilot.pause()
            assert line_of(app, "upper").startswith(" ✗ publisher.toml, line "), key
        path.write_bytes(whole)
        app.reload()
        assert set(line_of(app, "upper")) == {"─"}


async def test_more_below_is_told_until_it_is_in_sight(town: AppHarness) -> None:
    app = town.app()
    async with app.run_test(size=(80, 12)) as pilot:
        await pilot.pause()
        assert line_of(app, "lower").strip("─").strip().endswith("more below")
        await pilot.press("G")
        await pilot.pause()
        assert set(line_of(app, "lower")) == {"─"}


async def test_a_decision_by_somebody_else_is_told_to_who_reviews(town: AppHarness) -> None:
    town.walk(RATES, "stage tested request")
    async with town.on(RATES, 2, "maria") as (app, pilot):
        await pilot.press("a")
        await pilot.pause()
        assert isinstance(app.screen, ReviewScreen)
        town.ask(RATES, Command("reject", "Not yet."), "maria")
        app.reload()
        await pilot.pause()
        assert isinstance(app.screen, PublishScreen)
        assert "Meanwhile: rejected: Not yet., by maria." in noticed(app)


async def test_a_first_request_shows_each_field_once(town: AppHarness) -> None:
    town.walk(RATES, "stage tested request")
    async with town.on(RATES, 2, "maria") as (app, pilot):
        await pilot.press("a")
        await pilot.pause()
        assert not [line for line in shown(app) if line.strip().startswith("- ")]
        assert [line for line in shown(app) if line.strip().startswith("+ ")]


async def test_the_button_bears_the_cursor_and_enter_is_its_key(town: AppHarness) -> None:
    async with town.on(VAULT, 3) as (app, pilot):
        assert "No events yet" in shown(app)[0]
        await pilot.press("c")
        assert "1 shows what the draft still needs" in noticed(app)
        await pilot.press("tab")
        await pilot.pause()
        assert "▌[ D  Discard draft ]" in line_of(app, "discard")
        assert "enter discard draft" in plain(app.screen.query_one(KeyLine).lines[0])
        await pilot.press("enter")
        assert "Discard the draft" in noticed(app)


async def test_the_palette_has_a_line_a_command_and_none_that_only_moves(town: AppHarness) -> None:
    app = town.app()
    async with app.run_test(size=SIZE):
        names = [each.title.split("  ")[0] for each in app.get_system_commands(app.screen)]
        keys = {each.title.split()[-1] for each in app.get_system_commands(app.screen)}
    assert {"Discard", "New", "Help", "Light colours", "Quit"} <= set(names)
    assert not {"Down", "Up", "First", "Last"} & set(names) and names.count("Quit") == 1
    assert {"D", "n", "?"} <= keys


async def test_z_takes_back_what_was_done_last_first(town: AppHarness) -> None:
    path = town.root / f"{DB}.toml"
    before = path.read_bytes()
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("enter", "j", "enter", "y")
        await pilot.pause()
        edited = path.read_bytes()
        assert edited != before
        await pilot.press("q")
        app.screen.query_one(RowList).move_to(VAULT)
        await pilot.press("D", "y")
        await pilot.pause()
        assert VAULT not in app.views
        await pilot.press("z")
        await pilot.pause()
        assert VAULT in app.views and path.read_bytes() == edited
        await pilot.press("z")
        await pilot.pause()
        assert path.read_bytes() == before


async def test_the_palette_runs_nothing_that_the_text_does_not_stand_for(town: AppHarness) -> None:
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("D", "y")
        await pilot.pause()
        assert DB not in app.views
        await pilot.press("ctrl+p", *"zzz", "enter")
        await pilot.pause()
        await pilot.press("escape")
        assert DB not in app.views
        await pilot.press("ctrl+p", *"history", "enter")
        await pilot.pause()
        assert isinstance(app.screen, HistoryScreen)


async def test_no_question_is_answered_that_is_not_to_be_seen(town: AppHarness) -> None:
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("D")
        await pilot.press("ctrl+z")
        await pilot.pause()
        assert noticed(app).startswith(f"Discard the draft {DB}?")
        await pilot.press("ctrl+p")
        await pilot.pause()
        assert noticed(app).startswith(f"Discard the draft {DB}?")
        await pilot.press("n")
        assert DB in app.views


@pytest.mark.parametrize("number", [1, 2, 3])
async def test_an_event_from_the_future_is_named_on_every_screen(
    town: AppHarness, number: int
) -> None:
    town.now += timedelta(days=3)
    town.ask(RATES, Command("remark", "early"), "ben")
    town.now -= timedelta(days=3)
    async with town.on(RATES, number) as (app, _):
        assert "an event from the future: remark by ben" in " ".join(shown(app))


@pytest.mark.parametrize("number", [1, 2, 3])
async def test_a_marketplace_that_is_none_is_named_on_every_screen(
    town: AppHarness, number: int
) -> None:
    town.edit("publisher", 'backend = "rehearsal"', 'backend = "reharsal"')
    async with town.on(RATES, number) as (app, pilot):
        assert '"reharsal" is not a known marketplace' in " ".join(shown(app))
        await pilot.press({1: "t", 2: "s", 3: "D"}[number])
        assert '"reharsal" is not a known marketplace' in noticed(app)


async def test_a_request_says_where_nobody_here_can_approve_it(town: AppHarness) -> None:
    town.walk(RATES, "stage tested")
    async with town.on(RATES, 2) as (app, pilot):
        app.engine = Engine(
            town.root, lambda: town.now, "ana", has_account=lambda name: name != "maria"
        )
        await pilot.press("p", "y")
        assert 'No approver has an account on this machine: "maria"' in noticed(app)
