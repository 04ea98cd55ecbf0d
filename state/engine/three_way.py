"""Draft, staged and production in one table: what customers have, what waits, what comes after."""

from typing import Any, NamedTuple

from state.definitions.content import is_technical
from state.domain.changes import Names
from state.engine.compare import DRAFT, PRODUCTION, STAGED, Side, side_of
from state.engine.engine import Engine
from state.workspace.offer_view import OfferView

VERSIONS = (PRODUCTION, STAGED, DRAFT)
"""The versions that are compared, from the oldest to the newest."""


class Row(NamedTuple):
    """One field that is not the same in all three.

    Attributes:
        names: The field, as people name it.
        values: Its value in each of ``VERSIONS``, None where there is none.
    """

    names: Names
    values: tuple[Any, ...]
    technical: bool

    @property
    def field(self) -> str:
        """The field in words: ``skus.standard.title``."""
        return ".".join(map(str, self.names))


class ThreeWays(NamedTuple):
    """Three versions side by side, in the order of ``VERSIONS``; rows for what differs."""

    offer: str
    sides: tuple[Side, ...]
    rows: tuple[Row, ...]


def three_ways(engine: Engine, view: OfferView) -> ThreeWays:
    """Compare draft, staged and production.

    Raises:
        NoSuchVersion: One of the three is not there.
    """
    sides = tuple(side_of(engine, view, name) for name in VERSIONS)
    leaves = [side.content.leaves for side in sides]
    names = dict.fromkeys(name for each in reversed(leaves) for name in each)
    rows = []
    for name in names:
        values = tuple(each.get(name) for each in leaves)
        if any(value != values[0] for value in values):
            rows.append(Row(name, values, is_technical(name)))
    return ThreeWays(view.offer, sides, tuple(rows))
