"""What the program writes into definitions, and how it comes back."""

from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from state.comparison import NoSuchVersion, compare
from state.drafting import (
    DraftingError,
    InputError,
    as_input,
    create,
    edit,
    initialise,
    parse_input,
    preview_revert,
    rename,
    revert,
    undo_edit,
)
from state.engine import Done, Engine, UnknownOfferError
from state.events import Kind
from state.fields import ROOT, Field
from state.files.plain import FileTrouble
from state.findings import Refusal
from state.lifecycle import Command
from state.offer import OfferType
from tests.drafts import DATA, MACHINE, Desk

V, D, T, S = OfferType


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def done(answer: Done | Refusal) -> Done:
    assert isinstance(answer, Done), answer
    return answer


def only_readers(desk: Desk) -> None:
    with (desk.root / "publisher.toml").open("a") as file:
        file.write('\n[roles]\npublishers = ["eva"]\napprovers = []\n')


# Edits ------------------------------------------------------------------------------------------


def test_an_edit_changes_one_value_and_is_recorded(desk: Desk) -> None:
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


def test_a_key_is_taken_away_by_an_edit_to_nothing(desk: Desk) -> None:
    seen = desk.file(MACHINE).read_bytes()
    answer = edit(
        desk.engine, MACHINE, desk.field(MACHINE, "marketing.logos.hero"), None, seen=seen
    )
    assert done(answer).events[0].note == "marketing.logos.hero"
    assert b"hero.png" not in desk.file(MACHINE).read_bytes()


def test_an_edit_that_changes_nothing_is_not_recorded(desk: Desk) -> None:
    seen = desk.file(DATA).read_bytes()
    field = desk.field(DATA, "plans.starter.price.base")
    assert done(edit(desk.engine, DATA, field, Decimal("19.00"), seen=seen)).events == ()


def test_an_edit_never_overwrites_what_somebody_else_wrote(desk: Desk) -> None:
    seen = desk.file(DATA).read_bytes()
    desk.rewrite(DATA, 'title = "', 'title = "New ')
    theirs = desk.file(DATA).read_bytes()
    with pytest.raises(FileTrouble, match="changed since it was read"):
        edit(desk.engine, DATA, desk.field(DATA, "marketing.summary"), "x", seen=seen)
    assert desk.file(DATA).read_bytes() == theirs


def test_an_edit_is_for_publishers_and_readable_files(desk: Desk) -> None:
    field, file = desk.field(DATA, "marketing.title"), desk.file(DATA)
    file.write_text("type = [")
    with pytest.raises(FileTrouble, match=rf"{DATA}\.toml: Line 1"):
        edit(desk.engine, DATA, field, "x", seen=b"type = [")
    only_readers(desk)
    answer = edit(desk.engine, DATA, field, "x", seen=b"type = [")
    assert isinstance(answer, Refusal)
    assert [reason.rule for reason in answer.reasons] == ["role.publisher"]


def test_edits_are_taken_back_one_by_one(desk: Desk) -> None:
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


def test_an_edit_is_not_taken_back_over_a_later_one_made_outside(desk: Desk) -> None:
    field = desk.field(DATA, "marketing.title")
    done(edit(desk.engine, DATA, field, "x", seen=desk.file(DATA).read_bytes()))
    desk.rewrite(DATA, "transactions = 500", "transactions = 600")
    with pytest.raises(FileTrouble, match="changed since that edit"):
        undo_edit(desk.engine, DATA)


# What a person types ----------------------------------------------------------------------------

SKU = ROOT / "skus"
FIRST = SKU.item(0, "standard")
TYPED: list[tuple[OfferType, Field, str, Any]] = [
    (V, ROOT / "marketing" / "title", " Contoso ", " Contoso "),
    (V, ROOT / "marketing" / "logos" / "small", " logos/a.png ", "logos/a.png"),
    (V, FIRST / "hidden", "Yes", True),
    (V, FIRST / "image" / "open_ports", "443, 8080", [443, 8080]),
    (V, FIRST / "image" / "open_ports", "[443, 8080]", [443, 8080]),
    (V, FIRST / "image" / "open_ports", "", []),
    (V, (FIRST / "image" / "open_ports").item(0, 0), "443", 443),
    (V, ROOT / "categories", "a\nb, c", ["a", "b", "c"]),
    (V, FIRST / "prices" / "US" / "cores" / "1", "0.10", Decimal("0.10")),
    (V, FIRST / "prices" / "US" / "cores", '{ "1" = 0.1 }', {"1": Decimal("0.1")}),
    (V, ROOT / "marketing" / "links", '[{ title = "a", url = "b" }]', [{"title": "a", "url": "b"}]),
    (T, (ROOT / "plans").item(0, "a") / "transactions", "10000", 10000),
    (T, (ROOT / "plans").item(0, "a") / "transactions", "unlimited", "unlimited"),
    (T, (ROOT / "plans").item(0, "a") / "price" / "base", "", None),
    (T, (ROOT / "plans").item(0, "a") / "price" / "base", "10", Decimal("10")),
]


@pytest.mark.parametrize(
    ("kind", "field", "text", "value"), TYPED, ids=lambda each: repr(each)[:40]
)
def test_what_is_typed_has_the_type_of_its_field(
    kind: OfferType, field: Field, text: str, value: Any
) -> None:
    found = parse_input(kind, field, text)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("value", ["a", True, 5, ["a", "b"], ["a, b", ""], [1, 2], [], {"a": 1}])
def test_a_value_can_be_typed_again(value: Any) -> None:
    fields = {
        str: ROOT / "marketing" / "title",
        bool: FIRST / "hidden",
        int: (FIRST / "image" / "open_ports").item(0, 0),
        dict: FIRST / "prices" / "US" / "cores",
    }
    numbers = FIRST / "image" / "open_ports"
    lists = numbers if isinstance(value, list) and value[:1] == [1] else ROOT / "categories"
    assert parse_input(V, fields.get(type(value), lists), as_input(value)) == value


@pytest.mark.parametrize(
    ("kind", "field", "text", "said"),
    [
        (V, FIRST / "hidden", "maybe", "true or false is wanted"),
        (V, FIRST / "image" / "open_ports", "443, web", "a whole number is wanted"),
        (V, FIRST / "image" / "open_ports", '["443"]', "whole number is wanted"),
        (V, FIRST / "prices" / "US" / "cores" / "1", "0,10", "decimal point"),
        (V, FIRST / "prices", "a = 1", "as TOML"),
        (V, ROOT / "marketing" / "links", '[{ tilte = "a" }]', 'did you mean "title"'),
        (V, ROOT / "plans", "x", 'has no field "plans"'),
    ],
)
def test_what_is_no_value_of_its_field_is_told(
    kind: OfferType, field: Field, text: str, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        parse_input(kind, field, text)


# New offers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", OfferType)
def test_a_new_offer_brings_its_publisher_file(tmp_path: Path, kind: OfferType) -> None:
    engine = Engine(tmp_path, actor="ana")
    assert create(engine, "new-offer", kind) == tmp_path / "new-offer.toml"
    view = engine.offer("new-offer")
    assert (view.kind, view.definition.findings) == (kind, ())
    assert [(event.kind, event.actor) for event in view.events] == [(Kind.CREATED, "ana")]
    assert (tmp_path / "publisher.toml").exists()
    with pytest.raises(DraftingError, match="already"):
        initialise(engine)


def test_a_copy_keeps_comments_and_gets_other_skus(desk: Desk) -> None:
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
def test_an_identifier_has_to_be_free_and_well_formed(desk: Desk, offer: str, rule: str) -> None:
    create(desk.engine, "gone-by-hand", T).unlink()
    (desk.root / "a-directory.toml").mkdir()
    with pytest.raises(DraftingError) as caught:
        create(desk.engine, offer, T)
    assert caught.value.refusal is not None
    assert [reason.rule for reason in caught.value.refusal.reasons] == [rule]
    answer = rename(desk.engine, DATA, offer)
    assert isinstance(answer, Refusal)
    assert [reason.rule for reason in answer.reasons] == [rule]


def test_a_copy_needs_something_to_copy(desk: Desk) -> None:
    with pytest.raises(UnknownOfferError):
        create(desk.engine, "new-offer", source="nobody")
    with pytest.raises(DraftingError, match="cannot be copied"):
        create(desk.engine, "new-offer", source="old-notes")
    with pytest.raises(DraftingError, match="leave the type out"):
        create(desk.engine, "new-offer", V, DATA)
    with pytest.raises(DraftingError, match="type"):
        create(desk.engine, "new-offer")
    only_readers(desk)
    with pytest.raises(DraftingError, match="not among the publishers"):
        create(desk.engine, "new-offer", T)
    assert not desk.file("new-offer").exists()


# Renames ----------------------------------------------------------------------------------------


def test_a_draft_gets_another_name_with_its_history(desk: Desk) -> None:
    raw = desk.file(DATA).read_bytes()
    desk.rewrite(DATA, 'title = "', 'title = "New ')
    desk.engine.perform(DATA, Command("remark", note="x"))
    answer = done(rename(desk.engine, DATA, "contoso-new"))
    assert [(event.kind, event.note) for event in answer.events] == [
        (Kind.RENAMED, f"{DATA} -> contoso-new")
    ]
    assert desk.kinds("contoso-new") == ["created", "remark", "renamed"]
    assert desk.file("contoso-new").read_bytes() != raw
    assert DATA not in desk.engine.survey.names()
    assert desk.engine.offer("contoso-new").broken is None


def test_a_name_is_locked_once_staged(desk: Desk) -> None:
    desk.stage(DATA)
    answer = rename(desk.engine, DATA, "contoso-new")
    assert isinstance(answer, Refusal)
    assert [reason.rule for reason in answer.reasons] == ["status.draft"]


@pytest.mark.parametrize("step", range(7))
def test_a_rename_that_was_cut_off_is_done_or_not_done(
    desk: Desk, step: int, monkeypatch: pytest.MonkeyPatch
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
        names = {DATA, "contoso-new"} & set(engine.survey.names())
        assert len(names) == 1
        (name,) = names
        view = engine.offer(name)
        assert view.content is not None and view.broken is None
        assert (view.events[-1].kind is Kind.RENAMED) == (name == "contoso-new")
        with engine.locked():
            pass
    assert desk.engine.survey.directory.histories.offers() == [name]


# Reverts ----------------------------------------------------------------------------------------


def test_fields_are_set_back(desk: Desk) -> None:
    desk.publish(MACHINE)
    before = desk.file(MACHINE).read_text()
    desk.rewrite(MACHINE, 'title = "', 'title = "New ')
    desk.rewrite(MACHINE, 'os = "', 'os = "New ')
    assert [each.field for each in preview_revert(desk.engine, MACHINE, ["marketing"])] == [
        "marketing.title"
    ]
    answer = done(revert(desk.engine, MACHINE, ["marketing"]))
    assert [(event.kind, event.note) for event in answer.events] == [
        (Kind.REVERTED, "marketing to production")
    ]
    assert desk.file(MACHINE).read_text() == before.replace('os = "', 'os = "New ', 1)
    assert done(revert(desk.engine, MACHINE, ["marketing"])).events == ()
    with pytest.raises(DraftingError, match=r'Did you mean "marketing\.title"'):
        revert(desk.engine, MACHINE, ["marketing.titel"])
    with pytest.raises(NoSuchVersion, match="the draft itself"):
        revert(desk.engine, MACHINE, [], "draft")


def test_comments_survive_when_everything_is_set_back(desk: Desk) -> None:
    desk.publish(MACHINE)
    text = desk.file(MACHINE).read_text()
    changed = text.replace('billing = "', '# asked for by Ana\nbilling = "x', 1)
    changed = changed.replace("hidden = false\n", "", 1).replace(
        "[support]", "stray = 1\n[support]", 1
    )
    desk.file(MACHINE).write_text("# mine\n" + changed + "\n# the end\n")
    done(revert(desk.engine, MACHINE))
    after = desk.file(MACHINE).read_text()
    assert compare(desk.engine, MACHINE).changes == ()
    assert desk.engine.offer(MACHINE).definition.findings == ()
    assert after.startswith("# mine\n") and after.endswith("# the end\n")
    assert after.replace("# asked for by Ana\n", "") != after
    assert len(after) < len(text) + 60


def test_what_was_removed_comes_back_with_its_comments(desk: Desk) -> None:
    desk.publish(MACHINE)
    text = desk.file(MACHINE).read_text()
    start = text.index("[[skus]]")
    extra = text[start:].replace('identifier = "', 'identifier = "other-')
    desk.file(MACHINE).write_text(text[:start] + extra)
    sku = text[start:].split('identifier = "')[1].split('"')[0]
    done(revert(desk.engine, MACHINE, [f"skus.{sku}"]))
    both = desk.engine.offer(MACHINE).definition.offer.skus  # type: ignore[union-attr]
    assert {sku, f"other-{sku}"} <= {each.identifier for each in both}
    done(revert(desk.engine, MACHINE))
    assert compare(desk.engine, MACHINE).changes == ()
    comments = [line.strip() for line in text.split("\n") if "#" in line]
    after = desk.file(MACHINE).read_text()
    assert all(comment in after for comment in comments)


def test_assets_come_back_and_a_revert_is_taken_back(desk: Desk) -> None:
    desk.publish(DATA)
    logo = desk.root / "logos" / DATA / "small.png"
    was = logo.read_bytes()
    logo.write_bytes(was + b"x")
    (desk.root / "logos" / DATA / "wide.png").unlink()
    fields = [change.field for change in compare(desk.engine, DATA).changes]
    assert fields == ["marketing.logos.small", "marketing.logos.wide"]
    done(revert(desk.engine, DATA, ["marketing.logos.small"]))
    assert logo.read_bytes() == was
    assert not (desk.root / "logos" / DATA / "wide.png").exists()
    done(revert(desk.engine, DATA))
    assert compare(desk.engine, DATA).changes == ()
    done(undo_edit(desk.engine, DATA))
    done(undo_edit(desk.engine, DATA))
    assert logo.read_bytes() == was + b"x"


@pytest.mark.parametrize(
    "raw", [None, b"type = [", b'type = "data-servis"\n', b'type = "virtual-machine"']
)
def test_a_definition_that_is_gone_or_unreadable_comes_back_whole(
    desk: Desk, raw: bytes | None
) -> None:
    desk.stage(DATA)
    text = desk.file(DATA).read_bytes()
    desk.file(DATA).unlink() if raw is None else desk.file(DATA).write_bytes(raw)
    with pytest.raises(DraftingError, match="set it back whole"):
        revert(desk.engine, DATA, ["marketing"])
    answer = done(revert(desk.engine, DATA, to="staged"))
    assert answer.events[0].note == "everything to staged"
    assert desk.file(DATA).read_bytes() == text
    if raw is not None:
        done(undo_edit(desk.engine, DATA))
        assert desk.file(DATA).read_bytes() == raw


def test_an_asset_of_a_version_is_no_way_to_other_files(desk: Desk) -> None:
    name = "contoso-mail.toml"
    desk.rewrite(DATA, 'sample_images = ["', f'sample_images = ["{name}", "')
    desk.engine.perform(DATA, Command("remark", note="x"))
    content = desk.engine.offer(DATA).events[-1].content
    (desk.root / name).write_text("# other\n" + (desk.root / name).read_text())
    with pytest.raises(FileTrouble, match="is no asset"):
        revert(desk.engine, DATA, to=content)


def test_a_revert_is_for_publishers(desk: Desk) -> None:
    desk.stage(DATA)
    only_readers(desk)
    assert isinstance(revert(desk.engine, DATA), Refusal)
