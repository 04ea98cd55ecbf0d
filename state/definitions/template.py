"""The text of new files: every field with what it is for, what is required there and empty."""

from collections.abc import Iterator, Mapping
from textwrap import wrap

from state.definitions.model_fields import FieldSpec, FieldType, fields_of
from state.definitions.rendering import value_text
from state.domain.offer_types import OfferType
from state.domain.publisher import Publisher
from state.domain.table import Table

SCHEMA_FILE = "vitrina.schema.json"
"""What the schema of definitions is called beside them."""

_HEAD = """\
{first}
# An offer: {offer}, a {kind}.
# Fill in what is empty; "vitrina check {offer}" says what is missing and what is wrong.
# Lines that begin with "# key =" are for some offers only: remove the "# " to use them.
"""
_HINT = f"# vitrina schema > {SCHEMA_FILE}, then: #:schema ./{SCHEMA_FILE}"
_PUBLISHER_HEAD = """\
# Who publishes. One file for the whole directory: every offer beside it is published under
# this name. Lines that begin with "# key =" are optional: remove the "# " to use them.
"""

_OPTIONAL: Mapping[str, str] = {
    "marketing.terms_file": '"legal/terms.html"',
    "marketing.links": '[{ title = "Documentation", url = "https://docs.example.com" }]',
    "marketing.sample_images": '["images/dashboard.png"]',
    "marketing.logos.hero": '"logos/hero.png"',
    "skus.image.open_ports": "[443]",
    "skus.image.data_disks": '[{ lun = 0, vhd_url = "https://..." }]',
    "skus.markets": '["US", "ES"]',
    "plans.migrates_to": '["silver"]',
    "plans.price.base": "10.00",
    "plans.price.meters": "{ meter01 = 0.05 }",
    "registration.agreement": "2026-09-14",
}
"""The value behind the ``#`` of a field that is left out."""

_SECTIONS: Mapping[str, str] = {
    "skus.prices": '[skus.prices.US]\ncurrency = "USD"\ncores = { "1" = 0.05, "2" = 0.10 }',
    "roles": '[roles]\npublishers = ["ana"]\napprovers = ["maria"]',
}
"""A table that is left out, as it would be written."""

_EXAMPLES: Mapping[str, str] = {
    "staging.subscriptions": '[{ id = "<a GUID>", kind = "pay-as-you-go" }]',
    "plans.transactions": '10000 or "unlimited"',
}
"""What is expected where the description of a field does not show its form."""

_LONG_TEXTS = {"description", "terms_of_use"}
_WIDTH = 96


def definition_template(kind: OfferType, offer: str, *, has_schema: bool = False) -> str:
    """The definition of a new offer: ``check`` finds in it what a person has to fill in.

    ``has_schema`` says that the schema is beside it, so that an editor can use it.
    """
    first = f"#:schema ./{SCHEMA_FILE}" if has_schema else _HINT
    head = _HEAD.format(first=first, offer=offer, kind=kind.label.lower())
    body = _table(kind.model, (), {"type": value_text(kind.value)})
    return head + "\n" + "\n".join(body) + "\n"


def publisher_template() -> str:
    """The publisher file of a new directory: it parses, and nothing in it is approved."""
    return _PUBLISHER_HEAD + "\n" + "\n".join(_table(Publisher, (), {})) + "\n"


def _table(model: type[Table], path: tuple[str, ...], values: Mapping[str, str]) -> Iterator[str]:
    """The lines of a table: its values, then the tables in it."""
    below = []
    for spec in fields_of(model).values():
        names = (*path, spec.name)
        if _is_section(spec.type, names):
            below.append((spec, names))
            continue
        example = _EXAMPLES.get(".".join(names))
        yield from _comment(spec.description + (f" Such as: {example}" if example else ""))
        yield _pair(spec, names, values.get(spec.name))
    for spec, names in below:
        yield ""
        yield from _comment(spec.description)
        yield from _section(spec.type, names)


def _is_section(field_type: FieldType, names: tuple[str, ...]) -> bool:
    """Whether a field is written with a header: tables are, and the list of what an offer sells."""
    inner = field_type.inner
    is_sold = field_type.kind == "list" and len(names) == 1 and inner and inner.model
    return bool(field_type.model or is_sold) or ".".join(names) in _SECTIONS


def _section(field_type: FieldType, names: tuple[str, ...]) -> Iterator[str]:
    name = ".".join(names)
    if name in _SECTIONS:
        yield from (f"# {line}" for line in _SECTIONS[name].splitlines())
    elif field_type.inner and field_type.inner.model:
        yield f"[[{name}]]"
        yield from _table(field_type.inner.model, names, {})
    elif field_type.model:
        yield f"[{name}]"
        yield from _table(field_type.model, names, {})


def _pair(spec: FieldSpec, names: tuple[str, ...], value: str | None) -> str:
    optional = _OPTIONAL.get(".".join(names))
    if optional is not None:
        return f"# {spec.name} = {optional}"
    if value is None and spec.default is None:
        value = '""'
    elif value is None:
        value = '"""\n"""' if spec.name in _LONG_TEXTS else value_text(spec.default)
    return f"{spec.name} = {value}"


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in wrap(text, _WIDTH)]
