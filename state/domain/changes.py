"""What differs between two versions of an offer."""

from typing import Any, NamedTuple

from state.domain.field_path import Key

Names = tuple[Key, ...]


class Change(NamedTuple):
    """One field that differs between two versions; a value is None where there is none.

    ``technical`` content has to be certified.
    """

    names: Names
    old: Any
    new: Any
    technical: bool

    @property
    def field(self) -> str:
        """The field in words: ``skus.standard.title``."""
        return ".".join(map(str, self.names))
