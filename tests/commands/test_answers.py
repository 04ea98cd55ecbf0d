"""``--content``: a command is about the content that it names, or is refused."""

from hashlib import sha256
from pathlib import Path

import pytest

from tests.commands.conftest import Run, edit

DATA, MACHINE = "contoso-rates", "contoso-vault"
OTHER = "sha256:" + "0" * 64

COMMANDS: dict[str, tuple[list[str], list[str]]] = {
    "certify": ([], ["certify", MACHINE]),
    "stage": ([], ["stage", DATA]),
    "tested": (["stage"], ["tested", DATA]),
    "request": (["stage", "tested"], ["request", DATA]),
    "approve": (["stage", "tested", "request"], ["approve", DATA]),
    "reject": (["stage", "tested", "request"], ["reject", DATA, "--reason", "no"]),
    "cancel": (["stage", "tested", "request"], ["cancel", DATA]),
    "production-tested": (
        ["stage", "tested", "request", "approve"], ["tested", DATA, "--production"],
    ),
    "revert": (["stage", "tested", "request", "approve"], ["revert", DATA, "--yes"]),
    "rename": ([], ["rename", DATA, "contoso-new"]),
    "discard": ([], ["discard", DATA, "--yes"]),
}  # fmt: skip
"""What comes before each action, and its command."""


@pytest.mark.parametrize("action", COMMANDS)
def test_another_content_than_the_one_named_is_refused(run: Run, action: str) -> None:
    before, command = COMMANDS[action]
    for each in before:
        assert run(each, DATA).status == 0
    content = run("show", command[1], "--json").json["content"]
    recorded = run("history", command[1], "--json").json
    ran = run(*command, "--content", OTHER, "--json")
    assert (ran.status, ran.json["refused"]) == (3, action)
    (reason,) = ran.json["reasons"]
    assert (reason["rule"], reason["step"], reason["field"]) == ("changed.since_shown", None, None)
    assert "0000 0000" in reason["message"] and content[7:11] in reason["message"]
    assert run("history", command[1], "--json").json == recorded
    assert run(*command, "--content", content[7:15].upper()).status == 0


@pytest.mark.parametrize("action", COMMANDS)
@pytest.mark.parametrize(
    "said", ["1234567", "sha256:1234567", "zzzzzzzz", "", "12345678 ", "0" * 65]
)
def test_what_is_no_hash_is_wrong_usage(run: Run, action: str, said: str) -> None:
    ran = run(*COMMANDS[action][1], "--content", said)
    assert ran.status == 2 and "8 or more" in ran.err and not ran.out


@pytest.mark.parametrize("action", COMMANDS)
def test_the_help_says_which_content_is_meant(run: Run, action: str) -> None:
    help = " ".join(run(COMMANDS[action][1][0], "--help").out.split())
    assert "--content HASH refuse unless this is the content of" in help


@pytest.mark.parametrize("command", ["restore", "remark", "new"])
def test_what_is_about_no_content_takes_none(run: Run, command: str) -> None:
    assert run(command, DATA, "hello", "--content", OTHER).status == 2
    assert "--content" not in run(command, "--help").out


def test_what_is_under_way_is_meant_not_the_draft(run: Run, directory: Path) -> None:
    for each in ("stage", "tested", "request"):
        run(each, DATA)
    under_way = run("show", DATA, "--json").json["content"]
    edit(directory / f"{DATA}.toml", 'title = "', 'title = "New ')
    draft = run("show", DATA, "--json").json["content"]
    assert run("approve", DATA, "--content", draft).status == 3
    assert run("approve", DATA, "--content", under_way).status == 0


def test_a_file_that_cannot_be_read_is_named_by_its_bytes(run: Run, directory: Path) -> None:
    raw = b"type = [\n"
    (directory / f"{DATA}.toml").write_bytes(raw)
    assert run("discard", DATA, "--yes", "--content", OTHER).status == 3
    assert run("discard", DATA, "--yes", "--content", sha256(raw).hexdigest()).status == 0


def test_the_test_says_for_which_content(run: Run, directory: Path) -> None:
    run("stage", DATA)
    staged = run("show", DATA, "--json").json["content"]
    edit(directory / f"{DATA}.toml", 'title = "', 'title = "New ')
    assert f"staging test of content {staged[7:15]} recorded" in run("tested", DATA).out
    assert run("tested", DATA, "--json").json["tested"] == staged


def test_a_draft_that_changed_while_the_question_stood_stays(
    run: Run, directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = directory / f"{DATA}.toml"

    def saved_meanwhile(question: str) -> bool:
        edit(file, 'title = "', 'title = "New ')
        return True

    monkeypatch.setattr("tui.cli.discard_restore.has_terminal", lambda: True)
    monkeypatch.setattr("tui.cli.discard_restore.confirm", saved_meanwhile)
    ran = run("discard", DATA)
    assert ran.status == 3 and "changed.since_shown" in ran.err and file.exists()


def test_a_request_that_nobody_here_can_approve_warns(run: Run, directory: Path) -> None:
    text = (directory / "publisher.toml").read_text()
    me = run("show", DATA, "--json") and run("remark", DATA, "x") and run("history", DATA, "--json")
    actor = me.json[-1]["actor"]
    roles = f'[roles]\npublishers = ["{actor}"]\napprovers = ["no-such-account-here"]\n'
    (directory / "publisher.toml").write_text(text + "\n" + roles)
    for each in ("stage", "tested"):
        assert run(each, DATA).status == 0
    ran = run("request", DATA)
    assert ran.status == 0 and "no-such-account-here" in ran.err
