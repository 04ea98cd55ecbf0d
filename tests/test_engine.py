"""The one door: what people do with offers on disk, from the draft to production and back."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from state.domain.actions import Command
from state.domain.errors import StorageError, UnknownOfferError
from state.domain.events import Event, Kind
from state.domain.findings import Refusal
from state.domain.offer_state import Status
from state.engine import Done, Engine
from state.storage import working_directory as directories
from state.workspace.offer_view import OfferView
from tests.directories import files_in, write_examples, write_tree
from tests.support import EXAMPLES, NOW, Edit

RATES, VAULT = "contoso-rates", "contoso-vault"
PEOPLE = ('[marketplace]\n', '[roles]\npublishers = ["ana", "eva"]\napprovers = ["maria", "eva"]\n'
          "[marketplace]\n")  # fmt: skip
EDIT: Edit = ('title = "Contoso Rates"', 'title = "Contoso Rates 2"')


class Office:
    """People at one working directory, and its clock.

    Args:
        root: The working directory, laid with the examples.
        edits: Replacements in the publisher file.
    """

    def __init__(self, root: Path, *edits: Edit) -> None:
        self.root = root
        self.now: datetime = NOW
        write_examples(root, publisher=list(edits))

    def engine(self, actor: str = "ana") -> Engine:
        """A new engine of somebody, as after a restart."""
        return Engine(self.root, lambda: self.now, actor, owner_of=lambda path: "ana")

    def ask(self, action: str, offer: str = RATES, actor: str = "ana") -> Done | Refusal:
        """Ask for something."""
        return self.engine(actor).perform(offer, Command(action, "because"))

    def do(self, *actions: str, offer: str = RATES, actor: str = "ana") -> OfferView:
        """Do things, a minute apart, each of which has to succeed."""
        for action in actions:
            done = self.ask(action, offer, actor)
            assert isinstance(done, Done), done
            self.now += timedelta(minutes=1)
        return self.engine(actor).offer(offer)

    def edit(self, *edits: Edit, offer: str = RATES) -> None:
        """Edit an offer's file by hand."""
        path = self.root / f"{offer}.toml"
        text = path.read_text()
        for old, new in edits:
            assert old in text
            text = text.replace(old, new, 1)
        path.write_text(text)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office in which Ana publishes, Maria approves and Eva does both."""
    return Office(tmp_path, PEOPLE)


def kinds(view: OfferView) -> list[str]:
    return [str(event.kind) for event in view.events]


def rules(done: Done | Refusal) -> list[str]:
    """The rules of a refusal."""
    assert isinstance(done, Refusal)
    return [reason.rule for reason in done.reasons]


def everything_in(root: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}


# The way to production ----------------------------------------------------------------------------


def test_from_draft_to_available(office: Office) -> None:
    statuses = [office.engine().offer(RATES).status]
    for action, actor in (
        ("stage", "ana"), ("tested", "ana"), ("request", "ana"), ("approve", "maria"),
        ("production-tested", "eva"),
    ):  # fmt: skip
        statuses.append(office.do(action, actor=actor).status)
    assert statuses == [
        Status.DRAFT, Status.STAGED, Status.STAGED, Status.PRODUCTION_REQUESTED,
        Status.AVAILABLE, Status.AVAILABLE,
    ]  # fmt: skip
    view = office.engine().offer(RATES)
    assert kinds(view) == [
        "created", "pushed-to-staging", "staged", "staging-tested", "production-requested",
        "stage-passed", "approved", "listed", "available", "production-tested",
    ]  # fmt: skip
    assert [event.actor for event in view.events] == [
        "ana", "ana", "marketplace", "ana", "ana",
        "marketplace", "maria", "marketplace", "marketplace", "eva",
    ]  # fmt: skip
    assert view.steps_complete == 4 and view.next.text == "-" and not view.edited
    production = view.state.production
    assert production is not None and view.content is not None
    assert production.content == view.content.hash
    assert {event.content for event in view.events} == {view.content.hash}


def test_a_virtual_machine_is_certified_first(office: Office) -> None:
    assert rules(office.ask("stage", VAULT)) == ["certification.current"]
    view = office.do("certify", "stage", "tested", "request", offer=VAULT)
    assert view.state.certification is not None
    assert view.state.certification.state == "certified"
    assert view.status is Status.PRODUCTION_REQUESTED


def test_an_update_keeps_production_while_it_is_on_its_way(office: Office) -> None:
    first = office.do("stage", "tested", "request").content
    office.do("approve", actor="maria")
    office.edit(EDIT)
    assert office.engine().offer(RATES).edited
    view = office.do("stage")
    assert first is not None and view.state.production is not None
    assert view.state.production.content == first.hash
    assert view.status is Status.STAGED and not view.edited
    rejected = office.do("tested", "request", "reject")
    assert rejected.status is Status.REJECTED and rejected.state.production is not None


def test_what_was_requested_is_frozen(office: Office) -> None:
    before = office.do("stage", "tested", "request")
    assert before.content is not None
    office.edit(EDIT)
    view = office.do("approve", actor="maria")
    assert view.state.production is not None and view.edited
    assert view.state.production.content == before.content.hash
    kept = office.engine().workspace.versions.definition(view.state.production)
    assert kept.raw == (EXAMPLES / f"{RATES}.toml").read_bytes()


def test_a_version_is_kept_with_its_assets(office: Office) -> None:
    view = office.do("stage")
    version = view.state.staged
    assert version is not None and version.assets
    (office.root / f"{RATES}.toml").unlink()
    shutil.rmtree(office.root / "logos")
    versions = office.engine().workspace.versions
    for path, _ in version.assets:
        whole = (EXAMPLES / path).read_bytes()
        assert versions.assets(version).inspect(path, bytes, 1 << 20) == whole


def test_a_file_that_was_removed_leaves_the_offer_listed(office: Office) -> None:
    office.do("stage")
    (office.root / f"{RATES}.toml").unlink()
    view = office.engine().offer(RATES)
    assert [finding.rule for finding in view.errors] == ["file.missing"]
    assert view.status is Status.STAGED and view.content is None and view.edited
    assert rules(office.ask("request"))[0] == "file.missing"


# Looking ------------------------------------------------------------------------------------------


def test_looking_writes_nothing(office: Office) -> None:
    office.do("stage", "tested", "request")
    office.edit(EDIT)
    office.now += timedelta(hours=1)
    before = everything_in(office.root)
    for actor in ("ana", "maria", "nobody"):
        engine = office.engine(actor)
        assert engine.offers() == engine.offers()
        assert engine.offer(RATES) in engine.offers()
        assert engine.trash() == []
    assert everything_in(office.root) == before


def test_everybody_sees_the_same_events_whoever_looks_first(office: Office) -> None:
    office.do("stage")
    office.now += timedelta(hours=1)
    seen = office.engine("maria").offer(RATES).events
    assert kinds(office.engine().offer(RATES)) == ["created", "pushed-to-staging", "staged"]
    office.do("tested")
    assert office.engine().offer(RATES).events[:-1] == seen


def test_a_long_running_engine_sees_what_others_do(office: Office) -> None:
    watching = office.engine("maria")
    assert watching.offer(RATES).status is Status.DRAFT
    office.do("stage")
    assert watching.offer(RATES).status is Status.STAGED
    office.edit(EDIT)
    assert watching.offer(RATES).edited
    before = watching.offer(RATES).content
    (office.root / "logos" / RATES / "small.png").write_bytes(b"another picture")
    after = watching.offer(RATES).content
    assert before and after and before.hash != after.hash
    (office.root / "new-one.toml").write_text('type = "data-service"\n')
    assert "new-one" in [view.offer for view in watching.offers()]


# What people do by hand ---------------------------------------------------------------------------


def test_edits_by_hand_are_noticed_with_the_next_action(office: Office) -> None:
    office.do("remark")
    office.edit(EDIT)
    office.edit(("free = true", "free = true # still"))
    office.now += timedelta(minutes=5)
    edited = office.do("remark").events[-2]
    assert (edited.kind, edited.actor, edited.note) == (Kind.EDITED, "ana", "marketing.title")
    assert kinds(office.do("remark"))[-2:] == ["remark", "remark"]


def test_an_edit_that_nobody_can_read_is_noticed_once(office: Office) -> None:
    office.do("remark")
    office.edit(("free = true", "free = ["))
    edited = office.do("remark").events[-2]
    assert (edited.kind, edited.actor, edited.content) == (Kind.EDITED, "ana", None)
    assert "cannot be read, line" in (edited.note or "")
    assert kinds(office.do("remark"))[-2:] == ["remark", "remark"]
    office.edit(("free = [", "free = true"), EDIT)
    mended = office.do("remark").events[-2]
    assert (mended.kind, mended.note) == (Kind.EDITED, "marketing.title")


def test_a_remark_in_the_file_is_no_edit(office: Office) -> None:
    office.do("remark")
    office.edit(EDIT, (EDIT[1], EDIT[0] + "   # the same"))
    assert kinds(office.do("remark")) == ["created", "remark", "remark"]


def test_a_refusal_records_nothing(office: Office) -> None:
    office.do("remark")
    office.edit(EDIT)
    before = everything_in(office.root)
    assert isinstance(office.ask("request"), Refusal)
    assert isinstance(office.ask("approve", actor="nobody"), Refusal)
    assert everything_in(office.root) == before


def test_what_changes_while_it_is_pushed_is_refused(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = office.engine()
    engine.offers()
    monkeypatch.setattr(engine.workspace.directory.assets, "read", lambda path: b"another picture")
    with pytest.raises(StorageError, match="changed while it was read"):
        engine.perform(RATES, Command("stage"))
    assert office.engine().offer(RATES).events == ()


# Who may ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "actor", "wanted"),
    [
        ("approve", "ana", ["role.approver", "four_eyes"]),
        ("approve", "rob", ["role.approver"]),
        ("approve", "eva", []),
        ("reject", "ana", []),
        ("reject", "rob", ["role.approver"]),
        ("cancel", "ana", []),
        ("cancel", "maria", ["role.publisher"]),
        ("remark", "maria", []),
        ("remark", "rob", ["role.publisher"]),
    ],
)
def test_who_may_answer_a_request(
    office: Office, action: str, actor: str, wanted: list[str]
) -> None:
    office.do("stage", "tested", "request")
    done = office.ask(action, actor=actor)
    assert (rules(done) if isinstance(done, Refusal) else []) == wanted


ROLES = '[roles]\npublishers = ["ana"]\napprovers = {}\n[marketplace]\n'


@pytest.mark.parametrize(
    ("approvers", "four_eyes", "final_review", "wanted"),
    [
        ('["maria"]', "true", '"manual"', []),
        ('["ana"]', "true", '"manual"', ["role.approver"]),
        ('["ana"]', "false", '"manual"', []),
        ('["ana", "maria"]', "true", '"manual"', []),
        ("[]", "true", '"manual"', ["role.approver"]),
        ("[]", "false", '"manual"', ["role.approver"]),
        ("[]", "true", "3", []),
    ],
)
def test_a_request_that_nobody_could_approve(
    tmp_path: Path, approvers: str, four_eyes: str, final_review: str, wanted: list[str]
) -> None:
    office = Office(
        tmp_path,
        ("[marketplace]\n", ROLES.format(approvers)),
        ("four_eyes = true", f"four_eyes = {four_eyes}"),
        ('final_review = "manual"', f"final_review = {final_review}"),
    )
    office.do("stage", "tested")
    done = office.ask("request")
    assert (rules(done) if isinstance(done, Refusal) else []) == wanted


def test_four_eyes_stay_as_they_were_when_the_request_was_made(office: Office) -> None:
    office.do("stage", "tested", "request", actor="eva")
    publisher = office.root / "publisher.toml"
    publisher.write_text(publisher.read_text().replace("four_eyes = true", "four_eyes = false"))
    assert rules(office.ask("approve", actor="eva")) == ["four_eyes"]
    office.do("approve", actor="maria")


# Trouble ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "hint"),
    [("contoso-rate", '"contoso-rates"'), ("publisher", ""), ("", ""), ("../x", "")],
)
def test_an_unknown_offer(office: Office, name: str, hint: str) -> None:
    for ask in (
        lambda engine: engine.offer(name),
        lambda engine: engine.perform(name, Command("stage")),
        lambda engine: engine.discard([name]),
    ):
        with pytest.raises(UnknownOfferError) as error:
            ask(office.engine())
        assert hint in str(error.value)


def test_a_file_that_is_no_offer_takes_no_actions(tmp_path: Path) -> None:
    engine = write_tree(tmp_path, {"notes.toml": "title = 'x'\n"})
    with pytest.raises(UnknownOfferError, match="not an offer"):
        engine.perform("notes", Command("stage"))
    with pytest.raises(UnknownOfferError, match="not an offer"):
        engine.discard(["notes"])
    assert files_in(tmp_path) == {"notes.toml": b"title = 'x'\n"}


def test_a_broken_history_can_be_read_and_stops_this_offer_alone(office: Office) -> None:
    office.do("stage")
    path = office.root / ".vitrina" / "history" / f"{RATES}.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"ana"', b'"eva"', 1))
    view = office.engine().offer(RATES)
    assert view.broken and view.next.text == "history broken"
    assert all(reasons[0].rule == "history.broken" for reasons in view.actions.values())
    assert rules(office.ask("tested"))[0] == "history.broken"
    office.do("remark", offer=VAULT)


def test_a_version_whose_bytes_are_lost_stops_its_offer_alone(office: Office) -> None:
    office.do("stage")
    shutil.rmtree(office.root / ".vitrina" / "blobs")
    view = office.engine().offer(RATES)
    assert view.status is Status.STAGED and "is missing" in str(view.trouble)
    assert rules(office.ask("tested"))[0] == "history.broken"
    office.do("remark", offer=VAULT)


def test_another_program_that_acts_is_waited_for(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directories, "LOCK_SECONDS", 0.1)
    with office.engine().transaction(), pytest.raises(StorageError, match="held by ana, process"):
        office.ask("remark")
    office.do("remark")


def test_a_clock_that_goes_back_stops_nothing(office: Office) -> None:
    office.do("stage")
    office.now = NOW - timedelta(days=40)
    view = office.engine().offer(RATES)
    assert view.status is Status.STAGED, "nobody waits for a wrong clock"
    assert office.do("tested", "request").status is Status.PRODUCTION_REQUESTED
    times = [event.at for event in office.engine().offer(RATES).events]
    assert times == sorted(times)


def test_events_bear_the_time_at_which_the_stage_ended(office: Office) -> None:
    asked = office.now
    office.do("stage")
    office.now += timedelta(days=30)
    event: Event = office.engine().offer(RATES).events[-1]
    assert (event.kind, event.at) == (Kind.STAGED, asked + timedelta(seconds=5))
    office.do("tested")
    assert office.engine().offer(RATES).events[-2].at == event.at
