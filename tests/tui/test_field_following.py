"""A field that is typed into while its file changes, goes, or the person wants to leave."""

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from state.domain.errors import StorageError
from tests.tui.harness import AppHarness, noticed, shown
from tests.tui.test_field import open_at
from tui.app import VitrinaApp
from tui.screens.field import FieldScreen
from tui.screens.offers import OffersScreen
from tui.screens.walkthrough import WalkthroughScreen
from tui.widgets.text_box import Box

DB = "contoso-db"
SIZE = (80, 24)


def text(town: AppHarness) -> str:
    return (town.root / f"{DB}.toml").read_text()


def box(app: VitrinaApp) -> Box:
    return app.screen.query_one(Box)


def key_of(app: VitrinaApp, action: str) -> str:
    """What the line of keys says that an action does."""
    assert isinstance(app.screen, WalkthroughScreen)
    keys = app.screen.keys()
    return next(key.label for key in keys if key.action == action)


async def open_and_type(app: VitrinaApp, pilot: Pilot[int], name: str, typed: str) -> None:
    await open_at(app, pilot, DB, name)
    box(app).text = typed
    box(app).move_cursor(box(app).document.end)
    await pilot.pause()


async def test_a_change_elsewhere_in_the_file_is_kept(town: AppHarness) -> None:
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_and_type(app, pilot, "marketing.summary", "Short")
        town.edit(DB, "# Contoso DB", "# Somebody else was here: Contoso DB")
        await pilot.press("enter")
        await pilot.pause()
        assert "# Somebody else was here" in text(town) and 'summary = "Short"' in text(town)
        assert isinstance(app.screen, WalkthroughScreen) and "Saved" in noticed(app)


async def test_an_item_that_moved_in_the_file_is_found_by_its_name(town: AppHarness) -> None:
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_and_type(app, pilot, "skus.standard.title", "Typed")
        before = text(town).index("[[skus]]")
        new = '[[skus]]\nidentifier = "first"\ntitle = "First"\n\n'
        (town.root / f"{DB}.toml").write_text(text(town)[:before] + new + text(town)[before:])
        await pilot.press("enter")
        await pilot.pause()
        skus = {sku.identifier: sku.title for sku in app.views[DB].definition.offer.skus}  # type: ignore[union-attr]
        assert skus["first"] == "First" and skus["standard"] == "Typed"


async def test_two_new_texts_for_one_field_are_shown_and_asked_about(town: AppHarness) -> None:
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_and_type(app, pilot, "marketing.title", "Mine")
        town.edit(DB, 'title = "Contoso DB"', 'title = "Theirs"')
        await pilot.press("enter")
        assert any('The file now says "Theirs"' in line for line in shown(app))
        assert "Overwrite it with your value?" in noticed(app) and box(app).text == "Mine"
        await pilot.press("n")
        assert 'title = "Theirs"' in text(town) and app.focused is box(app)
        await pilot.press("enter", "y")
        await pilot.pause()
        assert 'title = "Mine"' in text(town) and isinstance(app.screen, WalkthroughScreen)
        await pilot.press("z")
        assert 'title = "Theirs"' in text(town)


async def test_where_nothing_was_typed_the_new_text_is_taken_in(town: AppHarness) -> None:
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_at(app, pilot, DB, "marketing.title")
        town.edit(DB, 'title = "Contoso DB"', 'title = "Theirs"')
        app.reload()
        await pilot.pause()
        assert box(app).text == "Theirs"
        await pilot.press("enter")
        assert isinstance(app.screen, WalkthroughScreen) and "was not changed" in noticed(app)


async def test_a_file_that_is_changed_between_the_look_and_the_write_is_not_overwritten(
    town: AppHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(*arguments: object) -> None:
        monkeypatch.undo()
        raise StorageError("contoso-db.toml changed since it was read.")

    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_and_type(app, pilot, "marketing.title", "Mine")
        monkeypatch.setattr("tui.screens.field.write_to_definition", late)
        await pilot.press("enter")
        assert "changed since it was read" in noticed(app) and box(app).text == "Mine"
        await pilot.press("enter")
        await pilot.pause()
        assert 'title = "Mine"' in text(town)


@pytest.mark.parametrize("recorded", [False, True])
async def test_a_file_that_goes_takes_nothing_along(town: AppHarness, recorded: bool) -> None:
    file = town.root / f"{DB}.toml"
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        if recorded:
            await open_and_type(app, pilot, "marketing.summary", "Recorded")
            await pilot.press("enter")
            await pilot.pause()
            app.close_offer()
        await open_and_type(app, pilot, "marketing.title", "Mine ")
        moved = file.rename(file.with_suffix(".bak"))
        app.reload()
        await pilot.pause()
        await pilot.press(*"Dy", "enter")
        assert isinstance(app.screen, FieldScreen) and box(app).text == "Mine Dy"
        assert "is missing" in noticed(app) and not file.exists() and not app.engine.trash()
        moved.rename(file)
        await pilot.press("enter")
        await pilot.pause()
        assert 'title = "Mine Dy"' in text(town)


async def test_an_offer_that_goes_waits_for_the_end_of_a_prompt(town: AppHarness) -> None:
    async with town.on(DB, 1) as (app, pilot):
        await pilot.press("slash", "x")
        (town.root / f"{DB}.toml").unlink()
        app.reload()
        await pilot.pause()
        await pilot.press("D", "y")
        assert app.screen.query_one(Input).value == "xDy"
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, OffersScreen) and "no longer exists" in noticed(app)


async def test_a_reason_not_to_type_is_live(town: AppHarness) -> None:
    town.edit(DB, 'title = "Contoso DB"', 'title = "Contoso DB')
    async with town.on(DB, 1) as (app, pilot):
        assert key_of(app, "open") == "to the line"
        await pilot.press("enter")
        await pilot.pause()
        assert "until the file can be read" in noticed(app)
        town.edit(DB, 'title = "Contoso DB', 'title = "Contoso DB"')
        app.reload()
        assert "until the file can be read" not in noticed(app)


@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+q"])
async def test_leaving_asks_about_what_was_typed(town: AppHarness, key: str) -> None:
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_and_type(app, pilot, "marketing.title", "Mine")
        await pilot.press(key)
        assert "What you typed into marketing.title is not saved" in noticed(app)
        await pilot.press("n", "!")
        assert box(app).text == "Mine!" and not app._exit
        await pilot.press("escape", "escape", key)
        assert app._exit


async def test_a_missing_file_says_how_to_write_it_back(town: AppHarness) -> None:
    town.walk("contoso-vault", "certify")
    (town.root / "contoso-vault.toml").unlink()
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        app.open_offer("contoso-vault", 1)
        await pilot.pause()
        assert key_of(app, "open") == "what to do"
        for key in ("e", "enter"):
            await pilot.press(key)
            await pilot.pause()
            assert "3, then r restores it" in noticed(app)
        assert not (town.root / "contoso-vault.toml").exists()


@pytest.mark.parametrize(
    ("lost", "said"), [(True, "is missing. 3, then r restores it"), (False, "Expected")]
)
async def test_fields_say_why_there_are_none(town: AppHarness, lost: bool, said: str) -> None:
    town.walk("contoso-vault", "certify")
    file = town.root / "contoso-vault.toml"
    async with town.on("contoso-vault", 1) as (app, pilot):
        await pilot.press("f")
        await pilot.pause()
        assert "contoso-vault" in "".join(shown(app))
        file.unlink() if lost else file.write_text("x = [")
        app.reload()
        assert said in " ".join(shown(app)), shown(app)
        await pilot.press("slash", "x", "enter", "enter")
