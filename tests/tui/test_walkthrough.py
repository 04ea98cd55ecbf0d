"""The walkthrough: what stands in it in each situation, and where each item leads."""

import pytest

from state.domain.actions import Command
from state.domain.offer_state import Status
from tests.tui.harness import AppHarness, noticed, shown, texts
from tui.app import VitrinaApp
from tui.render.lines import plain
from tui.render.walkthrough_rows import gate, items_of, walkthrough_rows
from tui.screens.checklist import ChecklistScreen
from tui.screens.publish import PublishScreen
from tui.screens.walkthrough import WalkthroughScreen
from tui.widgets.line_view import LineView

DB, VAULT, RATES, MAIL = "contoso-db", "contoso-vault", "contoso-rates", "contoso-mail"


def said(town: AppHarness, offer: str, actor: str = "ana", width: int = 80) -> str:
    """The walkthrough as one text, with what stands above the keys."""
    view = town.view(offer, actor)
    return "\n".join([*texts(walkthrough_rows(view, items_of(view), width)), gate(view)])


@pytest.mark.parametrize(
    ("offer", "way", "actor", "wanted"),
    [
        (DB, "", "ana", ["✓ 1  Get approved", "2 to fix, 1 to do", "line 68"]),
        (DB, "", "ana", ["✓ 19 more are in order", "9 items in steps 3 and 4 are open"]),
        (VAULT, "", "ana", ["○ 3  Create", "c requests it", "2, then s", "t records it"]),
        (VAULT, "certify!", "ana", ["▸ Certification", "under way 0 %", "Wait for it, or cancel"]),
        (VAULT, "certify stage", "ana", ["by one item in step 4: The staging test"]),
        (RATES, "", "ana", ["– 1  Get approved", "not required", "2 items in step 4"]),
        (RATES, "stage!", "ana", ["▸ The push to staging is under way"]),
        (RATES, "stage tested", "ana", ["✓ 4  Get to staging", "request approval on Publish"]),
        (RATES, "stage tested", "maria", ["maria is not among the publishers"]),
        (RATES, "stage tested request", "ana", ["All four steps are complete. The final review"]),
        ("old-notes", "", "ana", ["○ 1  Get approved", "not known", "✗ This [ is never closed"]),
    ],
)
def test_what_it_says(
    town: AppHarness, offer: str, way: str, actor: str, wanted: list[str]
) -> None:
    text = said(town.walk(offer, way), offer, actor)
    for each in wanted:
        assert each in text, text


def test_what_the_marketplace_refused_is_to_mend(town: AppHarness) -> None:
    town.edit("publisher", "fail = []", 'fail = ["certification", "staging.replication"]')
    town.walk(VAULT, "certify").walk(RATES, "stage")
    assert "✗ Certification failed" in said(town, VAULT)
    assert "✗ The push to staging failed" in said(town, RATES)


def test_a_warning_leaves_its_step_complete(town: AppHarness) -> None:
    town.edit(RATES, "sample_images = [", 'sample_images = ["images/contoso-search-console.png", ')
    text = said(town.walk(RATES, "stage tested"), RATES)
    assert "complete, 1 warning" in text and "\n     ! " in text


def test_a_rejection_stands_at_its_fields_until_they_change(town: AppHarness) -> None:
    town.walk(RATES, "stage tested request")
    reject = Command("reject", "Say who answers.", fields=("support.url", "no.such.field"))
    town.ask(RATES, reject, "maria")
    text = said(town, RATES)
    assert "✗ Rejected by maria, 22 Nov" in text and "Say who answers." in text
    assert "! support.url: maria rejected, 22 Nov" in text and "   line " in text
    assert "no.such.field" not in text
    town.walk(RATES, "request!")
    text = said(town, RATES)
    assert "✗ Rejected by maria" not in text and "! support.url: maria rejected" in text
    town.edit(RATES, "https://support.contoso.example", "https://help.contoso.example")
    assert "maria rejected" not in said(town, RATES)


def test_a_broken_history_is_told_first(town: AppHarness) -> None:
    town.walk(VAULT, "certify stage")
    history = town.root / ".vitrina" / "history" / f"{VAULT}.jsonl"
    history.write_text(history.read_text().replace('"ana"', '"eva"', 1))
    assert said(town, VAULT).startswith("✗ The history of contoso-vault is damaged")


@pytest.mark.parametrize("width", [60, 80, 120])
def test_rows_fit_the_window(town: AppHarness, width: int) -> None:
    for view in town.engine().offers():
        rows = walkthrough_rows(view, items_of(view), width)
        assert max(map(len, texts(rows))) <= width - 2, view.offer


def test_the_cursor_stops_at_items_or_at_steps_where_nothing_is_open(town: AppHarness) -> None:
    view = town.view(DB)
    rows = walkthrough_rows(view, items_of(view), 80)
    assert [row.key for row in rows if row.selectable] == [item.key for item in items_of(view)]
    assert len({item.key for item in items_of(view)}) == len(view.findings)
    done = town.walk(RATES, "stage tested").view(RATES)
    rows = walkthrough_rows(done, items_of(done), 80)
    assert [row.key for row in rows if row.selectable] == [f"step {n}" for n in (1, 2, 3, 4)]


def test_text_of_a_file_is_shown_not_obeyed(town: AppHarness) -> None:
    town.edit(DB, "free_trail", '"free\\u001b[31m_trail[/red]"')
    text = said(town, DB)
    assert "\x1b" not in text and "\\x1b[31m_trail[/r" in text


async def test_certification_is_asked_for_after_saying_what_will_happen(town: AppHarness) -> None:
    async with town.on(VAULT, 1) as (app, pilot):
        await pilot.press("t")
        assert "Push it to staging" in noticed(app), "a key that cannot act says why"
        await pilot.press("enter")
        assert "Request certification" in noticed(app) and "about 2 s" in noticed(app)
        await pilot.press("n")
        assert app.views[VAULT].state.busy is None
        await pilot.press("c", "y")
        assert app.views[VAULT].state.busy
        assert any("under way" in line for line in shown(app))
        await pilot.press("j", "enter")
        await pilot.pause()
        assert isinstance(app.screen, PublishScreen)


async def test_below_the_list_the_field_of_an_item_is_called_one(town: AppHarness) -> None:
    async with town.on(DB, 1) as (app, pilot):
        await pilot.press("slash")
        await pilot.pause()
        await pilot.press(*"named 2", "enter")
        await pilot.pause()
        assert "Field: categories.2" in noticed(app)


async def test_a_filter_leaves_what_holds_a_text(town: AppHarness) -> None:
    async with town.on(DB, 1) as (app, pilot):
        await pilot.press("slash")
        await pilot.pause()
        await pilot.press(*"sp=", "enter")
        assert isinstance(app.screen, WalkthroughScreen)
        assert app.screen.rows.keys == ["sas.permissions skus.standard.image.os_vhd_url"]
        await pilot.press("escape")
        assert len(app.screen.rows.keys) > 5


async def test_a_wide_window_explains_the_item_once_the_cursor_rests(town: AppHarness) -> None:
    async with town.on(DB, 1, size=(120, 36)) as (app, pilot):
        await pilot.press("j", "k")
        await pilot.pause()
        text = "\n".join(plain(line) for line in app.screen.query_one("#pane", LineView).lines)
        assert "skus.standard.image.os_vhd_url" in text and "Right  sp=rl" in text
        assert "▸ 68  os_vhd_url" in text


async def test_the_staging_test_is_recorded_point_by_point(town: AppHarness) -> None:
    town.walk(VAULT, "certify stage")
    async with town.on(VAULT, 1) as (app, pilot):
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, ChecklistScreen)
        await pilot.press("enter")
        assert "No point is marked" in noticed(app)
        await pilot.press("space", "enter", *"ok", "enter")
        assert any("1 of 2 recorded" in line for line in shown(app))
        await pilot.press("a", "enter", "enter")
        await pilot.pause()
        assert isinstance(app.screen, WalkthroughScreen)
        assert app.views[VAULT].steps_complete == 4
        notes = [each.note for each in app.views[VAULT].events if each.kind == "staging-tested"]
        assert notes == ["ok", None]


async def test_what_is_tested_is_what_is_in_staging(town: AppHarness) -> None:
    town.walk(RATES, "stage")
    town.edit(RATES, 'title = "', 'title = "New ')
    async with town.on(RATES, 1) as (app, pilot):
        await pilot.press("t")
        await pilot.pause()
        assert "The draft has changed since" in noticed(app)
        assert app.views[RATES].status is Status.STAGED


async def test_a_misspelt_key_is_mended_with_two_keys(town: AppHarness) -> None:
    path = town.root / "contoso-db.toml"
    before = path.read_bytes()
    app = VitrinaApp(town.engine())
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_offer("contoso-db", 1)
        await pilot.pause()
        await pilot.press("j", "enter", "y")
        assert path.read_bytes() == before.replace(b"free_trail", b"free_trial")
        await pilot.press("z")
        assert path.read_bytes() == before
