"""A list of the offers of a working directory, without an engine where nothing changed."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from state.domain.environment import Clock, accounts, system_clock
from state.workspace.listing import Listing
from state.workspace.offer_summary import OfferSummary

if TYPE_CHECKING:
    from state.workspace.workspace import Workspace


def list_offers(root: Path, clock: Clock = system_clock) -> list[OfferSummary]:
    """What a list says of every offer, by identifier, to the account of this process."""

    @cache
    def workspace() -> "Workspace":
        from state.engine.engine import Engine

        return Engine(root, clock).workspace

    return Listing(root, clock, *accounts(), workspace).look().offers
