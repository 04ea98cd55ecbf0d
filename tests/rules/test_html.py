"""The little HTML that is shown."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from state.rules.html import html_fault


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a < b & c > d &amp; &lt;p&gt; <3",
        "<h1>a</h1><h5>b</h5><ol><li>c</li></ol>",
        "<P>a</p ><p\n>b</P>",
        "<a href='a>b' target=\"_blank\">c</a><a>d</a>",
        "<p><strong>a<em>b<b>c<i>d</i></b></em></strong></p>",
    ],
)
def test_in_order(text: str) -> None:
    assert html_fault(text) is None


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("<p>a</p>\n\n<br>", "<br> in line 3 of the text is none of"),
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
        ("a\n<!-- b -->", "A comment or a tag without a name in line 2"),
        ("<!DOCTYPE html>", "in line 1"),
        ("<?php ?>", "in line 1"),
        ("<p>a</p", "</p in line 1 of the text is not well written"),
        ('<a href="x>a</a>', "<a in line 1 of the text is not well written"),
    ],
)
def test_the_first_fault(text: str, part: str) -> None:
    fault = html_fault(text)
    assert fault and part in fault and "follow" not in fault


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("<br><br>", "1 more fault follows."),
        ("<br><br><br>", "2 more faults follow."),
        ("<p>a<b>b<br>", "2 more faults follow."),
        ("<b><i><br></b></i>", "1 more fault follows."),
    ],
)
def test_how_many_more(text: str, rest: str) -> None:
    assert str(html_fault(text)).endswith(rest)


def test_control_characters_are_shown_visibly() -> None:
    assert "\x1b" not in str(html_fault("<b\x1b[31m>"))


@given(st.lists(st.sampled_from([*"<>/=!?-\"' apbx\n{0}", "<p>", "</p>", "<a ", "href="])))
@settings(max_examples=200)
def test_any_text(parts: list[str]) -> None:
    fault = html_fault("".join(parts))
    assert fault is None or len(fault) <= 156


@pytest.mark.parametrize(
    "text",
    [
        "<p>" * 300_000,
        "<p>" * 150_000 + "</b>" * 150_000,
        "<b><i>" * 80_000 + "</b></i>" * 80_000,
        '<a href="' * 100_000,
        "<p " * 300_000,
        "<a " + "x " * 500_000 + ">",
        "<a x=" + " " * 1_000_000,
        "<!--" * 250_000,
        "<" * 1_000_000,
    ],
    ids=lambda text: text[:12],
)
def test_linear_time(text: str) -> None:
    began = time.perf_counter()
    html_fault(text)
    assert time.perf_counter() - began < 4
