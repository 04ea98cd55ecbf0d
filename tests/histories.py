"""What the tests of histories share: five events, and a history of them on the disk."""

from datetime import timedelta
from pathlib import Path

from state.domain.events import Event, Kind
from state.storage.history import Histories
from tests.support import NOW

EVENTS = [
    Event(NOW + timedelta(seconds=number), "ana", Kind.REMARK, "sha256:ab", f"remark {number}")
    for number in range(5)
]


def some_history(tmp_path: Path, count: int = 5) -> Histories:
    """Histories with that of one offer, an append for each event."""
    histories = Histories(tmp_path)
    for event in EVENTS[:count]:
        histories.append("db", [event])
    return histories


def lines_of(histories: Histories) -> list[bytes]:
    """The lines of the history's file."""
    return histories.path("db").read_bytes().splitlines(keepends=True)


def rewrite(histories: Histories, lines: list[bytes]) -> None:
    """Put other lines in place of the history's, past the engine."""
    histories.path("db").write_bytes(b"".join(lines))
