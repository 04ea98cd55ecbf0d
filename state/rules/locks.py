"""What can no longer change: identifiers once staged, and how a SKU is sold once it is listed.

Each lock knows the field, the value it is locked at and what may be done instead. The rules tell
the locks that the draft breaks; ``locked`` tells of a field before anyone edits it.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from state.domain.field_path import FieldPath
from state.domain.publisher import PUBLISHER_FILE
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

Locks = Callable[[RuleContext], Iterator[Lock]]


def locked(context: RuleContext, field: FieldPath) -> str | None:
    """Say that a field is locked, before it is edited.

    Args:
        context: The offer as it stands.
        field: The field of the draft; ``namespace`` is that of the publisher file.

    Returns:
        The value it is locked at, since when, and what may be done instead; None where it may be
        edited, if only in some ways (a hero logo may be replaced, a region added).
    """
    for locks in _LOCKS.values():
        for lock in locks(context):
            if field.within(lock.field) and not lock.partly:
                return lock.standing
    return None


TYPE_LOCK = "lock.type"

_LOCKS: Mapping[str, Locks] = {
    TYPE_LOCK: type_locks,
    "lock.identifier": identifier_locks,
    "lock.namespace": namespace_locks,
    "lock.ports": ports_locks,
    "lock.price": price_locks,
    "lock.billing": billing_locks,
    "lock.region": region_locks,
    "lock.disks": disks_locks,
    "lock.visibility": visibility_locks,
    "lock.hero": hero_locks,
}

_SAYS: Mapping[str, tuple[str, str, str]] = {
    "lock.type": (
        "An offer keeps its type once staged.",
        'type = "virtual-machine"',
        'type = "data-service", staged as "virtual-machine"',
    ),
    "lock.identifier": (
        "A SKU keeps its identifier once staged, and a data service's plan once listed.",
        'identifier = "standard"',
        'identifier = "basic", staged as "standard"',
    ),
    "lock.namespace": (
        "The publisher's namespace stays as it was when the offer was staged.",
        'namespace = "contoso"',
        'namespace = "fabrikam", staged under "contoso"',
    ),
    "lock.ports": (
        "A listed SKU keeps its open ports.",
        "open_ports = [443]",
        "open_ports = [443, 9200], listed with [443]",
    ),
    "lock.price": (
        "A listed SKU keeps its prices in the regions where it is listed.",
        'cores = { "1" = 0.05 }',
        'cores = { "1" = 0.06 }, listed with 0.05',
    ),
    "lock.billing": (
        "A listed SKU keeps its billing model.",
        'billing = "hourly"',
        'billing = "byol", listed as "hourly"',
    ),
    "lock.region": (
        "A listed SKU keeps its regions; new ones may be added.",
        "[skus.prices.ES]",
        "[skus.prices.ES] taken out after the listing",
    ),
    "lock.disks": (
        "A listed SKU keeps its number of data disks.",
        'data_disks = [{ lun = 0, vhd_url = "https://…" }]',
        "data_disks = [], listed with one",
    ),
    "lock.visibility": (
        "A listed SKU stays hidden or shown, as it was listed.",
        "hidden = false",
        "hidden = true, listed with false",
    ),
    "lock.hero": (
        "A hero logo that was staged is not taken out; it may be replaced.",
        'hero = "logos/contoso-db/hero.png"',
        'hero = "", staged with one',
    ),
}


def _broken(locks: Locks, context: RuleContext) -> Iterator[Violation]:
    for lock in locks(context):
        if lock.draft is not None:
            yield Violation(lock.field, lock.broken)


for _id, _locks in _LOCKS.items():
    _says, _good, _bad = _SAYS[_id]
    declare(
        _id,
        4,
        _says,
        good=_good,
        bad=_bad,
        file=PUBLISHER_FILE if _id == "lock.namespace" else None,
        check=partial(_broken, _locks),
    )
