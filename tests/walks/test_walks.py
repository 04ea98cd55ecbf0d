"""The walks as tests: a sample of each always, all of them where the slow tests run."""

import subprocess
import sys

import pytest

from tests.walks.scenarios import SCENARIOS
from tests.walks.walking import KINDS

MOVES = ("discard", "restore", "rename")
"""The scenarios that put a draft somewhere else."""


def _walk(*words: str) -> None:
    """Walk in a process of its own, which has one thread and may fork."""
    command = [sys.executable, "-m", "tests.walks", *words]
    walked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert walked.returncode == 0, walked.stderr[-20_000:] + walked.stdout[-2_000:]


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("kills", ["edit", "restore", "rename"]), ("anew", ["discard"]),
        ("faults", ["new", "restore", "discard"]), ("strange", []),
    ],
)  # fmt: skip
def test_a_sample_loses_nothing(kind: str, names: list[str]) -> None:
    _walk(kind, *names, "--sample", "5")


@pytest.mark.slow
@pytest.mark.parametrize("name", SCENARIOS)
@pytest.mark.parametrize("kind", KINDS)
def test_cut_off_or_failing_anywhere_nothing_is_lost(kind: str, name: str) -> None:
    if kind == "anew" and not name.startswith(MOVES):
        pytest.skip("the draft stays where it is")
    _walk(kind, name)


@pytest.mark.slow
def test_nothing_strange_hangs_it_or_costs_a_byte() -> None:
    _walk("strange")
