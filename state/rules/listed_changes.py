"""Changes of a listed SKU that its locks report, and no other rule."""

from collections.abc import Iterable

from state.definitions.model_fields import choices_of
from state.domain.offer import Sku
from state.rules.iso_codes import COUNTRIES

_MODELS = choices_of(Sku, "billing")


def breaks_billing(sku: Sku, listed: Sku | None) -> bool:
    """Whether a SKU has another billing model than the one it is listed with, if it is listed."""
    return listed is not None and sku.billing in _MODELS and sku.billing != listed.billing


def breaks_visibility(sku: Sku, listed: Sku | None) -> bool:
    """Whether a SKU is hidden now and was not when it was listed, or the other way round."""
    return listed is not None and sku.hidden != listed.hidden


def breaks_ports(sku: Sku, listed: Sku | None) -> bool:
    """Whether a SKU opens other ports than those it is listed with."""
    return listed is not None and set(sku.image.open_ports) != set(listed.image.open_ports)


def breaks_disks(sku: Sku, listed: Sku | None) -> bool:
    """Whether a SKU has another number of data disks than it is listed with."""
    return listed is not None and len(sku.image.data_disks) != len(listed.image.data_disks)


def lost_regions(sku: Sku, listed: Sku | None) -> tuple[str, ...]:
    """The regions that a SKU is listed in and has no longer.

    For each unknown code one region fewer counts as missing: it may be misspelt, which another rule
    reports. Of a SKU with another billing model only its lock reports.
    """
    if listed is None or breaks_billing(sku, listed):
        return ()
    hourly = listed.billing != "byol"
    held: Iterable[str] = listed.prices if hourly else listed.markets
    have = set(sku.prices if hourly else sku.markets)
    missing = [name for name in held if name not in have]
    return tuple(missing[: max(0, len(missing) - len(have - COUNTRIES))])
