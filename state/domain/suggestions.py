"""What somebody who wrote an unknown name probably meant."""

from collections.abc import Iterable

from state.domain.safe_text import quoted

_LONGEST = 64


def suggest(word: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """The known name that is most like a word; one that differs only in its case comes first.

    A likeness of 1 is the same word. Of a word of two letters half is enough.
    """
    from difflib import get_close_matches

    by_fold = {name.casefold(): name for name in sorted(known)}
    cutoff = likeness if len(word) > 2 else min(likeness, 0.5)
    near = get_close_matches(word[:_LONGEST].casefold(), by_fold, 1, cutoff)
    return by_fold[near[0]] if near else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown name: ``Did you mean "x"?`` after a blank, or nothing."""
    near = suggest(word, known)
    return f" Did you mean {quoted(near, 80)}?" if near else ""
