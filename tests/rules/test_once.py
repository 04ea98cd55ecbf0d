"""One slip is told once: whatever value is broken or key misspelt, no innocent field is blamed."""

import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
import tomli_w

from state.definitions.parse import parse_definition
from state.domain.field_path import Key
from state.domain.findings import Finding
from state.domain.offer import Offer
from state.rules.context import RuleContext
from state.rules.registry import check
from state.storage.assets import DirectoryAssets
from state.storage.working_directory import WorkingDirectory
from state.workspace.publisher_file import parse_publisher
from tests.rules.rule_case import MAIL, RATES, SEARCH, VAULT
from tests.support import EXAMPLES, NOW

Keys = tuple[Key, ...]
Table = dict[str, Any]

EVERY = 23
"""Of all the slips there are, one in so many is tried; in each offer and status another one."""

WRONG: tuple[Any, ...] = (5, "x", True, [], ["x"], {}, {"x": 1})
APPROVED = {("approval", "solution_templates"): True}


class Base(NamedTuple):
    """An example with some values set or, where they are None, taken out."""

    example: str
    values: Mapping[Keys, Any] = {}
    publisher: Mapping[Keys, Any] = {}


BASES = {
    "db": Base("contoso-db"),
    "grid": Base("contoso-grid"),
    "mail": Base(MAIL),
    "mail, a base price only": Base(MAIL, {("plans", 0, "price", "meters"): None}),
    "queue": Base("contoso-queue"),
    "rates": Base(RATES),
    "rates, free without a price": Base(RATES, {("plans", 0, "price"): None}),
    "rates, hidden": Base(RATES, {("plans", 2, "hidden_without_code"): True}),
    "search": Base(SEARCH),
    "vault": Base(VAULT),
    "vault, hidden": Base(VAULT, {("skus", 0, "hidden"): True}, APPROVED),
    "vault, one market": Base(VAULT, {("skus", 0, "prices", each): None for each in ("ES", "DE")}),
    "vault, byol": Base(
        VAULT,
        {("skus", 0, "billing"): "byol", ("skus", 0, "markets"): ["US", "ES"],
         ("skus", 0, "free_trial"): None, ("skus", 0, "prices"): None},
    ),
}  # fmt: skip


def table_of(example: str, values: Mapping[Keys, Any]) -> Table:
    text = (EXAMPLES / f"{example}.toml").read_text()
    return changed(tomllib.loads(text, parse_float=Decimal), values)


def changed(table: Table, values: Mapping[Keys, Any]) -> Table:
    """Another table with some values set or, where they are None, taken out."""
    table = deepcopy(table)
    for keys, value in values.items():
        put(table, keys, value)
    return table


def put(table: Any, keys: Keys, value: Any) -> None:
    """Set a value in a table, or take it out where it is None."""
    for key in keys[:-1]:
        table = table[key]
    if value is None:
        del table[keys[-1]]
    else:
        table[keys[-1]] = value


def slips(table: Table) -> Iterator[tuple[Keys, dict[Keys, Any]]]:
    """Values set to wrong ones, keys and headers misspelt: the place, and what to put where."""
    for keys, value in inside(table, ()):
        if keys == ("type",):
            continue
        for wrong in WRONG:
            if type(wrong) is not type(value):
                yield keys, {keys: wrong}
        *above, last = keys
        for other in misspelt(last) if isinstance(last, str) else ():
            yield (*above, other), {keys: None, (*above, other): value}
            for moved, rest in shared_out(value):
                yield (*above, other), {keys: rest, (*above, other): moved}


def shared_out(value: Any) -> Iterator[tuple[Any, Any]]:
    """What one misspelt header of several takes out of a table or a list, and what is left."""
    if isinstance(value, list) and len(value) > 1 and isinstance(value[0], dict):
        for index in range(len(value)):
            yield value[index : index + 1], value[:index] + value[index + 1 :]
    elif isinstance(value, dict):
        tables = {key for key, each in value.items() if isinstance(each, dict)}
        heads = [value.keys() - tables] * bool(tables)
        for keys in (*heads, *({key} for key in tables)):
            if 0 < len(keys) < len(value):
                moved = {key: each for key, each in value.items() if key in keys}
                yield moved, {key: each for key, each in value.items() if key not in keys}


def misspelt(key: str) -> tuple[str, ...]:
    swapped = key[:-2] + key[-1] + key[-2] if len(key) > 1 else key * 2
    return swapped, key[:-1] + "_" + key[-1], key.capitalize()


def inside(value: Any, at: Keys) -> Iterator[tuple[Keys, Any]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in pairs:
        yield (*at, key), each
        if isinstance(each, dict | list):
            yield from inside(each, (*at, key))


class World:
    """Everything about an offer but its definition and the publisher file."""

    def __init__(self, base: Base, staged: Offer | None, production: Offer | None) -> None:
        self.base = base
        self.staged = staged
        self.production = production
        self.assets = DirectoryAssets(EXAMPLES)
        self.directory = WorkingDirectory(EXAMPLES)

    def told(self, definition: Table, publisher: Table) -> list[Finding]:
        read = parse_definition(tomli_w.dumps(definition).encode(), f"{self.base.example}.toml")
        assert read.offer is not None and read.kind is not None
        file = parse_publisher(tomli_w.dumps(publisher).encode())
        namespace = "contoso" if self.staged else None
        case = RuleContext(
            self.base.example, read.offer, self.assets, NOW, file.publisher,
            self.staged, NOW, self.production, NOW, locked_namespace=namespace,
        )  # fmt: skip
        rules = check(case, read.kind, read.file, (*read.unknown, *file.unknown))
        return [*file.findings_for(read.kind), *read.findings, *rules]


STATUSES = ("draft", "staged", "available")


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("name", BASES)
def test_a_slip_is_told_once_and_where_it_is(name: str, status: str) -> None:
    base = BASES[name]
    definition = table_of(base.example, base.values)
    publisher = table_of("publisher", base.publisher)
    offer = parse_definition(tomli_w.dumps(definition).encode(), "x.toml").offer
    staged = offer if status != "draft" else None
    world = World(base, staged, offer if status == "available" else None)
    # Items of a list may get other names or indexes, not both at once.
    before = {
        (each.rule, way)
        for each in world.told(definition, publisher)
        for way in (each.field.path, each.field.names)
    }
    tried = [*((slip, False) for slip in slips(definition)),
             *((slip, True) for slip in slips(publisher))]  # fmt: skip
    first = (len(name) + 8 * STATUSES.index(status)) % EVERY
    for (keys, values), of_publisher in tried[first::EVERY]:
        if of_publisher:
            found = world.told(definition, changed(publisher, values))
        else:
            found = world.told(changed(definition, values), publisher)
        new = [each for each in found if before.isdisjoint(
            ((each.rule, each.field.path), (each.rule, each.field.names)))]  # fmt: skip
        # Another market, meter or number of cores is no slip of form: its own rules judge it.
        if any(each.rule in ("file.key", "file.type") for each in new):
            assert [each.field.path for each in new] == [keys], new
