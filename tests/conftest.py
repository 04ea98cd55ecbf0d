"""Settings of all tests, and what those of drafting share."""

import atexit
import gc
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import idle
from tests.engine_harness import EngineHarness

# What one run finds inside of pictures must not help the next one, nor lie in a person's home.
_CACHE = tempfile.TemporaryDirectory(prefix="vitrina-test-cache-")
atexit.register(_CACHE.cleanup)
os.environ["XDG_CACHE_HOME"] = _CACHE.name

# The same cases on every machine: a change is judged by what it changed. HYPOTHESIS_PROFILE=default
# looks for new ones.
settings.register_profile("repeatable", derandomize=True, deadline=None, database=None)
settings.register_profile("few", settings.get_profile("repeatable"), max_examples=20)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


idle.install()


def pytest_xdist_auto_num_workers() -> int:
    """Three workers for two processors: a test of a terminal waits for most of its time."""
    return max(2, (os.cpu_count() or 1) * 3 // 2)


def pytest_collection_finish() -> None:
    """What is there when the first test begins is never garbage: do not look at it again and again."""
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How far the walk through all states went."""
    for report in terminalreporter.getreports("passed"):
        for _, walked in (each for each in report.user_properties if each[0] == "walked"):
            terminalreporter.write_line(f"The lifecycle of a {walked}")


# Texts that hold a day or a time are the same on every machine; ``zone`` chooses another place.
os.environ["TZ"] = "UTC0"
time.tzset()


@pytest.fixture
def zone() -> Iterator[Callable[[str], None]]:
    """Moves this process to another time zone, a POSIX string, until the test is over."""

    def move(name: str) -> None:
        os.environ["TZ"] = name
        time.tzset()

    yield move
    move("UTC0")


@pytest.fixture
def desk(tmp_path: Path) -> EngineHarness:
    """The examples, and somebody who works on them."""
    return EngineHarness(tmp_path)
