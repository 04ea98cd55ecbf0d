"""Who acted: the account of the process, the one that logged in, and whose file it was."""

import json
import os
import pwd
from datetime import timedelta
from pathlib import Path

import pytest

from state.domain import environment as world
from state.domain.actions import REMARK, Command
from state.domain.errors import StorageError
from state.domain.events import MARKETPLACE, Event, Kind
from state.domain.findings import Refusal
from state.domain.offer_state import Status
from state.engine import Done, Engine
from state.engine.transaction import Transaction
from tests.directories import write_examples
from tests.support import NOW
from tui.app import VitrinaApp
from tui.main import main

RATES = "contoso-rates"
EDIT = ('title = "Contoso Rates"', 'title = "Rates"')
ROLES = ("[marketplace]\n", '[roles]\npublishers = ["root", "ana"]\n'
         'approvers = ["maria", "luis", "root"]\n[marketplace]\n')  # fmt: skip


class Host:
    """A machine on which people log in, and act as another account where they like.

    Args:
        root: The working directory, laid with the examples.
    """

    def __init__(self, root: Path) -> None:
        self.root, self.now = root, NOW
        write_examples(root, publisher=[ROLES])

    def engine(self, actor: str, login: str | None = None) -> Engine:
        """What somebody starts who logged in as one account and acts as another."""
        return Engine(self.root, lambda: self.now, actor, lambda path: "ana", login)

    def ask(self, action: str, actor: str, login: str | None = None) -> Done | Refusal:
        """Ask for something, and let the stages that it begins pass."""
        outcome = self.engine(actor, login).perform(RATES, Command(action, "because"))
        self.now += timedelta(minutes=1)
        return outcome

    def requested_by(self, actor: str, login: str | None = None) -> None:
        """Bring an offer to its final review."""
        for action in ("stage", "tested", "request"):
            done = self.ask(action, actor, login)
            assert isinstance(done, Done), done


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host(tmp_path)


def rules(outcome: Done | Refusal) -> list[str]:
    assert isinstance(outcome, Refusal)
    return [reason.rule for reason in outcome.reasons]


def test_who_requested_through_sudo_approves_neither_way(host: Host) -> None:
    host.requested_by("root", login="maria")
    assert rules(host.ask("approve", "maria")) == ["four_eyes"]
    assert rules(host.ask("approve", "luis", login="maria")) == ["four_eyes"]
    assert rules(host.ask("approve", "root", login="luis")) == ["four_eyes"]
    assert isinstance(host.ask("approve", "luis"), Done)


def test_who_requested_plainly_does_not_approve_through_sudo(host: Host) -> None:
    host.requested_by("ana")
    assert rules(host.ask("approve", "root", login="ana")) == ["four_eyes"]
    assert isinstance(host.ask("approve", "root", login="luis"), Done)


def test_who_requested_through_sudo_may_withdraw_it_without_sudo(host: Host) -> None:
    host.requested_by("root", login="eva")
    assert isinstance(host.ask("reject", "eva"), Done)
    assert host.engine("eva").offer(RATES).status is Status.REJECTED


def test_a_request_that_only_its_own_login_could_approve_is_refused(host: Host) -> None:
    publisher = host.root / "publisher.toml"
    text = publisher.read_text()
    publisher.write_text(text.replace('["maria", "luis", "root"]', '["maria", "root"]'))
    host.ask("stage", "root", "maria")
    host.ask("tested", "root", "maria")
    assert rules(host.ask("request", "root", "maria")) == ["role.approver"]


def test_the_login_is_recorded_where_it_is_another(host: Host) -> None:
    host.ask("stage", "root", login="maria")
    host.ask("tested", "ana", login="ana")
    pushed, *_, tested = host.engine("ana").offer(RATES).events[1:]
    assert (pushed.actor, pushed.login, pushed.who) == ("root", "maria", "root (maria)")
    assert (tested.actor, tested.login, tested.who) == ("ana", None, "ana")


def test_whoever_notices_an_edit_acted_and_the_file_is_its_owners(host: Host) -> None:
    host.ask("stage", "root")
    file = host.root / f"{RATES}.toml"
    file.write_text(file.read_text().replace(*EDIT))
    host.ask("remark", "luis")
    created, *_, edited, remark = host.engine("ana").offer(RATES).events
    assert (created.actor, created.file_of, created.kind) == ("root", "ana", Kind.CREATED)
    assert (edited.actor, edited.file_of, edited.kind) == ("luis", "ana", Kind.EDITED)
    assert edited.told == "edited, file of ana: marketing.title"
    assert remark.file_of is None


@pytest.mark.parametrize("command", ["history", "report"])
def test_commands_tell_whose_file_it_was_and_who_had_logged_in(
    host: Host, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    host.ask("stage", "root", login="maria")
    assert main(["-C", str(host.root), command, RATES]) == 0
    told = capsys.readouterr().out
    assert "root (maria)" in told and "created, file of ana" in told


def test_the_history_is_found_by_both_accounts(
    host: Host, capsys: pytest.CaptureFixture[str]
) -> None:
    host.ask("stage", "root", login="maria")
    for account in ("root", "maria"):
        main(["-C", str(host.root), "history", RATES, "--by", account, "--json"])
        created, pushed = json.loads(capsys.readouterr().out)
        assert (created["file_of"], pushed["actor"], pushed["login"]) == ("ana", "root", "maria")


def test_noticing_an_edit_is_no_request(host: Host) -> None:
    host.requested_by("ana")
    file = host.root / f"{RATES}.toml"
    file.write_text(file.read_text().replace(*EDIT))
    host.ask("remark", "maria")
    assert rules(host.ask("approve", "ana")) == ["role.approver", "four_eyes"]
    assert isinstance(host.ask("approve", "maria"), Done)


def test_an_account_without_a_name_is_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 54321)
    for name in ("USER", "LOGNAME", "USERNAME", "SUDO_USER", "HOME"):
        monkeypatch.setenv(name, "maria")
    assert world.current_account() == "uid:54321"


@pytest.mark.parametrize("name", ["", MARKETPLACE])
def test_no_account_passes_for_the_marketplace(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    entry = pwd.struct_passwd((name, "x", 1234, 1234, "", "/", "/bin/sh"))
    monkeypatch.setattr(pwd, "getpwuid", lambda uid: entry)
    assert world.account_name(1234) == "uid:1234"


@pytest.mark.parametrize(
    ("told", "account"),
    [("54321\n", "uid:54321"), ("4294967295", None), ("", None), ("none", None), (None, None)],
)
def test_the_login_is_what_the_system_tells(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, told: str | None, account: str | None
) -> None:
    if told is not None:
        (tmp_path / "loginuid").write_text(told)
    monkeypatch.setattr(world, "LOGIN", tmp_path / "loginuid")
    assert world.login_account() == account


def test_a_login_that_is_no_text_counts_as_none() -> None:
    assert Event(NOW, "ana", Kind.REMARK, data={"login": 7, "file_of": []}).who == "ana"


async def test_a_reviewer_sees_both_accounts_of_a_request(host: Host) -> None:
    host.requested_by("root", login="maria")
    for actor, waits in (("maria", "waits: luis decides"), ("luis", "waits for you")):
        app = VitrinaApp(host.engine(actor))
        async with app.run_test(size=(120, 30)) as pilot:
            app.open_offer(RATES, 2)
            await pilot.pause()
            picture = app.export_screenshot().replace("&#160;", " ")
            assert waits in picture and "by root (maria)" in picture


def test_nobody_writes_without_the_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As where publisher.toml changes between the look before the lock and the decision.
    monkeypatch.setattr(Transaction, "_may_only_look", lambda *_: True)
    with pytest.raises(StorageError, match="Try again"):
        Host(tmp_path).engine("ana").perform(RATES, Command(REMARK, "no lock"))
    assert not (tmp_path / ".vitrina").exists()
