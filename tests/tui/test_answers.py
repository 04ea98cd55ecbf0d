"""A question belongs to what the screen showed when it was put; a text is not lost by one key."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from state.domain.actions import Command
from state.domain.offer_state import Status
from tests.tui.harness import AppHarness, noticed
from tests.tui.test_field import open_at
from tui.app import VitrinaApp
from tui.render.lines import plain
from tui.screens.checklist import ChecklistScreen
from tui.screens.compare import CompareScreen
from tui.screens.field import FieldScreen
from tui.screens.history import HistoryScreen
from tui.screens.publish import PublishScreen
from tui.screens.review import ReviewScreen
from tui.screens.walkthrough import WalkthroughScreen
from tui.widgets.line_view import LineView
from tui.widgets.prompt import Prompt
from tui.widgets.row_list import RowList
from tui.widgets.text_box import Box

DB, RATES, VAULT = "contoso-db", "contoso-rates", "contoso-vault"
SIZE = (80, 24)
OVERTAKEN = "any key continues"


@pytest.fixture(autouse=True)
def nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the program look again only when a test says so."""
    monkeypatch.setattr("tui.app.VitrinaApp._watch_files", lambda app: None)


def save(town: AppHarness, offer: str = RATES, title: str = "New ") -> None:
    """Somebody saves another title in an editor."""
    town.edit(offer, 'title = "', f'title = "{title}')


def again(town: AppHarness) -> None:
    """Another request takes the place of the one that waits for its review."""
    town.walk(RATES, "cancel")
    save(town)
    town.walk(RATES, "stage tested request")


def label(app: VitrinaApp) -> str:
    """What stands above the line that is typed into."""
    return " ".join(plain(line).strip() for line in app.screen.query_one("#label", LineView).lines)


def recorded(town: AppHarness, offer: str) -> list[str]:
    return [str(event.kind) for event in town.engine().offer(offer).events]


QUESTIONS: dict[str, tuple[str, str, int, str, list[str], Callable[[AppHarness], object]]] = {
    "certify": (VAULT, "", 1, "ana", ["c"], lambda town: save(town, VAULT)),
    "stage": (RATES, "", 2, "ana", ["s"], save),
    "request": (RATES, "stage tested", 2, "ana", ["p"], save),
    "cancel": (RATES, "stage tested request", 2, "ben", ["C"], again),
    "approve": (RATES, "stage tested request", 2, "maria", ["a"], again),
    "tested": (
        RATES, "stage tested request approve", 2, "ana", ["t"],
        lambda town: (save(town), town.walk(RATES, "stage tested request approve")),
    ),
    "discard": (RATES, "", 3, "ana", ["D"], save),
    "revert": (RATES, "stage tested request approve", 3, "ana", ["r", "a"], save),
    "pushed by somebody else": (
        RATES, "", 2, "ana", ["s"],
        lambda town: town.ask(RATES, Command("stage"), "ben"),
    ),
}  # fmt: skip
"""The offer, its way, the screen, who asks, the keys; and what overtakes the question."""


@pytest.mark.parametrize("seen", [True, False], ids=["seen", "not seen"])
@pytest.mark.parametrize("name", QUESTIONS)
async def test_a_question_that_was_overtaken_takes_no_answer(
    town: AppHarness, name: str, seen: bool
) -> None:
    offer, way, number, actor, keys, overtake = QUESTIONS[name]
    town.walk(offer, way)
    if name == "revert":
        save(town, title="Old ")
    async with town.on(offer, number, actor) as (app, pilot):
        for key in keys:
            await pilot.press(key)
            await pilot.pause()
        assert "y yes" in noticed(app), noticed(app)
        overtake(town)
        before = recorded(town, offer), (town.root / f"{offer}.toml").read_bytes()
        if seen:
            app.reload()
            await pilot.pause()
            assert OVERTAKEN in noticed(app) and "y yes" not in noticed(app), noticed(app)
        await pilot.press("y")
        await pilot.pause()
        assert "y yes" not in noticed(app)
        assert (recorded(town, offer), (town.root / f"{offer}.toml").read_bytes()) == before
        if not seen:
            assert "shown" in noticed(app) or "under way" in noticed(app), noticed(app)


async def test_what_stays_the_same_does_not_overtake_a_question(town: AppHarness) -> None:
    async with town.on(RATES, 2) as (app, pilot):
        await pilot.press("s")
        town.edit(RATES, 'type = "data-service"', 'type = "data-service"  # a comment')
        town.walk(VAULT, "certify")
        app.reload()
        await pilot.press("y")
        assert app.views[RATES].status is Status.STAGING


async def test_a_question_looked_away_from_is_reviewed_on_the_way_back(town: AppHarness) -> None:
    async with town.on(RATES, 2) as (app, pilot):
        await pilot.press("s", "ctrl+p")
        save(town)
        app.reload()
        await pilot.press("escape")
        await pilot.pause()
        await pilot.press("y")
        assert recorded(town, RATES) == []


async def test_several_marked_drafts_stay_when_one_of_them_was_saved(town: AppHarness) -> None:
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        for offer in (RATES, VAULT):
            app.screen.query_one(RowList).move_to(offer)
            await pilot.press("space")
        await pilot.press("D")
        assert "2 drafts" in noticed(app)
        save(town, VAULT)
        app.reload()
        assert f"{VAULT}: " in noticed(app) and OVERTAKEN in noticed(app)
        await pilot.press("y")
        assert "stay as they are" in noticed(app)
        assert {RATES, VAULT} <= set(app.views)


async def test_a_value_that_changed_twice_is_asked_about_twice(town: AppHarness) -> None:
    app = town.app()
    async with app.run_test(size=SIZE) as pilot:
        await open_at(app, pilot, DB, "marketing.title")
        app.screen.query_one(Box).text = "Mine"
        town.edit(DB, 'title = "Contoso DB"', 'title = "Theirs"')
        await pilot.press("enter")
        assert "Overwrite it with your value?" in noticed(app)
        town.edit(DB, 'title = "Theirs"', 'title = "Theirs again"')
        app.reload()
        await pilot.press("y")
        await pilot.pause()
        assert 'title = "Theirs again"' in (town.root / f"{DB}.toml").read_text()
        assert isinstance(app.screen, FieldScreen) and app.screen.query_one(Box).text == "Mine"


# Texts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["x", "a"])
async def test_a_reason_for_another_request_is_kept_and_not_taken(
    town: AppHarness, key: str
) -> None:
    town.walk(RATES, "stage tested request")
    async with town.on(RATES, 2, "maria") as (app, pilot):
        await pilot.press(*([key] if key == "x" else ["a", "x"]))
        await pilot.pause()
        await pilot.press(*"vague")
        again(town)
        before = recorded(town, RATES)
        app.reload()
        assert "shown" in label(app)
        await pilot.press("enter")
        await pilot.pause()
        assert recorded(town, RATES) == before and app.screen.query_one(Input).value == "vague"


async def test_a_reason_outlives_a_decision_by_somebody_else(town: AppHarness) -> None:
    town.walk(RATES, "stage tested request")
    async with town.on(RATES, 2, "maria") as (app, pilot):
        await pilot.press("a", "x")
        await pilot.pause()
        await pilot.press(*"vague")
        town.walk(RATES, "cancel")
        app.reload()
        await pilot.pause()
        assert isinstance(app.screen, ReviewScreen)
        assert app.screen.query_one(Input).value == "vague"
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert isinstance(app.screen, PublishScreen) and "cancelled" in noticed(app)


async def test_marks_for_another_content_in_staging_are_dropped(town: AppHarness) -> None:
    town.walk(RATES, "stage")
    async with town.on(RATES, 1) as (app, pilot):
        await pilot.press("t")
        await pilot.pause()
        await pilot.press("a", "enter")
        await pilot.pause()
        content = town.view(RATES).state.staged
        assert content and content.content[7:11] in label(app)
        save(town)
        town.walk(RATES, "stage")
        app.reload()
        await pilot.press("enter")
        await pilot.pause()
        assert "staging-tested" not in recorded(town, RATES) and "shown" in label(app)
        await pilot.press("escape")
        assert isinstance(app.screen, ChecklistScreen) and not app.screen._marked


async def reason(app: VitrinaApp, pilot: Pilot[int]) -> None:
    app.open_offer(RATES, 2)
    await pilot.pause()
    await pilot.press("x")
    await pilot.pause()
    await pilot.press(*"vague")


async def note(app: VitrinaApp, pilot: Pilot[int]) -> None:
    app.open_offer(VAULT, 1)
    await pilot.pause()
    await pilot.press("t")
    await pilot.pause()
    await pilot.press("a", "enter")
    await pilot.pause()
    await pilot.press(*"two sizes")


async def field(app: VitrinaApp, pilot: Pilot[int]) -> None:
    await open_at(app, pilot, DB, "marketing.title")
    await pilot.press("!")


TEXTS = {"reason": reason, "note": note, "field": field}


def typed(app: VitrinaApp) -> str | None:
    """What was typed, None where there is nothing to type into any more."""
    for box in app.screen.query(Box):
        return box.text
    for line in app.screen.query(Input):
        return line.value
    return None


def said(app: VitrinaApp) -> str:
    return label(app) if app.screen.query(Prompt) else noticed(app)


@pytest.mark.parametrize("name", TEXTS)
async def test_a_text_is_not_lost_by_one_key(town: AppHarness, name: str) -> None:
    town.walk(RATES, "stage tested request").walk(VAULT, "certify stage")
    app = town.app("maria" if name == "reason" else "ana")
    async with app.run_test(size=SIZE) as pilot:
        await TEXTS[name](app, pilot)
        screen, text = app.screen, typed(app)
        for key in ("tab", "shift+tab"):
            await pilot.press(key)
            assert app.focused and app.focused.check_consume_key("a", "a"), key
        await pilot.press("escape")
        assert said(app).lower().startswith("not saved. press escape again to discard it")
        assert app.screen is screen and typed(app) == text
        await pilot.press("!", "escape")
        assert "escape again" in said(app) and typed(app) == f"{text}!"
        await pilot.press("escape")
        await pilot.pause()
        assert typed(app) is None


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("key", ["ctrl+c", "ctrl+q"])
async def test_quitting_asks_about_a_text_that_is_not_saved(
    town: AppHarness, name: str, key: str
) -> None:
    town.walk(RATES, "stage tested request").walk(VAULT, "certify stage")
    app = town.app("maria" if name == "reason" else "ana")
    async with app.run_test(size=SIZE) as pilot:
        await TEXTS[name](app, pilot)
        text = typed(app)
        await pilot.press(key)
        await pilot.pause()
        assert "is not saved" in noticed(app) and not app._exit
        await pilot.press("n", "!")
        assert typed(app) == f"{text}!" and not app._exit
        await pilot.press(key, "y")
        assert app._exit


async def test_what_was_said_of_a_text_goes_with_it(town: AppHarness) -> None:
    town.walk(RATES, "stage tested request")
    async with town.on(RATES, 2, "maria") as (app, pilot):
        rest = noticed(app)
        await pilot.press("x", *"vague", "ctrl+c")
        await pilot.press("n", "escape", "escape")
        await pilot.pause()
        assert typed(app) is None and noticed(app) == rest


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("action", ["go(3)", "step(1)", "back", "edit", "preview", "filter"])
async def test_no_key_pressed_with_the_mouse_or_by_its_name_loses_a_text(
    town: AppHarness, name: str, action: str
) -> None:
    town.walk(RATES, "stage tested request").walk(VAULT, "certify stage")
    app = town.app("maria" if name == "reason" else "ana")
    async with app.run_test(size=SIZE) as pilot:
        await TEXTS[name](app, pilot)
        screen, text = app.screen, typed(app)
        app.screen.press(action)  # type: ignore[attr-defined]
        await pilot.pause()
        assert app.screen is screen and typed(app) == text and "Not saved" in said(app)


@pytest.mark.parametrize(
    ("number", "screen"), [(1, WalkthroughScreen), (2, PublishScreen), (3, HistoryScreen)]
)
async def test_a_search_goes_with_one_key(town: AppHarness, number: int, screen: type) -> None:
    town.walk(RATES, "stage")
    async with town.on(RATES, number) as (app, pilot):
        await pilot.press("slash")
        await pilot.pause()
        await pilot.press("a", "escape")
        await pilot.pause()
        assert not app.screen.query(Prompt) and type(app.screen) is screen


async def test_a_reason_stays_while_another_program_holds_the_lock(
    town: AppHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("state.storage.working_directory.LOCK_SECONDS", 0.05)
    town.walk(RATES, "stage tested request")
    async with town.on(RATES, 2, "maria") as (app, pilot):
        await pilot.press("x")
        await pilot.pause()
        await pilot.press(*"vague")
        with town.engine("ben").transaction():
            await pilot.press("enter")
        assert typed(app) == "vague" and "lock" in label(app)
        town.now += timedelta(seconds=1)
        await pilot.press("enter")
        await pilot.pause()
        assert app.views[RATES].status is Status.REJECTED
        assert isinstance(app.screen, PublishScreen) and not isinstance(app.screen, CompareScreen)
