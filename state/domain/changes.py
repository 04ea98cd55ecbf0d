"""What differs between two versions of an offer."""

from typing import Any, NamedTuple

from state.domain.field_path import Key

Names = tuple[Key, ...]


class Change(NamedTuple):
    """One field that differs between two versions.

    Attributes:
        names: The field, as people name it.
        old: The value in the older version, None where there is none.
        new: The value in the newer version, None where there is none.
        technical: Whether the field is technical content, which has to be certified.
    """

    names: Names
    old: Any
    new: Any
    technical: bool

    @property
    def field(self) -> str:
        """The field in words: ``skus.standard.title``."""
        return ".".join(map(str, self.names))
