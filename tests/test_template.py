"""New files: they parse, and what check finds in them is what a person has to fill in."""

import pytest

from state.definitions.model_fields import fields_of
from state.definitions.parse import parse_definition, parse_table
from state.definitions.template import SCHEMA_FILE, definition_template, publisher_template
from state.definitions.validate import read
from state.domain.offer_types import DATA_SERVICE, OFFER_TYPES, OfferType
from state.domain.publisher import Publisher
from state.engine import Engine
from tests.support import EXAMPLES, NOW

NOT_OF_TEXTS = {"certification.current", "staging.current", "staging.tested"}


@pytest.mark.parametrize("kind", OFFER_TYPES.values(), ids=str)
def test_a_new_definition_lacks_things_and_has_nothing_wrong(kind: OfferType, tmp_path) -> None:
    (tmp_path / "publisher.toml").write_bytes((EXAMPLES / "publisher.toml").read_bytes())
    (tmp_path / "new-offer.toml").write_text(definition_template(kind, "new-offer"))
    found = Engine(tmp_path, lambda: NOW, "ana").offer("new-offer").findings
    missing = ("No ", "The ", "Nobody ", '"" is not a ')
    odd = [each for each in found if not each.message.startswith(missing)]
    assert [each for each in odd if each.rule not in NOT_OF_TEXTS] == []
    assert not [
        each.rule for each in found if each.rule.startswith(("file.", "sku.trial", "lock."))
    ]
    assert {each.rule for each in found} >= {"marketing.title", "logo.small", "category.count"}
    fields = [each.field for each in found if each.field.names]
    assert len(set(fields)) == len(fields)


@pytest.mark.parametrize("kind", OFFER_TYPES.values(), ids=str)
def test_every_field_is_explained(kind: OfferType) -> None:
    text = definition_template(kind, "new-offer")
    for name in _names(kind.model):
        assert f"\n{name} = " in text or f"\n# {name} = " in text, name
    lines = text.split("\n")
    pairs = [at for at, line in enumerate(lines) if " = " in line and not line.startswith("#")]
    assert all(lines[at - 1].startswith("# ") for at in pairs)
    assert all(len(line) <= 100 for line in lines)


@pytest.mark.parametrize("kind", OFFER_TYPES.values(), ids=str)
def test_every_optional_line_can_be_used(kind: OfferType) -> None:
    text = definition_template(kind, "new-offer")
    lines = [line.removeprefix("# ") if _is_optional(line) else line for line in text.split("\n")]
    definition = parse_definition("\n".join(lines).encode(), "new-offer.toml")
    assert definition.offer is not None
    assert definition.findings == ()


def test_the_first_line_names_the_schema_only_where_it_is() -> None:
    kind = DATA_SERVICE
    assert not definition_template(kind, "new-offer").startswith("#:schema")
    first = definition_template(kind, "new-offer", has_schema=True).split("\n")[0]
    assert first == f"#:schema ./{SCHEMA_FILE}"


def test_a_new_publisher_file_says_what_nobody_has_said() -> None:
    text = publisher_template()
    values = parse_table(text.encode()).values
    assert values is not None
    publisher, faults = read(Publisher, values)
    assert (publisher, faults) == (Publisher(), [])
    used = [line.removeprefix("# ") if _is_optional(line) else line for line in text.split("\n")]
    values = parse_table("\n".join(used).encode()).values
    assert values is not None
    publisher, faults = read(Publisher, values)
    assert faults == []
    assert publisher.roles is not None
    assert publisher.registration.agreement is not None


def _is_optional(line: str) -> bool:
    return line.startswith("# [") or (line.startswith("# ") and line[2:].split(" ")[1:2] == ["="])


def _names(model: type) -> set[str]:
    """The keys of a model and of the tables in it whose keys are no data."""
    found = set()
    for spec in fields_of(model).values():
        inner = spec.type.inner if spec.type.kind == "list" else spec.type
        is_sold = spec.name in ("skus", "plans", "topologies")
        if inner and inner.model and (is_sold or spec.type.kind == "model"):
            found |= _names(inner.model)
        elif spec.name != "prices":
            found.add(spec.name)
    return found
