"""A walk: a scenario again and again, met at one point more each time, and what has to hold after it."""

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from tests.walks.calls import ERRORS, KILLED, Fault, Kill, Meet, Point, watched
from tests.walks.scenarios import GRID, RATES, Look, Scenario, ask, files_of, look, prepare

_REFUSED = 3
_TROUBLE = 4


class Step(NamedTuple):
    """One point of a walk and what meets the program there.

    Attributes:
        number: The number of the point among those of its walk.
        point: The point.
        what: What happens there, in words.
        meet: Makes it happen.
    """

    number: int
    point: Point
    what: str
    meet: Meet


def _kills(points: list[Point]) -> Iterator[Step]:
    changes = [point for point in points if point.kind == "change"]
    for number, point in enumerate(changes):
        yield Step(number, point, "killed before", Kill(number))
        if point.call == "write":
            yield Step(number, point, "killed amid", Kill(number, in_half=True))


def _faults(points: list[Point]) -> Iterator[Step]:
    met: Counter[Point] = Counter()
    for number, point in enumerate(points):
        errors = ERRORS[point.kind]
        error = errors[number % len(errors)]
        name = os.strerror(error)
        met[point] += 1
        if point.kind != "read" or met[point] <= _READS:
            yield Step(number, point, f"{name} at", Fault(number, error, lasting=False))
        if point.kind != "read" or met[point] == 1:
            yield Step(number, point, f"{name} from", Fault(number, error, lasting=True))


_READS = 3
"""How often the same call may read the same file before another fault there says nothing new."""

KINDS = {"kills": _kills, "anew": _kills, "faults": _faults}
"""What meets a scenario; ``anew``: somebody writes the draft by hand where it was killed."""


class Walk:
    """The walk of a scenario.

    Args:
        scenario: The scenario.
        kind: One of ``KINDS``.
        base: A directory for its copies.
    """

    def __init__(self, scenario: Scenario, kind: str, base: Path) -> None:
        self._scenario = scenario
        self._kind = kind
        self._base = base
        self._template = base / "template"
        prepare(scenario, self._template)
        self._old = look(self._template)
        self.points = self._all_points()
        self.steps = list(KINDS[kind](self.points))
        self.figures: Counter[str] = Counter(points=len(self.points))

    def _all_points(self) -> list[Point]:
        """Every point of the scenario, and what the directory is like when it is over."""
        root = self._copy("whole")
        points: list[Point] = []
        status, said = _apart(self._scenario, root, lambda point, _: points.append(point), points)
        assert status == 0, said
        self._new = look(root)
        shutil.rmtree(root)
        return points

    def walk(self, steps: Iterable[Step]) -> Iterator[str]:
        """Walk.

        Args:
            steps: All of ``steps``, or some.

        Yields:
            What does not hold, in words.
        """
        for step in steps:
            root = self._copy("met")
            self.figures["steps"] += 1
            try:
                for trouble in self._meet(step, root):
                    self.figures["troubles"] += 1
                    where = f"{step.what} {step.point.call} {step.point.path}"
                    yield f"{self._scenario.name}, {step.number}, {where}: {trouble}"
            finally:
                shutil.rmtree(root)

    def _copy(self, name: str) -> Path:
        root = self._base / name
        shutil.copytree(self._template, root, symlinks=True)
        return root

    def _meet(self, step: Step, root: Path) -> Iterator[str]:
        status, said = _apart(self._scenario, root, step.meet)
        self.figures[f"status {status}"] += 1
        if self._kind != "faults":
            if status != KILLED:
                yield f"it was not killed: {status}, {said}"
        elif status not in (0, _TROUBLE, _REFUSED):
            yield f"exit status {status}: {said}"
        elif status and not said.strip():
            yield f"exit status {status} without a word"
        try:
            if self._kind == "anew":
                yield from self._by_hand(root)
            else:
                yield from self._goes_on(root, status, said)
            yield from self._lost(root)
        except AssertionError as error:
            yield f"cannot be read afterwards: {error}"

    def _lost(self, root: Path) -> Iterator[str]:
        """Every byte that a person wrote is somewhere, and every event."""
        if self._scenario.loses == "*":
            return
        there = [path.read_bytes() for path in root.rglob("*") if path.is_file()]
        contents, everything = set(there), b"\n".join(there)
        for name, data in self._old.files.items():
            if data not in contents and name != self._scenario.loses:
                self.figures["bytes lost"] += len(data)
                yield f"the bytes of {name} are lost"
        for path in self._template.rglob("*.jsonl"):
            for line in path.read_bytes().splitlines():
                if line not in everything:
                    self.figures["events lost"] += 1
                    yield f"an event of {path.name} is lost: {line[:80]!r}"

    def _by_hand(self, root: Path) -> Iterator[str]:
        """What somebody writes over what was cut off stays."""
        written = b'type = "data-service"\n# by hand\n'
        (root / f"{RATES}.toml").write_bytes(written)
        settled = ask(root, "remark", GRID, "settled")
        if settled.status:
            yield f"nothing can be done afterwards: {settled}"
        seen = look(root)
        if RATES not in seen.offers or seen.files.get(f"{RATES}.toml") != written:
            yield f"what was written by hand is gone: {seen.offers}"

    def _goes_on(self, root: Path, status: int, said: str) -> Iterator[str]:
        """The next run sees the old or the new, settles what was left, and goes on working."""
        before = files_of(root)
        seen = look(root)
        if files_of(root) != before:
            yield "looking changed a file"
        side = self._side(seen)
        if side is None:
            yield f"neither old nor new: {seen.offers} {seen.trash}"
            return
        settled = ask(root, "remark", GRID, "settled")
        if settled.status:
            yield f"nothing can be done afterwards: {settled}"
            return
        now = look(root)
        if (now.trash, _without(now, GRID)) != (seen.trash, _without(seen, GRID)):
            yield f"settling changed what there is: {seen.offers} -> {now.offers}"
        if status == self._scenario.mixed_at and self._is_mixed(now):
            self.figures["part old, part new"] += 1
            if status == KILLED:
                yield from self._again(root)
            return
        if now.files not in (self._old.files, self._new.files):
            yield f"the files are neither the old nor the new: {self._differing(now)}"
            return
        moves = self._names(self._old) != self._names(self._new)
        if moves and now.files != side.files:
            yield "the files do not go with what is listed"
        done = status == 0 or "It was done" in said
        if done and (now.files, seen.offers) != (self._new.files, self._new.offers):
            yield "it was answered as done and is not"
        is_told = done or status == KILLED or "could not be set back" in said
        if not is_told and now.files != self._old.files:
            yield f"it was answered as not done and is: {said.strip()}"
        yield from self._verified(root)
        if side is self._old and now.files == self._old.files and status != 0:
            yield from self._again(root)

    def _again(self, root: Path) -> Iterator[str]:
        """What was not done can be done now."""
        answer = _apart(self._scenario, root, lambda *_: None)
        if answer[0] or files_of(root) != self._new.files:
            yield f"it cannot be done again: {answer}"
        yield from self._verified(root)

    def _verified(self, root: Path) -> Iterator[str]:
        answer = ask(root, "verify")
        broken = ask(self._template, "verify").status
        if answer.status not in (0, broken):
            yield f"verify: {answer.printed}"

    def _side(self, seen: Look) -> Look | None:
        """The look that it is like: the old or the new, or one on the way between them."""
        for look_ in (self._new, self._old):
            if self._names(seen) == self._names(look_) and all(
                self._between(offer, events) for offer, events in seen.offers.items()
            ):
                return look_
        return None

    def _between(self, offer: str, events: list[str]) -> bool:
        old, new = self._old.offers.get(offer), self._new.offers.get(offer)
        if old is None and new is not None and self._scenario.begins:
            return events == new[: len(events)]
        if old is None or new is None:
            return events == (old if new is None else new)
        return events[: len(old)] == old and (
            new[: len(events)] == events or events[-1].split()[0] in ("created", "edited")
        )

    def _names(self, seen: Look) -> tuple[list[str], list[str]]:
        return sorted(seen.offers), seen.trash

    def _is_mixed(self, now: Look) -> bool:
        """Whether some files are the old and some the new, and no file is another."""
        names = {*now.files, *self._old.files, *self._new.files}
        return now.files not in (self._old.files, self._new.files) and all(
            now.files.get(each) in (self._old.files.get(each), self._new.files.get(each))
            for each in names
        )

    def _differing(self, now: Look) -> list[str]:
        names = sorted({*now.files, *self._old.files, *self._new.files})
        return [n for n in names if now.files.get(n) != self._old.files.get(n)]


def _without(seen: Look, offer: str) -> dict[str, list[str]]:
    return {name: events for name, events in seen.offers.items() if name != offer}


def _apart(
    scenario: Scenario, root: Path, meet: Meet, into: list[Point] | None = None
) -> tuple[int, str]:
    """Run a scenario in a process of its own; its exit status, and what it said."""
    reading, writing = os.pipe()
    process = os.fork()
    if process == 0:
        os.close(reading)
        status: int = 99
        said = StringIO()
        try:
            roots = (root, Path(os.environ["XDG_CACHE_HOME"]))
            with redirect_stdout(StringIO()), redirect_stderr(said), watched(roots, meet):
                status = scenario.act(root)
        except BaseException as error:
            import traceback

            said.write("".join(traceback.format_exception(error)))
        with os.fdopen(writing, "w") as pipe:
            json.dump([status, said.getvalue(), into], pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        text = pipe.read()
    _, code = os.waitpid(process, 0)
    if not text:
        return os.waitstatus_to_exitcode(code), ""
    status, words, points = json.loads(text)
    if into is not None:
        into.extend(Point(*each) for each in points)
    return status, words
