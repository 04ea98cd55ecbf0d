"""Walk, all of it or a sample: ``python -m tests.walks [kills|anew|faults|strange] [NAME ...]``."""

import argparse
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.walks.scenarios import SCENARIOS
from tests.walks.strange import StrangeWalk
from tests.walks.walking import KINDS, Walk

STRANGE = "strange"


def main() -> int:
    """Walk, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.walks", description=__doc__)
    parser.add_argument("kind", choices=[*KINDS, STRANGE], nargs="?")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a scenario")
    parser.add_argument("--sample", type=int, help="take so many steps of each walk")
    options = parser.parse_args()
    troubles = 0
    for kind in [options.kind] if options.kind else [*KINDS, STRANGE]:
        total: Counter[str] = Counter()
        for name in ["files"] if kind == STRANGE else options.names or [*SCENARIOS]:
            figures = _walk(kind, name, options.sample)
            print(f"{kind:8} {name:26} {_told(figures)}", flush=True)
            total += figures + Counter(scenarios=1)
        print(f"{kind:8} {'all':26} {_told(total)}")
        troubles += total["troubles"]
    return 1 if troubles else 0


def _walk(kind: str, name: str, sample: int | None) -> Counter[str]:
    with tempfile.TemporaryDirectory(prefix="vitrina-walk-") as directory:
        base = Path(directory)
        os.environ["XDG_CACHE_HOME"] = str(base / "cache")
        walk = StrangeWalk(base) if kind == STRANGE else Walk(SCENARIOS[name], kind, base)
        # From another step in each walk, so that samples of several meet different calls.
        every = max(1, len(walk.steps) // sample) if sample else 1
        for trouble in walk.walk(walk.steps[len(name) % every :: every]):
            print(trouble, file=sys.stderr, flush=True)
    return walk.figures


def _told(figures: Counter[str]) -> str:
    always = ("bytes lost", "events lost", "troubles")
    return ", ".join(f"{what} {figures[what]}" for what in dict.fromkeys([*figures, *always]))


if __name__ == "__main__":
    sys.exit(main())
