"""Measure, and print ratios taken in one run: ``make bench``.

Seconds differ from machine to machine; the ratio of two things measured one after the other on the
same machine hardly does. Every figure is a median, and the pairs are measured in turn.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.offers import many_offers
from state.definitions.content import changes_between, content_of
from state.definitions.parse import parse_definition
from state.domain.events import Event, Kind
from state.engine import Engine
from tests.terminal import Terminal
from tui import demo

RUNS = 9
VITRINA = [sys.executable, "-m", "tui.main"]
BARE = [sys.executable, "-m", "benchmarks.bare_table"]


def main() -> None:
    """Every benchmark, one line each."""
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        example = demo.make(root / "demo")
        print(f"{'what':58} {'figure':>9} {'aim':>9}")
        _tell("first paint of the list / bare Textual table", *first_paint(example), 1.25)
        _tell("vitrina list / import pydantic, tomllib", *listing(example), 1.0)
        _tell("check of 1,000 offers / reading and parsing them", *thousand(root / "many"), 4.0)
        _tell("opening 10,000 events / opening 10", *long_history(root / "long"), 2.0)
        _tell("comparing two 1 MB definitions / parsing them", *comparison(), 3.0)
        steps, idle = bytes_on_the_line(example)
        print(f"{'bytes of a cursor step at 80x24, the largest of 14':58} {steps:9} {'1200':>9}")
        print(f"{'bytes written in 5 idle seconds':58} {idle:9} {'0':>9}")


def first_paint(example: Path) -> tuple[float, float]:
    """Seconds until the list of the examples stands, and until a bare table does."""
    return _in_turn(
        lambda: _painted([*VITRINA, str(example)], "old-notes"), lambda: _painted(BARE, "row 11")
    )


def listing(example: Path) -> tuple[float, float]:
    """Seconds of ``vitrina list``, and of importing pydantic and tomllib."""
    return _in_turn(
        lambda: _ran([*VITRINA, "list", "-C", str(example)]),
        lambda: _ran([sys.executable, "-c", "import pydantic, tomllib"]),
    )


def thousand(root: Path) -> tuple[float, float]:
    """Seconds to check 1,000 offers, and to read and parse their files."""
    root.mkdir()
    many_offers(root, 1000)
    files = sorted(root.glob("offer-*.toml"))
    return _in_turn(
        lambda: _took(lambda: Engine(root).offers()),
        lambda: _took(lambda: [tomllib.loads(file.read_text()) for file in files]),
        runs=3,
    )


def long_history(root: Path) -> tuple[float, float]:
    """Seconds of ``vitrina show`` for an offer with 10,000 events, and for one with 10."""
    for count in (10, 10_000):
        place = demo.make(root / str(count))
        engine = Engine(place)
        begin = datetime.now(UTC) - timedelta(days=30)
        remarks = [
            Event(begin + timedelta(minutes=each), "ana", Kind.REMARK, None, f"remark {each}")
            for each in range(count)
        ]
        engine.workspace.directory.histories.append("contoso-vault", remarks)
    return _in_turn(
        lambda: _ran([*VITRINA, "show", "contoso-vault", "-C", str(root / "10000")]),
        lambda: _ran([*VITRINA, "show", "contoso-vault", "-C", str(root / "10")]),
    )


def comparison() -> tuple[float, float]:
    """Seconds to compare two definitions of 1 MB, and to parse both with tomllib."""
    text = (demo.examples() / "contoso-vault.toml").read_text()
    sku = text[text.index("[[skus]]") :].split("[[skus]]")[1]
    many = "".join(
        f"[[skus]]{sku}".replace("vault-solo", f"solo-{number}")
        for number in range(1_000_000 // len(sku))
    )
    old = text[: text.index("[[skus]]")] + many
    new = old.replace("0.1", "0.2")

    def compare() -> None:
        offers = [parse_definition(each.encode(), "offer.toml").offer for each in (old, new)]
        before, after = (content_of(offer, lambda path: None) for offer in offers if offer)
        changes_between(before.leaves, after.leaves)

    return _in_turn(
        lambda: _took(compare),
        lambda: _took(lambda: [tomllib.loads(each) for each in (old, new)]),
        runs=3,
    )


def bytes_on_the_line(example: Path) -> tuple[int, int]:
    """The most bytes of a cursor step, and those of five seconds of rest."""
    terminal = Terminal([*VITRINA, str(_without_runs(example))])
    terminal.until("old-notes")
    time.sleep(2)
    terminal.settle()
    steps = max(terminal.press(key) for key in "jjjjjjjkkkkkkk")
    time.sleep(5)
    idle = terminal.settle()
    terminal.kill()
    return steps, idle


def _without_runs(example: Path) -> Path:
    """The examples without histories: nothing is under way, so nothing has to be painted."""
    rest = example.parent / "resting"
    shutil.copytree(example, rest, ignore=shutil.ignore_patterns(".vitrina"))
    return rest


def _in_turn(
    one: Callable[[], float], other: Callable[[], float], runs: int = RUNS
) -> tuple[float, float]:
    """The medians of two measurements taken in turn, after one of each that does not count."""
    one(), other()
    pairs = [(one(), other()) for _ in range(runs)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def _painted(command: list[str], text: str) -> float:
    terminal = Terminal(command)
    seconds = terminal.until(text)
    terminal.settle()
    terminal.kill()
    return seconds


def _ran(command: list[str]) -> float:
    return _took(lambda: subprocess.run(command, check=True, capture_output=True))


def _took(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _tell(what: str, one: float, other: float, aim: float) -> None:
    print(f"{what:58} {one / other:8.2f}x {aim:8.2f}x   ({one:.3f} s / {other:.3f} s)")


if __name__ == "__main__":
    main()
