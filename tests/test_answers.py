"""An answer belongs to its question: what is there by now is another, so nothing is done."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from state.domain.actions import ACTIONS, Command, Shown
from state.domain.findings import Reason, Refusal
from state.engine import Done, Engine
from state.engine.drafts import rename
from state.engine.revert import preview_revert, revert
from state.storage.working_directory import WorkingDirectory
from state.workspace.offer_view import OfferView
from tests.engine_harness import DATA, MACHINE, EngineHarness, done, only_readers

OTHER = Shown("sha256:" + "0" * 64)

Answer = Callable[[Engine, str, Shown], Done | Refusal]


def _performed(action: str) -> Answer:
    return lambda engine, offer, shown: engine.perform(
        offer, Command(action, "because", shown=shown)
    )


ANSWERS: dict[str, Answer] = {
    **{action: _performed(action) for action in ("certify", "stage", "tested", "request")},
    **{action: _performed(action) for action in ("approve", "reject", "cancel")},
    "production-tested": _performed("production-tested"),
    "discard": lambda engine, offer, shown: engine.discard([offer], {offer: shown}),
    "rename": lambda engine, offer, shown: rename(engine, offer, "contoso-new", shown),
    "revert": lambda engine, offer, shown: revert(engine, offer, ("marketing",), shown=shown),
}
"""Every action that a person confirms, as its answer reaches the engine."""

WAYS = {
    "certify": ("", "draft"),
    "stage": ("", "draft"),
    "discard": ("", "draft"),
    "rename": ("", "draft"),
    "tested": ("stage", "staged"),
    "request": ("stage tested", "draft"),
    "approve": ("stage tested request", "under way"),
    "reject": ("stage tested request", "under way"),
    "cancel": ("stage tested request", "under way"),
    "revert": ("stage tested request approve", "draft"),
    "production-tested": ("stage tested request approve", "production"),
}
"""How an offer comes to be where an action is allowed, and which content that is about."""


def offer_of(action: str) -> str:
    """The offer on which an action is tried."""
    return MACHINE if action == "certify" else DATA


def at(desk: EngineHarness, action: str) -> OfferView:
    """An offer at which an action is allowed; its draft differs where it is about something else."""
    way, about = WAYS[action]
    for word in way.split():
        desk.do(DATA, word)
    if about != "draft" or action == "revert":
        desk.rewrite(DATA, 'title = "', 'title = "New ')
    return desk.engine.offer(offer_of(action))


def content_of(view: OfferView, about: str) -> str:
    """The content that an action is about."""
    run, state = view.state.run, view.state
    version = {
        "draft": view.content and view.content.hash,
        "staged": state.staged and state.staged.content,
        "under way": run and run.version.content,
        "production": state.production and state.production.content,
    }[about]
    assert version
    return version


def changed(answer: Done | Refusal) -> Reason:
    """The first reason of a refusal."""
    assert isinstance(answer, Refusal), answer
    reason = answer.reasons[0]
    assert (reason.rule, reason.step, reason.field) == ("changed.since_shown", None, None)
    return reason


def test_every_action_that_is_confirmed_is_in_the_table() -> None:
    assert set(ANSWERS) == set(WAYS) == set(ACTIONS) - {"edit", "remark"}


@pytest.mark.parametrize("action", ANSWERS)
def test_an_answer_is_about_the_content_that_was_shown(desk: EngineHarness, action: str) -> None:
    view, answer = at(desk, action), ANSWERS[action]
    content = content_of(view, WAYS[action][1])
    shown = view.shown(action)
    assert shown.content == content
    events = desk.kinds(view.offer)
    for other in (OTHER, Shown(None), Shown("sha256:12345678")):
        assert desk.kinds(view.offer) == events
        message = changed(answer(desk.engine, view.offer, other)).message
        assert content.removeprefix("sha256:")[:4] in message
    for same in (shown, Shown(content[: len("sha256:") + 8])):
        assert not view.against(action, same)
    assert isinstance(answer(desk.engine, view.offer, shown), Done)


@pytest.mark.parametrize("action", [name for name, (_, about) in WAYS.items() if about == "draft"])
def test_what_was_saved_since_is_not_acted_upon(desk: EngineHarness, action: str) -> None:
    view = at(desk, action)
    desk.rewrite(view.offer, 'title = "', 'title = "Newer ')
    changed(ANSWERS[action](desk.engine, view.offer, view.shown(action)))
    assert view.against(action, view.shown(action)) == ()
    assert desk.engine.offer(view.offer).against(action, view.shown(action))


@pytest.mark.parametrize("action", ["stage", "approve", "revert", "discard"])
def test_what_changes_while_the_lock_is_awaited_counts(
    desk: EngineHarness, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    view, lock = at(desk, action), WorkingDirectory.lock
    shown = view.shown(action)
    planned = preview_revert(desk.engine, DATA, ("marketing",)) if action == "revert" else None

    def overtaken(directory: WorkingDirectory, *account: str):  # type: ignore[no-untyped-def]
        monkeypatch.setattr(WorkingDirectory, "lock", lock)
        if action == "approve":
            desk.do(DATA, "cancel")
            desk.do(DATA, "stage")
            desk.do(DATA, "tested")
            desk.do(DATA, "request")
        else:
            desk.rewrite(view.offer, 'title = "', 'title = "Newer ')
        return lock(directory, *account)

    monkeypatch.setattr(WorkingDirectory, "lock", overtaken)
    if planned:
        changed(revert(desk.engine, DATA, ("marketing",), planned=planned))
    else:
        changed(ANSWERS[action](desk.engine, view.offer, shown))


@pytest.mark.parametrize("action", ["approve", "reject", "cancel"])
def test_the_same_content_asked_for_again_is_another_request(
    desk: EngineHarness, action: str
) -> None:
    view = at(desk, action)
    desk.do(DATA, "cancel")
    desk.file(DATA).write_text(desk.file(DATA).read_text().replace('"New ', '"', 1))
    desk.now -= timedelta(days=3)
    done(desk.as_("ben").perform(DATA, Command("request")))
    desk.now += timedelta(seconds=30)
    again = desk.engine.offer(DATA).shown(action)
    assert again.content == view.shown(action).content and again != view.shown(action)
    message = changed(ANSWERS[action](desk.engine, DATA, view.shown(action))).message
    assert "requested again" in message


def test_a_certification_is_not_the_push_that_followed_it(desk: EngineHarness) -> None:
    desk.engine.perform(MACHINE, Command("certify"))
    shown = desk.engine.offer(MACHINE).shown("cancel")
    desk.now += timedelta(seconds=30)
    desk.engine.perform(MACHINE, Command("stage"))
    changed(ANSWERS["cancel"](desk.engine, MACHINE, shown))


@pytest.mark.parametrize("raw", [b"type = [\n", b"\xff\xfe"])
def test_a_file_that_cannot_be_read_goes_by_its_bytes(desk: EngineHarness, raw: bytes) -> None:
    desk.file(DATA).write_bytes(raw)
    shown = desk.engine.offer(DATA).shown("discard")
    desk.file(DATA).write_bytes(raw + b"\n")
    changed(ANSWERS["discard"](desk.engine, DATA, shown))
    desk.file(DATA).write_bytes(raw)
    done(ANSWERS["discard"](desk.engine, DATA, shown))


def test_a_file_that_went_away_or_came_back_is_no_longer_what_was_shown(
    desk: EngineHarness,
) -> None:
    done(desk.engine.perform(DATA, Command("remark", "here")))
    there, raw = desk.engine.offer(DATA).shown("discard"), desk.file(DATA).read_bytes()
    desk.file(DATA).unlink()
    gone = desk.engine.offer(DATA).shown("discard")
    changed(ANSWERS["discard"](desk.engine, DATA, there))
    desk.file(DATA).write_bytes(raw)
    changed(ANSWERS["discard"](desk.engine, DATA, gone))


def test_one_of_several_drafts_that_changed_keeps_all_of_them(desk: EngineHarness) -> None:
    offers = [DATA, MACHINE]
    shown = {offer: desk.engine.offer(offer).shown("discard") for offer in offers}
    desk.rewrite(MACHINE, 'title = "', 'title = "New ')
    assert changed(desk.engine.discard(offers, shown)).message.startswith(f"{MACHINE}: ")
    assert all(desk.file(offer).exists() for offer in offers)


def test_a_changed_content_is_told_beside_every_other_reason(desk: EngineHarness) -> None:
    only_readers(desk)
    refused = ANSWERS["discard"](desk.engine, DATA, OTHER)
    assert isinstance(refused, Refusal)
    assert [each.rule for each in refused.reasons] == ["changed.since_shown", "role.publisher"]


# What a request keeps ------------------------------------------------------------------------------


def test_a_request_keeps_the_policy_that_it_was_made_under(
    desk: EngineHarness, tmp_path: Path
) -> None:
    publisher = tmp_path / "publisher.toml"
    with publisher.open("a") as file:
        file.write('\n[roles]\npublishers = ["ana"]\napprovers = ["maria", "eva"]\n')
    desk.stage(DATA)
    desk.do(DATA, "tested")
    (event,) = done(desk.engine.perform(DATA, Command("request"))).events
    publisher.write_text(publisher.read_text().replace('"maria", ', ""))
    assert desk.engine.offer(DATA).events[-1].data["policy"] == event.data["policy"]
    assert event.data["policy"] == {
        "four_eyes": False,
        "publishers": ["ana"],
        "approvers": ["maria", "eva"],
    }


@pytest.mark.parametrize(
    ("approvers", "accounts", "review", "warned"),
    [
        (["maria"], ["ana"], "manual", True),
        (["maria", "eva"], ["ana"], "manual", True),
        (["maria", "eva"], ["eva"], "manual", False),
        (["ana", "maria"], ["ana"], "manual", True),
        (["maria"], ["ana"], "1", False),
        (None, [], "manual", False),
    ],
)
def test_a_request_that_no_account_here_can_approve_is_made_with_a_warning(
    tmp_path: Path, approvers: list[str] | None, accounts: list[str], review: str, warned: bool
) -> None:
    desk, publisher = EngineHarness(tmp_path), tmp_path / "publisher.toml"
    text = publisher.read_text().replace("four_eyes = false", "four_eyes = true")
    if review != "manual":
        text = text.replace('final_review = "manual"', f"final_review = {review}")
    if approvers:
        names = str(approvers).replace("'", '"')
        text += f'\n[roles]\npublishers = ["ana"]\napprovers = {names}\n'
    publisher.write_text(text)
    desk.engine = Engine(tmp_path, lambda: desk.now, "ana", has_account=accounts.__contains__)
    desk.stage(DATA)
    desk.do(DATA, "tested")
    made = done(desk.engine.perform(DATA, Command("request")))
    assert made.events and bool(made.notes) == warned
    if warned:
        assert '"maria"' in made.notes[0] and "no approver" in made.notes[0].lower()
