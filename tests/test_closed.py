"""What an account may not read: told as that, with its owner, and never as broken or as a draft."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from state.domain.actions import Command
from state.domain.environment import owner_of
from state.domain.errors import UnknownOfferError
from state.domain.findings import Refusal
from state.engine import Done, Engine
from state.engine.accept_history import accept
from state.engine.create import create
from state.engine.draft_writer import DraftingError
from state.engine.drafts import edit, rename
from state.engine.renew_tokens import renew
from state.engine.revert import revert
from tests.engine_harness import DATA, MACHINE, EngineHarness, only_readers
from tui.app import VitrinaApp
from tui.main import main

Close = Callable[..., None]
Run = Callable[..., Any]


@pytest.fixture
def close(monkeypatch: pytest.MonkeyPatch) -> Close:
    """Take paths, with everything below them, away from this account."""
    denied: list[Path] = []

    def is_denied(path: Any) -> bool:
        return isinstance(path, str | Path) and any(
            each in (Path(path), *Path(path).parents) for each in denied
        )

    def guarded(real: Any) -> Any:
        def guard(path: Any, *rest: Any, **named: Any) -> Any:
            if is_denied(path):
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, *rest, **named)

        return guard

    for name in ("open", "scandir", "listdir"):
        monkeypatch.setattr(os, name, guarded(getattr(os, name)))
    for name in ("iterdir", "glob"):
        monkeypatch.setattr(Path, name, guarded(getattr(Path, name)))
    return lambda *paths: denied.extend(paths)


@pytest.fixture
def run(desk: EngineHarness, capsys: pytest.CaptureFixture[str]) -> Run:
    def call(*arguments: str) -> tuple[int, Any, str]:
        status = main(["-C", str(desk.root), *arguments, "--json"])
        out, err = capsys.readouterr()
        return status, json.loads(out) if out else None, err

    return call


def told(path: Path, message: str) -> bool:
    """Whether a message names a file, its owner and the command that opens it."""
    opened = f"chmod g+r {path}" in message or f"chmod g+rx {path}" in message
    return path.name in message and f"It belongs to {owner_of(path)}" in message and opened


CLOSED = {
    "a history": f"history/{DATA}.jsonl",
    "a head": f"heads/{DATA}",
}


@pytest.mark.parametrize("what", CLOSED)
def test_a_history_that_may_not_be_read_has_no_status(
    desk: EngineHarness, run: Run, close: Close, what: str
) -> None:
    desk.publish(DATA)
    path = desk.root / ".vitrina" / CLOSED[what]
    size = path.stat().st_size
    close(path)
    status, shown, err = run("show", DATA)
    assert status == 4 and told(path, err) and told(path, shown["error"]["message"])
    empty = ("status", "production", "certification", "rejection", "history_broken")
    assert [shown[key] for key in empty] == [None] * 5
    assert not shown["may_request_production"]
    assert not any(step["complete"] for step in shown["steps"])
    assert all(
        [reason["rule"] for reason in action["reasons"]] == ["history.unreadable"]
        for action in shown["actions"]
    )
    assert run("check", DATA)[0] == 4
    for command in (["history", DATA], ["diff", DATA], ["wait", DATA]):
        status, failed, _ = run(*command)
        assert status == 4 and told(path, failed["error"]["message"]), command
        assert failed["error"]["code"] == "history.unreadable", command
    assert path.stat().st_size == size


def test_the_others_go_on(desk: EngineHarness, run: Run, close: Close) -> None:
    desk.publish(DATA)
    path = desk.root / f".vitrina/history/{DATA}.jsonl"
    _, before, _ = run("list")
    close(path)
    status, listed, err = run("list")
    assert status == 0 and told(path, err)
    assert [each["offer"] for each in listed] == [each["offer"] for each in before]
    [closed] = [each for each in listed if each["offer"] == DATA]
    assert closed["status"] is None and closed["next"] == "history unreadable"
    assert [each for each in listed if each != closed] == [
        each for each in before if each["offer"] != DATA
    ]
    status, checked, _ = run("check")
    assert status == 4 and len(checked) == len(before)
    status, verified, _ = run("verify")
    assert status == 4
    assert [each["offer"] for each in verified if each["unreadable"]] == [DATA]
    assert all(each["broken"] is None for each in verified)


@pytest.mark.parametrize("folder", ["history", "heads", "blobs", "trash", ""])
def test_a_whole_directory_may_be_closed(
    desk: EngineHarness, run: Run, close: Close, folder: str
) -> None:
    desk.publish(DATA)
    assert not isinstance(desk.engine.discard([MACHINE]), Refusal)
    close(desk.root / ".vitrina" / folder)
    status, listed, _ = run("list")
    assert status == 0 and len(listed) > 3
    unreadable = {each["offer"] for each in listed if each["next"] == "history unreadable"}
    assert (DATA in unreadable) == (folder != "trash")
    assert not any(each["next"] == "history broken" for each in listed)
    if folder == "trash":
        for command in (["trash"], ["restore", MACHINE, "--as", "contoso-back"]):
            status, failed, _ = run(*command)
            assert status == 4 and told(desk.root / ".vitrina/trash", failed["error"]["message"])


def test_every_action_is_refused_and_nothing_is_accepted(desk: EngineHarness, close: Close) -> None:
    desk.publish(DATA)
    close(desk.root / f".vitrina/history/{DATA}.jsonl")
    engine = desk.as_("ana")
    refusals = [engine.perform(DATA, Command(each, "no")) for each in ("stage", "remark")]
    refusals += [engine.discard([DATA]), accept(engine, DATA)]
    for each in refusals:
        assert isinstance(each, Refusal)
        assert [reason.rule for reason in each.reasons] == ["history.unreadable"]


def test_a_kept_definition_that_may_not_be_read_is_not_lost(
    desk: EngineHarness, run: Run, close: Close
) -> None:
    desk.publish(DATA)
    production = desk.engine.offer(DATA).state.production
    assert production is not None
    path = desk.root / ".vitrina/blobs" / str(production.definition)
    close(path)
    status, shown, err = run("show", DATA)
    assert (status, shown["status"], shown["history_broken"]) == (4, "available", None)
    assert told(path, err)
    assert {reason["rule"] for each in shown["actions"] for reason in each["reasons"]} == {
        "history.unreadable"
    }
    assert "vitrina verify --accept" not in err


@pytest.mark.parametrize("what", ["definition", "asset"])
def test_a_kept_content_that_may_not_be_read_is_not_missing(
    desk: EngineHarness, run: Run, close: Close, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    desk.publish(DATA)
    production = desk.engine.offer(DATA).state.production
    assert production is not None
    digest = production.definition if what == "definition" else production.assets[0][1]
    path = desk.root / ".vitrina/blobs" / str(digest)
    close(path)
    status, verified, _ = run("verify")
    [found] = [each for each in verified if each["unreadable"]]
    assert status == 4 and found["offer"] == DATA and told(path, found["unreadable"])
    assert found["events"] > 1 and not found["missing"] and found["broken"] is None
    assert main(["-C", str(desk.root), "verify"]) == 4
    said = capsys.readouterr().out
    assert told(path, said) and "damaged" not in said and "1 unreadable" in said


def test_a_comparison_with_what_may_not_be_read_is_trouble(
    desk: EngineHarness, run: Run, close: Close
) -> None:
    desk.publish(DATA)
    path = desk.file(DATA)
    close(path)
    for options in ([], ["--three-way"], ["--from", "staged"]):
        status, failed, _ = run("diff", DATA, *options)
        assert status == 4 and failed["error"]["code"] == "file.trouble", options
        assert told(path, failed["error"]["message"])
    assert run("diff", DATA, "--from", "staged", "--to", "production")[0] == 0


def test_a_definition_that_may_not_be_read_is_neither_a_draft_nor_gone(
    desk: EngineHarness, run: Run, close: Close, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.publish(DATA)
    _, before, _ = run("show", DATA)
    path = desk.file(DATA)
    close(path)
    status, shown, err = run("show", DATA)
    assert status == 4 and told(path, err)
    assert (shown["status"], shown["production"]) == (before["status"], before["production"])
    assert shown["content"] is None and shown["edited"] is False
    [finding] = [each for step in shown["steps"] for each in step["findings"]]
    assert finding["rule"] == "file.missing" and told(path, finding["message"])
    for asked in ([DATA], []):
        status, checked, err = run("check", *asked)
        [error] = [each["error"] for each in checked if each["offer"] == DATA]
        assert status == 4 and told(path, err) and told(path, error["message"])
        assert error["code"] == "file.trouble"
        assert [each["offer"] for each in checked if each["error"]] == [DATA]
        main(["-C", str(desk.root), "check", *asked])
        assert told(path, capsys.readouterr().err)


def test_what_needs_a_definition_that_may_not_be_read_is_refused_as_show_says(
    desk: EngineHarness, run: Run, close: Close
) -> None:
    desk.remark("words", MACHINE)
    seen, title = desk.file(MACHINE).read_bytes(), desk.field(MACHINE, "marketing.title")
    close(desk.file(MACHINE))
    _, shown, _ = run("show", MACHINE)
    listed = {each["name"]: each["reasons"] for each in shown["actions"]}
    assert [each["rule"] for each in listed["discard"]] == ["file.missing"]
    assert told(desk.file(MACHINE), listed["discard"][0]["message"])
    for action, command in {
        "discard": ["discard", MACHINE, "--yes"],
        "rename": ["rename", MACHINE, "contoso-new"],
        "revert": ["revert", MACHINE, "--yes"],
    }.items():
        status, refusal, _ = run(*command)
        assert (status, refusal["reasons"]) == (3, listed[action]), action
    edited = edit(desk.as_("ana"), MACHINE, title, "x", seen=seen)
    assert isinstance(edited, Refusal) and edited.reasons[0].rule == "file.missing"
    renewed = renew(desk.as_("ana"), MACHINE, "sp=r")
    assert isinstance(renewed, Refusal)
    assert [each.rule for each in renewed.reasons].count("file.missing") == 1
    assert not listed["remark"] and run("remark", MACHINE, "words")[0] == 0


def test_a_publisher_file_that_may_not_be_read_names_its_owner(
    desk: EngineHarness, run: Run, close: Close
) -> None:
    path = desk.root / "publisher.toml"
    close(path)
    status, _, err = run("list")
    assert status == 4 and told(path, err)


UNTRUE = ("broken", "draft since", "accept", "are complete", "yet")
"""What no screen says of an offer of which nobody can tell."""


async def test_the_screens_say_it_calmly(desk: EngineHarness, close: Close) -> None:
    desk.publish(DATA)
    close(desk.root / f".vitrina/history/{DATA}.jsonl")
    app = VitrinaApp(Engine(desk.root, lambda: desk.now, "ana"))
    async with app.run_test(size=(120, 30)) as pilot:
        await pilot.pause()
        assert "unreadable" in app.export_screenshot()
        for number in (1, 2, 3):
            app.open_offer(DATA, number)
            await pilot.pause()
            picture = app.export_screenshot().replace("&#160;", " ")
            assert "may not be read by this account" in picture, number
            assert not any(word in picture for word in UNTRUE), number


SCRIPT = "import sys; from tui.main import main; sys.exit(main(sys.argv[1:]))"


@pytest.mark.slow
@pytest.mark.skipif(
    os.getuid() != 0 or shutil.which("setpriv") is None, reason="needs root and setpriv"
)
@pytest.mark.parametrize("name", [f".vitrina/history/{DATA}.jsonl", ".vitrina/history", ".vitrina"])
def test_another_account_is_told_the_command_that_opens_it(name: str) -> None:
    # Not in the directory of pytest, which every other run closes to other accounts.
    with tempfile.TemporaryDirectory() as base:
        Path(base).chmod(0o755)
        desk = EngineHarness(Path(base))
        desk.publish(DATA)
        path = desk.root / name
        path.chmod(0o700 if path.is_dir() else 0o600)
        found = _shown_to_another(desk.root)
        assert found.returncode == 4 and found.stdout, found.stderr
        assert json.loads(found.stdout).get("status", 0) is None, found.stdout
        opens = "rx" if path.is_dir() else "r"
        assert f"It belongs to root, who opens it with: chmod o+{opens} {path}" in found.stderr


def _shown_to_another(root: Path) -> "subprocess.CompletedProcess[str]":
    """What ``show`` says to an account that is in no group."""
    command = ["setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"]
    call = [*command, sys.executable, "-c", SCRIPT, "-C", str(root), "show", DATA, "--json"]
    return subprocess.run(
        call, capture_output=True, text=True, cwd=Path(__file__).parent.parent, check=False
    )


@pytest.mark.parametrize("actor", ["luis", "ana"])
def test_whoever_is_refused_leaves_nothing_behind(
    desk: EngineHarness, close: Close, actor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_readers(desk)
    (desk.root / ".vitrina/history").mkdir(parents=True)
    if actor == "ana":
        (desk.root / f".vitrina/history/{DATA}.jsonl").write_text("x")
        close(desk.root / f".vitrina/history/{DATA}.jsonl")
    before = sorted(desk.root.rglob("*"))
    engine = desk.as_(actor)
    seen = desk.file(DATA).read_bytes()
    title = desk.field(DATA, "marketing.title")
    refusals = [engine.perform(DATA, Command(each, "no")) for each in ("stage", "remark", "cancel")]
    refusals += [
        engine.discard([DATA]),
        accept(engine, DATA),
        edit(engine, DATA, title, "x", seen=seen),
        rename(engine, DATA, "contoso-new"),
        renew(engine, DATA, "sp=r"),  # type: ignore[list-item]
    ]
    for each in refusals:
        assert isinstance(each, Refusal)
        assert {reason.rule for reason in each.reasons} & {"role.publisher", "history.unreadable"}
    for act in (lambda: engine.restore(DATA), lambda: create(engine, "contoso-new", None, DATA)):
        with pytest.raises((DraftingError, UnknownOfferError)):
            act()
    assert sorted(desk.root.rglob("*")) == before


PUBLISHERS = ("certify", "stage", "tested", "request", "cancel", "production-tested")


@pytest.mark.parametrize(
    ("actor", "rule", "actions"),
    [("luis", "role.publisher", PUBLISHERS), ("eva", "role.approver", ("approve", "reject"))],
)
def test_whoever_is_refused_for_one_role_leaves_nothing_behind_whatever_the_other(
    desk: EngineHarness, actor: str, rule: str, actions: tuple[str, ...]
) -> None:
    with (desk.root / "publisher.toml").open("a") as file:
        file.write('\n[roles]\npublishers = ["eva"]\napprovers = ["luis"]\n')
    before = sorted(desk.root.rglob("*"))
    engine = desk.as_(actor)
    seen, title = desk.file(DATA).read_bytes(), desk.field(DATA, "marketing.title")
    refusals = [engine.perform(DATA, Command(each, "no")) for each in actions]
    if actor == "luis":
        refusals += [
            engine.discard([DATA]),
            accept(engine, DATA),
            edit(engine, DATA, title, "x", seen=seen),
            rename(engine, DATA, "contoso-new"),
            revert(engine, DATA),
        ]
    for each in refusals:
        assert isinstance(each, Refusal)
        assert rule in {reason.rule for reason in each.reasons}
    assert sorted(desk.root.rglob("*")) == before
    assert isinstance(engine.perform(DATA, Command("remark", "mine")), Done)


def test_an_asset_that_cannot_be_read_is_named_as_its_definition_names_it(
    desk: EngineHarness, run: Run, close: Close
) -> None:
    logos = desk.root / "logos" / DATA
    close(logos / "small.png")
    (logos / "wide.png").unlink()
    os.mkfifo(logos / "wide.png")
    _, [checked], _ = run("check", DATA)
    said = {each["rule"]: each["message"] for step in checked["steps"] for each in step["findings"]}
    closed = said["logo.small"]
    assert closed.startswith(
        f'"logos/{DATA}/small.png" may not be read by this account. It belongs'
    )
    assert told(logos / "small.png", closed) and closed.endswith(f"chmod g+r {logos}/small.png")
    assert said["logo.wide"] == (
        f'"logos/{DATA}/wide.png" is not a plain file. '
        "For the wide logo, name a PNG file of 255x115 pixels."
    )
