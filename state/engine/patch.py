"""The texts of two versions as a difference that ``git apply`` and ``patch -p1`` take."""

import re
from collections.abc import Iterator
from difflib import diff_bytes, unified_diff
from io import BytesIO

from state.engine.compare import Comparison

_NO_NEWLINE = b"\n\\ No newline at end of file\n"
_ODD = re.compile(rb'[\x00-\x1f\x7f"\\]')


def patch_of(comparison: Comparison) -> Iterator[bytes]:
    """The difference between the texts of both definitions, byte for byte.

    Args:
        comparison: The comparison.

    Yields:
        The lines as the files have them, to be cleaned before a terminal shows them; none where
        the texts are the same.
    """
    # Only a line feed ends a line: whatever else is in it belongs to it.
    old, new = (BytesIO(side.raw).readlines() for side in (comparison.old, comparison.new))
    file = f"{comparison.offer}.toml"
    for line in diff_bytes(unified_diff, old, new, _name(f"a/{file}"), _name(f"b/{file}")):
        yield line if line.endswith(b"\n") else line + _NO_NEWLINE


def _name(path: str) -> bytes:
    """A path in a header: quoted as in C where it has to be, its end marked after a blank."""
    raw = path.encode(errors="surrogateescape")
    if _ODD.search(raw):
        return b'"%b"' % _ODD.sub(lambda found: b"\\%03o" % found[0][0], raw)
    return raw + b"\t" * (b" " in raw)
