"""Marketplaces, behind one small protocol."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from state.domain.events import Event
from state.domain.offer_state import State


class MarketplaceService(Protocol):
    """A marketplace, as the engine sees it."""

    def begin(self, stage: str) -> Mapping[str, Any]:
        """What is recorded of a stage that begins now: ``name``, ``seconds``, ``fails``.

        ``seconds`` is None while it waits for a person.
        """

    def settings(self) -> Mapping[str, Any]:
        """The settings that are recorded with a submission."""

    def due(self, state: State, now: datetime) -> list[Event]:
        """The events that have happened by a time and are not in the state yet, oldest first."""
