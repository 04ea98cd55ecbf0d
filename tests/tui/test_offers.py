"""The list of offers: what it says, and discarding in two keys."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from state.domain.actions import Command
from state.engine import Engine
from tests.support import NOW, copy_examples
from tui.app import VitrinaApp
from tui.render.glyphs import plain_signs
from tui.render.lines import paragraph, plain, width_of
from tui.render.offers_rows import offer_rows, summary_lines
from tui.widgets.key_bar import KeyLine
from tui.widgets.row_list import RowList
from tui.widgets.status_bar import StatusBar


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_examples(tmp_path / "offers")


def app_on(root: Path, actor: str = "ana") -> VitrinaApp:
    return VitrinaApp(Engine(root, lambda: NOW, actor))


def noticed(app: VitrinaApp) -> str:
    lines = app.screen.query_one(StatusBar).lines
    return " ".join(plain(line).strip() for line in lines)


def test_a_row_says_what_moves_the_offer_on(root: Path) -> None:
    views = Engine(root, lambda: NOW, "ana").listed().offers
    rows = {row.key: plain(row.line) for row in offer_rows(views, 80, set())}
    assert " ".join(rows["contoso-db"].split()) == "contoso-db VM ✓ ✓ ✗ ✗ draft fix 6 errors"
    assert (
        " ".join(rows["contoso-rates"].split())
        == "contoso-rates data – ✓ ✓ ○ draft push to staging"
    )
    assert "unreadable" in rows["old-notes"] and "line 4" in rows["old-notes"]


@pytest.mark.parametrize("width", [60, 80, 120, 200])
def test_rows_fit_the_window_and_keep_the_next_step(root: Path, width: int) -> None:
    views = Engine(root, lambda: NOW, "ana").listed().offers
    for row in offer_rows(views, width, {"contoso-db"}):
        assert len(plain(row.line)) <= max(width - 2, 72)


def test_the_first_fault_is_told_with_its_line(root: Path) -> None:
    view = Engine(root, lambda: NOW, "ana").offer("contoso-db")
    first, *_ = (plain(line) for line in summary_lines(view, 80))
    assert first.startswith(" contoso-db · step 3 · line 68   sp=rwl allows write.")


def test_a_fault_of_the_publisher_is_shown_with_its_file_and_what_is_to_do_without_a_line(
    root: Path,
) -> None:
    engine = Engine(root, lambda: NOW, "ana")
    first, *_ = (plain(line) for line in summary_lines(engine.offer("contoso-rates"), 80))
    assert first.startswith(" contoso-rates · step 4   ")
    publisher = root / "publisher.toml"
    publisher.write_text(
        publisher.read_text().replace('company = "approved"', 'company = "submitted"')
    )
    engine = Engine(root, lambda: NOW, "ana")
    first, *_ = (plain(line) for line in summary_lines(engine.offer("contoso-rates"), 80))
    assert re.match(r" contoso-rates · step \d · publisher.toml:\d+   ", first), first


async def test_a_draft_is_discarded_in_two_keys_and_comes_back_with_one(root: Path) -> None:
    before = (root / "contoso-db.toml").read_bytes()
    app = app_on(root)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("D")
        assert "Discard the draft contoso-db?" in noticed(app)
        await pilot.press("y")
        assert not (root / "contoso-db.toml").exists()
        assert "contoso-db" not in app.views
    again = app_on(root)
    async with again.run_test(size=(80, 24)) as pilot:
        await pilot.press("z")
        assert (root / "contoso-db.toml").read_bytes() == before
        assert "contoso-db is restored from the trash" in noticed(again)


async def test_a_question_fits_the_window_that_it_is_left_in(root: Path) -> None:
    app = app_on(root)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("D")
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        assert "z restores it." in noticed(app) and noticed(app).endswith(
            "y yes   any other key no"
        )


async def test_any_other_key_than_y_is_no(root: Path) -> None:
    app = app_on(root)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("D", "n")
        assert (root / "contoso-db.toml").exists()
        assert "stays as it is" in noticed(app)
        assert app.screen.query_one(RowList).has_focus


async def test_marked_drafts_go_together_and_come_back_together(root: Path) -> None:
    app = app_on(root)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("space", "space", "D")
        assert "Discard 2 drafts (contoso-db, contoso-grid)?" in noticed(app)
        await pilot.press("y")
        assert not {"contoso-db", "contoso-grid"} & app.views.keys()
        await pilot.press("z")
        assert {"contoso-db", "contoso-grid"} <= app.views.keys()


async def test_an_offer_that_is_no_draft_says_why_it_stays(root: Path) -> None:
    Engine(root, lambda: NOW - timedelta(days=2), "ben").perform("contoso-mail", Command("stage"))
    app = app_on(root)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("j", "j")
        await pilot.pause()
        keys = app.screen.query_one(KeyLine).lines[0]
        assert ("D", "dim") in keys
        await pilot.press("D")
        assert "Not a draft: pushed to staging" in noticed(app)
        assert (root / "contoso-mail.toml").exists()


async def test_the_filter_acts_while_one_types(root: Path) -> None:
    app = app_on(root)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("slash")
        await pilot.pause()
        await pilot.press("m", "a", "i", "enter")
        assert app.screen.query_one(RowList).keys == ["contoso-mail"]
        await pilot.press("escape")
        assert len(app.screen.query_one(RowList).keys) == 8


async def test_an_empty_directory_says_what_to_do(tmp_path: Path) -> None:
    app = app_on(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        assert "n creates one" in noticed(app)


async def test_an_empty_directory_leads_to_the_examples(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty := tmp_path / "empty").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    app = app_on(empty)
    async with app.run_test(size=(80, 24)) as pilot:
        keys = plain(app.screen.query_one(KeyLine).lines[0]).split("  ")
        assert [key.strip() for key in keys if key] == ["n new", "d examples", "q quit", "? help"]
        await pilot.press("d")
        await pilot.pause()
        assert "contoso-db" in app.views and app.engine.root != empty
        assert "copy of the example offers" in noticed(app)


async def test_a_publisher_file_that_breaks_is_told_and_ends_nothing(root: Path) -> None:
    app = app_on(root)
    async with app.run_test(size=(80, 24)) as pilot:
        app.reload()
        (root / "publisher.toml").write_text("x = [")
        app.reload()
        await pilot.pause()
        assert "publisher.toml, line 1" in noticed(app) and "e opens it" in noticed(app)
        assert "Contoso Ltd" in "\n".join(plain_screen(app))


async def test_what_came_back_is_under_the_cursor(root: Path) -> None:
    app = app_on(root)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("j", "D", "y", "G", "z")
        assert app.screen.query_one(RowList).key == "contoso-grid"


async def test_a_mark_on_no_draft_is_named(root: Path) -> None:
    Engine(root, lambda: NOW - timedelta(days=2), "ben").perform("contoso-mail", Command("stage"))
    app = app_on(root)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("space", "right_square_bracket", "space", "D")
        assert "contoso-mail cannot be discarded" in noticed(app)
        assert "escape unmarks all" in noticed(app)


async def test_a_filter_that_stays_says_so(root: Path) -> None:
    app = app_on(root)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("slash")
        await pilot.pause()
        await pilot.press("m", "a", "i", "enter")
        assert 'Filter: "mai"' in "\n".join(plain_screen(app))
        await pilot.press("slash")
        await pilot.pause()
        await pilot.press("x", "enter")
        shown = "\n".join(plain_screen(app))
        assert 'Filter: "maix"' in shown and "No matches." in shown


async def test_why_an_identifier_will_not_do_stands_whole(root: Path) -> None:
    app = app_on(root)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", "v")
        await pilot.pause()
        await pilot.press("X", "enter")
        await pilot.pause()
        said = " ".join(" ".join(plain_screen(app)).split())
        assert "lower-case letters" in said and "the first a letter or a digit." in said


def test_columns_never_touch(root: Path) -> None:
    for view in Engine(root, lambda: NOW, "ana").listed().offers:
        row = offer_rows([view], 60, set())[1]
        assert plain(row.line).startswith(f"{view.offer} ")


def test_wide_characters_are_broken_by_their_cells() -> None:
    lines = paragraph("漢字 " * 30, 40)
    assert len(lines) > 1 and all(width_of(line) <= 40 for line in lines)
    assert plain(paragraph("of logos/contoso-db", 18)[1]) == "logos/contoso-db"


def test_a_plain_locale_has_plain_signs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VITRINA_ASCII", raising=False)
    monkeypatch.setenv("LC_ALL", "C")
    assert plain_signs.__wrapped__()


async def test_text_of_a_file_is_never_markup_nor_control(root: Path) -> None:
    path = root / "contoso-vault.toml"
    evil = path.read_text().replace('title = "Contoso Vault"', r'title = "[/x]\u001b[31m\u202e"', 1)
    path.write_text(evil)
    app = app_on(root)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("G", "k")
        await pilot.pause()
        screen = "\n".join(plain_screen(app))
        assert r"[/x]\x1b[31m\u202e" in screen
        assert "\x1b" not in screen and "\u202e" not in screen


def plain_screen(app: VitrinaApp) -> list[str]:
    return [
        "".join(segment.text for segment in strip)
        for strip in app.screen._compositor.render_strips()
    ]
