"""Contacts, categories and subscriptions."""

import pytest

from tests.rules.rule_case import RuleCase
from tests.support import Edit, findings

URL = 'url = "https://support.contoso.example/vault"'
ENGINEERING = (
    'engineering = { name = "Jonas Keller", email = "jonas.keller@contoso.example", '
    'phone = "+49 30 0000 0210" }'
)
CATEGORIES = 'categories = ["security", "identity", "storage"]'
FIRST = '{ id = "c1d7a0f4-83be-4e0a-a6c5-5b1f2d9e7740", kind = "pay-as-you-go" },   # Madrid'
SECOND = '{ id = "0e9b6a52-7f14-4c3d-8b27-d4a61c08f3e9", kind = "pay-as-you-go" },   # Berlin'
GUID = "c1d7a0f4-83be-4e0a-a6c5-5b1f2d9e7740"


def contact(key: str, old: str, new: str) -> RuleCase:
    edit = (old, new)
    return RuleCase("support.contacts", f"support.engineering.{key}", "engineering", (edit,))


def category(field: str, *names: str) -> RuleCase:
    line = f"categories = [{', '.join(f'{chr(34)}{name}{chr(34)}' for name in names)}]"
    return RuleCase("category.count", field, line, ((CATEGORIES, line),))


def subscription(key: str, text: str) -> RuleCase:
    field = f"staging.subscriptions.0.{key}"
    return RuleCase("staging.subscriptions", field, text, ((FIRST, f"{text},"),))


CASES = [
    RuleCase("support.contacts", "support.url", "[support]", ((URL, ""),)),
    RuleCase(
        "support.contacts",
        "support.url",
        'url = "support.contoso.example"',
        ((URL, 'url = "support.contoso.example"'),),
    ),
    RuleCase("support.contacts", "support.engineering", "[support]", ((ENGINEERING, ""),)),
    RuleCase(
        "support.contacts",
        "support.engineering",
        "engineering",
        ((ENGINEERING, "engineering = {}"),),
    ),
    contact("name", 'name = "Jonas Keller", ', ""),
    contact("email", '"jonas.keller@contoso.example"', '" "'),
    contact("phone", '"+49 30 0000 0210"', '""'),
    contact("email", "jonas.keller@contoso.example", "jonas.keller"),
    contact("email", "jonas.keller@contoso.example", "jonas@keller@contoso.example"),
    contact("phone", "+49 30 0000 0210", "call us"),
    RuleCase("category.count", "categories", "# Contoso", ((CATEGORIES, ""),)),
    category("categories"),
    category("categories", "a", "b", "c", "d", "e", "f"),
    category("categories.2", "a", "b", "a", "a"),
    category("categories.5", "a", "b", "c", "d", "e", "e"),
    category("categories.1", "a", " "),
    RuleCase(
        "staging.subscriptions",
        "staging.subscriptions",
        "subscriptions = [",
        ((FIRST, ""), (SECOND, "")),
    ),
    subscription("id", '{ kind = "pay-as-you-go" }'),
    subscription("id", '{ id = "madrid" }'),
    subscription("id", f'{{ id = "{{{GUID}}}" }}'),
    *(
        subscription("kind", f'{{ id = "{GUID}", kind = "{each}" }}')
        for each in ("dreamspark", "open", "CSP")
    ),
]


@pytest.mark.parametrize(
    "edit",
    [
        (CATEGORIES, 'categories = ["a"]'),
        (CATEGORIES, 'categories = ["a", "b", "c", "d", "e"]'),
        (FIRST, f'{{ id = "{GUID.upper()}" }},'),
        (FIRST, ""),
        ("+49 30 0000 0210", "112"),
    ],
)
def test_at_the_edge_is_in_order(edit: Edit) -> None:
    assert findings("contoso-vault", edit) == []


def test_a_missing_part_is_told_each() -> None:
    edit = (ENGINEERING, 'engineering = { phone = "+49 30 0000 0210" }')
    told = [str(each.field) for each in findings("contoso-vault", edit)]
    assert told == ["support.engineering.name", "support.engineering.email"]


@pytest.mark.parametrize("example", ["contoso-mail", "contoso-rates"])
def test_other_types_need_no_subscription(example: str) -> None:
    assert findings(example) == []
