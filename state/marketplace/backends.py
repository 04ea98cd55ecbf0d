"""The marketplaces by the name that publisher.toml calls them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from state.definitions.validate import Fault
from state.domain.field_path import ROOT, FieldPath
from state.domain.findings import Finding
from state.domain.offer_types import OfferType
from state.domain.safe_text import either, quoted
from state.marketplace import MarketplaceService, rehearsal_settings
from state.marketplace.rehearsal import RehearsalMarketplace

if TYPE_CHECKING:
    from state.domain.publisher import Marketplace

REHEARSAL = "rehearsal"

BACKENDS: "Mapping[str, Callable[[Marketplace], MarketplaceService] | None]" = {
    REHEARSAL: lambda settings: RehearsalMarketplace(settings.rehearsal),
    "partner-center": None,
}
"""What makes each from the settings in publisher.toml; None where this release does not support it."""

_TABLE = ROOT / "marketplace"
_NAMES = (_TABLE.path, (_TABLE / "backend").path)
"""The keys that name the marketplace."""


def service_of(settings: "Marketplace") -> MarketplaceService:
    """The marketplace that answers, also where publisher.toml by now names none that can."""
    make = BACKENDS.get(settings.backend) or BACKENDS[REHEARSAL]
    assert make is not None
    return make(settings)


def faults_of(settings: "Marketplace") -> Iterator[Fault]:
    """The faults of the settings, apart from the types of their values."""
    name = settings.backend
    if BACKENDS.get(name) is None:
        fault = (
            "is not supported by this release" if name in BACKENDS else "is not a known marketplace"
        )
        usable = either(each for each, make in BACKENDS.items() if make)
        message = f"{quoted(name)} {fault}. Write {usable}."
        yield Fault("marketplace.backend", _TABLE / "backend", message)
    yield from rehearsal_settings.faults_of(settings.rehearsal)


def refusal_of(
    settings: "Marketplace",
    kind: OfferType | None,
    findings: Iterable[Finding],
    unknown: Iterable[FieldPath],
) -> str | None:
    """Why the configured marketplace is unusable for an offer, None where it is usable.

    ``unknown`` are the fields that cannot be read because of the findings in publisher.toml.
    """
    for each in findings:
        if each.field.path in _NAMES:
            return each.message
    if any(each.path in _NAMES for each in unknown):
        return "A misspelt key leaves the marketplace unclear. Fix it in publisher.toml."
    name = settings.backend
    if kind and name not in kind.backends:
        return (
            f"The marketplace {quoted(name)} does not take a {kind.label.lower()}. "
            f"Write backend = {either(kind.backends)}."
        )
    return None
