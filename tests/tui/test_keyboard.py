"""Keys that are typed faster than the screen changes: each acts on what the one before it led to."""

import asyncio

from textual import events
from textual._wait import wait_for_idle
from textual.widgets import Input

from tests.tui.harness import AppHarness, noticed
from tests.tui.test_field import open_field
from tui.app import VitrinaApp
from tui.screens.field import FieldScreen
from tui.screens.offers import OffersScreen
from tui.screens.walkthrough import WalkthroughScreen
from tui.widgets.text_box import Box


async def at_once(app: VitrinaApp, *typed: str) -> None:
    """Type keys, and paste what has a space in it, without a moment in between."""
    for each in typed:
        if " " in each:
            app.post_message(events.Paste(each))
        else:
            app.post_message(events.Key(each, each if len(each) == 1 else None))
    await wait_for_idle()
    async with asyncio.timeout(10):
        while app._settling:
            await asyncio.sleep(0.01)


async def test_what_follows_the_key_of_a_prompt_goes_into_it(town: AppHarness) -> None:
    app = town.app()
    async with app.run_test():
        await at_once(app, "slash", *"Dqn", "a b c", "x")
        assert isinstance(app.screen, OffersScreen)
        assert app.screen.query_one(Input).value == "Dqna b cx"
        await at_once(app, "escape", "slash", *"vault", "enter", "enter")
        assert isinstance(app.screen, WalkthroughScreen) and app.screen.offer == "contoso-vault"


async def test_questions_and_prompts_one_after_the_other(town: AppHarness) -> None:
    app = town.app()
    async with app.run_test() as pilot:
        await at_once(app, "n", "v", *"new-1", "enter")
        await pilot.pause()
        assert (town.root / "new-1.toml").exists() and "new-1.toml was created" in noticed(app)


async def test_what_follows_the_key_of_a_screen_acts_there(town: AppHarness) -> None:
    app = town.app()
    async with app.run_test() as pilot:
        await open_field(app, pilot, "contoso-db", "marketing.summary marketing.summary")
        await at_once(app, "escape", "enter", *"qDc", "one two")
        assert isinstance(app.screen, FieldScreen)
        assert app.screen.query_one(Box).text.endswith("qDcone two")
