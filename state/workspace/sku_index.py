"""SKU identifiers, unique in a working directory: who uses which, and which offer has to change."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from state.definitions.parse import LARGEST_FILE
from state.domain.errors import StorageError
from state.domain.offer_state import State
from state.storage.atomic import read_plain
from state.storage.working_directory import WorkingDirectory
from state.workspace.versions import Versions

if TYPE_CHECKING:
    from state.domain.offer import Offer, Sku

SkuUsers = Mapping[str, tuple[str, ...]]
"""Offers by the SKU identifiers that they use."""


def skus_of(offer: "Offer | None") -> "tuple[Sku, ...]":
    """The SKUs of a definition; none where it is of another type or cannot be read."""
    return getattr(offer, "skus", ())


class SkuIndex:
    """The SKU identifiers of a working directory.

    Args:
        names: Gives the identifiers of all its offers.
        definition: Gives what the file of an offer says, None where it cannot be read.
        state: Gives the state of an offer.
    """

    def __init__(
        self,
        directory: WorkingDirectory,
        names: Callable[[], list[str]],
        definition: "Callable[[str], Offer | None]",
        state: Callable[[str], State],
        versions: Versions,
    ) -> None:
        self._directory = directory
        self._names = names
        self._definition = definition
        self._state = state
        self._versions = versions

    def users(self, wanted: set[str] | None = None) -> SkuUsers:
        """Which offers use each SKU identifier, or those wanted, or used it when they were listed."""
        users: dict[str, tuple[str, ...]] = {}
        for name in self._names():
            used = {*self._drafted(name, wanted), *self._listed(name, wanted)}
            for identifier in used:
                users[identifier] = (*users.get(identifier, ()), name)
        return users

    def _drafted(self, offer: str, wanted: set[str] | None) -> Iterator[str]:
        if not wanted or self._mentions(offer, wanted):
            yield from (sku.identifier for sku in skus_of(self._definition(offer)))

    def _listed(self, offer: str, wanted: set[str] | None = None) -> Iterator[str]:
        if wanted and not self._may_be_listed(offer):
            return
        for version in self._state(offer).listed:
            with suppress(StorageError):
                if not wanted or _holds(self._versions.raw(version), wanted):
                    kept = self._versions.definition(version).offer
                    yield from (sku.identifier for sku in skus_of(kept))

    def conflicts(
        self, offer: str, draft: "Offer | None", staged: "Offer | None", users: SkuUsers | None
    ) -> SkuUsers:
        """The other offers, by SKU identifier, that use it and before which an offer gives way.

        An offer that is staged gives way only to another one that is, and for an identifier that
        it did not have when it was.
        """
        own = self.unsettled(offer, draft, staged)
        if own and users is None:
            users = self.users({*own})
        found = {}
        for identifier in own:
            others = tuple(
                other
                for other in (users or {}).get(identifier, ())
                if other != offer and (staged is None or self._state(other).staged)
            )
            if others:
                found[identifier] = others
        return found

    def used(self, offer: str) -> list[str]:
        """The SKU identifiers that an offer uses, or used when it was listed."""
        return sorted({*self._drafted(offer, None), *self._listed(offer, None)})

    def unsettled(self, offer: str, draft: "Offer | None", staged: "Offer | None") -> list[str]:
        """The SKU identifiers for which an offer gives way to others that use them."""
        own = {sku.identifier for sku in skus_of(draft)} - {""}
        own -= {sku.identifier for sku in skus_of(staged)}
        return sorted(own - {*self._listed(offer)} if own else own)

    def _may_be_listed(self, offer: str) -> bool:
        """Whether a listing may be recorded: searching bytes is faster than reading events."""
        try:
            return b"listed" in self._directory.histories.raw(offer)
        except (OSError, StorageError):
            return False

    def _mentions(self, offer: str, identifiers: set[str]) -> bool:
        """Whether a file could use an identifier: searching its bytes is faster than reading it."""
        try:
            raw = read_plain(self._directory.path(offer), LARGEST_FILE)
        except (OSError, StorageError):
            return False
        return _holds(raw, identifiers)


def _holds(raw: bytes, identifiers: set[str]) -> bool:
    # An escaped letter would hide an identifier from this look.
    return b"\\" in raw or any(
        identifier.encode(errors="replace") in raw for identifier in identifiers
    )
