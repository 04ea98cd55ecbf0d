"""What is sold: the offer's identifier, a virtual machine's SKUs, and what production had."""

import re
from collections.abc import Iterator

from state.domain.field_path import ROOT
from state.domain.findings import Severity
from state.domain.offer import catalogue_items
from state.domain.safe_text import plural, quoted
from state.rules.checks import identifier_violations
from state.rules.context import RuleContext, Violation
from state.rules.listed_changes import breaks_billing, breaks_visibility
from state.rules.publisher import SOLUTION_TEMPLATES
from state.rules.registry import V, rule

_OFFER_IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9-]{2,49}")


@rule(
    "offer.identifier",
    step=3,
    says="The file's stem, which is the offer's identifier, has 3 to 50 lower-case letters, digits "
    "and hyphens.",
    good="contoso-db.toml",
    bad="Contoso DB.toml",
)
def offer_identifier(context: RuleContext) -> Iterator[Violation]:
    """Files whose names are no identifier."""
    if not _OFFER_IDENTIFIER.fullmatch(context.offer):
        message = (
            f'{quoted(context.offer)} is not an offer identifier. Expected 3 to 50 of a-z, 0-9 and "-", '
            "a letter or digit first. Rename the file."
        )
        yield Violation(ROOT, message)


@rule(
    "sku.present",
    step=3,
    types={V},
    says="The offer has at least one SKU.",
    good='[[skus]]\nidentifier = "standard"',
    bad="skus = []",
)
def present(context: RuleContext) -> Iterator[Violation]:
    """An offer that sells nothing."""
    if not any(True for _ in context.skus()):
        yield Violation(
            ROOT / "skus", "There is no SKU to sell. Add one that begins with [[skus]]."
        )


@rule(
    "sku.identifier",
    step=3,
    types={V},
    says="A SKU's identifier has 1 to 50 lower-case letters, digits, hyphens and underscores, and no "
    "other SKU of the working directory has it or was ever listed under it.",
    good='identifier = "standard"',
    bad='identifier = "Standard edition"',
)
def identifier(context: RuleContext) -> Iterator[Violation]:
    """SKUs without an identifier of their own; of a locked one that was changed, the lock tells."""
    wrong = {found.field: found for found in identifier_violations(context.not_renamed(), "SKU")}
    for at, sku in context.not_renamed():
        field, others = at / "identifier", context.conflicts.get(sku.identifier, ())
        if field in wrong:
            yield wrong[field]
        elif others:
            yield Violation(field, _taken(sku.identifier, others))


def _taken(text: str, others: tuple[str, ...]) -> str:
    more = f" and {plural(len(others) - 1, 'other')}" if len(others) > 1 else ""
    owners = f"{quoted(others[0], 30)[1:-1]}{more}"
    return f"{quoted(text, 30)} belongs to {owners}. Give this SKU an identifier of its own."


@rule(
    "sku.trial",
    step=3,
    types={V},
    says="A free trial is none or one-month, and one-month only with hourly billing.",
    good='billing = "hourly"\nfree_trial = "one-month"',
    bad='billing = "byol"\nfree_trial = "one-month"',
)
def trial(context: RuleContext) -> Iterator[Violation]:
    """Trials that are none, or that nobody could bill after; a locked billing tells for itself."""
    for at, sku in context.skus():
        if sku.free_trial not in ("none", "one-month"):
            message = f'{quoted(sku.free_trial)} is not a free trial. Write "none" or "one-month".'
            yield Violation(at / "free_trial", message)
        elif sku.free_trial != "none" and sku.billing == "byol":
            message = (
                'A byol SKU has no free trial. Write free_trial = "none", or bill it by the hour.'
            )
            if not breaks_billing(sku, context.listed_sku(at)):
                yield Violation(at / "free_trial", message)


@rule(
    "sku.hidden",
    step=3,
    types={V},
    says="A SKU is hidden only where the publisher is approved for solution templates.",
    good="hidden = false",
    bad="hidden = true",
)
def hidden(context: RuleContext) -> Iterator[Violation]:
    """SKUs that are hidden without leave; of a listed one that was not, the lock tells."""
    if context.publisher is None or context.publisher.approval.solution_templates:
        return
    for at, sku in context.skus():
        if sku.hidden and not breaks_visibility(sku, context.listed_sku(at)):
            message = (
                "hidden = true is for publishers approved for solution templates only. Write "
                "false, or get approved (publisher.toml)."
            )
            yield Violation(at / "hidden", message, depends_on=(SOLUTION_TEMPLATES,))


@rule(
    "sku.withdrawn",
    step=4,
    severity=Severity.WARNING,
    says="A SKU, plan or topology that is in production is still in the definition.",
    good="every identifier that is in production",
    bad="a [[skus]] table of the listed version taken out",
)
def gone(context: RuleContext) -> Iterator[Violation]:
    """What customers could buy and soon cannot."""
    key, _ = catalogue_items(context.definition)
    for name in context.identities.withdrawn:
        message = (
            f"{quoted(name, 32)} is in production, but missing from this draft. The next release "
            "withdraws it from sale; existing customers keep it."
        )
        yield Violation(ROOT / key, message, depends_on=((ROOT / key).each / "identifier",))
