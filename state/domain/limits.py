"""How long, how many and how large the fields of an offer may be."""

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
