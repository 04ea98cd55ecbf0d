"""Two versions of a text, word by word."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_MOST_WORDS = 3000
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


class Words(NamedTuple):
    """A piece of a text in two versions.

    Attributes:
        old: The words in the older one.
        new: The words in the newer one; the same where nothing changed here.
    """

    old: str
    new: str

    @property
    def changed(self) -> bool:
        """Whether the versions differ here."""
        return self.old != self.new


def word_changes(old: str, new: str) -> list[Words]:
    """Two versions of a text, cut where they differ.

    Args:
        old: The older one.
        new: The newer one.

    Returns:
        The pieces in order; joined they give the whole texts. Long texts are cut coarsely.
    """
    mine, its = _WORDS.findall(old), _WORDS.findall(new)
    start = _common(mine, its)
    end = _common(mine[start:][::-1], its[start:][::-1])
    middle, other = mine[start : len(mine) - end], its[start : len(its) - end]
    pieces = [Words("".join(mine[:start]), "".join(its[:start]))]
    if len(middle) + len(other) > _MOST_WORDS:
        pieces.append(Words("".join(middle), "".join(other)))
    else:
        matcher = SequenceMatcher(None, middle, other, autojunk=False)
        for _, first, last, from_, to in matcher.get_opcodes():
            pieces.append(Words("".join(middle[first:last]), "".join(other[from_:to])))
    pieces.append(Words("".join(mine[len(mine) - end :]), "".join(its[len(its) - end :])))
    return [piece for piece in pieces if piece.old or piece.new]


def _common(mine: Sequence[str], its: Sequence[str]) -> int:
    """How many words are the same at the beginning."""
    pairs = enumerate(zip(mine, its, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(mine), len(its)))
