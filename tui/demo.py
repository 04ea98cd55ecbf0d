"""The example offers as a working directory of one's own, in the middle of things.

The files are copied and their dates moved to now. The histories are made by the engine itself: it
is asked for everything, by other accounts and at earlier times, so that whoever runs the demo finds
something to fix, to certify, to request and to approve.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from state.domain.actions import (
    APPROVE,
    CERTIFY,
    PRODUCTION_TESTED,
    REJECT,
    REMARK,
    REQUEST,
    STAGE,
    TESTED,
    Command,
)
from state.domain.environment import current_account, system_clock
from state.domain.findings import PUBLISHER_FILE, Refusal
from state.engine import Engine

WRITTEN = date(2026, 11, 22)
"""The day on which the examples were written: their dates make sense on it."""

_DAY = re.compile(r"(?<!\d)(?<!sv=)20\d\d-\d\d-\d\d(?!\d)")
"""A day, in a token too; the version of the protocol there (``sv=2015-04-05``) is none."""
_REAL_LENGTHS = {
    "certification = 2": "certification = 10800",
    "content_validation = 2": "content_validation = 7200",
    "replication = 5": "replication = 93600",
}


def examples() -> Path:
    """The example offers: in the installed package, or beside it in a checkout."""
    packed = Path(__file__).parent / "examples"
    return packed if packed.is_dir() else Path(__file__).parent.parent / "examples"


def moved(text: str, today: date) -> str:
    """A text of the examples as it would have been written on a day; what only looks like one stays."""

    def later(found: re.Match[str]) -> str:
        try:
            return f"{date.fromisoformat(found.group()) + (today - WRITTEN)}"
        except ValueError:
            return found.group()

    return _DAY.sub(later, text)


def make(target: Path, now: datetime | None = None) -> Path:
    """Make a working directory of the examples, their dates moved to ``now``, where none is yet."""
    now = now or system_clock()
    shutil.copytree(examples(), target)
    for file in target.glob("*.toml"):
        file.write_text(moved(file.read_text(), now.astimezone(UTC).date()))
    publisher = target / PUBLISHER_FILE
    text = publisher.read_text()
    with _lengths(publisher, text):
        _Story(target, now).tell()
    return target


class _Story:
    """What has happened to the offers before somebody opens the demo."""

    def __init__(self, root: Path, now: datetime) -> None:
        self._root = root
        self._now = now
        you = current_account()
        # Nobody in the story is the person who reads it: that one may approve what they requested.
        self._ana = "ana" if you != "ana" else "anna"
        self._ben = "ben" if you != "ben" else "benno"
        self._maria = "maria" if you != "maria" else "marie"

    def tell(self) -> None:
        """Everything, offer by offer."""
        self._published("contoso-rates", 58)
        self._did(
            "contoso-rates",
            54,
            self._ben,
            PRODUCTION_TESTED,
            note="all three plans bought and cancelled",
        )
        # Its tokens were good when it was first certified, and still are.
        self._edited("contoso-search", [(f"st={self._day(1)}T", f"st={self._day(60)}T")])
        self._published("contoso-search", 50)
        self._did(
            "contoso-search",
            46,
            self._ben,
            PRODUCTION_TESTED,
            note="both SKUs deployed in two regions",
        )
        self._edited(
            "contoso-search",
            [('version = "2.3.0"', 'version = "2.3.1"'), ("-2.3.0.vhd", "-2.3.1.vhd")],
        )
        self._did(
            "contoso-search",
            0.9,
            self._ana,
            REMARK,
            note="2.3.1 fixes the restart after a full disk",
        )
        self._did("contoso-grid", 5, self._ben, CERTIFY)
        self._did("contoso-grid", 4, self._ben, STAGE)
        self._did("contoso-grid", 1.2, self._ana, TESTED, note="deployed twice, removed twice")
        self._did("contoso-mail", 9, self._ana, STAGE)
        self._did("contoso-mail", 7, self._ana, TESTED)
        self._did("contoso-mail", 6.5, self._ana, REQUEST)
        self._did(
            "contoso-mail", 6, self._maria, REJECT,
            note="The summary does not say who receives the mail.", fields=("marketing.summary",),
        )  # fmt: skip
        self._did(
            "contoso-mail",
            5,
            self._ben,
            REMARK,
            note="It does: the people who wait for it. Asked again.",
        )
        self._did("contoso-mail", 1.8, self._ben, REQUEST)
        self._did("contoso-queue", 16 / 24, self._ben, STAGE)

    def _published(self, offer: str, days: float) -> None:
        """From a draft to available, beginning a number of days ago."""
        if offer != "contoso-rates":
            self._did(offer, days + 1, self._ana, CERTIFY)
        self._did(offer, days, self._ana, STAGE)
        self._did(offer, days - 2, self._ana, TESTED, note="tried in the team's subscription")
        self._did(offer, days - 2.1, self._ana, REQUEST)
        self._did(offer, days - 2.5, self._maria, APPROVE)

    def _did(
        self,
        offer: str,
        days: float,
        actor: str,
        action: str,
        *,
        note: str | None = None,
        fields: tuple[str, ...] = (),
    ) -> None:
        """Somebody did something a number of days ago."""
        at = self._now - timedelta(days=days)
        engine = Engine(self._root, lambda: at, actor, owner_of=lambda path: self._ana)
        outcome = engine.perform(offer, Command(action, note, fields))
        if isinstance(outcome, Refusal):
            raise RuntimeError(f"{offer}: {outcome}")

    def _edited(self, offer: str, changes: list[tuple[str, str]]) -> None:
        path = self._root / f"{offer}.toml"
        text = path.read_text()
        for old, new in changes:
            text = text.replace(old, new)
        path.write_text(text)

    def _day(self, ago: int) -> str:
        return f"{(self._now - timedelta(days=ago)).astimezone(UTC).date()}"


@contextmanager
def _lengths(publisher: Path, text: str) -> Iterator[None]:
    """Stages as long as those of a real marketplace; as short as in the file afterwards."""
    long = text
    for short, real in _REAL_LENGTHS.items():
        long = long.replace(short, real)
    publisher.write_text(long)
    yield
    publisher.write_text(text)
