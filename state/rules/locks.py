"""Locks: what can no longer change once an offer is staged or listed.

The rules report the locks that the draft breaks; ``locked`` warns about a field before it is edited.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from state.domain.field_path import FieldPath
from state.domain.findings import PUBLISHER_FILE
from state.rules.context import RuleContext, Violation
from state.rules.lock_values import (
    Lock,
    billing_locks,
    disks_locks,
    hero_locks,
    identifier_locks,
    namespace_locks,
    ports_locks,
    price_locks,
    region_locks,
    type_locks,
    visibility_locks,
)
from state.rules.registry import declare
from state.rules.rule import Example, Rule

Locks = Callable[[RuleContext], Iterator[Lock]]


def locked(context: RuleContext, field: FieldPath) -> str | None:
    """Why a field is locked, for someone who is about to edit it.

    Args:
        context: The offer.
        field: The field of the draft; ``namespace`` is that of the publisher file.

    Returns:
        The value it is locked at, since when, and what may be done instead; None where it may be
        edited, even if only in some ways (a hero logo may be replaced, a region added).
    """
    for locks, _, _ in _LOCKS.values():
        for lock in locks(context):
            if field.within(lock.field) and not lock.partly:
                return lock.description
    return None


TYPE_LOCK = "lock.type"

_LOCKS: Mapping[str, tuple[Locks, str, Example]] = {
    TYPE_LOCK: (
        type_locks,
        "An offer keeps its type once staged.",
        Example(
            'type = "data-service"',
            'type = "developer-service"',
            'The offer type is locked at "data-service" (since 22 Nov 2026, staged); the draft '
            'says "developer-service". Restore it, or create another offer.',
            after="stage",
        ),
    ),
    "lock.identifier": (
        identifier_locks,
        "A SKU keeps its identifier once staged, and a data service's plan once listed.",
        Example(
            'identifier = "vault-solo"',
            'identifier = "solo"',
            'The identifier is locked at "vault-solo" (since 22 Nov 2026, staged); the draft '
            'says "solo". Restore it, or add a new one at the end.',
            after="stage",
        ),
    ),
    "lock.namespace": (
        namespace_locks,
        "The publisher's namespace stays as it was when the offer was staged.",
        Example(
            'namespace = "contoso"',
            'namespace = "fabrikam"',
            'The namespace is locked at "contoso" (since 22 Nov 2026, staged); the draft says '
            '"fabrikam". Restore it, or use another directory.',
            after="stage",
        ),
    ),
    "lock.ports": (
        ports_locks,
        "A listed SKU keeps its open ports.",
        Example(
            "open_ports = [443, 9200]",
            "open_ports = [443, 9300]",
            "open_ports is locked at 443, 9200 (since 22 Nov 2026, listed); the draft adds 9300 "
            "and removes 9200. Restore it, or add another SKU.",
            after="approve",
        ),
    ),
    "lock.price": (
        price_locks,
        "A listed SKU keeps its prices in the regions where it is listed.",
        Example(
            '"1" = 0.06',
            '"1" = 0.07',
            "The price is locked at 0.06 (since 22 Nov 2026, listed); the draft says 0.07. "
            "Restore it, or add a SKU with the new price.",
            after="approve",
        ),
    ),
    "lock.billing": (
        billing_locks,
        "A listed SKU keeps its billing model.",
        Example(
            'billing = "hourly"',
            'billing = "byol"',
            'The billing model is locked at "hourly" (since 22 Nov 2026, listed); the draft says '
            '"byol". Restore it, or add a SKU with the new model.',
            after="approve",
        ),
    ),
    "lock.region": (
        region_locks,
        "A listed SKU keeps its regions; new ones may be added.",
        Example(
            "[skus.prices.ES]",
            "[skus.prices.PT]",
            'The region "ES" is locked (since 22 Nov 2026, listed); the draft lacks it. Restore '
            "it.",
            after="approve",
        ),
    ),
    "lock.disks": (
        disks_locks,
        "A listed SKU keeps its number of data disks.",
        Example(
            'data_disks = [{ lun = 0, vhd_url = "https://…" }]',
            "data_disks = []",
            "The number of data disks is locked at 1 (since 22 Nov 2026, listed); the draft has "
            "0. Restore it, or add another SKU.",
            after="approve",
        ),
    ),
    "lock.visibility": (
        visibility_locks,
        "A listed SKU stays hidden or visible, as it was listed.",
        Example(
            "hidden = false",
            "hidden = true",
            "hidden is locked at false (since 22 Nov 2026, listed); the draft says true. Restore "
            "it, or add another SKU.",
            after="approve",
        ),
    ),
    "lock.hero": (
        hero_locks,
        "A hero logo that was staged cannot be removed; it may be replaced.",
        Example(
            'hero = "logos/contoso-search/hero.png"',
            'hero = ""',
            'The hero logo is locked at "logos/contos…rch/hero.png" (since 22 Nov 2026, staged); '
            "the draft lacks it. Restore it, or name another picture.",
            after="stage",
        ),
    ),
}


def _violations(locks: Locks, context: RuleContext) -> Iterator[Violation]:
    for lock in locks(context):
        if lock.draft is not None:
            yield Violation(lock.field, lock.violation)


for _id, (_locks, _description, _example) in _LOCKS.items():
    declare(
        Rule(
            _id,
            4,
            _description,
            (_example,),
            file=PUBLISHER_FILE if _id == "lock.namespace" else None,
            check=partial(_violations, _locks),
        )
    )
