"""Walk, all of it or a sample: ``python -m tests.walks [kills|faults|strange] [NAME ...]``."""

import argparse
import os
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.walks.scenarios import SCENARIOS
from tests.walks.strange import StrangeWalk
from tests.walks.walking import KINDS, Walk


def main() -> int:
    """Walk, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.walks", description=__doc__)
    parser.add_argument("kind", choices=[*KINDS, "strange"], nargs="?")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a scenario")
    parser.add_argument("--every", type=int, default=1, help="take one step of so many")
    options = parser.parse_args()
    total: Counter[str] = Counter()
    for kind in [options.kind] if options.kind else [*KINDS, "strange"]:
        names = ["files"] if kind == "strange" else options.names or [*SCENARIOS]
        for number, name in enumerate(names):
            with tempfile.TemporaryDirectory(prefix="vitrina-walk-") as directory:
                base = Path(directory)
                os.environ["XDG_CACHE_HOME"] = str(base / "cache")
                walk = StrangeWalk(base) if kind == "strange" else Walk(SCENARIOS[name], kind, base)
                for trouble in walk.walk(options.every, number % options.every):
                    print(trouble, file=sys.stderr, flush=True)
            told = ", ".join(f"{what} {count}" for what, count in walk.figures.items())
            print(f"{kind:7} {name:26} {told}", flush=True)
            total += walk.figures
    print("all: " + ", ".join(f"{what} {count}" for what, count in total.items()))
    return 1 if total["troubles"] else 0


if __name__ == "__main__":
    sys.exit(main())
