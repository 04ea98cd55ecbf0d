"""The signs that stand beside words, each one cell wide, and their plain forms."""

import os
import sys
from functools import cache

_SIGNS = {
    "complete": ("✓", "+"),
    "error": ("✗", "x"),
    "pending": ("○", "."),
    "running": ("▸", ">"),
    "not_required": ("–", "-"),
    "warning": ("!", "!"),
    "bar": ("▌", "|"),
    "rule": ("─", "-"),
    "full": ("█", "#"),
    "empty": ("░", "."),
    "dot": ("·", "-"),
    "cut": ("…", "~"),
    "mark": ("•", "*"),
    "arrow": ("→", ">"),
}


@cache
def plain_signs() -> bool:
    """Whether the terminal wants plain ASCII: ``VITRINA_ASCII=1``, or an output that is not UTF-8."""
    if os.environ.get("VITRINA_ASCII", "") not in ("", "0"):
        return True
    if os.environ.get("LC_ALL") in {"C", "POSIX"}:
        # Python writes UTF-8 even then; what the person asked for is plain.
        return True
    encoding = getattr(sys.__stdout__, "encoding", None) or "utf-8"
    return encoding.lower().replace("-", "") != "utf8"


def glyph(name: str) -> str:
    """The sign of a name in ``_SIGNS``, one cell wide."""
    return _SIGNS[name][plain_signs()]
