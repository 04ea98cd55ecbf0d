"""The only door: what may be asked of the offers of a working directory."""

from state.engine.engine import CurrentOffer, Done, Engine, UnknownOfferError

__all__ = ["CurrentOffer", "Done", "Engine", "UnknownOfferError"]
