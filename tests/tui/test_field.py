"""The field editor: what it offers for each field, what it writes, and what it leaves alone."""

import re

import pytest
from textual import events
from textual.pilot import Pilot

from state.definitions.form_input import type_of
from state.definitions.model_fields import field_named
from state.domain.findings import Finding, Severity
from state.domain.offer_types import DATA_SERVICE, SOLUTION_TEMPLATE, VIRTUAL_MACHINE, OfferType
from state.engine.field_form import Form, Remedy, form_of
from state.workspace.field_view import typed_fields
from tests.tui.harness import AppHarness, noticed, shown
from tui.app import VitrinaApp
from tui.render.field_form import why_not_typed
from tui.render.field_lines import field_lines
from tui.render.lines import plain, width_of
from tui.render.walkthrough_rows import items_of
from tui.screens.field import FieldScreen
from tui.screens.fields import FieldsScreen
from tui.screens.walkthrough import WalkthroughScreen
from tui.widgets.line_view import LineView
from tui.widgets.text_box import Box

DB, VAULT, RATES = "contoso-db", "contoso-vault", "contoso-rates"
SIZE = (80, 24)


def form(town: AppHarness, offer: str, name: str) -> Form:
    """What is offered for a field of an offer."""
    view = town.view(offer)
    field = field_named(view.definition.offer, name)
    assert field is not None
    found = Finding("", Severity.ERROR, 4, field, view.definition.file, "Something is wrong.")
    [found] = view.locate([found])
    return form_of(town.engine(), view, found)


@pytest.mark.parametrize(
    ("name", "text", "limit", "several"),
    [
        ("marketing.title", "Contoso DB", 50, False),
        ("skus.standard.hidden", "false", None, False),
        ("skus.standard.image.open_ports", "5432, 9187", None, False),
        ("categories.2", "databases, analytics, databases", None, False),
        ("skus.standard.prices.US.cores.1", "0.05", None, False),
        ("skus.standard.image.data_disks", "", None, False),
        ("marketing.policy_url", "https://contoso.example/privacy", None, False),
    ],
)
def test_a_value_is_offered_as_a_person_types_it(
    town: AppHarness, name: str, text: str, limit: int | None, several: bool
) -> None:
    offered = form(town, DB, name)
    assert (offered.text, offered.limit, offered.several_lines) == (text, limit, several)


def test_a_description_may_have_several_lines(town: AppHarness) -> None:
    offered = form(town, DB, "marketing.description")
    assert offered.several_lines and offered.limit == 1300 and "\n" in (offered.text or "")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("skus", "a list of tables, too long for one line. e opens the file"),
        ("skus.standard", "a table, too long for one line"),
        ("marketing.logos", "a table, too long for one line"),
    ],
)
def test_what_no_line_holds_is_for_an_editor(town: AppHarness, name: str, wanted: str) -> None:
    offered = form(town, DB, name)
    assert offered.text is None and wanted in why_not_typed(town.view(DB), offered)


def test_control_characters_and_very_long_texts_are_for_an_editor(town: AppHarness) -> None:
    town.edit(DB, 'title = "Contoso DB"', 'title = "Contoso \\u001b]0;x\\u0007 DB"')
    offered = form(town, DB, "marketing.title")
    assert offered.why_not == "This text contains the control character \\x1b."
    assert offered.remedy is Remedy.EDITOR
    town.edit(VAULT, 'title = "', f'title = "{"x" * 20_000}')
    offered = form(town, VAULT, "marketing.title")
    assert "characters, too many" in offered.why_not and offered.remedy is Remedy.EDITOR


async def test_a_joined_emoji_can_be_typed_pasted_and_saved(town: AppHarness) -> None:
    title = "Family \N{MAN}\u200d\N{WOMAN}\u200d\N{GIRL} vault"
    town.edit(DB, 'title = "Contoso DB"', f'title = "{title}"')
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_at(app, pilot, DB, "marketing.title")
        box = app.screen.query_one(Box)
        assert box.text == title
        app.post_message(events.Paste("\N{MAN}\u200d\N{GIRL}"))
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        assert f'title = "{title}\N{MAN}\u200d\N{GIRL}"' in (town.root / f"{DB}.toml").read_text()


@pytest.mark.parametrize(
    ("kind", "keys", "limit"),
    [
        (VIRTUAL_MACHINE, ("marketing", "long_summary"), 256),
        (DATA_SERVICE, ("plans", 0, "summary"), 100),
        (SOLUTION_TEMPLATE, ("topologies", 1, "description"), 2000),
        (VIRTUAL_MACHINE, ("support", "url"), None),
    ],
)
def test_limits_are_those_of_the_rules(
    kind: OfferType, keys: tuple[str | int, ...], limit: int | None
) -> None:
    field_type = type_of(kind, keys)
    assert field_type and field_type.longest == limit


@pytest.mark.parametrize(("width", "height"), [(37, 1), (37, 4), (77, 12), (77, 16), (117, 28)])
def test_what_is_known_fits_the_window(town: AppHarness, width: int, height: int) -> None:
    view = town.view(DB)
    for each in typed_fields(view):
        lines = field_lines(form(town, DB, str(each.field)), view, width, height)
        assert len(lines) <= height and max(map(width_of, lines)) <= width, each.field


async def open_field(app: VitrinaApp, pilot: Pilot[int], offer: str, key: str) -> None:
    """Open the field of an item of the walkthrough."""
    app.open_offer(offer, 1)
    await pilot.pause()
    assert isinstance(app.screen, WalkthroughScreen)
    app.screen.rows.move_to(key)
    await pilot.press("enter")
    await pilot.pause()


async def open_at(app: VitrinaApp, pilot: Pilot[int], offer: str, name: str) -> FieldScreen:
    """Open any field of an offer."""
    app.open_offer(offer, 1)
    await pilot.pause()
    view = app.views[offer]
    field = field_named(view.definition.offer, name)
    assert field is not None and isinstance(app.screen, WalkthroughScreen)
    found = Finding("", Severity.WARNING, 4, field, view.definition.file, "")
    app.screen.open_field(view.locate([found])[0])
    await pilot.pause()
    assert isinstance(app.screen, FieldScreen)
    return app.screen


@pytest.mark.parametrize("name", ["marketing.summary", "marketing.description", "skus.byol.title"])
async def test_a_small_window_holds_all_of_it(town: AppHarness, name: str) -> None:
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        screen = await open_at(app, pilot, DB, name)
        for width, height in ((40, 10), (60, 12), (80, 16)):
            await pilot.resize_terminal(width, height)
            await pilot.pause()
            assert not any(screen.scrollbars_enabled)
            bottoms = [each.region.bottom for each in screen.query("Box, #keys, #status, #rows")]
            assert max(bottoms) == screen.query_one("#keys").region.bottom == height
            assert screen.query_one(Box).region.height >= 1 and name in shown(app)[0]


async def test_a_value_is_judged_while_it_is_typed_and_saved_with_enter(town: AppHarness) -> None:
    file = town.root / f"{DB}.toml"
    before = file.read_text()
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_field(app, pilot, DB, "marketing.summary marketing.summary")
        items = [item.key for item in items_of(app.views[DB])]
        following = items[items.index("marketing.summary marketing.summary") + 1]
        box = app.screen.query_one(Box)
        label = app.screen.query_one("#label", LineView)
        assert plain(label.lines[0]).split() == ["Value", "116", "/", "100"]
        assert any("▸  9  summary" in line for line in shown(app))
        box.text = "<div>Short</div>"
        await pilot.pause()
        assert "div" in noticed(app)
        box.text = "Short"
        await pilot.pause()
        assert "Valid." in noticed(app)
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, WalkthroughScreen)
        assert app.screen.rows.key == following, "the next item"
        old = [line for line in before.splitlines() if line not in file.read_text().splitlines()]
        assert len(old) == 1 and old[0].startswith("summary = ")
        await pilot.press("z")
        assert file.read_text() == before and "was restored" in noticed(app)


async def test_nothing_is_written_for_nothing(town: AppHarness) -> None:
    file = town.root / f"{DB}.toml"
    before = file.stat().st_mtime_ns
    async with town.on(DB, 1) as (app, pilot):
        for way in (["enter"], ["escape", "escape"]):
            assert isinstance(app.screen, WalkthroughScreen)
            app.screen.rows.move_to("marketing.summary marketing.summary")
            await pilot.press("enter")
            await pilot.pause()
            if "escape" in way:
                app.screen.query_one(Box).text = "gone again"
                await pilot.pause()
            await pilot.press(*way)
            await pilot.pause()
            assert isinstance(app.screen, WalkthroughScreen)
        assert file.stat().st_mtime_ns == before and not app.views[DB].events


async def test_a_locked_field_says_so_before_anything_is_typed(town: AppHarness) -> None:
    town.walk(VAULT, "certify stage")
    async with town.on(VAULT, 1) as (app, pilot):
        await pilot.press("f")
        await pilot.pause()
        await pilot.press("slash", *"quorum.identifier", "enter", "enter")
        await pilot.pause()
        assert isinstance(app.screen, FieldScreen) and app.screen.box is None
        assert any("The identifier is locked" in line for line in shown(app))
        await pilot.press("q")
        assert isinstance(app.screen, FieldsScreen)


async def test_the_columns_of_fields_never_touch_and_a_filter_without_a_match_stays(
    town: AppHarness,
) -> None:
    async with town.on(VAULT, 1) as (app, pilot):
        await pilot.press("f")
        await pilot.pause()
        assert any(re.search(r"quorum\.image\.recom\S+… \S", line) for line in shown(app))
        await pilot.press("slash", *"nothing has this", "enter")
        await pilot.pause()
        assert 'Filter: "nothing has this"' in shown(app)[0] and "0 fields" in shown(app)[1]


async def test_a_change_that_breaks_a_lock_asks_first(town: AppHarness) -> None:
    town.walk(VAULT, "certify stage tested request approve")
    offered = form(town, VAULT, "skus.vault-solo.prices.US.cores")
    assert offered.text and "The price is locked at" in (offered.locked or "")
    async with town.on(VAULT, 1) as (app, pilot):
        assert isinstance(app.screen, WalkthroughScreen)
        app.screen.open_field(offered.found)
        await pilot.pause()
        assert any("The price is locked at" in line for line in shown(app))
        for answer in ("n", "y"):
            app.screen.query_one(Box).text = offered.text.replace("0.045", "0.05")
            await pilot.press("enter")
            await pilot.pause()
            assert "This change breaks a lock (lock.price)." in noticed(app)
            assert not app.views[VAULT].edited
            await pilot.press(answer)
            await pilot.pause()
        assert [each.rule for each in app.views[VAULT].to_fix] == ["lock.price"]


async def test_a_broken_lock_can_be_set_back(town: AppHarness) -> None:
    town.walk(VAULT, "certify stage tested request approve")
    town.edit(VAULT, 'billing = "hourly"', 'billing = "byol"')
    async with town.on(VAULT, 1) as (app, pilot):
        found = next(each for each in app.views[VAULT].errors if each.rule == "lock.billing")
        assert isinstance(app.screen, WalkthroughScreen)
        app.screen.open_field(app.views[VAULT].locate([found])[0])
        await pilot.pause()
        app.screen.query_one(Box).text = "hourly"
        await pilot.press("enter")
        await pilot.pause()
        assert not any(each.rule == "lock.billing" for each in app.views[VAULT].errors)


async def test_the_publisher_file_is_edited_in_the_same_way(town: AppHarness) -> None:
    town.edit("publisher", 'company = "approved"', 'company = "submitted" # since May')
    file = town.root / "publisher.toml"
    before = file.read_text()
    async with town.on(RATES, 1) as (app, pilot):
        await pilot.press("enter")
        await pilot.pause()
        app.screen.query_one(Box).text = "approved"
        await pilot.press("enter")
        await pilot.pause()
        assert 'company = "approved" # since May' in file.read_text()
        assert app.views[RATES].steps[1].complete
        await pilot.press("z")
        assert file.read_text() == before


async def test_a_text_of_several_lines_is_saved_with_its_own_key(town: AppHarness) -> None:
    async with town.on(DB, 1) as (app, pilot):
        await pilot.press("f")
        await pilot.pause()
        await pilot.press("slash", *"standard.desc", "enter", "enter")
        await pilot.pause()
        await pilot.press("enter", *"<p>Two</p>", "ctrl+s")
        await pilot.pause()
        assert isinstance(app.screen, FieldsScreen)
        assert "<p>Two</p>" in (town.root / f"{DB}.toml").read_text()


async def test_who_may_only_read_is_told_so(town: AppHarness) -> None:
    app = town.app("maria")
    async with app.run_test(size=SIZE) as pilot:
        await open_field(app, pilot, DB, "marketing.summary marketing.summary")
        assert "maria is not among the publishers" in noticed(app)
        assert isinstance(app.screen, FieldScreen) and app.screen.box is None


async def test_pasted_text_is_cleaned(town: AppHarness) -> None:
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_field(app, pilot, DB, "marketing.summary marketing.summary")
        box = app.screen.query_one(Box)
        box.text = ""
        app.post_message(events.Paste("a\x1b[31mb\r\nc"))
        await pilot.pause()
        assert box.text == "a\\x1b[31mb c"


async def test_a_line_is_deleted_as_far_as_the_text_has_it(town: AppHarness) -> None:
    async with town.on(DB, 1) as (app, pilot):
        app.push_screen(FieldScreen(DB, form(town, DB, "marketing.description").found))
        await pilot.pause()
        box, long = app.screen.query_one(Box), "word " * 40
        box.text = f"<p>One</p>\n{long}end"
        box.move_cursor((1, len(long)))
        await pilot.press("ctrl+u")
        assert box.text == "<p>One</p>\nend"
        await pilot.press("ctrl+u")
        assert box.text == "<p>One</p>end"
        box.text = f"{long}\nend"
        box.move_cursor((0, 5))
        await pilot.press("ctrl+k")
        assert box.text == "word \nend"


async def test_the_type_is_checked_as_it_is_typed(town: AppHarness) -> None:
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_at(app, pilot, DB, "type")
        for key, said in (
            (
                "a",
                '"virtual-machinea" is not a type of offer. Write "virtual-machine", "developer-',
            ),
            ("ctrl+u", '"" is not a type of offer.'),
        ):
            await pilot.press(key)
            await pilot.pause()
            assert said in noticed(app)
        await pilot.press(*"data-service")
        await pilot.pause()
        assert 'No key "skus"' in noticed(app)


async def test_an_unknown_marketplace_is_corrected_where_it_is_found(town: AppHarness) -> None:
    town.edit("publisher", 'backend = "rehearsal"', 'backend = "azure"')
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_field(app, pilot, DB, "marketplace.backend marketplace.backend")
        assert any('known marketplace. Write "rehearsal".' in line for line in shown(app))
        await pilot.press("ctrl+u", *"rehearsal", "enter")
        await pilot.pause()
        assert "Saved marketplace.backend" in noticed(app)
    assert 'backend = "rehearsal"' in (town.root / "publisher.toml").read_text()
    assert not town.view(DB).actions["edit"]


@pytest.mark.parametrize("token", ["sv=2015&sp=rl&sig=xxx", "?sp=rl&sig=abc"])
async def test_a_token_alone_takes_no_address_away(town: AppHarness, token: str) -> None:
    app = town.app()
    file = town.root / f"{DB}.toml"
    before = file.read_bytes()
    async with app.run_test(size=SIZE) as pilot:
        screen = await open_at(app, pilot, DB, "skus.standard.image.os_vhd_url")
        app.screen.query_one(Box).text = token
        await pilot.pause()
        assert "✗ This is a SAS token without its address. Write the whole address" in noticed(app)
        await pilot.press("enter")
        await pilot.pause()
        assert app.screen is screen and file.read_bytes() == before
