"""The rehearsal marketplace: what has come about by a time follows from what is recorded alone."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from state.definitions.parse import parse_table
from state.definitions.validate import read
from state.domain.events import Event, Kind
from state.domain.findings import Refusal
from state.domain.offer_state import Status
from state.domain.publisher import Publisher, Rehearsal
from state.domain.stages import STAGES
from state.lifecycle.evolve import fold
from state.marketplace.backends import faults_of
from state.marketplace.rehearsal import RehearsalMarketplace
from state.marketplace.rehearsal_settings import LONGEST_STAGE, usable
from tests.scenarios import D, Journey, V
from tests.support import made

SECOND = timedelta(seconds=1)

lengths = some.sampled_from([0, 0.25, 1, 2.5, 30])
rehearsals = some.builds(
    Rehearsal,
    certification=lengths,
    content_validation=lengths,
    replication=lengths,
    final_review=some.one_of(lengths, some.just("manual")),
    fail=some.lists(some.sampled_from(list(STAGES)), max_size=2).map(tuple),
)
moments = some.lists(some.floats(0, 200), min_size=1, max_size=6)


def under_way(rehearsal: Rehearsal, command: str = "request") -> Journey:
    """An offer whose certification, push or request has just begun."""
    ways = {
        "certify": "certify",
        "stage": "stage",
        "request": "stage wait tested request",
    }
    journey = Journey(V if command == "certify" else D).walk("")
    for word in ways[command].split():
        journey.rehearsal = rehearsal if word == command else made(Rehearsal, 0, 0, 0)
        journey.walk(word)
    journey.rehearsal = rehearsal
    return journey


def due(journey: Journey, seconds: float) -> list[Event]:
    """What has come about some seconds after the last event."""
    return journey.marketplace.due(journey.state, journey.now + seconds * SECOND)


def kinds(events: list[Event]) -> list[str]:
    """The kinds of events, those of passed stages with the stage."""
    return [str(each.note) if each.kind is Kind.STAGE_PASSED else str(each.kind) for each in events]


@given(rehearsals, some.sampled_from(["certify", "stage", "request"]), moments)
def test_looking_earlier_shows_the_beginning_of_what_looking_later_shows(
    rehearsal: Rehearsal, command: str, seconds: list[float]
) -> None:
    journey = under_way(rehearsal, command)
    everything = due(journey, 200)
    for moment in seconds:
        seen = due(journey, moment)
        assert seen == everything[: len(seen)]
        assert all(each.at <= journey.now + moment * SECOND for each in seen)
        assert all(each.at > journey.now + moment * SECOND for each in everything[len(seen) :])


@given(rehearsals, some.sampled_from(["certify", "stage", "request"]), moments)
def test_recording_on_the_way_changes_nothing(
    rehearsal: Rehearsal, command: str, seconds: list[float]
) -> None:
    journey = under_way(rehearsal, command)
    begun = journey.now
    everything = due(journey, 200)
    recorded: list[Event] = []
    for moment in [*sorted(seconds), 200]:
        found = RehearsalMarketplace(rehearsal).due(journey.state, begun + moment * SECOND)
        journey.state = fold(found, journey.state)
        recorded += found
    assert recorded == everything


@given(rehearsals, some.sampled_from(["certify", "stage", "request"]))
def test_times_never_decrease(rehearsal: Rehearsal, command: str) -> None:
    journey = under_way(rehearsal, command)
    times = [journey.now, *(each.at for each in due(journey, 200))]
    assert times == sorted(times)


def test_looking_records_nothing() -> None:
    journey = under_way(made(Rehearsal, 1, 1, 1, 1))
    before = journey.state
    assert due(journey, 100) == due(journey, 100)
    assert journey.state == before


REQUESTS = [
    (
        made(Rehearsal, 2, 3, 5, "manual"),
        ["production.certification", "production.content_validation"],
        [2, 5],
    ),
    (
        made(Rehearsal, 2, 3, 5, 7),
        [
            "production.certification", "production.content_validation",
            "approved", "listed", "available",
        ],
        [2, 5, 12, 12, 17],
    ),
    (
        made(Rehearsal, 0, 0, 0, 0),
        [
            "production.certification", "production.content_validation",
            "approved", "listed", "available",
        ],
        [0, 0, 0, 0, 0],
    ),
    (made(Rehearsal, 2, 3, 5, 7, ("production.certification",)), ["rejected"], [2]),
    (
        made(Rehearsal, 2, 3, 5, 7, ("production.content_validation",)),
        ["production.certification", "rejected"],
        [2, 5],
    ),
    (
        made(Rehearsal, 2, 3, 5, 7, ("production.final_review",)),
        ["production.certification", "production.content_validation", "rejected"],
        [2, 5, 12],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rehearsal", "wanted", "after"), REQUESTS)
def test_the_stages_of_a_request_take_their_time(
    rehearsal: Rehearsal, wanted: list[str], after: list[float]
) -> None:
    journey = under_way(rehearsal)
    found = due(journey, 1000)
    assert kinds(found) == wanted
    assert [(each.at - journey.now) / SECOND for each in found] == after
    assert {each.actor for each in found} == {"marketplace"}


@pytest.mark.parametrize(
    ("command", "fail", "wanted", "status"),
    [
        ("certify", (), "certified", Status.DRAFT),
        ("certify", ("certification",), "certification-failed", Status.DRAFT),
        ("stage", (), "staged", Status.STAGED),
        ("stage", ("staging.replication",), "staging-failed", Status.STAGING_FAILED),
        ("stage", ("certification",), "staged", Status.STAGED),
    ],
)
def test_certification_and_push(
    command: str, fail: tuple[str, ...], wanted: str, status: Status
) -> None:
    journey = under_way(Rehearsal(fail=fail), command)
    (event,) = due(journey, 1000)
    assert event.kind == wanted
    assert fold([event], journey.state).status is status
    assert (event.note is not None) == (wanted.endswith("failed"))


def test_a_clock_that_is_a_little_behind_shows_less_and_breaks_nothing() -> None:
    journey = under_way(made(Rehearsal, 2, 3, 5, 7))
    assert due(journey, -10) == []
    assert len(due(journey, 2)) == 1
    assert due(journey, -1) == []


def test_nobody_waits_for_a_time_that_a_wrong_clock_has_named() -> None:
    journey = under_way(made(Rehearsal, 2, 3, 5, "manual"))
    shown = due(journey, -86400)
    assert shown == due(journey, 86400)
    assert kinds(shown) == ["production.certification", "production.content_validation"]


def test_what_began_keeps_its_settings_whatever_the_file_says_meanwhile() -> None:
    journey = under_way(made(Rehearsal, 2, 2, 5, 1))
    for other in (
        made(Rehearsal, 100, 100, 100, 100),
        made(Rehearsal, 0, 0, 0, "manual", tuple(STAGES)),
    ):
        journey.rehearsal = other
        assert [(each.at - journey.now) / SECOND for each in due(journey, 500)] == [2, 4, 5, 5, 10]


def listed(fail: tuple[str, ...], replication: float) -> Journey:
    """An offer that has just been approved."""
    journey = under_way(made(Rehearsal, 0, 0, replication, "manual", fail))
    journey.wait(SECOND)
    journey.actor = "maria"
    assert not isinstance(journey.ask("approve"), Refusal)
    return journey


def test_a_failing_replication_fails_once_and_begins_again_by_itself() -> None:
    journey = listed(("production.replication",), 5)
    failed = due(journey, 5)
    assert kinds(failed) == ["replication-failed"]
    assert fold(failed, journey.state).status is Status.LISTED
    journey.walk("mend")
    found = due(journey, 10)
    assert found[:1] == failed and kinds(found[1:]) == ["available"]
    assert [(each.at - journey.now) / SECOND for each in found] == [5, 10]


def test_after_the_approval_its_own_settings_count() -> None:
    journey = under_way(made(Rehearsal, 0, 0, 5, "manual"))
    journey.wait(SECOND)
    journey.actor, journey.rehearsal = "maria", made(Rehearsal, 0, 0, 50, "manual")
    journey.walk("approve")
    journey.rehearsal = made(Rehearsal, 0, 0, 0, "manual")
    assert due(journey, 49) == [] and kinds(due(journey, 50)) == ["available"]


def test_settings_that_an_older_release_recorded_on_the_way_count_from_there() -> None:
    journey = under_way(made(Rehearsal, 2, 2, 5, 1))
    (passed,) = due(journey, 2)
    later = usable(made(Rehearsal, 2, 40, 5, 1))
    data = {**passed.data, "stage": {**passed.data["stage"], "seconds": 40.0}, "settings": later}
    journey.state = fold([passed._replace(data=data)], journey.state)
    assert [(each.at - journey.now) / SECOND for each in due(journey, 500)] == [42, 43, 43, 48]


@pytest.mark.parametrize("huge", [1e12, 10**400, float("inf")])
def test_huge_durations_are_bounded(huge: float) -> None:
    journey = under_way(made(Rehearsal, huge, huge, huge, huge))
    assert due(journey, 365 * 86400) == []
    assert journey.state.busy is not None and journey.state.busy.seconds == LONGEST_STAGE


def settings(text: str) -> tuple[Publisher, list[tuple[str, str]]]:
    """A publisher file's settings, and what is wrong with them by field."""
    values = parse_table(f"[marketplace.rehearsal]\n{text}".encode()).values
    assert values is not None
    publisher, faults = read(Publisher, values)
    faults += faults_of(publisher.marketplace)
    return publisher, [(str(each.field), each.message) for each in faults]


SLIPS = [
    ("certification = -1", "certification", "0 or more"),
    ("replication = -0.5", "replication", "0 or more"),
    ('final_review = "never"', "final_review", '"manual"'),
    ('final_review = ""', "final_review", '"manual"'),
    ("final_review = -1", "final_review", "0 or more"),
    ("final_review = true", "final_review", "number of seconds"),
    ('replication = "5"', "replication", "number"),
    ("replication = nan", "replication", "number"),
    ('fail = ["staging"]', "fail.0", "staging.replication"),
    ('fail = ["certification", "lunch"]', "fail.1", "is not a stage"),
    ("fail = [1]", "fail.0", "text"),
]


@pytest.mark.parametrize(("text", "field", "part"), SLIPS)
def test_slips_are_told_once_and_count_as_left_out(text: str, field: str, part: str) -> None:
    publisher, faults = settings(text)
    ((at, message),) = faults
    assert at == f"marketplace.rehearsal.{field}"
    assert part in message and len(message) <= 156
    left_out = usable(Rehearsal())
    found = usable(publisher.marketplace.rehearsal)
    assert {**found, "fail": []} == left_out
    assert set(found["fail"]) <= set(STAGES)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "certification = 0",
        'final_review = "manual"',
        "final_review = 0.5",
        "replication = 1e99",
    ],
)
def test_settings_that_are_fine(text: str) -> None:
    assert settings(text)[1] == []


def test_a_slip_never_approves_by_itself() -> None:
    journey = under_way(made(Rehearsal, 0, 0, 0, "never"))
    assert kinds(due(journey, 1e6))[-1] == "production.content_validation"


def test_an_unknown_backend_is_told() -> None:
    values = parse_table(b'[marketplace]\nbackend = "azure"').values
    publisher = read(Publisher, values or {})[0]
    (fault,) = faults_of(publisher.marketplace)
    assert str(fault.field) == "marketplace.backend" and '"azure"' in fault.message
