"""One instant is one day everywhere: local for people, UTC in JSON and in the messages there."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from state.domain.actions import DISCARD, Command
from state.domain.findings import Refusal
from state.domain.times import day, in_utc
from tests.engine_harness import DATA, EngineHarness
from tests.support import NOW
from tui.demo import WRITTEN, examples, make, moved
from tui.main import main
from tui.render import words

LATE = datetime(2026, 12, 31, 20, 30, tzinfo=UTC)
EAST, WEST = "<+0545>-5:45", "<-0930>9:30"


@pytest.mark.parametrize(
    ("where", "there"), [(EAST, "1 Jan 2027"), (WEST, "31 Dec 2026"), ("UTC0", "31 Dec 2026")]
)
def test_a_day_is_local_but_for_scripts(
    zone: Callable[[str], None], where: str, there: str
) -> None:
    zone(where)
    assert day(LATE) == there
    with in_utc():
        assert day(LATE) == "31 Dec 2026"
    assert day(LATE) == there


def test_the_year_is_left_out_in_the_year_that_it_is_here(zone: Callable[[str], None]) -> None:
    zone(EAST)
    assert words.day(LATE, LATE) == "1 Jan"
    assert words.moment(LATE - timedelta(days=1), LATE) == "31 Dec 2026 02:15"


def test_a_refusal_and_a_lock_name_one_day(
    desk: EngineHarness, zone: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    zone(EAST)
    # Long ago, and so on whatever day this runs.
    desk.now = datetime(2020, 11, 22, 20, 30, tzinfo=UTC)
    desk.rewrite("publisher", "agreement = 2026-09-14", "agreement = 2020-09-14")
    desk.do(DATA, "stage")
    refused = desk.engine.perform(DATA, Command(DISCARD))
    assert isinstance(refused, Refusal) and "on 23 Nov 2020" in refused.reasons[0].message
    desk.rewrite("publisher", 'namespace = "contoso"', 'namespace = "fabrikam"')
    said = {}
    for each in ("", "--json"):
        main(["-C", str(desk.root), "discard", DATA, "--yes", *each.split()])
        main(["-C", str(desk.root), "check", DATA, *each.split()])
        said[each] = "".join(capsys.readouterr()).replace("\\", "")
    for how, here, elsewhere in (("", "23", "22"), ("--json", "22", "23")):
        assert f"pushed to staging on {here} Nov 2020" in said[how]
        assert f'locked at "contoso" (since {here} Nov 2020' in said[how]
        assert f"{elsewhere} Nov 2020" not in said[how]


@pytest.mark.parametrize(
    ("written", "on_the_leap_day"),
    [
        ("2026-11-22", "2028-02-29"),
        ("?st=2026-11-21T00%3A00Z&se=2027-01-15T00", "?st=2028-02-28T00%3A00Z&se=2028-04-23T00"),
        ("&sv=2015-04-05&sr=c", "&sv=2015-04-05&sr=c"),
        ("2027-02-29, 12026-11-22, 2026-11-221", "2027-02-29, 12026-11-22, 2026-11-221"),
    ],
)  # fmt: skip
def test_days_of_the_examples_move_in_tokens_too(written: str, on_the_leap_day: str) -> None:
    assert moved(written, date(2028, 2, 29)) == on_the_leap_day
    assert moved(written, WRITTEN) == written


def test_every_token_of_the_examples_moves() -> None:
    for file in examples().glob("*.toml"):
        text = file.read_text()
        assert "2026-11-21T" not in moved(text, date(2029, 3, 1))
        assert text.count("sv=2015-04-05") == moved(text, date(2029, 3, 1)).count("sv=2015-04-05")


@pytest.mark.parametrize("where", ["XXX24", "XXX-24", "AAA-23:30BBB", ":/etc/passwd", "UTC0"])
def test_a_zone_in_which_no_time_can_be_told_counts_as_utc(
    desk: EngineHarness, zone: Callable[[str], None], capsys: pytest.CaptureFixture[str], where: str
) -> None:
    desk.remark("first")
    zone(where)
    for command in ("list", "list --json", "check", f"history {DATA}", f"show {DATA}"):
        assert main(["-C", str(desk.root), *command.split()]) in (0, 1)
    said = capsys.readouterr().out
    assert f"{NOW:%Y-%m-%d %H:%M:%S} UTC  " in said


@pytest.mark.slow
@pytest.mark.parametrize("where", [EAST, WEST])
def test_a_demo_is_refused_on_no_day(
    tmp_path: Path, zone: Callable[[str], None], where: str
) -> None:
    zone(where)
    begin = datetime(2027, 12, 31, 23, 59, 59, tzinfo=UTC)
    for days in (0, *range(57, 67), *range(100, 2000, 97)):
        # Where the engine refuses what the demo asks of it, this raises.
        make(tmp_path / f"{days}", begin + timedelta(days=days, hours=days % 24))
