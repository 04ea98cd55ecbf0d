"""A new offer from within the program: its type by one key, its identifier, its walkthrough."""

from pathlib import Path

import pytest
from textual import events
from textual.widgets import Input

from state.engine import Engine
from tests.tui.harness import AppHarness, noticed
from tui.app import VitrinaApp
from tui.render.lines import plain
from tui.screens.offers import OffersScreen
from tui.screens.walkthrough import WalkthroughScreen
from tui.widgets.line_view import LineView

SIZE = (80, 24)


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("v", "virtual-machine"),
        ("d", "developer-service"),
        ("t", "data-service"),
        ("s", "solution-template"),
    ],
)
async def test_a_first_offer_with_its_publisher(tmp_path: Path, key: str, kind: str) -> None:
    app = VitrinaApp(Engine(tmp_path, actor="ana"))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("n")
        assert "v virtual machine, d developer service" in noticed(app)
        await pilot.press(key, *"new-1", "enter")
        await pilot.pause()
        assert isinstance(app.screen, WalkthroughScreen) and app.screen.offer == "new-1"
        assert "new-1.toml was created. So was publisher.toml" in noticed(app)
        assert f'type = "{kind}"' in (tmp_path / "new-1.toml").read_text()
        await pilot.press("q")
        assert isinstance(app.screen, OffersScreen) and app.screen.rows.key == "new-1"


async def test_an_identifier_that_will_not_do_says_why_at_once(tmp_path: Path) -> None:
    town = AppHarness(tmp_path / "offers")
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("n", "v")
        for typed, why in (("Ab", "is not a valid offer identifier"), ("contoso-db", "is taken")):
            await pilot.press("ctrl+u", *typed, "enter")
            label = app.screen.query_one("#label", LineView)
            assert why in plain(label.lines[0])
        await pilot.press("escape")
        assert isinstance(app.screen, OffersScreen)
        assert len(app.views) == 8


async def test_any_other_key_makes_nothing(tmp_path: Path) -> None:
    town = AppHarness(tmp_path / "offers")
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("n", "x")
        assert "Nothing was done" in noticed(app) and not app.screen.query("Prompt")


async def test_a_reader_is_refused(tmp_path: Path) -> None:
    town = AppHarness(tmp_path / "offers")
    app = town.app("maria")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("n", "t", *"new-1", "enter")
        assert not (town.root / "new-1.toml").exists()


async def test_what_is_pasted_into_a_prompt_is_cleaned(tmp_path: Path) -> None:
    app = AppHarness(tmp_path / "offers").app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash")
        app.post_message(events.Paste("a\x1b[31mb\nc"))
        await pilot.pause()
        assert app.screen.query_one(Input).value == "a\\x1b[31mb"
