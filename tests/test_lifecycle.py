"""Who may ask what, and when: every situation of an offer against every command."""

import pytest

from state.domain.actions import ACTIONS, Command
from state.domain.field_path import ROOT
from state.domain.findings import Finding, Refusal, Severity
from state.domain.offer_state import START, Status
from state.domain.offer_types import OfferType
from state.domain.publisher import Roles
from state.lifecycle.decide import decide
from state.lifecycle.evolve import fold
from state.lifecycle.guards import refusal_reasons
from state.lifecycle.transitions import ACTION_TABLE
from tests.lifecycle_page import PAGE, lifecycle_page
from tests.scenarios import D, Journey, S, T, V

RULES = {
    "w": "status.wrong",
    "b": "status.busy",
    "d": "status.draft",
    "P": "role.publisher",
    "A": "role.approver",
    "E": "four_eyes",
    "H": "history.broken",
    "c": "certification.current",
    "s": "staging.current",
    "t": "staging.tested",
}
"""The letters of the table: each is a reason; a dot says that the command is allowed."""

COMMANDS = {
    "certify": "cert", "stage": "stag", "tested": "test", "request": "rqst", "approve": "appr",
    "reject": "rjct", "cancel": "canc", "production-tested": "ptst", "discard": "disc",
    "rename": "renm", "revert": "revt", "edit": "edit", "remark": "rmrk",
}  # fmt: skip

TO_STAGED = "certify wait stage wait"
TO_REQUEST = f"{TO_STAGED} tested request"
TO_REVIEW = f"{TO_REQUEST} wait"
TO_LISTED = f"{TO_REVIEW} as:maria approve as:ana"
TO_AVAILABLE = f"{TO_LISTED} wait"
TO_REJECTED = f"{TO_REVIEW} as:maria reject as:ana"

SITUATIONS = {
    "draft": "",
    "certifying": "certify",
    "certification failed": "fail:certification certify wait",
    "certified": "certify wait",
    "staging": "certify wait stage",
    "staging failed": "certify wait fail:staging.replication stage wait",
    "staged": TO_STAGED,
    "staged and tested": f"{TO_STAGED} tested",
    "staged, new text": f"{TO_STAGED} tested to:A'",
    "staged, new image": f"{TO_STAGED} tested to:B",
    "staged, certifying": f"{TO_STAGED} tested to:B certify",
    "in validation": TO_REQUEST,
    "in final review": TO_REVIEW,
    "rejected": TO_REJECTED,
    "rejected, new image": f"{TO_REJECTED} to:B",
    "listed": TO_LISTED,
    "listed, new text": f"{TO_LISTED} to:A'",
    "available": TO_AVAILABLE,
    "available, new text": f"{TO_AVAILABLE} to:A'",
    "available, new image": f"{TO_AVAILABLE} to:B",
    "update staging": f"{TO_AVAILABLE} to:A' stage",
    "update failed": f"{TO_AVAILABLE} to:A' fail:staging.replication stage wait",
    "update staged": f"{TO_AVAILABLE} to:A' stage wait tested",
    "update in review": f"{TO_AVAILABLE} to:A' stage wait tested request wait",
    "update rejected": f"{TO_AVAILABLE} to:A' stage wait tested request wait as:maria reject",
}

BY_STATUS = """
situation            | cert stag test rqst appr rjct canc ptst disc renm revt edit rmrk
---------------------|------------------------------------------------------------------
draft                |  .    c    w    cst  w    w    w    w    .    .    .    .    .
certifying           |  b    bc   b    bcst w    w    .    b    .    b    .    .    .
certification failed |  .    c    w    cst  w    w    w    w    .    .    .    .    .
certified            |  w    .    w    st   w    w    w    w    .    .    .    .    .
staging              |  b    b    b    bst  w    w    .    b    d    d    .    .    .
staging failed       |  w    .    w    st   w    w    w    w    d    d    .    .    .
staged               |  w    .    .    t    w    w    w    w    d    d    .    .    .
staged and tested    |  w    .    .    .    w    w    w    w    d    d    .    .    .
staged, new text     |  w    .    .    st   w    w    w    w    d    d    .    .    .
staged, new image    |  .    c    .    cst  w    w    w    w    d    d    .    .    .
staged, certifying   |  b    bc   b    bcst w    w    .    b    d    d    .    .    .
in validation        |  b    b    b    b    bE   b    .    b    d    d    .    .    .
in final review      |  b    b    b    b    E    .    .    b    d    d    .    .    .
rejected             |  w    .    .    .    w    w    w    w    d    d    .    .    .
rejected, new image  |  .    c    .    cst  w    w    w    w    d    d    .    .    .
listed               |  b    b    b    b    w    w    w    b    d    d    .    .    .
listed, new text     |  b    b    b    bst  w    w    w    b    d    d    .    .    .
available            |  w    .    w    w    w    w    w    .    d    d    .    .    .
available, new text  |  w    .    w    st   w    w    w    .    d    d    .    .    .
available, new image |  .    c    w    cst  w    w    w    .    d    d    .    .    .
update staging       |  b    b    b    bst  w    w    .    b    d    d    .    .    .
update failed        |  w    .    w    st   w    w    w    .    d    d    .    .    .
update staged        |  w    .    .    .    w    w    w    .    d    d    .    .    .
update in review     |  b    b    b    b    E    .    .    b    d    d    .    .    .
update rejected      |  w    .    .    .    w    w    w    .    d    d    .    .    .
"""
"""What speaks against each command where everybody may do everything, and Ana asks, who made every
request."""

BY_PERSON = """
situation, who             | cert stag test rqst appr rjct canc ptst disc renm revt edit rmrk
---------------------------|------------------------------------------------------------------
draft, ana                 |  .    c    w    cst  Aw   Aw   w    w    .    .    .    .    .
draft, eva                 |  .    c    w    cst  w    w    w    w    .    .    .    .    .
draft, maria               |  P    Pc   Pw   Pcst w    w    Pw   Pw   P    P    P    P    .
draft, rob                 |  P    Pc   Pw   Pcst Aw   Aw   Pw   Pw   P    P    P    P    P
staged and tested, maria   |  Pw   P    P    P    w    w    Pw   Pw   Pd   Pd   P    P    .
staged and tested, rob     |  Pw   P    P    P    Aw   Aw   Pw   Pw   Pd   Pd   P    P    P
in final review, ana       |  b    b    b    b    AE   .    .    b    d    d    .    .    .
in final review, eva       |  b    b    b    b    .    .    .    b    d    d    .    .    .
in final review, maria     |  Pb   Pb   Pb   Pb   .    .    P    Pb   Pd   Pd   P    P    .
in final review, rob       |  Pb   Pb   Pb   Pb   A    A    P    Pb   Pd   Pd   P    P    P
available, maria           |  Pw   P    Pw   Pw   w    w    Pw   P    Pd   Pd   P    P    .
available, rob             |  Pw   P    Pw   Pw   Aw   Aw   Pw   P    Pd   Pd   P    P    P
"""
"""What speaks against each command where Ana publishes and made the requests, Maria approves, Eva
does both and Rob has no role."""


def _rows(table: str) -> dict[str, dict[str, str]]:
    """The cells of a table: row, command, letters."""
    lines = [line.split("|") for line in table.strip().splitlines()]
    assert lines[0][1].split() == list(COMMANDS.values())
    return {
        name.strip(): dict(zip(COMMANDS, cells.split(), strict=True)) for name, cells in lines[2:]
    }


def _refused(journey: Journey, command: str) -> tuple[str, ...]:
    """The rules of a refusal; empty where the command is allowed."""
    decided = decide(journey.state, Command(command, "because"), journey.facts())
    return tuple(each.rule for each in decided.reasons) if isinstance(decided, Refusal) else ()


def _answers(journey: Journey) -> dict[str, str]:
    """The letters that the core gives for every command."""
    letters = {rule: letter for letter, rule in RULES.items()}
    return {
        command: "".join(letters[rule] for rule in _refused(journey, command)) or "."
        for command in COMMANDS
    }


def test_the_tables_are_whole() -> None:
    assert list(SITUATIONS) == list(_rows(BY_STATUS))
    assert set(COMMANDS) == set(ACTIONS) == set(ACTION_TABLE)
    shown = {Journey(roles=None).walk(way).state.status for way in SITUATIONS.values()}
    assert shown == set(Status)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_by_status(situation: str) -> None:
    journey = Journey(roles=None).walk(SITUATIONS[situation])
    assert _answers(journey) == _rows(BY_STATUS)[situation]


@pytest.mark.parametrize("row", _rows(BY_PERSON))
def test_by_person(row: str) -> None:
    situation, _, person = row.rpartition(", ")
    journey = Journey().walk(SITUATIONS[situation])
    journey.actor = person
    assert _answers(journey) == _rows(BY_PERSON)[row]


@pytest.mark.parametrize("situation", SITUATIONS)
def test_a_broken_history_stops_everything(situation: str) -> None:
    journey = Journey(roles=None).walk(SITUATIONS[situation])
    journey.broken = "The history is broken: event 3 was altered."
    for command in COMMANDS:
        assert _refused(journey, command)[0] == "history.broken"


@pytest.mark.parametrize("kind", [D, T])
def test_types_that_are_not_certified_in_step_3(kind: OfferType) -> None:
    journey = Journey(kind).walk("stage wait tested")
    assert _refused(journey, "certify") == ("status.wrong",)
    assert _refused(journey, "request") == ()


STAGES_OF_A_REQUEST = [
    (V, "to:A", True),
    (S, "to:A", True),
    (D, "to:A", True),
    (T, "to:A", False),
    (V, "to:A'", False),
    (S, "to:A'", False),
    (D, "to:A'", False),
    (T, "to:A'", False),
    (V, "to:B", True),
    (S, "to:B", True),
    (D, "to:B", True),
    (T, "to:B", False),
]
"""Type, the edit before a request (A where it is the first), whether it is certified on the way."""


@pytest.mark.parametrize(("kind", "edit", "certified"), STAGES_OF_A_REQUEST)
def test_the_stages_of_a_request(kind: OfferType, edit: str, certified: bool) -> None:
    certify = "certify wait " if kind in (V, S) else ""
    first = f"{certify}stage wait tested request wait as:maria approve wait as:ana "
    again = certify if edit == "to:B" else ""
    update = "" if edit == "to:A" else f"{first}{edit} {again}stage wait tested "
    way = update or f"{certify}stage wait tested "
    journey = Journey(kind).walk(f"{way}request")
    run = journey.state.run
    assert run is not None
    stages = (run.stage.name, *run.later)
    own = ("production.certification",) if certified else ()
    assert stages == (
        *own,
        "production.content_validation",
        "production.final_review",
        "production.replication",
    )


def test_a_request_that_nobody_could_approve() -> None:
    journey = Journey(T, Roles(publishers=("ana",), approvers=("ana",))).walk("stage wait tested")
    assert _refused(journey, "request") == ("role.approver",)
    journey.four_eyes = False
    assert _refused(journey, "request") == ()


def test_four_eyes_are_fixed_when_the_request_is_made() -> None:
    strict, lax = Journey(roles=None), Journey(roles=None, four_eyes=False)
    for journey in (strict, lax):
        journey.walk(TO_REVIEW)
        journey.four_eyes = not journey.four_eyes
    assert _refused(strict, "approve") == ("four_eyes",)
    assert _refused(lax, "approve") == ()


CANCELS = {
    "draft": "certify",
    "certified": "stage",
    "staging failed": "stage",
    "staged": "stage",
    "staged and tested": "request",
    "staged, new image": "certify",
    "rejected": "request",
    "available": "stage",
    "available, new text": "stage",
    "available, new image": "certify",
    "update staged": "request",
}


@pytest.mark.parametrize(("situation", "command"), CANCELS.items())
def test_cancel_goes_back_to_the_state_before(situation: str, command: str) -> None:
    journey = Journey(roles=None).walk(SITUATIONS[situation])
    before = journey.state
    journey.walk(f"mend {command}")
    assert journey.state != before
    journey.walk("cancel")
    assert journey.state._replace(seen=before.seen) == before


def test_cancel_after_a_stage_has_passed() -> None:
    journey = Journey(roles=None).walk(f"{TO_STAGED} tested")
    before = journey.state
    journey.walk("request wait cancel")
    assert journey.state == before


def test_a_cancelled_push_goes_on_from_the_draft_edited_meanwhile() -> None:
    journey = Journey(roles=None).walk("certify wait stage to:B edit cancel")
    assert journey.state.seen == "B"
    assert journey.state.status is Status.DRAFT


def test_discard_ends_a_certification_that_is_under_way() -> None:
    journey = Journey().walk("certify discard")
    assert journey.state.discarded
    assert journey.state.run is None and journey.state.certification is None
    assert journey.wait() == ()


def test_what_is_requested_is_the_content_that_was_staged() -> None:
    journey = Journey().walk(f"{TO_REQUEST} to:B edit wait")
    assert journey.state.run is not None and journey.state.run.version.content == "A"
    journey.walk("as:maria approve wait")
    assert journey.state.production is not None and journey.state.production.content == "A"


def test_a_rejection_is_told_until_the_next_listing() -> None:
    journey = Journey().walk(TO_REVIEW)
    journey.actor = "maria"
    command = Command("reject", "The logo is blurred.", fields=("marketing.logos.small",))
    events = decide(journey.state, command, journey.facts())
    assert not isinstance(events, Refusal)
    state = fold(events, journey.state)
    assert state.rejection is not None
    assert (state.rejection.reason, state.rejection.by) == ("The logo is blurred.", "maria")
    assert state.rejection.fields == ("marketing.logos.small",)
    journey.walk("reject as:ana request wait as:maria approve")
    assert journey.state.rejection is None


def test_a_failed_certification_tells_its_reason_and_may_be_asked_for_again() -> None:
    journey = Journey().walk("fail:certification certify wait")
    certification = journey.state.certification
    assert certification is not None and certification.state == "failed"
    assert "publisher.toml" in (certification.reason or "")
    journey.walk("mend certify wait")
    assert journey.state.certified == {"one"}


def test_a_checklist_point_by_point() -> None:
    journey = Journey(D).walk("stage wait")
    for point in D.checklist:
        assert _refused(journey, "request") == ("staging.tested",)
        events = decide(journey.state, Command("tested", points=(point,)), journey.facts())
        assert not isinstance(events, Refusal)
        journey.state = fold(events, journey.state)
    assert _refused(journey, "request") == ()


def test_a_listed_offer_is_removed_by_a_support_ticket_only() -> None:
    for situation in ("listed", "available", "update staged"):
        journey = Journey(roles=None).walk(SITUATIONS[situation])
        refusal = decide(journey.state, Command("discard"), journey.facts())
        assert isinstance(refusal, Refusal) and "support ticket" in refusal.reasons[0].message


def test_every_content_error_up_to_the_step_is_told() -> None:
    faults = tuple(
        Finding(f"rule.{step}", severity, step, ROOT / "marketing", "offer.toml", "Mend it.")
        for step in (1, 2, 3, 4)
        for severity in (Severity.ERROR, Severity.WARNING)
    )
    journey = Journey(T).walk("stage wait tested")
    facts = journey.facts()._replace(findings=faults, kind=T)
    for command, steps in (("stage", 4), ("request", 4), ("tested", 0)):
        reasons = refusal_reasons(journey.state, command, facts)
        assert [each.step for each in reasons] == list(range(1, steps + 1))
    certify = refusal_reasons(START, "certify", facts._replace(kind=V))
    assert [each.step for each in certify] == [1, 2, 3]
    assert {each.field for each in certify} == {"marketing"}


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (Command("stag"), 'There is no action "stag". Did you mean "stage"?'),
        (Command("tested", points=("marketing", "spelling")), 'There is no point "spelling".'),
        (Command("reject", " "), "The rejection has no reason."),
    ],
)
def test_what_makes_no_sense_is_refused(command: Command, message: str) -> None:
    way = TO_STAGED if command.action == "tested" else TO_REVIEW
    journey = Journey().walk(f"{way} as:{'maria' if command.action == 'reject' else 'ana'}")
    refusal = decide(journey.state, command, journey.facts())
    assert isinstance(refusal, Refusal)
    (reason,) = refusal.reasons
    assert reason.rule == "status.wrong" and reason.message.startswith(message)


def test_the_page_shows_the_table_as_it_is() -> None:
    assert PAGE.read_text("utf-8") == lifecycle_page(), "make docs writes it anew"
