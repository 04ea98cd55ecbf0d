"""How long, how many and how large the fields of an offer may be."""

import re
from collections.abc import Mapping

OFFER_LIMITS: Mapping[str, int] = {
    "title": 50,
    "summary": 100,
    "long_summary": 256,
    "description": 1300,
}
"""The most characters of each text of an offer, by its key."""


SOLD_LIMITS: Mapping[str, int] = {"title": 50, "summary": 100, "description": 2000}
"""The most characters of each text of a SKU, plan or topology, by its key."""


TERMS_LIMIT = 1_000_000
"""The most characters of the terms of use."""


MOST_SIZES = 6


MOST_PORTS = 100


LAST_PORT = 65535


MOST_DISKS = 16


LAST_LUN = 63


MOST_CATEGORIES = 5

# No character joins an ASCII one before it across these seams. The bound on a piece is for texts
# of nothing but accents, which take quadratic time to put in order.
_PIECES = re.compile(r"[\x00-\x7f]+[^\x00-\x7f]{0,1000}|[^\x00-\x7f]{1,1000}")


def length(text: str) -> int:
    """The length of a text as the marketplace counts it.

    Args:
        text: The text as written, tags included.

    Returns:
        The number of code points of its canonical composition (NFC).
    """
    if text.isascii():
        return len(text)
    from unicodedata import normalize

    return sum(len(normalize("NFC", piece)) for piece in _PIECES.findall(text))
