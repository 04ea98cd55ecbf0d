"""Publish: what it says in each situation, and what its keys do."""

from datetime import timedelta

import pytest

from state.domain.actions import Command
from state.domain.offer_state import Status
from tests.tui.harness import AppHarness, noticed, shown, texts
from tui.render.lines import plain
from tui.render.offers_rows import detail_lines
from tui.render.publish_rows import awaited, missing, publish_rows
from tui.render.walkthrough_rows import items_of, walkthrough_rows
from tui.screens.checklist import ChecklistScreen
from tui.screens.publish import PublishScreen
from tui.screens.walkthrough import WalkthroughScreen
from tui.widgets.row_list import RowList

VAULT, RATES = "contoso-vault", "contoso-rates"
SIZE = (80, 24)


def said(town: AppHarness, offer: str, actor: str = "ana", width: int = 80) -> str:
    """The page as one text."""
    page = town.page(offer, actor)
    return "\n".join([*texts(publish_rows(page, width)), awaited(page)])


@pytest.mark.parametrize(
    ("offer", "way", "actor", "wanted"),
    [
        (VAULT, "", "ana", ["closed: 3 items to do", "are open"]),
        (RATES, "", "ana", ["closed: 2 items", "s pushes this content to staging"]),
        (RATES, "stage!", "ana", ["▸ replication", "0 %", "You can quit"]),
        (RATES, "stage tested", "ana", ["was staged on 22 Nov and tested by ben", "p requests"]),
        (RATES, "stage tested", "maria", ["! maria is not among the publishers"]),
        (RATES, "stage tested request", "maria", ["waits for you", "a shows what changes"]),
        (RATES, "stage tested request", "ben", ["maria decides", "You can quit"]),
        (VAULT, "certify stage tested request!", "maria", ["you may decide then"]),
        (RATES, "stage tested request approve", "ana", ["passed", "t records it"]),
        (
            RATES,
            "stage tested request approve ptested",
            "ana",
            ["✓ Customer scenarios", "Everything is done"],
        ),
    ],
)
def test_what_it_says(
    town: AppHarness, offer: str, way: str, actor: str, wanted: list[str]
) -> None:
    text = said(town.walk(offer, way), offer, actor).lower()
    for each in wanted:
        assert each.lower() in text, text


def test_an_update_of_marketing_alone_is_not_certified_again(town: AppHarness) -> None:
    town.walk(VAULT, "certify stage tested request approve")
    town.edit(VAULT, 'title = "', 'title = "New ')
    assert "– certification      skipped: only marketing changed" in said(town, VAULT)


def test_a_rejection_stands_there_until_the_next_request(town: AppHarness) -> None:
    town.walk(RATES, "stage tested request")
    reject = Command("reject", "Say who answers.", fields=("support.url",))
    town.ask(RATES, reject, "maria")
    text = said(town, RATES)
    assert "by maria: Say who answers." in text and "support.url" in text
    assert "Say who answers." not in said(town.walk(RATES, "request!"), RATES)


def test_a_file_that_cannot_be_read_keeps_the_gate_closed(town: AppHarness) -> None:
    text = said(town, "old-notes")
    assert "closed" in text and "line 4" in text


@pytest.mark.parametrize("offer", ["old-notes", VAULT])
def test_a_step_has_one_sign_wherever_it_stands(town: AppHarness, offer: str) -> None:
    town.walk(VAULT, "certify")
    (town.root / f"{VAULT}.toml").unlink()
    view = town.view(offer)
    gate = said(town, offer).splitlines()[0].split()
    walkthrough = texts(walkthrough_rows(view, items_of(view, ""), 80))
    pane = [plain(line) for line in detail_lines(view, 60, 20)]
    for number, sign in enumerate("○○✗○", 1):
        assert gate[gate.index(str(number)) - 1] == sign
        for lines in (walkthrough, pane):
            assert [sign, str(number)] in [line.split()[:2] for line in lines]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_rows_fit_the_window(town: AppHarness, width: int) -> None:
    town.walk(VAULT, "certify stage tested request")
    for offer in ("contoso-db", VAULT):
        rows = publish_rows(town.page(offer), width)
        assert max(map(len, texts(rows))) <= width - 2


def test_progress_changes_one_row(town: AppHarness) -> None:
    town.walk(RATES, "stage!")
    before = publish_rows(town.page(RATES), 80)
    town.now += timedelta(seconds=1)
    after = publish_rows(town.page(RATES), 80)
    assert sum(old != new for old, new in zip(before, after, strict=True)) == 1


async def test_an_item_of_the_gate_leads_to_itself_in_the_walkthrough(town: AppHarness) -> None:
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        app.open_offer("contoso-db", 2)
        await pilot.pause()
        await pilot.press("j", "j", "j")
        wanted = list(missing(app.views["contoso-db"]).values())[3]
        assert noticed(app).startswith(wanted.message[:60])
        await pilot.press("enter")
        assert isinstance(app.screen, WalkthroughScreen)
        assert app.screen.item and app.screen.item.finding.message == wanted.message


async def test_nothing_is_pushed_before_the_person_knows_what_happens(town: AppHarness) -> None:
    async with town.on(RATES, 2) as (app, pilot):
        await pilot.press("s")
        assert "Replication, about 5 s here, 10 to 15 min in reality." in noticed(app)
        await pilot.press("n")
        assert app.views[RATES].status is Status.DRAFT
        await pilot.press("s", "y")
        assert app.views[RATES].status is Status.STAGING
        await pilot.press("C", "y")
        assert app.views[RATES].status is Status.DRAFT
        await pilot.press("p")
        assert "pushed to staging" in noticed(app), "a key that cannot act says why"


async def test_a_request_says_who_decides(town: AppHarness) -> None:
    town.walk(RATES, "stage tested")
    async with town.on(RATES, 2) as (app, pilot):
        await pilot.press("p")
        assert "content validation, about 2 s; final review (maria decides)" in noticed(app).lower()
        await pilot.press("y")
        assert app.views[RATES].status is Status.PRODUCTION_REQUESTED


async def test_a_rejection_needs_a_reason(town: AppHarness) -> None:
    town.walk(RATES, "stage tested request")
    async with town.on(RATES, 2, "maria") as (app, pilot):
        await pilot.press("x", "enter")
        assert app.views[RATES].status is Status.PRODUCTION_REQUESTED
        await pilot.press("N", "o", "enter")
        assert app.views[RATES].status is Status.REJECTED
        assert any("by maria: No" in line for line in shown(app))


async def test_a_review_shows_what_changes_and_can_name_fields(town: AppHarness) -> None:
    town.walk(RATES, "stage tested request approve")
    town.edit(RATES, 'title = "', 'title = "New ')
    town.walk(RATES, "stage tested request")
    async with town.on(RATES, 2, "maria") as (app, pilot):
        await pilot.press("a")
        await pilot.pause()
        assert any("it changes 1 marketing field" in line for line in shown(app))
        await pilot.press("j", "escape")
        assert app.views[RATES].status is Status.PRODUCTION_REQUESTED
        await pilot.press("space", "x", "N", "o", "enter")
        await pilot.pause()
        rejection = app.views[RATES].state.rejection
        assert rejection and (rejection.reason, rejection.fields) == ("No", ("marketing.title",))
        assert app.screen.query_one(RowList).has_focus


async def test_the_test_in_production_is_recorded(town: AppHarness) -> None:
    town.walk(RATES, "stage tested request approve")
    async with town.on(RATES, 2) as (app, pilot):
        await pilot.press("t", "y")
        assert app.views[RATES].state.production_tested


async def test_t_is_about_the_test_that_is_next(town: AppHarness) -> None:
    async with town.on(RATES, 2) as (app, pilot):
        await pilot.press("t")
        assert "Push it to staging, then test it there" in noticed(app)
        town.walk(RATES, "stage")
        app.reload()
        assert not app.screen.why_not("tested")
        await pilot.press("t")
        await pilot.pause()
        assert isinstance(app.screen, ChecklistScreen)
        await pilot.press("a", "enter", "enter")
        await pilot.pause()
        assert isinstance(app.screen, PublishScreen) and "has passed" in noticed(app)
        await pilot.press("t")
        assert noticed(app) == "The offer is not in production."
        town.walk(RATES, "request approve")
        town.edit(RATES, 'title = "', 'title = "New ')
        town.walk(RATES, "stage")
        app.reload()
        await pilot.press("t")
        await pilot.pause()
        assert isinstance(app.screen, ChecklistScreen), "an update is tested in staging first"


async def test_the_cursor_begins_at_what_failed_and_enter_is_never_silent(town: AppHarness) -> None:
    town.walk(RATES, "stage tested request")
    town.ask(RATES, Command("reject", "The summary is vague"), "maria")
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("G")
        while app.screen.query_one(RowList).key != RATES:
            await pilot.press("k")
        assert "rejected by maria: The summary is vague" in noticed(app)
        await pilot.press("2", "j", "enter")
        assert "Replication has not begun. Next:" in noticed(app)
        await pilot.press("slash")
        await pilot.pause()
        await pilot.press("g", "a", "t", "e", "escape", "k", "enter")
        assert "The summary is vague" in "\n".join(shown(app))


async def test_nothing_is_asked_while_the_publisher_file_is_broken(town: AppHarness) -> None:
    async with town.on(RATES, 2) as (app, pilot):
        (town.root / "publisher.toml").write_text("x = [")
        app.reload()
        await pilot.press("s")
        assert "Fix it" in noticed(app) and "y yes" not in noticed(app)
