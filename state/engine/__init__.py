"""The only door: what may be asked of the offers of a working directory."""

from state.engine.engine import CurrentOffer, Done, Engine, UnknownOfferError
from state.rules.rule import Rule
from state.storage.trash_entry import Entry

__all__ = ["CurrentOffer", "Done", "Engine", "Entry", "Rule", "UnknownOfferError"]
