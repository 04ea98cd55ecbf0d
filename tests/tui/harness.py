"""A working directory with a clock and several people, for tests of what screens show."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from textual.pilot import Pilot

from state.domain.actions import Command
from state.domain.findings import Refusal
from state.domain.publisher import Publisher
from state.engine import Done, Engine
from state.workspace.offer_view import OfferView
from state.workspace.pipeline import pipeline_of
from tests.support import NOW, copy_examples
from tui.app import VitrinaApp
from tui.render.lines import Row, plain
from tui.render.stage_rows import Page
from tui.widgets.row_list import RowList
from tui.widgets.status_bar import StatusBar

ROLES = '[roles]\npublishers = ["ana", "ben"]\napprovers = ["maria"]\n\n[marketplace]\n'

ACTIONS = {
    "certify": (Command("certify"), "ana", 3),
    "stage": (Command("stage"), "ana", 6),
    "tested": (Command("tested"), "ben", 1),
    "request": (Command("request"), "ben", 5),
    "approve": (Command("approve"), "maria", 6),
    "ptested": (Command("production-tested"), "ana", 1),
    "cancel": (Command("cancel"), "ben", 0),
}
"""What is asked, by whom, and how many seconds pass after it: enough for its stages."""


class AppHarness:
    """The examples in a directory of their own; ana and ben publish, maria approves."""

    def __init__(self, target: Path) -> None:
        self.root = copy_examples(target)
        self.now = NOW
        self.edit("publisher", "[marketplace]\n", ROLES)

    def engine(self, actor: str = "ana") -> Engine:
        return Engine(self.root, lambda: self.now, actor, has_account=lambda name: True)

    def app(self, actor: str = "ana") -> VitrinaApp:
        return VitrinaApp(self.engine(actor))

    @asynccontextmanager
    async def on(
        self, offer: str, number: int, actor: str = "ana", size: tuple[int, int] = (80, 24)
    ) -> AsyncIterator[tuple[VitrinaApp, Pilot[int]]]:
        """The program on a screen of an offer, and somebody who presses its keys."""
        app = self.app(actor)
        async with app.run_test(size=size) as pilot:
            app.open_offer(offer, number)
            await pilot.pause()
            yield app, pilot

    def view(self, offer: str, actor: str = "ana") -> OfferView:
        return self.engine(actor).offer(offer)

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.root / f"{name}.toml"
        text = path.read_text()
        assert old in text, old
        path.write_text(text.replace(old, new, 1))

    def ask(self, offer: str, command: Command, actor: str) -> Done | Refusal:
        return self.engine(actor).perform(offer, command)

    def walk(self, offer: str, way: str) -> "AppHarness":
        """Go a way; ``request!`` is asked and no time passes."""
        for word in way.split():
            command, actor, seconds = ACTIONS[word.removesuffix("!")]
            done = self.ask(offer, command, actor)
            assert isinstance(done, Done), (word, done)
            self.now += timedelta(seconds=0 if word.endswith("!") else seconds)
        return self

    def page(self, offer: str, actor: str = "ana") -> Page:
        """What the Publish screen of an offer shows."""
        view, publisher = self.view(offer, actor), self.engine(actor).publisher or Publisher()
        return Page(view, pipeline_of(view), actor, publisher)


def texts(rows: Sequence[Row]) -> list[str]:
    """What rows say, without the room at their ends."""
    return [plain(row.line).rstrip() for row in rows]


def shown(app: VitrinaApp) -> list[str]:
    """What the rows of the screen in front say."""
    return texts(list(app.screen.query_one(RowList)._rows))


def noticed(app: VitrinaApp) -> str:
    """What stands above the keys."""
    lines = app.screen.query_one(StatusBar).lines
    return " ".join(plain(line).strip() for line in lines)


def at(hour: int) -> datetime:
    """A time of the day of the examples."""
    return NOW.replace(hour=hour)
