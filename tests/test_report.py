"""The report for a reviewer: everything is in it, nothing is run or fetched by it."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as some

from state.domain.actions import REMARK, Command
from tests.engine_harness import DATA, MACHINE, EngineHarness
from tui.report import report_page
from tui.report.markup import simple_html

VOID = {"meta", "img", "br"}
OWN = {"class", "charset", "content", "http-equiv", "name", "lang", "datetime", "scope", "alt"}


class Checker(HTMLParser):
    """Complains about whatever a report must not hold."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag not in ("script", "a", "link", "iframe", "object", "form", "svg", "base")
        for name, value in attrs:
            assert name in OWN or (name == "src" and str(value).startswith("data:image/png;"))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def page(desk: EngineHarness, offer: str) -> str:
    """A report that was found to be harmless and well formed."""
    written = report_page(desk.engine, offer)
    read(written)
    assert "@import" not in written and "url(" not in written
    return written


def read(written: str) -> str:
    """The text of a page or a part of one."""
    checker = Checker()
    checker.feed(written)
    checker.close()
    assert not checker.open
    return checker.text


def test_it_tells_where_an_offer_stands(desk: EngineHarness) -> None:
    told = read(page(desk, "contoso-db"))
    for words in (
        "Contoso DB",
        "sp=rwl allows write",
        "contoso-db.toml:68",
        "sas.permissions, step 3, skus.standard.image.os_vhd_url",
        "The offer deploys end to end",
        "Nothing of this offer is in production yet",
        "Bring your own licence",
        "(https://docs.contoso.example/db/first-hour)",
    ):
        assert words in told, words
    assert "sig=" not in told


@pytest.mark.parametrize("offer", ["contoso-db", "contoso-grid", "contoso-mail", DATA, "old-notes"])
def test_every_type_has_one(desk: EngineHarness, offer: str) -> None:
    assert page(desk, offer).count("<main>") == 1


def test_it_shows_what_changes_for_customers(desk: EngineHarness) -> None:
    desk.publish(MACHINE)
    desk.rewrite(MACHINE, "Keeps passwords", "Guards passwords")
    written = page(desk, MACHINE)
    assert "<del>Keeps</del>" in written and "<ins>Guards</ins>" in written
    assert "1 field, marketing only" in written and "available, edited" in written


def test_it_tells_what_the_next_push_means(desk: EngineHarness) -> None:
    desk.publish(MACHINE)
    desk.rewrite(MACHINE, "hidden = false", "hidden = true")
    shutil.copy(desk.root / f"logos/{MACHINE}/medium.png", desk.root / f"logos/{MACHINE}/small.png")
    told = read(page(desk, MACHINE))
    assert "Next push: replication to staging, content validation, final review" in told
    assert "locked at false" in told.split("Against production")[1]
    assert f"logos/{MACHINE}/small.png (90x90, " in told


def test_what_people_said_stands_at_its_field(desk: EngineHarness) -> None:
    desk.stage(MACHINE)
    for action in ("tested", "request"):
        desk.engine.perform(MACHINE, Command(action))
    desk.now += timedelta(seconds=30)
    fields = ("marketing.title", "skus.vault-solo.image.version")
    desk.engine.perform(MACHINE, Command("reject", "too loud", fields))
    desk.engine.perform(MACHINE, Command(REMARK, "and blunt", fields[:1]))
    steps = read(page(desk, MACHINE)).split("The four steps")[1].split("The way through")[0]
    third, fourth = steps.split("Get to staging")
    assert "skus.vault-solo.image.version: ana rejected" in third
    assert "marketing.title: ana rejected" in fourth and "too loud" in fourth
    assert "and blunt (contoso-vault.toml:" in fourth


def test_words_do_not_run_together(desk: EngineHarness) -> None:
    desk.publish(MACHINE)
    desk.rewrite(MACHINE, 'title = "', 'title = "New ')
    told = read(page(desk, MACHINE))
    assert "certification: skipped, only marketing changed" in told
    assert "Get approved complete" in told and "marketing.title marketing" in told


def test_the_page_has_one_heading_of_its_own_rank(desk: EngineHarness) -> None:
    (desk.root / "legal/terms.html").write_text("<h1>Terms</h1><h2>First</h2>")
    written = page(desk, MACHINE)
    assert written.count("<h1>") == 1 and "<h5>Terms</h5><h6>First</h6>" in written


def test_a_request_is_shown_as_it_was_made(desk: EngineHarness) -> None:
    desk.stage(MACHINE)
    for action in ("tested", "request"):
        desk.engine.perform(MACHINE, Command(action))
    desk.rewrite(MACHINE, 'title = "Contoso Vault"', 'title = "Contoso Safe"')
    written = page(desk, MACHINE)
    assert "Contoso Vault</h1>" in written and "Contoso Safe" not in written
    assert "edited since" in written


def test_what_people_wrote_is_text(desk: EngineHarness) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(2)>\\u001b[2J"
    desk.rewrite(DATA, 'title = "', f'title = "{attack}')
    desk.rewrite(DATA, 'description = """', f'description = """{attack}')
    desk.engine.perform(DATA, Command(REMARK, "</td><script>alert(3)</script>\x1b[2J"))
    written = page(desk, DATA)
    assert "\x1b" not in written and "\\x1b[2J" in written
    assert "alert(3)" in read(written)


def test_only_pictures_of_one_kind_are_shown(desk: EngineHarness) -> None:
    before = page(desk, DATA).count("data:image/png")
    (desk.root / f"logos/{DATA}/wide.png").write_text("<svg onload='alert(1)'/>")
    written = page(desk, DATA)
    assert written.count("data:image/png") == before - 1 and "no PNG file to show" in written


def test_an_offer_whose_file_or_history_is_broken_has_one_too(desk: EngineHarness) -> None:
    desk.stage(DATA)
    history = desk.root / f".vitrina/history/{DATA}.jsonl"
    history.write_text(history.read_text().replace('"created"', '"edited"'))
    desk.file(DATA).write_text('type = "data-service"\ncategories = [')
    told = read(page(desk, DATA))
    assert "vitrina verify --accept" in told and "file.syntax" in told
    desk.file("contoso-mail").write_text('type = "developer-service"\ncategories = [')
    assert "cannot be read, so there is no page" in read(page(desk, "contoso-mail"))


def test_a_request_is_shown_with_the_policy_that_it_was_made_under(desk: EngineHarness) -> None:
    with (desk.root / "publisher.toml").open("a") as file:
        file.write('\n[roles]\npublishers = ["ana"]\napprovers = ["maria", "eva"]\n')
    desk.stage(DATA)
    for action in ("tested", "request"):
        desk.do(DATA, action)
    words = "policy: the requester may approve; approvers: maria, eva; publishers: ana"
    assert words in read(page(desk, DATA))


def test_an_event_from_the_future_is_named_on_top(desk: EngineHarness) -> None:
    desk.now += timedelta(days=3)
    desk.remark("the clock is wrong")
    desk.now -= timedelta(days=3)
    assert "an event from the future: remark by ana" in read(page(desk, DATA))


TEXTS = {
    "plain": ("a < b & c", "a &lt; b &amp; c"),
    "allowed": ("<p>b <em>c</em></p>", "<p>b <em>c</em></p>"),
    "headings": ("<h1>A</h1><h2>B</h2><h5>C</h5>", "<h5>A</h5><h6>B</h6><h6>C</h6>"),
    "attributes": ('<p style="color:red" onclick="x()">a</p>', "<p>a</p>"),
    "foreign": ("<div><b>a</b></div><br><video>", "<b>a</b>"),
    "script": ("<script><b>1</b></script>", "<b>1</b>"),
    "comment": ("a<!-- <b> -->b<!doctype x>", "ab"),
    "section": ("a<![CDATA[b]]>c", "ac"),
    "link": (
        '<a href="javascript:x" target="_top">a</a>',
        '<span class="link">a</span><span class="address"> (javascript:x)</span>',
    ),
    "no address": ("<a>a</a>", '<span class="link">a</span>'),
    "not closed": ("<ul><li><b>a", "<ul><li><b>a</b></li></ul>"),
    "crossed": ("<b><i>a</b></i>", "<b><i>a</i></b>"),
    "not opened": ("a</p></b>", "a"),
    "paragraph in paragraph": ("<p>a<p><b>b<h1>c", "<p>a</p><p><b>b</b></p><h5>c</h5>"),
    "reference": ("&lt;b&gt; &#x202e;&#27;a", "&lt;b&gt; \\u202ea"),
    "upper case": ("<STRONG>a</Strong>", "<strong>a</strong>"),
}


@pytest.mark.parametrize("what", TEXTS)
def test_texts_are_written_anew(what: str) -> None:
    words, wanted = TEXTS[what]
    assert simple_html(words) == wanted


def pieces() -> Iterator[str]:
    for name in ("p", "b", "a href='x'", "li", "ul", "h1", "script", "style", "svg", "textarea"):
        yield from (f"<{name}>", f"</{name.split()[0]}>", f"<{name}")
    yield from ("<!--", "-->", "<![", "]]>", "<?", "&#x", ";", '"', "'", ">", "<", "text ", "\x1b")


@given(some.lists(some.sampled_from(list(pieces())), max_size=30))
def test_no_text_gets_out_of_its_place(parts: list[str]) -> None:
    written = simple_html("".join(parts))
    read(written)
    assert "\x1b" not in written


def test_long_and_deep_texts_come_to_an_end() -> None:
    assert simple_html("<b>" * 100_000).count("<b>") == 30
    assert len(simple_html("a" * 100_000)) < 25_000
