"""Directories that release 0.1.0 made: read as it read them, and worked on from there.

``said.json`` holds what that release said of each offer at the end of its story.
"""

import json
import re
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from state.domain.actions import REMARK, Command
from state.engine import Done, Engine
from state.engine.verify import verify
from state.workspace.offer_view import OfferView

DATA = Path(__file__).parent / "data" / "release-0.1.0"
SAID: dict[str, Any] = json.loads((DATA / "said.json").read_text())
OFFERS = [(each, offer) for each, said in SAID.items() for offer in said["offers"]]


@pytest.fixture
def open_copy(tmp_path: Path) -> Any:
    """Open a copy of a directory at the time at which its story ended."""

    def opened(name: str) -> Engine:
        root = tmp_path / name
        if not root.exists():
            shutil.copytree(DATA / name, root, symlinks=True)
            _sign(root)
        now = datetime.fromisoformat(SAID[name]["at"])
        return Engine(root, lambda: now, "ana", lambda path: "ana")

    return opened


def _events(view: OfferView) -> list[list[Any]]:
    return [
        [each.at.isoformat(), each.actor, str(each.kind), each.content, each.note]
        for each in view.events
    ]


def _sign(root: Path) -> None:
    """Make signatures whole, at which 0.1.0 did not look; they are no part of the content."""
    for file in root.glob("*.toml"):
        signed = re.sub(rb"sig=NOT[\w%]+", b"sig=" + b"0" * 43 + b"%3D", file.read_bytes())
        file.write_bytes(signed)


@pytest.mark.parametrize(("directory", "offer"), OFFERS)
def test_an_offer_is_read_as_it_was(open_copy: Any, directory: str, offer: str) -> None:
    engine, said = open_copy(directory), SAID[directory]["offers"][offer]
    view = engine.offer(offer)
    assert view.broken is None
    assert view.content and view.content.hash == said["content"]
    if offer == "listed-retry":
        return  # Of a replication that fails on purpose, 0.1.0 foretold every attempt.
    production = view.state.production
    assert (view.status, view.edited) == (said["status"], said["edited"])
    assert (production.content if production else None) == said["production"]
    assert [each.complete for each in view.steps] == said["steps"]
    assert _events(view) == said["events"]
    allowed = {each.replace("tested --production", "production-tested") for each in said["allowed"]}
    assert {action for action, reasons in view.actions.items() if not reasons} == allowed


@pytest.mark.parametrize("directory", SAID)
def test_verifying_finds_nothing(open_copy: Any, directory: str) -> None:
    assert all(each.is_whole for each in verify(open_copy(directory)))


@pytest.mark.parametrize(("directory", "offer"), OFFERS)
def test_an_offer_is_worked_on(open_copy: Any, directory: str, offer: str) -> None:
    recorded = DATA / directory / ".vitrina/history" / f"{offer}.jsonl"
    old = recorded.read_bytes() if recorded.exists() else b""
    engine = open_copy(directory)
    done = engine.perform(offer, Command(REMARK, "by another release"))
    assert isinstance(done, Done), done
    lines = (engine.root / ".vitrina/history" / f"{offer}.jsonl").read_bytes()
    assert lines.startswith(old[: old.rfind(b"\n") + 1]), "no line that was there is rewritten"
    assert open_copy(directory).offer(offer).events[-1].note == "by another release"


@pytest.mark.parametrize("directory", [each for each, said in SAID.items() if said["trash"]])
def test_discarded_drafts_come_back_the_latest_first(open_copy: Any, directory: str) -> None:
    engine = open_copy(directory)
    listed = [[each.offer, each.at.isoformat(), each.actor, each.title] for each in engine.trash()]
    assert listed == SAID[directory]["trash"]
    for number, entry in enumerate(reversed(engine.trash())):
        discarded = (entry.path / "definition.toml").read_bytes()
        done = engine.restore(entry.offer, f"back-{number}")
        assert isinstance(done, Done) and done.view is not None and done.view.broken is None
        assert (engine.root / f"back-{number}.toml").read_bytes() == discarded
    assert engine.trash() == []
