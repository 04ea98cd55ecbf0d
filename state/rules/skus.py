"""The offer's identifier, a virtual machine's SKUs, and what was withdrawn from sale."""

import re
from collections.abc import Iterator

from state.definitions.model_fields import choices_of
from state.domain.field_path import ROOT
from state.domain.findings import Severity
from state.domain.offer import Sku
from state.domain.offer_types import VIRTUAL_MACHINE, catalogue_items
from state.domain.safe_text import plural, quoted
from state.rules.checks import identifier_violations
from state.rules.context import RuleContext, Violation
from state.rules.publisher import SOLUTION_TEMPLATES
from state.rules.registry import rule
from state.rules.rule import Example

_OFFER_IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9-]{2,49}")


@rule(
    "offer.identifier",
    step=3,
    description="The file's stem, which is the offer's identifier, has 3 to 50 lower-case letters, "
    "digits and hyphens.",
    examples=[
        Example(
            "contoso-vault.toml",
            "Contoso Vault.toml",
            '"Contoso Vault" is not an offer identifier. Expected 3 to 50 of a-z, 0-9 and "-", a '
            "letter or digit first. Rename the file.",
        )
    ],
)
def offer_identifier(context: RuleContext) -> Iterator[Violation]:
    if not _OFFER_IDENTIFIER.fullmatch(context.offer):
        message = (
            f'{quoted(context.offer)} is not an offer identifier. Expected 3 to 50 of a-z, 0-9 and "-", '
            "a letter or digit first. Rename the file."
        )
        yield Violation(ROOT, message)


@rule(
    "sku.present",
    step=3,
    types={VIRTUAL_MACHINE},
    description="The offer has at least one SKU.",
    examples=[
        Example(
            '[[skus]]\nidentifier = "vault-solo"…',
            "# no [[skus]]",
            "The offer has no SKU. Add one that begins with [[skus]].",
        )
    ],
)
def present(context: RuleContext) -> Iterator[Violation]:
    if not any(True for _ in context.skus()):
        yield Violation(ROOT / "skus", "The offer has no SKU. Add one that begins with [[skus]].")


@rule(
    "sku.identifier",
    step=3,
    types={VIRTUAL_MACHINE},
    description="A SKU's identifier has 1 to 50 lower-case letters, digits, hyphens and "
    "underscores, and no other SKU of the working directory has it or was ever listed "
    "under it.",
    examples=[
        Example(
            'identifier = "vault-solo"',
            'identifier = "Vault Solo"',
            '"Vault Solo" is not an identifier. Expected a-z, 0-9, "-" and "_", a letter or '
            'digit first. Write "vault-solo".',
        )
    ],
)
def identifier(context: RuleContext) -> Iterator[Violation]:
    yield from identifier_violations(context.sold(), "SKU")
    for at, sku in context.skus():
        if others := context.conflicts.get(sku.identifier):
            field = at / "identifier"
            yield Violation(field, _taken(sku.identifier, others), needs=(field,))


def _taken(text: str, others: tuple[str, ...]) -> str:
    more = f" and {plural(len(others) - 1, 'other')}" if len(others) > 1 else ""
    owners = f"{quoted(others[0], 30)[1:-1]}{more}"
    return f"{quoted(text, 30)} is already used by {owners}. Give this SKU its own identifier."


@rule(
    "sku.trial",
    step=3,
    types={VIRTUAL_MACHINE},
    description="A free trial is none or one-month, and one-month only with hourly billing.",
    examples=[
        Example(
            'free_trial = "one-month"',
            'free_trial = "two-months"',
            '"two-months" is not a free trial. Write "none" or "one-month".',
        )
    ],
)
def trial(context: RuleContext) -> Iterator[Violation]:
    for at, sku in context.skus():
        if sku.free_trial not in choices_of(Sku, "free_trial"):
            message = f'{quoted(sku.free_trial)} is not a free trial. Write "none" or "one-month".'
            yield Violation(at / "free_trial", message)
        elif sku.free_trial != "none" and sku.billing == "byol":
            message = (
                'A BYOL SKU has no free trial. Write free_trial = "none", or billing = "hourly".'
            )
            yield Violation(at / "free_trial", message, needs=(at / "billing",))


@rule(
    "sku.hidden",
    step=3,
    types={VIRTUAL_MACHINE},
    description="A SKU is hidden only where the publisher is approved for solution templates.",
    examples=[
        Example(
            "hidden = false",
            "hidden = true",
            "hidden = true is for publishers approved for solution templates only. Write false, "
            "or get approved (publisher.toml).",
        )
    ],
)
def hidden(context: RuleContext) -> Iterator[Violation]:
    if context.publisher is None or context.publisher.approval.solution_templates:
        return
    for at, sku in context.skus():
        if sku.hidden:
            message = (
                "hidden = true is for publishers approved for solution templates only. Write "
                "false, or get approved (publisher.toml)."
            )
            yield Violation(at / "hidden", message, needs=(SOLUTION_TEMPLATES,))


@rule(
    "sku.withdrawn",
    step=4,
    severity=Severity.WARNING,
    description="A SKU, plan or topology that is in production is still in the definition.",
    examples=[
        Example(
            '[[plans]]\nidentifier = "unlimited"…',
            "# no [[plans]] of that identifier",
            '"unlimited" is in production, but missing from this draft. The next release '
            "withdraws it from sale; existing customers keep it.",
            after="approve",
        )
    ],
)
def gone(context: RuleContext) -> Iterator[Violation]:
    key, _ = catalogue_items(context.definition)
    for name in context.identities.withdrawn:
        message = (
            f"{quoted(name, 32)} is in production, but missing from this draft. The next release "
            "withdraws it from sale; existing customers keep it."
        )
        yield Violation(ROOT / key, message, needs=((ROOT / key).each / "identifier",))
