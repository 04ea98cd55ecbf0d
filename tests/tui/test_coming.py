"""Files change between the moment a screen is asked for and the moment its widgets are there."""

from typing import Any

import pytest
from textual.screen import Screen

from tests.tui.harness import AppHarness, noticed, shown
from tui.app import VitrinaApp
from tui.screens.offers import OffersScreen

GRID, MAIL = "contoso-grid", "contoso-mail"


class Restless(VitrinaApp):
    """The program, with something that happens between each push of a screen and its mount."""

    def happens(self) -> None:
        """A file has changed, or a second has passed."""
        self.reload()
        self.show_message("seen")

    def push_screen(self, screen: Any, *args: Any, **more: Any) -> Any:
        coming = super().push_screen(screen, *args, **more)
        self.happens()
        return coming

    def switch_screen(self, screen: Screen[object] | str) -> Any:
        coming = super().switch_screen(screen)
        self.happens()
        return coming

    def pop_screen(self) -> Any:
        going = super().pop_screen()
        self.happens()
        return going


WAYS = {
    "walkthrough": "enter",
    "publish": "2",
    "history": "3",
    "preview": "v",
    "fields": "enter f",
    "field": "enter enter",
    "checklist": "enter t",
    "compare": "3 c",
    "event": "3 enter",
    "review": "2 a",
    "help": "question_mark",
    "palette": "ctrl+p",
}


@pytest.fixture
def restless(town: AppHarness) -> Restless:
    """Somebody's program on the offer whose review is asked for and who may decide it."""
    town.walk(MAIL, "stage tested request")
    return Restless(town.engine("maria"))


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
async def test_a_change_while_a_screen_comes_or_goes_ends_nothing(
    restless: Restless, way: str
) -> None:
    async with restless.run_test(size=(80, 24)) as pilot:
        restless.screen.rows.move_to(MAIL)  # type: ignore[attr-defined]
        await pilot.press(*way.split())
        await pilot.pause()
        assert noticed(restless) if restless.front else way == "ctrl+p"
        await pilot.press("n", "escape", "q", "q")
        await pilot.pause()
        assert restless.return_code in (None, 0)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
async def test_an_offer_that_goes_while_its_screen_comes_leads_back_to_the_list(
    town: AppHarness, number: int
) -> None:
    app = Restless(town.engine())
    async with app.run_test(size=(80, 24)) as pilot:
        assert GRID in app.views
        app.happens = lambda: (  # type: ignore[method-assign]
            (town.root / f"{GRID}.toml").unlink(missing_ok=True),
            app.reload(),
        )
        app.open_offer(GRID, number)
        await pilot.pause()
        assert isinstance(app.screen, OffersScreen)
        assert f"{GRID} no longer exists" in noticed(app)
        assert not any(GRID in line for line in shown(app))
