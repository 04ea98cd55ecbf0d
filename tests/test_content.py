"""What an offer means: which edits change the content, and what kind of change they are."""

import copy
import random
import tomllib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from state.definitions.content import (
    Content,
    changes_between,
    content_of,
    is_technical,
    leaves_of,
)  # fmt: skip
from state.definitions.model_fields import FieldType, fields_of
from state.definitions.parse import parse_table
from state.definitions.validate import read
from state.domain.offer_types import DATA_SERVICE, OFFER_TYPES, VIRTUAL_MACHINE
from state.domain.safe_text import plain_decimal
from tests.support import EXAMPLES, Edit, example_text

DB, MAIL, RATES, GRID = "contoso-db", "contoso-mail", "contoso-rates", "contoso-grid"
TABLES: Mapping[str, Any] = {
    name: tomllib.loads((EXAMPLES / f"{name}.toml").read_text(), parse_float=Decimal)
    for name in (DB, MAIL, RATES, GRID)
}


def digest(path: str) -> str | None:
    """The digest of an asset that has the bytes of its path."""
    return f"digest of {path}"


def content(table: Mapping[str, Any]) -> Content:
    """What a table means."""
    return content_of(read(OFFER_TYPES[table["type"]].model, table)[0], digest)


def of_text(text: str) -> Content:
    """What a file's text means."""
    return content(parse_table(text.encode()).values or {})


# What changes nothing -----------------------------------------------------------------------------

NOTHING: list[tuple[str, Edit]] = [
    (DB, ('"2" = 0.10', '"2" = 0.1')),
    (DB, ('"2" = 0.10', '"2" = 0.100_0')),
    (DB, ('"2" = 0.10', '"2" = 1e-1')),
    (MAIL, ("base = 10.00", "base = 10")),
    (MAIL, ("base = 10.00", "base = 1e1")),
    (DB, ('hidden = false\n', "")),
    (DB, ('"byol"\n', '"byol"\nfree_trial = "none"\n')),
    (DB, ("[5432, 9187]", "[ 5432, # SQL\n 9187, ]")),
    (DB, ("[5432, 9187]", "[0x1538, 9_187]")),
    (DB, ("vhd?st=", "vhd?another=token&st=")),
    (DB, ('currency = "USD"', "currency = 'USD'")),
    (DB, ('currency = "USD"', '"currency" = "\\u0055SD"')),
    (DB, ("[skus.prices.US] ", "[ skus . prices . 'US' ]")),
    (DB, ("terms_file", "# a remark\nterms_file")),
    (DB, ("[support]\n", "[support]\n\n\n")),
    (DB, ("[marketing]\n", "[marketing]\nterms_of_use = ''\nsample_images = []\n")),
]  # fmt: skip


@pytest.mark.parametrize(("example", "edit"), NOTHING)
def test_writing_the_same_otherwise_changes_nothing(example: str, edit: Edit) -> None:
    before, after = of_text(example_text(example)), of_text(example_text(example, edit))
    assert before == after
    assert changes_between(before.leaves, after.leaves) == []


def shuffled(value: Any, order: random.Random) -> Any:
    """A table with the keys of every table in it in another order."""
    if isinstance(value, dict):
        keys = list(value)
        order.shuffle(keys)
        return {key: shuffled(value[key], order) for key in keys}
    return [shuffled(each, order) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("example", TABLES)
@given(some.randoms(use_true_random=False))
def test_the_order_of_keys_and_of_what_is_sold_changes_nothing(
    example: str, order: random.Random
) -> None:
    table = shuffled(TABLES[example], order)
    for key in ("skus", "plans", "topologies"):
        order.shuffle(table.get(key, []))
    before, after = content(TABLES[example]), content(table)
    assert (before.hash, before.technical) == (after.hash, after.technical)
    assert changes_between(before.leaves, after.leaves) == []


def defaults_written_out(of: FieldType, value: Any) -> Any:
    """A table with every key that it lacks, where that has a default which a file can hold."""
    if of.model is not None:
        filled = {}
        for spec in fields_of(of.model).values():
            given = value.get(spec.name, _ABSENT)
            if given is _ABSENT and spec.type.kind == "model":
                given = {}
            elif given is _ABSENT and spec.default is not None:
                given = [] if spec.default == () else spec.default
            if given is not _ABSENT:
                filled[spec.name] = defaults_written_out(spec.type, given)
        return filled
    if of.kind == "list" and of.inner:
        return [defaults_written_out(of.inner, each) for each in value]
    if of.kind == "map" and of.inner:
        return {key: defaults_written_out(of.inner, each) for key, each in value.items()}
    return value


_ABSENT = object()


@pytest.mark.parametrize("example", TABLES)
def test_defaults_written_out_change_nothing(example: str) -> None:
    table = TABLES[example]
    whole = defaults_written_out(FieldType("model", OFFER_TYPES[table["type"]].model), table)
    assert whole != table
    assert content(whole) == content(table)


def test_the_rendering_begins_with_its_format(monkeypatch: pytest.MonkeyPatch) -> None:
    before = content(TABLES[DB])
    monkeypatch.setattr("state.definitions.content.FORMAT", 99)
    after = content(TABLES[DB])
    assert before.hash != after.hash and before.leaves == after.leaves
    assert before.hash.startswith("sha256:") and len(before.hash) == len("sha256:") + 64


# What changes something ---------------------------------------------------------------------------


def paths(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every scalar in a table."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in items:
        if isinstance(each, dict | list):
            yield from paths(each, (*at, key))
        else:
            yield (*at, key)


PATHS = [
    (name, path)
    for name, table in TABLES.items()
    for path in paths(table)
    if path != ("type",) and "free_trail" not in path
]
"""Every value of the examples, but for the type and the key that is misspelt on purpose."""


def another(value: Any, draw: Any) -> Any:
    """Another value of the same type, which is another in what it means too."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, Decimal):
        return draw(some.decimals(0, 1000, places=4).filter(lambda each: each != value))
    if isinstance(value, int):
        return draw(some.integers().filter(lambda each: each != value))
    before = value.partition("?")[0]
    texts = some.text(max_size=10)
    return draw(texts.filter(lambda each: each.partition("?")[0] not in (before, "", "none")))


@given(some.sampled_from(PATHS), some.data())
def test_every_other_value_is_one_change(place: tuple[str, Any], data: Any) -> None:
    name, path = place
    table = copy.deepcopy(TABLES[name])
    holder = table
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = another(holder[path[-1]], data.draw)
    before, after = content(TABLES[name]), content(table)
    changes = changes_between(before.leaves, after.leaves)
    assert before.hash != after.hash and changes
    assert (before.technical != after.technical) == any(each.technical for each in changes)
    if path[-1] != "identifier":
        (change,) = changes
        assert change.names[0] == path[0] and change.old != change.new


@given(some.sampled_from(PATHS), some.sampled_from(PATHS))
def test_a_diff_is_empty_exactly_when_the_hashes_are_equal(
    one: tuple[str, Any], two: tuple[str, Any]
) -> None:
    found = []
    for name, path in (one, two):
        table = copy.deepcopy(TABLES[name])
        holder = table
        for key in path[:-1]:
            holder = holder[key]
        del holder[path[-1]]
        found.append(content(table))
    first, second = found
    assert (first.hash == second.hash) == (changes_between(first.leaves, second.leaves) == [])
    there, back = (
        changes_between(first.leaves, second.leaves),
        changes_between(second.leaves, first.leaves),
    )
    assert {(each.names, each.old, each.new) for each in map(_frozen, there)} == {
        (each.names, each.new, each.old) for each in map(_frozen, back)
    }


def _frozen(change: Any) -> Any:
    return change._replace(old=repr(change.old), new=repr(change.new))


SOMETHING: list[tuple[str, Edit, list[str]]] = [
    (DB, ('"2" = 0.10', '"2" = 0.101'), ["skus.standard.prices.US.cores.2"]),
    (DB, ('"2" = 0.10', '"2" = "0.10"'), ["skus.standard.prices.US.cores.2"]),
    (MAIL, ("base = 10.00", 'base = "10"'), ["plans.bronze.price.base"]),
    (MAIL, ("base = 10.00", "base = true"), ["plans.bronze.price.base"]),
    (DB, ("-standard-1.0.0.vhd?", "-standard-1.0.1.vhd?"), ["skus.standard.image.os_vhd_url"]),
    (DB, ("[5432, 9187]", "[9187, 5432]"), ["skus.standard.image.open_ports"]),
    (DB, ('[skus.prices.ES]', "[skus.prices.FR]\n[skus.prices.ES]"), ["skus.standard.prices.FR"]),
    (MAIL, ('"Bronze"\n', '"bronze"\n'), ["plans.bronze.title"]),
    (MAIL, ("Service status", "Status"), ["marketing.links.2.title"]),
]  # fmt: skip


@pytest.mark.parametrize(("example", "edit", "fields"), SOMETHING)
def test_fields_that_an_edit_changes(example: str, edit: Edit, fields: list[str]) -> None:
    before, after = of_text(example_text(example)), of_text(example_text(example, edit))
    assert [each.field for each in changes_between(before.leaves, after.leaves)] == fields


def test_the_bytes_of_assets_are_content() -> None:
    offer = read(VIRTUAL_MACHINE.model, TABLES[DB])[0]
    one = content_of(offer, digest)
    two = content_of(offer, lambda path: "other" if "wide" in path else digest(path))
    gone = content_of(offer, lambda path: None if "wide" in path else digest(path))
    assert len({one.hash, two.hash, gone.hash}) == 3
    assert one.technical == two.technical == gone.technical
    (change,) = changes_between(one.leaves, two.leaves)
    assert change.field == "marketing.logos.wide"


@given(some.decimals(allow_nan=False, allow_infinity=False), some.decimals(-10, 10, places=3))
def test_amounts_are_told_apart_exactly(one: Decimal, two: Decimal) -> None:
    assert (plain_decimal(one) == plain_decimal(two)) == (one == two)
    assert Decimal(plain_decimal(one)) == one


# Technical or marketing ---------------------------------------------------------------------------

TECHNICAL = {
    "type", "service.namespace", "service.resource_types", "service.endpoint",
    "service.metering.staging", "service.metering.production",
    "source.kind", "source.protocol", "source.address",
    "skus.x.identifier", "skus.x.image.os_family", "skus.x.image.os", "skus.x.image.version",
    "skus.x.image.os_vhd_url", "skus.x.image.recommended_sizes", "skus.x.image.open_ports",
    "skus.x.image.data_disks.x.lun", "skus.x.image.data_disks.x.vhd_url",
    "plans.x.identifier", "plans.x.transactions", "plans.x.migrates_to",
    "topologies.x.identifier", "topologies.x.version", "topologies.x.package",
}  # fmt: skip

MARKETING = {
    "categories", "marketing.title", "marketing.summary", "marketing.long_summary",
    "marketing.description", "marketing.terms_of_use", "marketing.terms_file",
    "marketing.policy_url", "marketing.links.x.title", "marketing.links.x.url",
    "marketing.sample_images", "marketing.logos.small", "marketing.logos.medium",
    "marketing.logos.large", "marketing.logos.wide", "marketing.logos.hero",
    "support.url", "support.engineering.name", "support.engineering.email",
    "support.engineering.phone", "support.customer.name", "support.customer.email",
    "support.customer.phone", "staging.subscriptions.x.id", "staging.subscriptions.x.kind",
    "skus.x.title", "skus.x.summary", "skus.x.description", "skus.x.billing", "skus.x.free_trial",
    "skus.x.hidden", "skus.x.prices.x.currency", "skus.x.prices.x.cores.x", "skus.x.markets",
    "plans.x.title", "plans.x.summary", "plans.x.description", "plans.x.free",
    "plans.x.free_trial", "plans.x.promotion_code", "plans.x.hidden_without_code",
    "plans.x.price.base", "plans.x.price.meters.x",
    "topologies.x.title", "topologies.x.summary", "topologies.x.description",
}  # fmt: skip


def all_fields(of: FieldType, at: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every field that a file can hold, with x for the name of an item."""
    if of.model is not None:
        for spec in fields_of(of.model).values():
            yield from all_fields(spec.type, (*at, spec.name))
    elif of.inner is not None and (of.kind == "map" or of.inner.model is not None):
        yield from all_fields(of.inner, (*at, "x"))
    else:
        yield at


def test_every_field_is_technical_or_marketing_as_the_table_says() -> None:
    found = {
        names
        for kind in OFFER_TYPES.values()
        for names in all_fields(FieldType("model", kind.model))
    }
    assert {".".join(names) for names in found if is_technical(names)} == TECHNICAL
    assert {".".join(names) for names in found if not is_technical(names)} == MARKETING


def test_an_offer_that_says_nothing_has_a_content_too() -> None:
    empty = content({"type": "data-service"})
    assert [
        leaf.names for leaf in leaves_of(read(DATA_SERVICE.model, {"type": "data-service"})[0])
    ] == [("type",)]
    assert list(empty.leaves) == [("type",)]
    assert content({"type": "data-service", "plans": [{}]}).hash != empty.hash
