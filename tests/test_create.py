"""New offers, and offers under another name."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from state.domain.actions import Command
from state.domain.errors import UnknownOfferError
from state.domain.events import Kind
from state.domain.findings import Refusal
from state.domain.offer_types import DATA_SERVICE, OFFER_TYPES, VIRTUAL_MACHINE, OfferType
from state.engine import Engine
from state.engine.create import create, initialise
from state.engine.draft_writer import DraftingError
from state.engine.drafts import rename
from tests.engine_harness import DATA, MACHINE, EngineHarness, done, only_readers

V, T = VIRTUAL_MACHINE, DATA_SERVICE


@pytest.mark.parametrize("kind", OFFER_TYPES.values(), ids=str)
def test_a_new_offer_brings_its_publisher_file(tmp_path: Path, kind: OfferType) -> None:
    engine = Engine(tmp_path, actor="ana")
    assert create(engine, "new-offer", kind) == tmp_path / "new-offer.toml"
    view = engine.offer("new-offer")
    assert (view.kind, view.definition.findings) == (kind, ())
    assert [(event.kind, event.actor) for event in view.events] == [(Kind.CREATED, "ana")]
    assert (tmp_path / "publisher.toml").exists()
    with pytest.raises(DraftingError, match="already"):
        initialise(engine)


def test_a_copy_keeps_comments_and_gets_other_skus(desk: EngineHarness) -> None:
    desk.engine.offers()
    text = create(desk.engine, "contoso-copy", source=MACHINE).read_text()
    skus = desk.engine.offer(MACHINE).definition.offer.skus  # type: ignore[union-attr]
    expected = desk.file(MACHINE).read_text()
    for sku in skus:
        expected = expected.replace(
            f'identifier = "{sku.identifier}"', f'identifier = "{sku.identifier}-2"'
        )
    assert text == expected
    for offer in ("contoso-copy", MACHINE):
        assert "sku.identifier" not in [each.rule for each in desk.engine.offer(offer).findings]
    assert desk.engine.offer("contoso-copy").events[0].note == f"from {MACHINE}"
    third = create(desk.engine, "contoso-third", source="contoso-copy").read_text()
    assert f'identifier = "{skus[0].identifier}-3"' in third


@pytest.mark.parametrize(
    ("offer", "rule"),
    [
        ("Contoso", "offer.identifier"),
        ("ab", "offer.identifier"),
        ("-abc", "offer.identifier"),
        ("a/../b", "offer.identifier"),
        ("publisher", "offer.identifier"),
        ("pyproject", "offer.identifier"),
        (DATA, "status.wrong"),
        ("gone-by-hand", "status.wrong"),
        ("a-directory", "status.wrong"),
    ],
)
def test_an_identifier_has_to_be_free_and_well_formed(
    desk: EngineHarness, offer: str, rule: str
) -> None:
    create(desk.engine, "gone-by-hand", T).unlink()
    (desk.root / "a-directory.toml").mkdir()
    with pytest.raises(DraftingError) as caught:
        create(desk.engine, offer, T)
    assert caught.value.refusal is not None
    assert [reason.rule for reason in caught.value.refusal.reasons] == [rule]
    answer = rename(desk.engine, DATA, offer)
    assert isinstance(answer, Refusal)
    assert [reason.rule for reason in answer.reasons] == [rule]


def test_a_copy_needs_something_to_copy(desk: EngineHarness) -> None:
    with pytest.raises(UnknownOfferError):
        create(desk.engine, "new-offer", source="nobody")
    with pytest.raises(DraftingError, match="cannot be copied"):
        create(desk.engine, "new-offer", source="old-notes")
    with pytest.raises(DraftingError, match="Omit the type"):
        create(desk.engine, "new-offer", V, DATA)
    with pytest.raises(DraftingError, match="type"):
        create(desk.engine, "new-offer")
    only_readers(desk)
    with pytest.raises(DraftingError, match="not among the publishers"):
        create(desk.engine, "new-offer", T)
    assert not desk.file("new-offer").exists()


# Renames ----------------------------------------------------------------------------------------


def test_a_draft_gets_another_name_with_its_history(desk: EngineHarness) -> None:
    raw = desk.file(DATA).read_bytes()
    desk.rewrite(DATA, 'title = "', 'title = "New ')
    desk.engine.perform(DATA, Command("remark", note="x"))
    answer = done(rename(desk.engine, DATA, "contoso-new"))
    assert [(event.kind, event.note) for event in answer.events] == [
        (Kind.RENAMED, f"{DATA} -> contoso-new")
    ]
    assert desk.kinds("contoso-new") == ["created", "remark", "renamed"]
    assert desk.file("contoso-new").read_bytes() != raw
    assert DATA not in [view.offer for view in desk.engine.offers()]
    assert desk.engine.offer("contoso-new").broken is None


def test_a_name_is_locked_once_staged(desk: EngineHarness) -> None:
    desk.stage(DATA)
    answer = rename(desk.engine, DATA, "contoso-new")
    assert isinstance(answer, Refusal)
    assert [reason.rule for reason in answer.reasons] == ["status.draft"]


@pytest.mark.parametrize("step", range(7))
def test_a_rename_that_was_cut_off_is_done_or_not_done(
    desk: EngineHarness, step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every operation on the disk is once the last."""
    desk.engine.perform(DATA, Command("remark", note="x"))
    calls = 0

    class Cut(BaseException):
        pass

    def cutting(real: Any) -> Any:
        def call(*arguments: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls > step + 1:
                raise Cut
            return real(*arguments, **named)

        return call

    with monkeypatch.context() as patch:
        for name in ("replace", "rename", "unlink"):
            patch.setattr(Path, name, cutting(getattr(Path, name)))
        with suppress(Cut):
            rename(desk.engine, DATA, "contoso-new")
    for engine in (desk.as_("eva"), desk.as_("eva")):
        names = {DATA, "contoso-new"} & {view.offer for view in engine.offers()}
        assert len(names) == 1
        (name,) = names
        view = engine.offer(name)
        assert view.content is not None and view.broken is None
        assert (view.events[-1].kind is Kind.RENAMED) == (name == "contoso-new")
        with engine.transaction():
            pass
    assert [path.stem for path in desk.engine.histories.glob("*.jsonl")] == [name]
