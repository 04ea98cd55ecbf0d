"""What a person types into a field."""

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest

from state.definitions.form_input import format_input, parse_input
from state.definitions.model_fields import FieldType, fields_of
from state.domain.errors import InputError
from state.domain.field_path import ROOT, FieldPath
from state.domain.offer_types import DATA_SERVICE, OFFER_TYPES, VIRTUAL_MACHINE, OfferType
from state.domain.publisher import Publisher

V, T = VIRTUAL_MACHINE, DATA_SERVICE
SKU = ROOT / "skus"
FIRST = SKU.item(0, "standard")
TYPED: list[tuple[OfferType, FieldPath, str, Any]] = [
    (V, ROOT / "marketing" / "title", " Contoso ", " Contoso "),
    (V, ROOT / "marketing" / "logos" / "small", " logos/a.png ", "logos/a.png"),
    (V, FIRST / "hidden", "Yes", True),
    (V, FIRST / "image" / "open_ports", "443, 8080", [443, 8080]),
    (V, FIRST / "image" / "open_ports", "[443, 8080]", [443, 8080]),
    (V, FIRST / "image" / "open_ports", "", []),
    (V, (FIRST / "image" / "open_ports").item(0, 0), "443", 443),
    (V, ROOT / "categories", "a\nb, c", ["a", "b", "c"]),
    (V, FIRST / "prices" / "US" / "cores" / "1", "0.10", Decimal("0.10")),
    (V, FIRST / "prices" / "US" / "cores", '{ "1" = 0.1 }', {"1": Decimal("0.1")}),
    (V, ROOT / "marketing" / "links", '[{ title = "a", url = "b" }]', [{"title": "a", "url": "b"}]),
    (T, (ROOT / "plans").item(0, "a") / "transactions", "10000", 10000),
    (T, (ROOT / "plans").item(0, "a") / "transactions", "unlimited", "unlimited"),
    (T, (ROOT / "plans").item(0, "a") / "price" / "base", "", None),
    (T, (ROOT / "plans").item(0, "a") / "price" / "base", "10", Decimal("10")),
    (T, ROOT / "type", "virtual-machine", "virtual-machine"),
]


@pytest.mark.parametrize(
    ("kind", "field", "text", "value"), TYPED, ids=lambda each: repr(each)[:40]
)
def test_what_is_typed_has_the_type_of_its_field(
    kind: OfferType, field: FieldPath, text: str, value: Any
) -> None:
    found = parse_input(kind, field, text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("value", ["a", True, 5, ["a", "b"], ["a, b", ""], [1, 2], [], {"a": 1}])
def test_a_value_can_be_typed_again(value: Any) -> None:
    fields = {
        str: ROOT / "marketing" / "title",
        bool: FIRST / "hidden",
        int: (FIRST / "image" / "open_ports").item(0, 0),
        dict: FIRST / "prices" / "US" / "cores",
    }
    numbers = FIRST / "image" / "open_ports"
    lists = numbers if isinstance(value, list) and value[:1] == [1] else ROOT / "categories"
    assert parse_input(V, fields.get(type(value), lists), format_input(value)) == value


@pytest.mark.parametrize(
    ("kind", "field", "text", "said"),
    [
        (V, FIRST / "hidden", "maybe", "Expected true or false, found"),
        (V, FIRST / "image" / "open_ports", "443, web", "Expected a whole number"),
        (V, FIRST / "image" / "open_ports", '["443"]', "Expected a whole number"),
        (V, FIRST / "prices" / "US" / "cores" / "1", "0,10", "decimal point"),
        (V, FIRST / "prices", "a = 1", 'a table such as { key = 1 }, found "a = 1".$'),
        (V, FIRST / "prices" / "US" / "cores", "abc", 'a table such as { key = 1 }, found "abc".$'),
        (V, FIRST / "prices" / "US" / "cores", "{ a = 1 } b", 'found "{ a = 1 } b".$'),
        (V, FIRST / "prices" / "US" / "cores", "{ a = b }", "Put text in quotes"),
        (V, ROOT / "marketing" / "links", "x", r'such as \[{ title = …, url = … }\], found "x".$'),
        (V, ROOT / "marketing" / "links", '[{ tilte = "a" }]', 'did you mean "title"'),
        (V, ROOT / "plans", "x", 'has no field "plans"'),
        (
            V,
            ROOT / "type",
            "virtual-machinea",
            '"virtual-machinea" is not a type of offer. Write "v',
        ),
        (V, ROOT / "type", "", '"" is not a type of offer. Write "virtual-machine", "developer-s'),
    ],
)
def test_what_is_no_value_of_its_field_is_told(
    kind: OfferType, field: FieldPath, text: str, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        parse_input(kind, field, text)


@pytest.mark.parametrize(
    "kind", [*OFFER_TYPES.values(), None], ids=lambda each: each and each.value
)
def test_whatever_is_typed_is_a_value_or_refused(kind: OfferType | None) -> None:
    for field in _fields_below(ROOT, FieldType("model", kind.model if kind else Publisher)):
        for text in ("", "x", "5", "[1]", "{ a = 1 }", "{", "a\nb = 2", "2026-01-01", "9" * 5000):
            with suppress(InputError):
                parse_input(kind, field, text)


def _fields_below(at: FieldPath, field_type: FieldType) -> Iterator[FieldPath]:
    if at.path:
        yield at
    if field_type.model:
        for spec in fields_of(field_type.model).values():
            yield from _fields_below(at / spec.name, spec.type)
    elif field_type.inner:
        each = at.item(0, 0) if field_type.kind == "list" else at / "US"
        yield from _fields_below(each, field_type.inner)
