"""SKU identifiers are unique in the whole working directory: who uses which, and who gives way."""

from collections.abc import Callable, Mapping

from state.files.definition import LARGEST_FILE
from state.files.directory import WorkingDirectory
from state.files.plain import FileTrouble, read_plain
from state.offer import Offer, Sku, VirtualMachineOffer

SkuUsers = Mapping[str, tuple[str, ...]]
"""Offers by the SKU identifier that they use."""


def skus_of(offer: Offer | None) -> tuple[Sku, ...]:
    """The SKUs of a definition; none where it is of another type or cannot be read."""
    return offer.skus if isinstance(offer, VirtualMachineOffer) else ()


class Namesakes:
    """The SKU identifiers of a working directory.

    Args:
        directory: The directory.
        names: Gives the identifiers of all its offers.
        definition: Gives what the file of an offer says, None where it cannot be read.
        is_staged: Whether an offer has been staged.
    """

    def __init__(
        self,
        directory: WorkingDirectory,
        names: Callable[[], list[str]],
        definition: Callable[[str], Offer | None],
        is_staged: Callable[[str], bool],
    ) -> None:
        self._directory = directory
        self._names = names
        self._definition = definition
        self._is_staged = is_staged

    def users(self, wanted: set[str] | None = None) -> SkuUsers:
        """Which offers use each SKU identifier.

        Args:
            wanted: Only these identifiers matter; all of them when left out.

        Returns:
            The offers by identifier.
        """
        users: dict[str, tuple[str, ...]] = {}
        for name in self._names():
            if wanted and not self._mentions(name, wanted):
                continue
            for sku in skus_of(self._definition(name)):
                users[sku.identifier] = (*users.get(sku.identifier, ()), name)
        return users

    def before(
        self, offer: str, draft: Offer | None, staged: Offer | None, users: SkuUsers | None
    ) -> SkuUsers:
        """The other offers that use an offer's SKU identifiers and before which it gives way.

        Args:
            offer: The offer's identifier.
            draft: Its definition.
            staged: Its version in staging. An offer that is staged gives way only to another one that
                is, and for an identifier that it did not have when it was.
            users: Which offers use each identifier, where that is known already.

        Returns:
            Those offers, by SKU identifier.
        """
        own = {sku.identifier for sku in skus_of(draft)} - {""}
        own -= {sku.identifier for sku in skus_of(staged)}
        if own and users is None:
            users = self.users(own)
        found = {}
        for identifier in sorted(own):
            others = tuple(
                other
                for other in (users or {}).get(identifier, ())
                if other != offer and (staged is None or self._is_staged(other))
            )
            if others:
                found[identifier] = others
        return found

    def _mentions(self, offer: str, identifiers: set[str]) -> bool:
        """Whether a file could use an identifier: a look at its bytes is faster than reading it."""
        try:
            raw = read_plain(self._directory.path(offer), LARGEST_FILE)
        except (OSError, FileTrouble):
            return False
        # An escaped letter would hide an identifier from this look.
        return b"\\" in raw or any(
            identifier.encode(errors="replace") in raw for identifier in identifiers
        )
