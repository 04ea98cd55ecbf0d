"""Another day in another zone, for a program and all that it starts."""

import os
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple


class Elsewhen(NamedTuple):
    """A time and a place.

    Attributes:
        name: What it is called.
        at: The time, or how long from now it is.
        zone: The time zone as a POSIX string: a machine without tzdata takes a name for UTC.
    """

    name: str
    at: datetime | timedelta
    zone: str

    def environment(self) -> Mapping[str, str]:
        """The environment in which it is then and there; the clock goes on from that time."""
        spec = find_spec("libfaketime")
        assert spec and spec.origin, "libfaketime is not installed: make .venv/.dev"
        library = Path(spec.origin).parent / "vendor" / "libfaketime" / "src" / "libfaketime.so.1"
        return {
            **os.environ,
            "TZ": self.zone,
            "LD_PRELOAD": str(library),
            "FAKETIME": f"{self._ahead().total_seconds():+.0f}",
            "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1",
            # Else a wait for another thread ends at once, and is begun again without an end.
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
        }

    def _ahead(self) -> timedelta:
        """How long it is from now, by the time of the disk, which nobody fakes."""
        with tempfile.TemporaryFile() as file:
            now = datetime.fromtimestamp(os.fstat(file.fileno()).st_mtime, UTC)
        return self.at if isinstance(self.at, timedelta) else self.at - now


OTHER_DAYS = (
    Elsewhen("in 45 days", timedelta(days=45), "<+0545>-5:45"),
    Elsewhen("in 400 days", timedelta(days=400), "<+14>-14"),
    Elsewhen("leap day", datetime(2028, 2, 29, 12, 30, tzinfo=UTC), "<-0930>9:30"),
)
