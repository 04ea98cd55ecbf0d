"""The main job in the program: from a draft to available, for an offer of each type."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot

from state.domain.offer_state import Status
from state.engine import Engine
from tests.support import NOW, copy_examples
from tui.app import VitrinaApp


class EngineHarness:
    """A working directory, a clock that can be moved, and whoever sits at the keyboard."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.now = NOW

    def clock(self) -> datetime:
        return self.now

    def app(self, actor: str) -> VitrinaApp:
        return VitrinaApp(Engine(self.root, self.clock, actor))

    async def wait(self, pilot: Pilot[int], seconds: float) -> None:
        """Let the marketplace work; the screen follows."""
        self.now += timedelta(seconds=seconds)
        app = pilot.app
        assert isinstance(app, VitrinaApp)
        app.reload()
        await pilot.pause()


@pytest.mark.parametrize(
    ("offer", "certified"),
    [
        ("contoso-vault", True),
        ("contoso-grid", True),
        ("contoso-mail", False),
        ("contoso-rates", False),
    ],
)
async def test_from_draft_to_available(tmp_path: Path, offer: str, certified: bool) -> None:
    desk = EngineHarness(copy_examples(tmp_path / "offers"))
    app = desk.app("ana")
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_offer(offer, 1)
        await pilot.pause()
        if certified:
            await pilot.press("c", "y")
            await desk.wait(pilot, 3)
        await pilot.press("2", "s", "y")
        assert app.views[offer].status is Status.STAGING
        await desk.wait(pilot, 6)
        await pilot.press("1", "t", "a", "enter")
        if app.screen.query("Prompt"):
            await pilot.press("enter")
        assert app.views[offer].steps_complete == 4, app.views[offer].errors
        await pilot.press("2", "p", "y")
        assert app.views[offer].status is Status.PRODUCTION_REQUESTED
        await desk.wait(pilot, 5)
        await pilot.press("a")
        assert app.views[offer].status is Status.PRODUCTION_REQUESTED, "four eyes"
    review = desk.app("maria")
    async with review.run_test(size=(80, 24)) as pilot:
        review.open_offer(offer, 2)
        await pilot.pause()
        await pilot.press("a")
        await pilot.pause()
        await pilot.press("y")
        assert review.views[offer].status is Status.LISTED
        await desk.wait(pilot, 6)
        assert review.views[offer].status is Status.AVAILABLE


async def test_mending_comes_first(tmp_path: Path) -> None:
    """A request before its time says every reason, and nothing happens."""
    desk = EngineHarness(copy_examples(tmp_path / "offers"))
    app = desk.app("ana")
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_offer("contoso-db", 2)
        await pilot.pause()
        for key in ("p", "y", "s", "y"):
            await pilot.press(key)
        assert app.views["contoso-db"].status is Status.DRAFT
        assert not app.views["contoso-db"].events
