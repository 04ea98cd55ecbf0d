"""Edits from the program, and how they are taken back."""

from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from itertools import count

import pytest

from state.domain.actions import Command
from state.domain.errors import StorageError
from state.domain.events import Kind
from state.domain.findings import Refusal
from state.engine import Engine
from state.engine.compare import compare
from state.engine.draft_writer import DraftingError
from state.engine.drafts import edit, undo_edit
from tests.engine_harness import DATA, MACHINE, EngineHarness, done, only_readers
from tests.support import NOW


def test_an_edit_changes_one_value_and_is_recorded(desk: EngineHarness) -> None:
    seen = desk.file(DATA).read_bytes()
    field = desk.field(DATA, "plans.starter.price.base")
    answer = done(edit(desk.engine, DATA, field, Decimal("20.00"), seen=seen))
    assert desk.file(DATA).read_bytes() == seen.replace(b"base = 19.00", b"base = 20.00")
    (event,) = answer.events
    assert (event.kind, event.note, event.actor) == (Kind.EDITED, "plans.starter.price.base", "ana")
    assert answer.view is not None and answer.view.content is not None
    assert event.content == answer.view.content.hash
    assert desk.kinds(DATA) == ["created", "edited"]
    assert compare(desk.engine, DATA, event.content, "draft").changes == ()


def test_a_key_is_taken_away_by_an_edit_to_nothing(desk: EngineHarness) -> None:
    seen = desk.file(MACHINE).read_bytes()
    answer = edit(
        desk.engine, MACHINE, desk.field(MACHINE, "marketing.logos.hero"), None, seen=seen
    )
    assert done(answer).events[0].note == "marketing.logos.hero"
    assert b"hero.png" not in desk.file(MACHINE).read_bytes()


def test_an_edit_that_changes_nothing_is_not_recorded(desk: EngineHarness) -> None:
    seen = desk.file(DATA).read_bytes()
    field = desk.field(DATA, "plans.starter.price.base")
    assert done(edit(desk.engine, DATA, field, Decimal("19.00"), seen=seen)).events == ()


def test_an_edit_never_overwrites_what_somebody_else_wrote(desk: EngineHarness) -> None:
    seen = desk.file(DATA).read_bytes()
    desk.rewrite(DATA, 'title = "', 'title = "New ')
    theirs = desk.file(DATA).read_bytes()
    with pytest.raises(StorageError, match="changed since it was read"):
        edit(desk.engine, DATA, desk.field(DATA, "marketing.summary"), "x", seen=seen)
    assert desk.file(DATA).read_bytes() == theirs


@pytest.mark.parametrize("moment", range(1, 5))
def test_what_is_saved_while_an_edit_goes_on_stays(desk: EngineHarness, moment: int) -> None:
    field, file, looks = desk.field(DATA, "marketing.title"), desk.file(DATA), count(1)
    seen = file.read_bytes()

    def somebody_saves() -> datetime:
        if next(looks) == moment:
            file.write_bytes(file.read_bytes() + b"# theirs\n")
        return NOW

    with suppress(StorageError):
        edit(Engine(desk.root, somebody_saves, "ana"), DATA, field, "x", seen=seen)
    assert file.read_bytes().endswith(b"# theirs\n")


def test_an_edit_is_for_publishers_and_readable_files(desk: EngineHarness) -> None:
    field, file = desk.field(DATA, "marketing.title"), desk.file(DATA)
    file.write_text("type = [")
    with pytest.raises(StorageError, match=rf"{DATA}\.toml: Line 1"):
        edit(desk.engine, DATA, field, "x", seen=b"type = [")
    only_readers(desk)
    answer = edit(desk.engine, DATA, field, "x", seen=b"type = [")
    assert isinstance(answer, Refusal)
    assert [reason.rule for reason in answer.reasons] == ["role.publisher"]


def test_who_may_only_read_leaves_nothing_behind(desk: EngineHarness) -> None:
    only_readers(desk)
    seen = desk.file(DATA).read_bytes()
    answers = [
        desk.engine.perform(DATA, Command("stage")),
        desk.engine.discard([DATA]),
        edit(desk.engine, DATA, desk.field(DATA, "marketing.title"), "x", seen=seen),
    ]
    assert all(isinstance(answer, Refusal) for answer in answers)
    assert desk.file(DATA).read_bytes() == seen and not (desk.root / ".vitrina").exists()


def test_edits_are_taken_back_one_by_one(desk: EngineHarness) -> None:
    texts = [desk.file(DATA).read_bytes()]
    for number, title in enumerate(["One", "Two", "One"]):
        field = desk.field(DATA, "marketing.title")
        done(edit(desk.engine, DATA, field, title, seen=texts[number]))
        texts.append(desk.file(DATA).read_bytes())
    for text in reversed(texts[:-1]):
        event = done(undo_edit(desk.engine, DATA)).events[0]
        assert (event.kind, event.note) == (Kind.EDITED, "undo: marketing.title")
        assert desk.file(DATA).read_bytes() == text
    with pytest.raises(DraftingError, match="Nothing to undo"):
        undo_edit(desk.engine, DATA)
    assert desk.kinds(DATA) == ["created"] + ["edited"] * 6


def test_an_edit_is_not_taken_back_over_a_later_one_made_outside(desk: EngineHarness) -> None:
    field = desk.field(DATA, "marketing.title")
    done(edit(desk.engine, DATA, field, "x", seen=desk.file(DATA).read_bytes()))
    desk.rewrite(DATA, "transactions = 500", "transactions = 600")
    with pytest.raises(StorageError, match="changed since that edit"):
        undo_edit(desk.engine, DATA)
