"""The length of a text, as the marketplace counts it."""

import re

# No character joins an ASCII one before it across these seams. The bound on a piece is for texts
# of nothing but accents, which take quadratic time to put in order.
_PIECES = re.compile(r"[\x00-\x7f]+[^\x00-\x7f]{0,1000}|[^\x00-\x7f]{1,1000}")


def length(text: str) -> int:
    """The code points of a text's canonical composition (NFC), tags included."""
    if text.isascii():
        return len(text)
    from unicodedata import normalize

    return sum(len(normalize("NFC", piece)) for piece in _PIECES.findall(text))
