"""The little HTML that is shown."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from state.rules.html import MOST_FAULTS, html_faults


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a < b & c > d &amp; &lt;p&gt; <3",
        "<h1>a</h1><h5>b</h5><ol><li>c</li></ol>",
        "<P>a</p ><p\n>b</P>",
        "<a href='https://x.example/?a>b' target=\"_blank\">c</a><a>d</a>".replace(
            "a>b", "a=b&gt;"
        ),
        "<a href=HTTP://x.example>a</a><A HREF='mailto:a@x.example?subject=b'>a</A >",
        '<a href="https://x.example/?a=1&amp;b=2#c">a</a>',
        "<p><strong>a<em>b<b>c<i>d</i></b></em></strong></p>",
    ],
)
def test_in_order(text: str) -> None:
    assert html_faults(text) == ()


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("<p>a</p>\n\n<br>", "<br> in line 3 of the text is not allowed"),
        ("<br/>", "<br> in line 1"),
        ("<h6>a</h6>", "<h6> in line 1"),
        ("</div>", "</div> in line 1"),
        ("<script>\n</script>", "<script> in line 1"),
        ("<p>a\n", "<p> in line 1 of the text is never closed"),
        ("<ul>\n<li>a\n<li>b</li></ul>", "</ul> in line 3 of the text comes before </li>"),
        ("<p/>", "<p> in line 1 of the text is never closed"),
        ("a</p>", "</p> in line 1 of the text closes nothing"),
        ("<b>\n<i></b></i>", "</b> in line 2 of the text comes before </i>"),
        ("<p\n style=x>a</p>", "attribute style of <p> in line 2"),
        ("<a name=x>a</a>", "attribute name of <a> in line 1"),
        ("<p href=x>a</p>", "attribute href of <p> in line 1"),
        ("<p>x</p class='z'>", "</p> in line 1 of the text has the attribute class"),
        ("<a href='javascript:alert(1)'>a</a>", 'The href "javascr…lert(1)" in line 1'),
        ("<a href='java&#115;cript:x'>a</a>", "in line 1 of the text is not a full address"),
        ("<a href='data:text/html,x'>a</a>", "is not a full address"),
        ("<a\nhref='/docs'>a</a>", 'The href "/docs" in line 2 of the text is not a full address'),
        ("<a href='//x.example'>a</a>", 'The href "//x.example"'),
        ("<a href='docs.x.example'>a</a>", 'The href "docs.x.example"'),
        ("<a href='#top'>a</a>", 'The href "#top"'),
        ("<a href='https:/x'>a</a>", 'The href "https:/x"'),
        ("<a href='mailto:x'>a</a>", 'The href "mailto:x"'),
        ("<a href=' https://x.example'>a</a>", "is not a full address"),
        ("<a href=''>a</a>", 'The href "" in line 1'),
        ("<a href>a</a>", 'The href "" in line 1'),
        ("a\n<!-- b -->", "A comment or a tag without a name in line 2"),
        ("<!DOCTYPE html>", "in line 1"),
        ("<?php ?>", "in line 1"),
        ("<p>a</p", "</p in line 1 of the text is malformed"),
        ('<a href="x>a</a>', "<a in line 1 of the text is malformed"),
    ],
)
def test_one_fault(text: str, part: str) -> None:
    (fault,) = html_faults(text)
    assert part in fault


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("<br>\n<br>", ["<br> in line 1", "<br> in line 2"]),
        ("<p>a\n<b>b\n<br>", ["<p> in line 1", "<b> in line 2", "<br> in line 3"]),
        ("<b><i>\n<br></b></i>", ["<br> in line 2", "</b> in line 2"]),
        (
            "<p><a href='javascript:alert(1)'>x</a> <a href='/docs'>y</a></p class='z'>",
            ['The href "javascr', 'The href "/docs"', "</p> in line 1"],
        ),
    ],
)
def test_every_fault_is_told_with_its_line(text: str, begins: list[str]) -> None:
    for fault, begin in zip(html_faults(text), begins, strict=True):
        assert fault.startswith(begin)


def test_of_very_many_the_first_are_told_and_how_many_more() -> None:
    *told, more = html_faults("<br>\n" * (MOST_FAULTS + 7))
    assert len(told) == MOST_FAULTS and "7 more" in more


def test_control_characters_are_shown_visibly() -> None:
    assert "\x1b" not in str(html_faults("<b\x1b[31m>"))


@given(st.lists(st.sampled_from([*"<>/=!?-\"' apbx\n{0}", "<p>", "</p>", "<a ", "href="])))
@settings(max_examples=200)
def test_any_text(parts: list[str]) -> None:
    assert all(len(fault) <= 156 for fault in html_faults("".join(parts)))


@pytest.mark.parametrize(
    "text",
    [
        "<p>" * 150_000,
        "<p>" * 80_000 + "</b>" * 80_000,
        "<b><i>" * 40_000 + "</b></i>" * 40_000,
        '<a href="' * 50_000,
        "<p " * 150_000,
        "<a " + "x " * 250_000 + ">",
        "<a x=" + " " * 500_000,
        "<!--" * 125_000,
        "<" * 500_000,
    ],
    ids=lambda text: text[:12],
)
def test_linear_time(text: str) -> None:
    began = time.process_time()
    html_faults(text)
    assert time.process_time() - began < 2.5
