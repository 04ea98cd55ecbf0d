"""The only door: what may be asked of the offers of a working directory."""

from state.engine.engine import Before, Done, Engine, UnknownOfferError

__all__ = ["Before", "Done", "Engine", "UnknownOfferError"]
