"""The preview: what a customer reads, its HTML, its prices, its pictures."""

from pathlib import Path

import pytest

from state.domain.offer import Offer
from tests.support import EXAMPLES, offer_of, publisher_of
from tests.tui.harness import AppHarness, noticed, shown, texts
from tui.render.html_text import html_lines
from tui.render.lines import plain
from tui.render.picture import can_show_pictures, picture_lines
from tui.render.preview_rows import Shown, markets_of, preview_rows

LOGO = EXAMPLES / "logos" / "contoso-db" / "medium.png"


def page(offer: Offer, market: str | None = None, width: int = 80, terms: str = "") -> str:
    return "\n".join(texts(preview_rows(Shown(offer, publisher_of(), market, terms), width)))


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("plain  text\nof one line", ["plain text of one line"]),
        ("<h2>Head</h2><p>Text</p>", ["Head", "", "Text"]),
        ("<ul><li>a</li><li>b</li></ul>", ["• a", "• b"]),
        ("<ol><li>a</li><li>b</li></ol>", ["1. a", "2. b"]),
        ("<ul><li>a<ol><li>b</li></ol></li></ul>", ["• a", "  1. b"]),
        ('<p>See <a href="https://x.example">here</a>.</p>', ["See here (https://x.example)."]),
        ("<p>a <b>b</b><i>c</i>, d</p>", ["a bc, d"]),
        ("a &amp; b &lt;c&gt;", ["a & b <c>"]),
        ("<p>never <b>closed", ["never closed"]),
        ("", []),
    ],
)
def test_html_as_text(html: str, lines: list[str]) -> None:
    assert [plain(line).rstrip() for line in html_lines(html, 60)] == lines


def test_deep_html_is_shown_flat() -> None:
    assert "".join(map(plain, html_lines("<ul>" * 5_000 + "text", 40))).split() == ["text"]


def test_emphasis_has_its_roles() -> None:
    (line,) = html_lines("<p>a <strong>b</strong> <em>c</em></p>", 60)
    assert {text: role for text, role in line if text.strip()} == {
        "a": "",
        "b": "strong",
        "c": "italic",
    }


def test_hostile_html_is_text() -> None:
    found = "".join(plain(each) for each in html_lines("<p>\x1b[2J&#27;[31m &#x202e;[/x]</p>", 60))
    assert "\x1b" not in found and "\u202e" not in found and "[/x]" in found


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize("example", ["contoso-db", "contoso-grid", "contoso-mail", "contoso-rates"])
def test_every_type_has_a_page_that_fits(example: str, width: int) -> None:
    offer = offer_of(example)
    text = page(offer, (markets_of(offer) or [None])[0], width)
    assert offer.marketing.title in text and "by Contoso Ltd" in text
    for heading in ("Links", "Support", "Terms of use and privacy"):
        assert heading in text
    assert max(map(len, text.split("\n"))) <= width


@pytest.mark.parametrize(
    ("market", "wanted"),
    [
        ("US", "1 core 0.045, 2 cores 0.09, 4 cores 0.17 USD an hour"),
        ("ES", "1 core 0.042, 2 cores 0.084, 4 cores 0.16 EUR an hour"),
    ],
)
def test_prices_are_those_of_the_market(market: str, wanted: str) -> None:
    offer = offer_of("contoso-vault")
    assert markets_of(offer) == ["US", "ES", "DE"]
    assert wanted in page(offer, market)


def test_only_the_first_lines_of_the_terms_are_shown() -> None:
    text = page(offer_of("contoso-mail"), terms="<p>Term.</p>" * 50)
    assert text.count("Term.") == 3 and "…" in text


@pytest.mark.parametrize(
    ("colours", "env", "can"),
    [
        ("truecolor", {}, True),
        ("256", {}, True),
        ("standard", {}, False),
        (None, {}, False),
        ("truecolor", {"NO_COLOR": "1"}, False),
    ],
)
def test_pictures_need_colours(colours: str | None, env: dict[str, str], can: bool) -> None:
    assert can_show_pictures(colours, env) is can


def test_a_picture_is_half_blocks_of_its_shape() -> None:
    lines = picture_lines(LOGO.read_bytes(), 16, "#15181d")
    assert len(lines) == 8 and {len(plain(line)) for line in lines} == {16}


@pytest.mark.parametrize("data", [b"", b"GIF89a", LOGO.read_bytes()[:60]])
def test_what_is_no_picture_shows_none(data: bytes) -> None:
    assert picture_lines(data, 16, "#15181d") == []


async def test_it_lies_over_where_a_person_came_from(tmp_path: Path) -> None:
    app = AppHarness(tmp_path / "offers").app()
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_offer("contoso-vault", 2)
        await pilot.pause()
        below = app.screen
        await pilot.press("v")
        assert any("Contoso Vault" in line for line in shown(app))
        await pilot.press("m")
        assert noticed(app) == "Prices in ES."
        await pilot.press("q")
        assert app.screen is below


async def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    app = AppHarness(tmp_path / "offers").app()
    async with app.run_test(size=(80, 24)) as pilot:
        app.open_offer("old-notes", 4)
        await pilot.pause()
        assert shown(app)[0].startswith("old-notes.toml cannot be shown")
