"""The pipeline: what is done, by whom, what runs, what is to come and what is skipped."""

from datetime import timedelta
from pathlib import Path

import pytest

from state.domain.actions import Command
from state.workspace.offer_view import OfferView
from state.workspace.pipeline import Phase, Pipeline, pipeline_of, planned
from tests.tui.harness import AppHarness

D, R, W, T, F, S = (
    Phase.DONE, Phase.RUNNING, Phase.WAITING, Phase.TO_COME, Phase.FAILED, Phase.SKIPPED,
)  # fmt: skip
PUBLISHED = "certify stage tested request approve"


@pytest.fixture
def town(tmp_path: Path) -> AppHarness:
    return AppHarness(tmp_path / "offers")


def pipeline(view: OfferView) -> Pipeline:
    found = pipeline_of(view)
    assert found is not None
    return found


def phases(view: OfferView) -> list[list[Phase]]:
    return [[stage.phase for stage in leg.stages] for leg in pipeline(view).legs]


@pytest.mark.parametrize(
    ("way", "wanted"),
    [
        ("", [[T], [T], [T, T, T, T]]),
        ("certify!", [[R], [T], [T, T, T, T]]),
        ("certify stage!", [[D], [R], [T, T, T, T]]),
        ("certify stage! cancel", [[D], [T], [T, T, T, T]]),
        ("certify stage tested request!", [[D], [D], [R, T, T, T]]),
        ("certify stage tested request", [[D], [D], [D, D, W, T]]),
        ("certify stage tested request cancel", [[D], [D], [T, T, T, T]]),
        (PUBLISHED, [[D], [D], [D, D, D, D]]),
        # What was pushed anew has yet to be requested.
        (f"{PUBLISHED} stage!", [[D], [R], [S, T, T, T]]),
        (f"{PUBLISHED} stage! cancel", [[D], [D], [D, D, D, D]]),
        (f"{PUBLISHED} stage tested request", [[D], [D], [S, D, W, T]]),
    ],
)
def test_how_far_each_stage_is(town: AppHarness, way: str, wanted: list[list[Phase]]) -> None:
    assert phases(town.walk("contoso-vault", way).view("contoso-vault")) == wanted


def test_a_stage_that_runs_tells_how_far_and_how_long(town: AppHarness) -> None:
    town.walk("contoso-rates", "stage!").now += timedelta(seconds=2)
    running = pipeline(town.view("contoso-rates")).staging.current
    assert running and (running.fraction, running.seconds_left) == (0.4, 3)


def test_a_stage_that_ended_tells_when_how_long_and_by_whom(town: AppHarness) -> None:
    view = town.walk("contoso-rates", "stage tested request approve").view("contoso-rates")
    review = pipeline(view).production.stages[1]
    assert review.event and review.event.actor == "maria"
    assert review.began and review.event.at - review.began == timedelta(seconds=3)


def test_a_rejection_is_the_failure_of_its_stage(town: AppHarness) -> None:
    town.walk("contoso-rates", "stage tested request")
    town.ask("contoso-rates", Command("reject", "No."), "maria")
    stages = pipeline(town.view("contoso-rates")).production.stages
    assert [(stage.phase, stage.why) for stage in stages] == [(D, None), (F, "No."), (T, None)]


def test_a_replication_that_fails_begins_again(town: AppHarness) -> None:
    town.edit("publisher", "fail = []", 'fail = ["production.replication"]')
    town.walk("contoso-rates", "stage tested request approve")
    current = pipeline(town.view("contoso-rates")).production.current
    assert current and (current.phase, current.attempt) == (R, 2)


def test_a_plan_is_about_the_draft(town: AppHarness) -> None:
    town.walk("contoso-vault", PUBLISHED)
    town.edit("contoso-vault", 'title = "', 'title = "New ')
    plan = planned(town.view("contoso-vault"))
    assert plan and [stage.phase for stage in plan.production.stages] == [S, T, T, T]


def test_a_file_that_cannot_be_read_has_none(town: AppHarness) -> None:
    assert pipeline_of(town.view("old-notes")) is None
