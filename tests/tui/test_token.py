"""T on the walkthrough: a pasted SAS token, put on every address of its container."""

from textual import events

from tests.tui.harness import AppHarness, noticed
from tui.app import VitrinaApp
from tui.render.lines import plain
from tui.screens.walkthrough import WalkthroughScreen
from tui.widgets.line_view import LineView
from tui.widgets.prompt import PromptInput

DB = "contoso-db"
TOKEN = (
    "st=2026-11-21T00%3A00%3A00Z&se=2027-03-15T00%3A00%3A00Z&sp=rl&sr=c&sig=NEW%2B"
    + "0" * 39
    + "%3D"
)


def text(town: AppHarness) -> str:
    return (town.root / f"{DB}.toml").read_text()


def label(app: VitrinaApp) -> str:
    """What stands above the line that is typed into."""
    return " ".join(plain(line) for line in app.screen.query_one("#label", LineView).lines)


async def test_a_pasted_token_is_put_in_place_and_can_be_taken_back(town: AppHarness) -> None:
    app, before = town.app(), text(town)
    async with app.run_test(size=(120, 24)) as pilot:
        app.open_offer(DB, 1)
        await pilot.pause()
        assert isinstance(app.screen, WalkthroughScreen)
        app.screen.rows.move_to("sas.permissions skus.standard.image.os_vhd_url")
        await pilot.press("T")
        assert "2 addresses in contosovhds.blob.core.windows.net/vhds" in label(app)
        field = app.screen.query_one(PromptInput)
        field.post_message(events.Paste(f"?{TOKEN.replace('sp=rl', 'sp=rwl')}\n"))
        await pilot.press("enter")
        assert "allows write" in label(app) and text(town) == before
        field.value = TOKEN
        await pilot.press("enter")
        await pilot.pause()
        assert text(town).count(f".vhd?{TOKEN}") == 2
        assert "2 addresses" in noticed(app)
        await pilot.press("z")
        assert text(town) == before


async def test_on_another_item_it_says_where_to_go(town: AppHarness) -> None:
    app = town.app()
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_offer("contoso-mail", 1)
        await pilot.pause()
        await pilot.press("T")
        assert "Go to an item about a VHD address" in noticed(app)
