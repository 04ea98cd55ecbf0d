"""Marketplaces, behind one small protocol."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from state.domain.events import Event
from state.domain.offer_state import State


class MarketplaceService(Protocol):
    """A marketplace, as the engine sees it."""

    def begin(self, stage: str) -> Mapping[str, Any]:
        """The data that is recorded of a stage that begins now.

        Returns:
            ``name``, ``seconds`` (None while it waits for a person) and ``fails``.
        """

    def settings(self) -> Mapping[str, Any]:
        """The settings that are recorded with a submission."""

    def due(self, state: State, now: datetime) -> list[Event]:
        """The events that have happened by a time and that the state does not include yet.

        Returns:
            The events, oldest first, each with the time at which it happened.
        """
