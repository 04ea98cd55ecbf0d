"""History: what happened in words, filtering, one event, and the button at the bottom."""

import json
import tomllib
from datetime import timedelta
from time import process_time

import pytest

from state.domain.events import Event, Kind
from state.domain.field_path import FieldPath
from state.engine.drafts import edit
from tests.support import NOW
from tests.tui.harness import AppHarness, noticed, shown
from tui.render.history_rows import columns_of, event_row, sentence
from tui.render.lines import plain
from tui.screens.event import EventScreen
from tui.screens.history import FIRST, HistoryScreen
from tui.widgets.button import Button
from tui.widgets.line_view import LineView
from tui.widgets.prompt import Prompt
from tui.widgets.row_list import RowList

DB, RATES, VAULT = "contoso-db", "contoso-rates", "contoso-vault"
SIZE = (80, 24)


def event(kind: Kind, note: str | None = None, **data: object) -> Event:
    return Event(NOW, "ana", kind, "sha256:1f3a9c0277", note, data)


@pytest.mark.parametrize(
    ("happened", "words"),
    [
        (event(Kind.CREATED), "created"),
        (event(Kind.EDITED, "skus.a.title"), "edited: skus.a.title"),
        (event(Kind.CERTIFICATION_FAILED, "no sysprep"), "certification failed: no sysprep"),
        (event(Kind.STAGING_TESTED, points=["logo"]), "tested in staging: logo"),
        (event(Kind.STAGING_TESTED, points=list("abc")), "tested in staging: 3 points"),
        (
            event(Kind.STAGE_PASSED, "production.content_validation"),
            "content validation passed",
        ),
        (event(Kind.REJECTED, "No.", fields=["a.b", "c"]), "rejected: No. (a.b, c)"),
    ],
)
def test_an_event_in_words(happened: Event, words: str) -> None:
    assert sentence(happened) == words


def test_every_kind_has_words() -> None:
    assert all(sentence(event(kind)) for kind in Kind)


@pytest.mark.parametrize("width", [60, 80, 160])
def test_a_row_fits_and_shows_hostile_text_as_text(width: int) -> None:
    odd = Event(NOW, "a\x1b[31m" * 9, Kind.REMARK, None, "[/x] \x1b]0;x\x07 " + "漢" * 200)
    row = event_row(0, odd, NOW, columns_of([odd], NOW, width))
    assert "\x1b" not in plain(row.line) and "\x07" not in plain(row.line)
    assert sum(2 if each == "漢" else 1 for each in plain(row.line)) <= width - 2


def test_another_year_is_told() -> None:
    old = event(Kind.CREATED)._replace(at=NOW - timedelta(days=400))
    row = event_row(0, old, NOW, columns_of([old], NOW, 80))
    assert plain(row.line).startswith("18 Oct 2025 ")


async def test_newest_first_and_filtered_by_any_words(town: AppHarness) -> None:
    town.walk(RATES, "stage tested")
    async with town.on(RATES, 3) as (app, pilot):
        whats = [line.split("  ")[-3:] for line in shown(app)[1:]]
        assert len(whats) == 4 and "tested in staging: 13 points" in shown(app)[1]
        assert noticed(app).endswith("by ben: tested in staging: 13 points")
        await pilot.press("slash")
        await pilot.pause()
        await pilot.press(*"ana push", "enter")
        assert 'Filter: "ana push"' in shown(app)[0]
        assert shown(app)[2:] == [line for line in shown(app) if "pushed" in line]
        await pilot.press("escape")
        assert len(shown(app)) == 5


async def test_a_filter_takes_labels_and_says_what_it_does_not_know(town: AppHarness) -> None:
    town.walk(RATES, "stage tested")
    async with town.on(RATES, 3) as (app, pilot):
        await pilot.press("slash")
        await pilot.pause()
        await pilot.press(*"kind:teste by:ben")
        assert [line for line in shown(app)[2:] if line] == [shown(app)[2]]
        await pilot.press(*" since:soon", "enter")
        await pilot.pause()
        label = app.screen.query_one("#label", LineView).lines
        assert '"soon" is not a date' in plain(label[0])
        await pilot.press(*["backspace"] * 4, *"2d", "enter")
        await pilot.pause()
        assert "tested in staging" in shown(app)[2] and not app.screen.query(Prompt)


async def test_an_event_opens_with_everything_about_it(town: AppHarness) -> None:
    town.walk(RATES, "stage")
    town.edit(RATES, 'title = "', 'title = "New ')
    town.walk(RATES, "stage")
    async with town.on(RATES, 3) as (app, pilot):
        await pilot.press("j", "enter")
        assert isinstance(app.screen, EventScreen)
        text = "\n".join(shown(app))
        assert "pushed to staging" in text and "someone else approves" in text
        assert "The content is the same as" in text and "SAS" not in text
        await pilot.press("q")
        assert app.screen.query_one(RowList).has_focus
        await pilot.press("j", "enter")
        text = "\n".join(shown(app))
        assert "Against the content before" in text and "marketing.title" in text
        await pilot.press("q")
        assert isinstance(app.screen, HistoryScreen)


async def test_a_new_token_alone_is_no_difference_in_content(town: AppHarness) -> None:
    path, engine = town.root / f"{DB}.toml", town.engine()
    address = tomllib.loads(path.read_text())["skus"][0]["image"]["os_vhd_url"]
    url = FieldPath(("skus", 0, "image", "os_vhd_url"), ("skus", "standard", "image", "os_vhd_url"))
    title = FieldPath(("marketing", "title"), ("marketing", "title"))
    for field, value in ((title, "One"), (title, "Two"), (url, address.replace("sig=", "sig=A"))):
        edit(engine, DB, field, value, seen=path.read_bytes())
    async with town.on(DB, 3, size=(160, 36)) as (app, pilot):
        await pilot.press("enter")
        text = "\n".join(shown(app))
        assert "The content is the same as " in text
        assert "Only the SAS token of skus.standard.image.os_vhd_url changed." in text
        assert "sig=A" not in text and "Two" not in text
        await pilot.press("q", "j", "enter")
        assert "Against the content before" in "\n".join(shown(app))


async def test_a_draft_is_discarded_at_the_bottom_of_the_page(town: AppHarness) -> None:
    async with town.on(DB, 3) as (app, pilot):
        button = app.screen.query_one(Button)
        assert "[ D  Discard draft ]" in plain(button.lines[-1])
        assert button.region.bottom == SIZE[1] - 4, "the last line of the page"
        await pilot.press("down", "enter", "n")
        assert (town.root / f"{DB}.toml").exists()
        await pilot.press("tab", "enter", "y")
        assert not (town.root / f"{DB}.toml").exists()
        assert "z restores it" in noticed(app)
        await pilot.press("z")
        assert (town.root / f"{DB}.toml").exists()


async def test_a_click_on_the_button_asks(town: AppHarness) -> None:
    async with town.on(DB, 3) as (app, pilot):
        await pilot.click(Button, offset=(70, 0))
        assert noticed(app).startswith(f"Discard the draft {DB}?")


async def test_what_is_no_draft_says_so_in_place(town: AppHarness) -> None:
    town.walk(RATES, "stage")
    async with town.on(RATES, 3) as (app, pilot):
        line = plain(app.screen.query_one(Button).lines[0])
        assert line.strip().startswith("not a draft: pushed to staging on 22 Nov")
        await pilot.press("D")
        assert "Not a draft" in noticed(app)
        assert app.views[RATES].state.pushed


async def test_a_broken_history_says_so_on_top(town: AppHarness) -> None:
    town.walk(RATES, "stage")
    path = town.root / ".vitrina" / "history" / f"{RATES}.jsonl"
    path.write_text(path.read_text().replace('"ana"', '"eve"', 1))
    async with town.on(RATES, 3) as (app, _):
        assert " is damaged: event " in shown(app)[0]


async def test_ten_thousand_events_open_at_once_and_can_all_be_reached(town: AppHarness) -> None:
    histories = town.engine().workspace.directory.histories
    long_ago = NOW - timedelta(days=30)
    events = [
        Event(long_ago + timedelta(seconds=at), "ana", Kind.REMARK, None, f"remark {at}")
        for at in range(10_000)
    ]
    histories.append(RATES, events)
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        screen = HistoryScreen(RATES)
        await app.push_screen(screen)
        start = process_time()
        screen.repaint()
        assert process_time() - start < 0.5
        assert len(screen.query_one(RowList).keys) >= FIRST
        while len(screen.query_one(RowList).keys) < len(events):
            await pilot.pause(0.05)
        await pilot.press("G")
        assert "remark 0" in noticed(app)
    assert json.loads((histories.path(RATES)).read_text().splitlines()[0])["note"] == "remark 0"
