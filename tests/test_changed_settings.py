"""What was shown of the marketplace stays, whatever is done to publisher.toml afterwards."""

import os
from pathlib import Path
from time import time

import pytest

from state.events import Kind
from state.fields import ROOT
from state.registering import publisher_with, write_publisher
from tests.drafts import DATA, Desk

SETTINGS = ROOT / "marketplace" / "rehearsal"


@pytest.mark.parametrize("gone", [True, False])
def test_no_change_of_the_file_afterwards_rewrites_what_was_shown(
    gone: bool, tmp_path: Path
) -> None:
    desk = Desk(tmp_path)
    file = tmp_path / "publisher.toml"
    file.write_text(file.read_text().replace('final_review = "manual"', "final_review = 1"))
    for action in ("stage", "tested", "request"):
        desk.do(DATA, action)
    shown = desk.engine.offer(DATA).events
    assert shown[-1].kind is Kind.AVAILABLE

    if gone:
        file.unlink()
        assert desk.as_("ana").offer(DATA).events == shown
    else:
        new = publisher_with(file.read_bytes(), SETTINGS / "final_review", "manual")
        assert write_publisher(desk.engine, new, seen=file.read_bytes()) is None
        os.utime(file, (0, 0))
        assert desk.kinds(DATA) == [event.kind for event in shown]
        assert desk.as_("ana").offer(DATA).events == shown


def test_a_file_that_is_put_there_with_an_old_time_has_changed_now(tmp_path: Path) -> None:
    desk, began = Desk(tmp_path), time()
    os.utime(tmp_path / "publisher.toml", (0, 0))
    changed = desk.engine.survey.publisher().changed
    assert changed is not None and changed.timestamp() > began - 60
