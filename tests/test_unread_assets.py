"""An asset of the draft that cannot be read stops what is about the draft, and nothing else."""

import errno
import json
import os
from pathlib import Path

import pytest

from state.domain.actions import Command
from state.domain.errors import StorageError
from state.domain.findings import Refusal
from state.engine.drafts import edit, rename
from tests.engine_harness import DATA, EngineHarness, done
from tui.main import main

LOGO = f"logos/{DATA}/small.png"


@pytest.fixture(params=[errno.EACCES, errno.EIO])
def unread(
    desk: EngineHarness, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Path:
    """A logo that cannot be read once the flag file is there."""
    path, real = Path(os.path.realpath(desk.root)) / LOGO, os.open
    flag = desk.root / "unread"

    def refuse(target: object, *rest: object, **named: object) -> int:
        if str(target) == str(path) and flag.exists():
            raise OSError(request.param, os.strerror(request.param), str(path))
        return real(target, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuse)
    return flag


def lose(desk: EngineHarness, flag: Path) -> None:
    """Let the logo be another one, that cannot be read."""
    path = desk.root / LOGO
    path.write_bytes(path.read_bytes() + b" ")
    flag.touch()


@pytest.mark.parametrize(
    ("before", "action"),
    [
        (("stage",), "tested"),
        (("stage", "tested", "request"), "approve"),
        (("stage", "tested", "request"), "reject"),
        (("stage", "tested", "request"), "cancel"),
        (("stage", "tested", "request", "approve"), "production-tested"),
        (("stage",), "remark"),
    ],
)
def test_what_is_frozen_goes_on(
    desk: EngineHarness, unread: Path, before: tuple[str, ...], action: str
) -> None:
    for each in before:
        desk.do(DATA, each)
    desk.remark("known")
    lose(desk, unread)
    assert not desk.engine.offer(DATA).actions[action]
    known = desk.engine.offer(DATA).state.seen
    event = done(desk.as_("ana").perform(DATA, Command(action, "words"))).events[0]
    assert "edited" not in desk.kinds(DATA)
    assert event.content == known
    unread.unlink()
    desk.remark("read again")
    assert desk.kinds(DATA)[-2:] == ["edited", "remark"]


@pytest.mark.parametrize("action", ["stage", "request"])
def test_what_is_about_the_draft_is_refused_with_the_finding(
    desk: EngineHarness, unread: Path, capsys: pytest.CaptureFixture[str], action: str
) -> None:
    desk.do(DATA, "stage")
    desk.do(DATA, "tested")
    lose(desk, unread)
    where = ["-C", str(desk.root)]
    refusal = desk.as_("ana").perform(DATA, Command(action))
    assert isinstance(refusal, Refusal)
    assert "logo.small" in [reason.rule for reason in refusal.reasons]
    main([*where, "show", DATA, "--json"])
    shown = json.loads(capsys.readouterr().out)["actions"]
    [listed] = [each["reasons"] for each in shown if each["name"] == action]
    assert main([*where, action, DATA, "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["reasons"] == listed
    assert "edited" not in desk.kinds(DATA)


def test_what_would_write_the_draft_waits(desk: EngineHarness, unread: Path) -> None:
    desk.remark("known")
    lose(desk, unread)
    kinds, raw = desk.kinds(DATA), desk.file(DATA).read_bytes()
    title, engine = desk.field(DATA, "marketing.title"), desk.as_("ana")
    for act in (
        lambda: engine.discard([DATA]),
        lambda: rename(engine, DATA, "contoso-new"),
        lambda: edit(engine, DATA, title, "x", seen=raw),
    ):
        with pytest.raises(StorageError, match=r"small\.png"):
            act()
    assert desk.kinds(DATA) == kinds and desk.file(DATA).read_bytes() == raw


def test_a_link_in_a_circle_stops_no_command(
    desk: EngineHarness, capsys: pytest.CaptureFixture[str]
) -> None:
    logo = desk.root / LOGO
    done(desk.engine.perform(DATA, Command("stage")))
    logo.unlink()
    logo.symlink_to(logo.name)
    engine = desk.as_("ana")
    for action in ("cancel", "remark"):
        done(engine.perform(DATA, Command(action, "words")))
    where = ["-C", str(desk.root)]
    assert main([*where, "remark", DATA, "words"]) == 0
    assert main([*where, "stage", DATA]) == 3
    assert "logo.small" in capsys.readouterr().err
    assert main([*where, "discard", DATA, "--yes"]) == 0
    assert logo.is_symlink() and not desk.file(DATA).exists()
    assert main([*where, "restore", DATA]) == 0
    assert logo.is_symlink() and desk.file(DATA).exists()
