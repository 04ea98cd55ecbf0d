"""wait: for the marketplace, never for a person."""

import time
from pathlib import Path

import pytest

from state.domain.offer_state import Status
from tests.commands.conftest import Run, edit

DATA = "contoso-rates"


@pytest.fixture
def soon(directory: Path) -> None:
    """Stages that take a moment."""
    edit(directory / "publisher.toml", "replication = 0", "replication = 0.3")


@pytest.fixture
def long(directory: Path) -> None:
    """Stages that nobody waits for."""
    edit(directory / "publisher.toml", "replication = 0", "replication = 1000")


def test_it_ends_when_nothing_moves_without_a_person(run: Run, soon: None) -> None:
    assert run("wait", DATA).status == 0
    run("stage", DATA)

    ran = run("wait", DATA, "--json")

    assert ran.status == 0 and ran.json["status"] == "staged"
    assert ran.err == f"{DATA}: staging, replication to staging\n"


@pytest.mark.parametrize("status", ["staging", "staged"])
def test_a_status_reached_or_passed_counts(status: str, run: Run, soon: None) -> None:
    run("stage", DATA)

    assert run("wait", DATA, "--until", status).status == 0


def test_what_was_passed_through_on_the_way_counts(run: Run) -> None:
    def counts() -> list[str]:
        return [each for each in Status if not run("wait", DATA, "--until", each).status]

    way = ["staging", "staged", "production-requested"]
    for command, wanted in (
        (["stage"], way[:2]),
        (["tested"], way[:2]),
        (["request"], way),
        (["reject", "--reason", "no"], [*way, "rejected"]),
        (["request"], way),
        (["approve"], [*way, "listed", "available"]),
        (["tested", "--production"], [*way, "listed", "available"]),
        (["remark", "words"], [*way, "listed", "available"]),
    ):
        assert run(command[0], DATA, *command[1:]).status == 0
        assert counts() == wanted, command


def test_a_status_from_before_the_last_request_is_waited_for_again(
    run: Run, directory: Path
) -> None:
    for command in ("stage", "tested", "request", "approve"):
        run(command, DATA)
    edit(directory / "publisher.toml", "replication = 0", "replication = 1000")
    edit(directory / f"{DATA}.toml", 'title = "', 'title = "New ')
    run("stage", DATA)

    for status in ("staged", "available"):
        ran = run("wait", DATA, "--until", status, "--timeout", "0")
        assert ran.status == 1 and "timed out" in ran.err


def test_it_never_waits_for_a_person(run: Run) -> None:
    for command in ("stage", "tested", "request"):
        run(command, DATA)

    began = time.monotonic()
    assert run("wait", DATA).status == 0
    ran = run("wait", DATA, "--until", "available", "--timeout", "60")

    assert time.monotonic() - began < 30
    assert ran.status == 1 and "nothing more happens without a person" in ran.err


@pytest.mark.parametrize("until", [[], ["--until", "staged"]])
def test_the_time_may_be_over_first(until: list[str], run: Run, long: None) -> None:
    run("stage", DATA)

    ran = run("wait", DATA, "--timeout", "0.05", *until, "--json")

    assert ran.status == 1 and ran.json["status"] == "staging"
    assert "timed out" in ran.err


@pytest.mark.parametrize(
    "wrong", [["--until", "done"], ["--timeout", "soon"], ["--timeout", "-1"], ["--timeout", "nan"]]
)
def test_wrong_usage(wrong: list[str], run: Run) -> None:
    assert run("wait", DATA, *wrong).status == 2


def test_it_records_nothing(run: Run, soon: None, directory: Path) -> None:
    run("stage", DATA)
    history = directory / ".vitrina/history" / f"{DATA}.jsonl"
    before = history.read_bytes()

    run("wait", DATA)

    assert history.read_bytes() == before
    assert run("history", DATA, "--json").json[-1]["kind"] == "staged"
