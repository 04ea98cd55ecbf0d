"""From tables to models: slips of type and spelling, each told once, and nothing lost beside."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from state.definitions.parse import parse_definition
from state.definitions.validate import Fault, read
from state.domain.offer import (
    DataServiceOffer,
    DeveloperServiceOffer,
    SolutionTemplateOffer,
    VirtualMachineOffer,
)
from state.domain.offer_types import OFFER_TYPES
from state.domain.publisher import Publisher
from state.domain.table import Table
from tests.directories import write_examples
from tests.support import findings, line_of

V, D, T, S = VirtualMachineOffer, DeveloperServiceOffer, DataServiceOffer, SolutionTemplateOffer


def read_text(model: type[Table], text: str) -> tuple[Any, list[Fault]]:
    """Read a TOML text as a model."""
    return read_table(model, tomllib.loads(text, parse_float=Decimal))


def read_table(model: type[Table], table: dict[str, Any]) -> tuple[Any, list[Fault]]:
    """Read a table as a model, with its type where it is one of an offer."""
    named = {kind.model: {"type": kind.value} for kind in OFFER_TYPES.values()}
    return read(model, named.get(model, {}) | table)


WRONG: list[tuple[type[Table], str, str, str]] = [
    (V, "marketing.title = 5", "marketing.title", "found the number 5"),
    (V, "marketing.title = true", "marketing.title", "found the flag true"),
    (V, "marketing.title = 2026-01-01", "marketing.title", "found a date"),
    (V, "marketing.title = 07:30:00", "marketing.title", "found a time"),
    (V, "marketing.title = 2026-01-01T07:30:00Z", "marketing.title", "found a date and time"),
    (V, "marketing.title = ['a']", "marketing.title", "found a list"),
    (V, "marketing.title = {a = 1}", "marketing.title", "found a table"),
    (V, "marketing.logos.small = 1.5", "marketing.logos.small", 'path in quotes, such as "folder/file"'),
    (V, "marketing = 'x'", "marketing", 'Expected a table, found the text "x".'),
    (V, "marketing.links = 'x'", "marketing.links", "a list in brackets"),
    (V, "marketing.links = ['x']", "marketing.links.0", "Expected a table"),
    (V, "categories = ['a', 2]", "categories.1", "found the number 2"),
    (V, "[[skus]]\nidentifier = 's'\nhidden = 'no'", "skus.s.hidden", "Expected true or false, found"),
    (V, "[[skus]]\nidentifier = 's'\nhidden = 0", "skus.s.hidden", "Expected true or false, found"),
    (V, "[[skus]]\nidentifier = 5", "skus.0.identifier", "text in quotes"),
    (V, "[[skus]]\nidentifier = 's'\nimage = []", "skus.s.image", "found a list"),
    (V, "[[skus]]\nimage.open_ports = [80, '443']", "skus.0.image.open_ports.1", "whole number"),
    (V, "[[skus]]\nimage.open_ports = [80.0]", "skus.0.image.open_ports.0", "whole number"),
    (V, "[[skus]]\nimage.open_ports = [true]", "skus.0.image.open_ports.0", "whole number"),
    (V, "[[skus]]\nimage.os_vhd_url = 1", "skus.0.image.os_vhd_url", "an address in quotes"),
    (V, "[[skus]]\nprices = ['US']", "skus.0.prices", "Expected a table"),
    (V, "[[skus]]\nprices.US = 5", "skus.0.prices.US", "Expected a table"),
    (T, "[[plans]]\ntransactions = 1.5", "plans.0.transactions", 'such as "unlimited"'),
    (T, "[[plans]]\ntransactions = true", "plans.0.transactions", 'such as "unlimited"'),
    (D, "[service]\nresource_types = 'mailbox'", "service.resource_types", "a list in brackets"),
    (S, "topologies = {}", "topologies", "a list in brackets"),
    (Publisher, "registration.agreement = '2026'", "registration.agreement", "without quotes"),
    (Publisher, "approval.four_eyes = 'false'", "approval.four_eyes", "true or false"),
    (Publisher, "marketplace.rehearsal.replication = '5'", "marketplace.rehearsal.replication",
     "Expected a number, found"),
    (Publisher, "marketplace.rehearsal.replication = inf", "marketplace.rehearsal.replication",
     "Expected a number, found"),
    (Publisher, "marketplace.rehearsal.final_review = []", "marketplace.rehearsal.final_review",
     'a number of seconds, or "manual"'),
]  # fmt: skip


@pytest.mark.parametrize(("model", "text", "field", "part"), WRONG)
def test_a_value_of_the_wrong_type(model: type[Table], text: str, field: str, part: str) -> None:
    ((rule, at, message, *_),) = read_text(model, text)[1]
    assert (rule, str(at)) == ("file.type", field)
    assert part in message and message.startswith("Expected ") and message.endswith(".")


def test_what_is_wrong_is_left_out_and_nothing_else() -> None:
    offer, faults = read_text(
        V, "categories = ['a', 2, 'b']\nmarketing.title = 5\nsupport.url = 'u'"
    )
    assert len(faults) == 2
    assert (offer.categories, offer.marketing.title, offer.support.url) == (("a", "b"), "", "u")


def test_a_table_that_cannot_be_read_keeps_its_place_among_the_others() -> None:
    links, faults = read_text(V, "marketing.links = ['x', {title = 'a'}, {url = 'b'}]")
    assert [(each.title, each.url) for each in links.marketing.links] == [
        ("", ""), ("a", ""), ("", "b"),
    ]  # fmt: skip
    assert [str(fault.field) for fault in faults] == ["marketing.links.0"]
    offer, faults = read_text(V, "[[skus]]\nprices = { US = 5, ES = { currency = 'EUR' } }")
    assert [*offer.skus[0].prices] == ["US", "ES"]
    assert [str(fault.field) for fault in faults] == ["skus.0.prices.US"]


@pytest.mark.parametrize("amount", ["0.05", "5", "'5'", "true", "[]", "{}", "nan", "2026-01-01"])
def test_an_amount_is_judged_by_its_rule_whatever_it_is(amount: str) -> None:
    offer, faults = read_text(D, f"[[plans]]\nidentifier = 'b'\nprice.base = {amount}")
    assert faults == []
    assert offer.plans[0].price.base is not None


def test_whole_amounts_are_decimals_too() -> None:
    offer, _ = read_text(D, "[[plans]]\nprice = {base = 10, meters = {m = 0.05}}")
    price = offer.plans[0].price
    assert price.base == Decimal(10) and isinstance(price.base, Decimal)
    assert price.meters["m"] == Decimal("0.05")


UNKNOWN: list[tuple[type[Table], str, str, str, str | None]] = [
    (V, "marketing.titel = 'x'", "marketing.titel", 'did you mean "title"?', "marketing.title"),
    (V, "Categories = []", "Categories", 'did you mean "categories"?', "categories"),
    (V, "plans = []", "plans", "It may hold, nearest first: marketing, ", None),
    (T, "[[plans]]\nidentifier = 'p'\nfree_trail = 'none'", "plans.p.free_trail",
     'in the table "plans.p": did you mean "free_trial"?', "plans.p.free_trial"),
    (V, "marketing.title = 'x'\nmarketing.titel = 'y'", "marketing.titel", '"title"?', None),
    (V, "[[skus]]\nimage.so = 'x'", "skus.0.image.so", 'mean "os"?', "skus.0.image.os"),
    (V, "[image]", "image", 'did you mean "skus.image"?', None),
    (V, "[[skus]]\nos_family = ''", "skus.0.os_family", 'mean "skus.0.image.os_family"?', None),
    (V, "xyz = 1", "xyz", "at the top of the file", None),
    (V, '"" = 1', "", 'No key ""', None),
    (V, '"a\\u001bb" = 1', "a\x1bb", "a\\x1bb", None),
    (V, '"[bold]" = 1', "[bold]", "[bold]", None),
    (Publisher, "role = {}", "role", 'did you mean "roles"?', "roles"),
    (V, "marketing.desc = 'x'", "marketing.desc", 'mean "description"?', "marketing.description"),
    (V, "[[skus]]\nimage.sizes = ['x']", "skus.0.image.sizes", 'mean "recommended_sizes"?',
     "skus.0.image.recommended_sizes"),
]  # fmt: skip


@pytest.mark.parametrize(("model", "text", "field", "part", "meant"), UNKNOWN)
def test_a_key_that_no_model_knows(
    model: type[Table], text: str, field: str, part: str, meant: str | None
) -> None:
    (fault,) = read_text(model, text)[1]
    assert (fault.rule, str(fault.field)) == ("file.key", field)
    assert part in fault.message
    assert (str(fault.meant) if fault.meant else None) == meant
    assert "\x1b" not in fault.message


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("[marketig]\ntitle = 'x'\n[marketing]\nsummary = 'y'", ["marketing.title"]),
        ("[marketig.logos]\nsmall = ''\n[marketing.logos]\nlarge = ''", ["marketing.logos.small"]),
        ("[[sku]]\nidentifier = 'a'\n[[skus]]\nidentifier = 'b'", ["skus.*"]),
        ("[[skus]]\n[sku.image]\nos = ''\n[sku.prices.US]", ["skus.*.image", "skus.*.prices"]),
        ("categorys = 5\ncategories = ['x']", []),
        ("support.customer = { name = '', email = '', tel = '' }", ["support.customer.phone"]),
        ("support.customer = { name = '', email = '', tel = 5 }", []),
        ("support.customer = { name = '', email = '', tel = '', fax = '' }", []),
    ],
)
def test_what_stands_under_an_unknown_key_is_hidden_and_no_more(
    text: str, hidden: list[str]
) -> None:
    assert [str(each) for fault in read_text(V, text)[1] for each in fault.unknown] == hidden


def test_a_very_long_key_is_cut() -> None:
    (fault,) = read_text(V, f"{'x' * 100_000} = 1")[1]
    assert len(fault.message) < 200


def test_items_are_named_by_their_identifier_where_it_is_their_own() -> None:
    text = "".join(
        f"[[plans]]\n{identifier}\nnonsense = 1\n"
        for identifier in ("identifier = 'a'", "identifier = 'b'", "identifier = 'b'", "")
    )
    assert [str(fault.field) for fault in read_text(T, text)[1]] == [
        "plans.a.nonsense", "plans.1.nonsense", "plans.2.nonsense", "plans.3.nonsense",
    ]  # fmt: skip


def test_faults_come_in_the_order_of_the_file() -> None:
    text = "zzz = 1\nmarketing.title = 5\nmarketing.summry = ''\ncategories = 7"
    assert [str(fault.field) for fault in read_text(V, text)[1]] == [
        "zzz", "marketing.title", "marketing.summry", "categories",
    ]  # fmt: skip


ONCE = [
    ("contoso-rates", ('title = "Contoso Rates"', "title = 5"), "file.type", "marketing.title"),
    ("contoso-rates", ('title = "Contoso Rates"', 'titel = "R"'), "file.key", "marketing.titel"),
    ("contoso-mail", ("[service]", "[servcie]"), "file.key", "servcie"),
    ("contoso-mail", ('namespace = "contoso.mail"', "namespace = 5"), "file.type",
     "service.namespace"),
    ("contoso-mail", ("[marketing.logos]", "[marketing.logo]"), "file.key", "marketing.logo"),
    ("contoso-mail", ("[marketing]", "[marketig]"), "file.key", "marketig"),
    ("contoso-mail", ("[[plans]]", "[[plan]]"), "file.key", "plan"),
    ("contoso-vault", ("[skus.image]", "[sku.image]"), "file.key", "sku"),
    ("contoso-vault", ("[skus.image]", "[image]"), "file.key", "image"),
    ("contoso-vault", ("[marketing.logos]", "[logos]"), "file.key", "logos"),
    ("contoso-vault", ("[marketing]", "[Marketing]"), "file.key", "Marketing"),
    ("contoso-vault", ("[support]", "[suport]"), "file.key", "suport"),
    ("contoso-vault", ("[skus.image]", "[skus.imgae]"), "file.key", "skus.vault-solo.imgae"),
    ("contoso-vault", ("[skus.prices.ES]", "[skus.price.ES]"), "file.key", "skus.vault-solo.price"),
    ("contoso-mail", ('production = "contosomailprod"', 'prod = "contosomailprod"'), "file.key",
     "service.metering.prod"),
    ("contoso-rates", ('phone = "+34 900', 'tel = "+34 900'), "file.key", "support.customer.tel"),
    ("contoso-rates", ('address = "https', 'url = "https'), "file.key", "source.url"),
    ("contoso-rates", ('title = "Taste"', 'name = "Taste"'), "file.key", "plans.taste.name"),
    ("contoso-rates", ('identifier = "taste"', 'id = "taste"'), "file.key", "plans.0.id"),
]  # fmt: skip


@pytest.mark.parametrize(("example", "edit", "rule", "field"), ONCE)
def test_a_fault_of_form_is_not_told_again_by_a_rule(
    tmp_path: Path, example: str, edit: tuple[str, str], rule: str, field: str
) -> None:
    engine = write_examples(tmp_path, **{example.replace("-", "_"): [edit]})
    (finding,) = engine.offer(example).to_fix
    assert (finding.rule, str(finding.field), finding.step) == (rule, field, 3)


@pytest.mark.parametrize(
    ("lost", "wrong", "told"),
    [
        (
            ('{ title = "Documentation", url = "https://docs.contoso.example/vault" }', '"x"'),
            ('title = "Client libraries"', 'title = ""'),
            ["marketing.links.0", "marketing.links.2.title"],
        ),
        (
            ("data_disks = [", 'data_disks = [\n"x",'),
            ("lun = 0", "lun = 64"),
            ["skus.vault-quorum.image.data_disks.0", "skus.vault-quorum.image.data_disks.1.lun"],
        ),
        (
            ("subscriptions = [", 'subscriptions = [\n"x",'),
            ('id = "0e9b6a52', 'id = "zz9b6a52'),
            ["staging.subscriptions.0", "staging.subscriptions.2.id"],
        ),
    ],
)
def test_a_fault_beside_a_table_that_cannot_be_read_is_told_in_its_place(
    lost: tuple[str, str], wrong: tuple[str, str], told: list[str]
) -> None:
    found = findings("contoso-vault", lost, wrong)
    assert [str(each.field) for each in found] == told
    parts = lost[1].split("\n")[-1], wrong[1]
    lines = [line_of("contoso-vault", part, lost, wrong) for part in parts]
    assert [each.line for each in found] == lines


@given(
    some.sampled_from([V, D, T, S, Publisher]),
    some.recursive(
        some.one_of(
            some.booleans(), some.integers(), some.text(max_size=5), some.dates(),
            some.datetimes(), some.times(), some.decimals(),
        ),
        lambda inner: some.lists(inner, max_size=3)
        | some.dictionaries(
            some.sampled_from(
                ["marketing", "title", "logos", "skus", "plans", "identifier", "prices", "cores",
                 "image", "links", "roles", "registration", "agreement", "rehearsal", "fail"]
            ),
            inner,
            max_size=4,
        ),
        max_leaves=12,
    ).filter(lambda value: isinstance(value, dict)),
)  # fmt: skip
def test_no_table_is_too_odd(model: type[Table], table: Any) -> None:
    found, faults = read_table(model, table)
    assert isinstance(found, model)
    assert all(fault.message and fault.rule in ("file.key", "file.type") for fault in faults)


@pytest.mark.parametrize(
    ("text", "rule", "severity", "part", "is_offer"),
    [
        ("title = 'x'", "file.type", "warning", "Not an offer", False),
        ("", "file.type", "warning", "Not an offer", False),
        ("Type = 'data-service'", "file.type", "warning", 'rename "Type"', False),
        ("type = 'machine'", "file.type", "error", '"machine" is not a type of off', True),
        ("type = 5", "file.type", "error", 'or "solution-template", found the number 5.', True),
        ("type = ['a']", "file.type", "error", 'Expected one of "virtual-machine", ', True),
        ("type = {}", "file.type", "error", "found a table.", True),
        ("type = 'data-service", "file.syntax", "error", "", True),
    ],
)
def test_files_without_a_type_that_is_known(
    text: str, rule: str, severity: str, part: str, is_offer: bool
) -> None:
    definition = parse_definition(text.encode(), "x.toml")
    (finding,) = definition.findings
    assert (finding.rule, finding.severity, finding.step) == (rule, severity, 3)
    assert part in finding.message
    assert definition.is_offer == is_offer and definition.offer is None
    assert finding.line == 1 or is_offer
    known = definition.kind is None and all(kind in finding.message for kind in OFFER_TYPES)
    assert known == ("type" in text and rule == "file.type")
