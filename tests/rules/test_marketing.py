"""Texts, links and terms."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from state.definitions.model_fields import limits_of
from state.domain.offer import CatalogueItem, Marketing
from state.domain.text_length import length
from state.rules.marketing import terms_length
from tests.rules.rule_case import RuleCase
from tests.rules.test_topologies import POINTER
from tests.support import Edit, example_text, findings

ACCENTED = "e\u0301"
"""Two code points that are one when composed."""

VAULT = example_text("contoso-vault")
TITLE = 'title = "Contoso Vault"'
SUMMARY = 'summary = "Keeps passwords, keys and certificates, and remembers who took them"'
SOLD_SUMMARY = 'summary = "One vault, for a team that shares a table"'
TERMS = 'terms_file = "legal/terms.html"'
POLICY = 'policy_url = "https://contoso.example/privacy"'
LINK = '{ title = "Threat model", url = "https://docs.contoso.example/vault/threat-model" }'
LONG_SUMMARY = next(line for line in VAULT.split("\n") if line.startswith("long_summary"))
OFFER_DESCRIPTION, SOLO_DESCRIPTION, QUORUM_DESCRIPTION = re.findall(
    r'description = """.*?"""', VAULT, re.DOTALL
)
OFFER_TEXTS = {
    "title": TITLE,
    "summary": SUMMARY,
    "long_summary": LONG_SUMMARY,
    "description": OFFER_DESCRIPTION,
}
SOLD_TEXTS = {
    "title": 'title = "Quorum"',
    "summary": 'summary = "Three or more vaults that answer as one"',
    "description": QUORUM_DESCRIPTION,
}


def text_of(key: str, count: int) -> str:
    return f'{key} = "{"é" * count}"'


def broken_texts() -> list[RuleCase]:
    cases = []
    for prefix, field, texts, limits, table in (
        ("marketing", "marketing", OFFER_TEXTS, limits_of(Marketing), "[marketing]"),
        (
            "plan",
            "skus.vault-quorum",
            SOLD_TEXTS,
            limits_of(CatalogueItem),
            'identifier = "vault-quorum"',
        ),
    ):
        for key, text in texts.items():
            rule, at = f"{prefix}.{key}", f"{field}.{key}"
            long = text_of(key, limits[key] + 7)
            cases.append(RuleCase(rule, at, long, ((text, long),)))
            cases.append(RuleCase(rule, at, f'{key} = " "', ((text, f'{key} = " "'),)))
            if prefix == "marketing":
                cases.append(RuleCase(rule, at, table, ((text, ""),)))
    return cases


def html(text: str) -> RuleCase:
    written = f"summary = '''{text}'''"
    return RuleCase("marketing.html", "marketing.summary", "summary = '''", ((SUMMARY, written),))


def terms(data: bytes) -> RuleCase:
    files = {"legal/terms.html": data}
    return RuleCase("legal.terms", "marketing.terms_file", TERMS, world={"files": files})


CASES = [
    *broken_texts(),
    html("<p>Fast\n<br>and small.</p>"),
    html("<div>Fast</div>"),
    html('<p class="big">Fast</p>'),
    html("<a href='https://x.example' onclick='y'>Fast</a>"),
    html("<a href='javascript:alert(1)'>Fast</a>"),
    html("<p>Fast</p class='z'>"),
    html("<b><i>Fast</b></i>"),
    html("<p>Fast"),
    html("Fast</p>"),
    html("<!-- fast -->"),
    html('<a href="x>Fast</a>'),
    RuleCase(
        "marketing.html",
        "skus.vault-solo.summary",
        "<u>",
        ((SOLD_SUMMARY, 'summary = "<u>One</u> vault"'),),
    ),
    RuleCase(
        "duplicate.description",
        "skus.vault-solo.description",
        'description = "<p>The same.</p>" # 2',
        (
            (OFFER_DESCRIPTION, 'description = "<p>The same.</p>"'),
            (SOLO_DESCRIPTION, 'description = "<p>The same.</p>" # 2'),
        ),
    ),
    RuleCase(
        "duplicate.title",
        "skus.vault-quorum.title",
        'title = "Solo" # 2',
        (('title = "Quorum"', 'title = "Solo" # 2'),),
    ),
    RuleCase(
        "duplicate.title",
        "skus.vault-solo.title",
        'title = "Solo"',
        ((SUMMARY, 'summary = "Solo"'),),
    ),
    RuleCase(
        "duplicate.title",
        "skus.vault-solo.title",
        'title = "Solo"',
        ((LONG_SUMMARY, 'long_summary = "Solo"'),),
    ),
    RuleCase(
        "link.valid", "marketing.links.1.title", '{ title = " "', (('"Threat model"', '" "'),)
    ),
    RuleCase(
        "link.valid",
        "marketing.links.1.title",
        "{ url",
        ((LINK, LINK.replace('title = "Threat model", ', "")),),
    ),
    RuleCase(
        "link.valid",
        "marketing.links.1.url",
        "Threat model",
        ((LINK, '{ title = "Threat model" }'),),
    ),
    RuleCase(
        "link.valid",
        "marketing.links.1.url",
        "Threat model",
        ((LINK, '{ title = "Threat model", url = "docs.contoso.example" }'),),
    ),
    RuleCase(
        "link.valid",
        "marketing.links.1.url",
        "Threat model",
        ((LINK, '{ title = "Threat model", url = "ftp://docs.contoso.example" }'),),
    ),
    RuleCase("legal.terms", "marketing.terms_of_use", "[marketing]", ((TERMS, ""),)),
    RuleCase(
        "legal.terms",
        "marketing.terms_file",
        TERMS,
        world={"files": {"legal/terms.html": b"f\xfcr alle"}},
    ),
    terms(b" \n"),
    terms(POINTER),
    RuleCase(
        "legal.terms",
        "marketing.terms_file",
        TERMS,
        world={"files": {"legal/terms.html": b"x" * 1_000_001}},
    ),
    RuleCase(
        "legal.terms",
        "marketing.terms_file",
        TERMS,
        world={"files": {"legal/terms.html": b"x" * 12_000_001}},
    ),
    RuleCase(
        "legal.terms",
        "marketing.terms_file",
        "legal/none.html",
        ((TERMS, 'terms_file = "legal/none.html"'),),
    ),
    RuleCase(
        "legal.terms",
        "marketing.terms_file",
        "../terms.html",
        ((TERMS, 'terms_file = "../terms.html"'),),
    ),
    RuleCase(
        "legal.terms",
        "marketing.terms_of_use",
        "terms_of_use",
        ((TERMS, f'terms_of_use = "{"x" * 1_000_001}"'),),
    ),
    RuleCase("legal.terms", "marketing.policy_url", "[marketing]", ((POLICY, ""),)),
    RuleCase(
        "legal.terms",
        "marketing.policy_url",
        "policy_url",
        ((POLICY, 'policy_url = "contoso.example/privacy"'),),
    ),
]


@pytest.mark.parametrize(
    "edits",
    [
        *(((text, text_of(key, limits_of(Marketing)[key])),) for key, text in OFFER_TEXTS.items()),
        *(
            ((text, text_of(key, limits_of(CatalogueItem)[key])),)
            for key, text in SOLD_TEXTS.items()
        ),
        ((TITLE, f'title = "{ACCENTED * 50}"'),),
        (
            (
                SUMMARY,
                "summary = '<a HREF=\"http://x.example/y\" target=_blank>A</a> < b & c &amp; <3'",
            ),
        ),
        ((LINK, '{ title = "x", url = "HTTP://docs.contoso.example:80/a?b#c" }'),),
        ((TERMS, f'terms_of_use = "{"x" * 1_000_000}"'),),
        ((OFFER_DESCRIPTION, 'description = "Solo"'),),
    ],
    ids=lambda edits: edits[0][1][:40],
)
def test_at_the_edge_is_in_order(edits: tuple[Edit, ...]) -> None:
    assert findings("contoso-vault", *edits) == []


def test_terms_at_the_limit_are_in_order() -> None:
    written = b"\xef\xbb\xbf" + ACCENTED.encode() * 1_000_000
    assert findings("contoso-vault", files={"legal/terms.html": written}) == []


def test_an_empty_text_is_told_once() -> None:
    edits = (('title = "Solo"', 'title = ""'), ('title = "Quorum"', 'title = ""'))
    told = [(each.rule, str(each.field)) for each in findings("contoso-vault", *edits)]
    assert told == [
        ("plan.title", "skus.vault-solo.title"),
        ("plan.title", "skus.vault-quorum.title"),
    ]


@pytest.mark.parametrize(
    ("example", "field"),
    [
        ("contoso-mail", "plans.bronze.description"),
        ("contoso-rates", "plans.taste.description"),
        ("contoso-grid", "topologies.grid-cluster.description"),
    ],
)
def test_every_type_sells_something_with_texts(example: str, field: str) -> None:
    text = example_text(example)
    sold = re.findall(r'description = """.*?"""', text, re.DOTALL)[1]
    found = findings(example, (sold, 'description = "<u>"'))
    assert [(each.rule, str(each.field)) for each in found] == [("marketing.html", field)]


@given(st.text(alphabet="aé\u0301\u0316\u1100\u1161\u11a8 가", max_size=300))
@settings(max_examples=100)
def test_a_length_is_that_of_the_composed_text(text: str) -> None:
    from unicodedata import normalize

    assert length(text) == len(normalize("NFC", text))


def test_a_length_takes_linear_time() -> None:
    began = time.process_time()
    length("\u0301\u0316" * 500_000)
    assert time.process_time() - began < 10


@given(st.binary(max_size=40))
@settings(max_examples=100)
def test_terms_of_any_bytes(data: bytes) -> None:
    count = terms_length(data)
    assert count is None or count >= 0
