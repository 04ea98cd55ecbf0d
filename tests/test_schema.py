"""The schema describes the form of the files, and agrees with what reads them."""

import json
from collections.abc import Iterator
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from state.definitions.parse import parse_table
from state.definitions.template import definition_template, publisher_template
from state.definitions.validate import read
from state.domain.offer_types import OFFER_TYPES, VIRTUAL_MACHINE
from state.domain.publisher import Publisher
from state.engine.schema import DIALECT, adapter, schema
from tests.support import EXAMPLES

READABLE = sorted(path.stem for path in EXAMPLES.glob("contoso-*.toml"))
FORM = adapter()
PUBLISHER_FORM = adapter(publisher=True)


def values_of(text: str) -> dict[str, Any]:
    values = parse_table(text.encode()).values
    assert values is not None
    return dict(values)


def in_json(values: Any) -> str:
    return json.dumps(
        values, default=lambda each: float(each) if isinstance(each, Decimal) else str(each)
    )


def faults_of_form(values: dict[str, Any], form: Any = FORM) -> set[tuple[str | int, ...]]:
    """Where values have another form than the schema describes; limits are for the rules."""
    try:
        form.validate_json(in_json(values))
    except ValidationError as error:
        judged = ("too_long", "string_too_long", "less_than", "greater_than")
        form_faults = [each for each in error.errors() if not each["type"].startswith(judged)]
        start = 1 if form is FORM else 0
        return {each["loc"][start:] for each in form_faults}
    return set()


@pytest.mark.parametrize("stem", [*READABLE, "publisher"])
def test_the_examples_have_the_form_that_they_are_read_in(stem: str) -> None:
    values = values_of((EXAMPLES / f"{stem}.toml").read_text())
    is_offer = stem != "publisher"
    model = OFFER_TYPES[values["type"]].model if is_offer else Publisher
    _, faults = read(model, values)
    found = faults_of_form(values, FORM if is_offer else PUBLISHER_FORM)
    assert found == {fault.field.path for fault in faults}


def test_new_files_have_the_form() -> None:
    for kind in OFFER_TYPES.values():
        assert faults_of_form(values_of(definition_template(kind, "new-offer"))) == set()
    assert faults_of_form(values_of(publisher_template()), PUBLISHER_FORM) == set()


@pytest.mark.parametrize("stem", ["contoso-vault", "contoso-mail", "contoso-rates", "contoso-grid"])
@pytest.mark.parametrize("wrong", ["word", True, 7, Decimal("1.5"), [], {}, ["word"], [7]])
def test_a_value_of_another_type_is_told_by_both(stem: str, wrong: Any) -> None:
    values = values_of((EXAMPLES / f"{stem}.toml").read_text())
    model = OFFER_TYPES[values["type"]].model
    for way in _ways(values):
        if way in ((), ("type",)) or _is_money(way):
            continue
        changed = deepcopy(values)
        _put(changed, way, wrong)
        _, faults = read(model, changed)
        keys = {fault.field.path for fault in faults}
        # A value that may be a number or a text has two ways not to be one.
        found = {each[: len(way) + 1] for each in faults_of_form(changed)}
        assert {each[: len(way)] for each in found} == {each[: len(way)] for each in keys}, way


def test_an_unknown_key_is_told_by_both() -> None:
    values = values_of((EXAMPLES / "contoso-vault.toml").read_text())
    for way in _ways(values):
        at = _at(values, way)
        if isinstance(at, dict) and not {"cores", "prices"} & {*way[-1:]}:
            changed = deepcopy(values)
            _at(changed, way)["colour"] = "red"
            _, faults = read(VIRTUAL_MACHINE.model, changed)
            assert {fault.field.path for fault in faults} == {(*way, "colour")}
            assert faults_of_form(changed) == {(*way, "colour")}


def test_the_schema_tells_types_limits_and_what_each_key_is_for() -> None:
    made = schema()
    assert made["$schema"] == DIALECT
    definitions = made["$defs"]
    offers = [each["$ref"].rpartition("/")[2] for each in made["oneOf"]]
    kinds = [definitions[name]["properties"]["type"]["const"] for name in offers]
    assert kinds == list(OFFER_TYPES)
    assert all(definitions[name]["required"] == ["type"] for name in offers)
    for name, each in definitions.items():
        assert each["additionalProperties"] is False
        assert all(value.get("description") for value in each["properties"].values()), name
    marketing, sku = definitions["Marketing"]["properties"], definitions["Sku"]["properties"]
    assert marketing["title"]["maxLength"] == 50
    assert marketing["long_summary"]["maxLength"] == 256
    assert sku["description"]["maxLength"] == 2000
    assert sku["billing"]["enum"] == ["hourly", "byol"]
    assert sku["free_trial"]["default"] == "none"
    assert definitions["MarketPrices"]["properties"]["cores"]["additionalProperties"] == {
        "type": "number"
    }
    assert definitions["Image"]["properties"]["open_ports"]["items"]["maximum"] == 65535
    assert definitions["VirtualMachineOffer"]["properties"]["categories"]["maxItems"] == 5
    assert json.loads(json.dumps(made)) == made


def test_the_publisher_file_has_a_schema_too() -> None:
    made = schema(publisher=True)
    assert made["title"] == "Publisher"
    assert made["properties"]["namespace"]["type"] == "string"
    agreement = made["$defs"]["Registration"]["properties"]["agreement"]
    assert agreement["format"] == "date"


def _ways(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield at
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value if isinstance(value, list) else ())
    )
    for key, each in inner:
        yield from _ways(each, (*at, key))


def _at(value: Any, way: tuple[str | int, ...]) -> Any:
    for key in way:
        value = value[key]
    return value


def _put(value: Any, way: tuple[str | int, ...], new: Any) -> None:
    _at(value, way[:-1])[way[-1]] = new


def _is_money(way: tuple[str | int, ...]) -> bool:
    """Whether any value will do there, because a rule tells what is no amount."""
    return way[-1:] == ("base",) or way[-2:-1] in (("cores",), ("meters",))
