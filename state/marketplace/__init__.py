"""The other side: what a marketplace does with an offer, behind one small protocol."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from state.domain.events import Event
from state.domain.offer_state import State


class MarketplaceService(Protocol):
    """A marketplace, as the engine sees it."""

    def begin(self, stage: str) -> Mapping[str, Any]:
        """What is recorded of a stage that begins now.

        Args:
            stage: The stage's name.

        Returns:
            ``name``, ``seconds`` (None while it waits for a person) and ``fails``.
        """

    def settings(self) -> Mapping[str, Any]:
        """What is recorded of the marketplace when something takes off."""

    def due(self, state: State, now: datetime) -> list[Event]:
        """The events that have come about by a time, and that the state does not hold yet.

        Args:
            state: The offer's state.
            now: The time.

        Returns:
            The events, oldest first, each with the time at which it came about.
        """
