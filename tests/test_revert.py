"""Fields and definitions set back to a version."""

import errno
from datetime import timedelta
from pathlib import Path

import pytest

from state.domain.actions import Command
from state.domain.errors import StorageError
from state.domain.events import Kind
from state.domain.findings import Refusal
from state.engine.compare import NoSuchVersion, compare
from state.engine.draft_writer import DraftingError
from state.engine.drafts import edit, undo_edit
from state.engine.revert import preview_revert, revert
from state.storage.atomic import digest_of
from tests.engine_harness import DATA, MACHINE, EngineHarness, done, only_readers


def test_fields_are_set_back(desk: EngineHarness) -> None:
    desk.publish(MACHINE)
    before = desk.file(MACHINE).read_text()
    desk.rewrite(MACHINE, 'title = "', 'title = "New ')
    desk.rewrite(MACHINE, 'os = "', 'os = "New ')
    planned = preview_revert(desk.engine, MACHINE, ["marketing"])
    assert [each.field for each in planned.changes] == ["marketing.title"] and planned.writes
    answer = done(revert(desk.engine, MACHINE, ["marketing"]))
    assert [(event.kind, event.note) for event in answer.events] == [
        (Kind.REVERTED, "marketing to production")
    ]
    assert desk.file(MACHINE).read_text() == before.replace('os = "', 'os = "New ', 1)
    assert done(revert(desk.engine, MACHINE, ["marketing"])).events == ()
    with pytest.raises(DraftingError, match=r'Did you mean "marketing\.title"'):
        revert(desk.engine, MACHINE, ["marketing.titel"])
    assert not preview_revert(desk.engine, MACHINE, ["marketing"]).writes
    with pytest.raises(NoSuchVersion, match="the draft itself"):
        revert(desk.engine, MACHINE, [], "draft")
    with pytest.raises(NoSuchVersion, match='no version ""'):
        revert(desk.engine, MACHINE, [], "")


def test_comments_survive_when_everything_is_set_back(desk: EngineHarness) -> None:
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


def test_what_was_removed_comes_back_with_its_comments(desk: EngineHarness) -> None:
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


def test_assets_come_back_and_a_revert_is_taken_back(desk: EngineHarness) -> None:
    desk.publish(DATA)
    logo = desk.root / "logos" / DATA / "small.png"
    was = logo.read_bytes()
    logo.write_bytes(was + b"x")
    (desk.root / "logos" / DATA / "wide.png").unlink()
    fields = [change.field for change in compare(desk.engine, DATA).changes]
    assert fields == ["marketing.logos.small", "marketing.logos.wide"]
    wide = desk.root / "logos" / DATA / "wide.png"
    done(revert(desk.engine, DATA, ["marketing.logos.small"]))
    assert logo.read_bytes() == was
    assert not (desk.root / "logos" / DATA / "wide.png").exists()
    done(revert(desk.engine, DATA))
    assert compare(desk.engine, DATA).changes == ()
    assert wide.exists()
    done(undo_edit(desk.engine, DATA))
    assert not wide.exists(), "the revert had made it"
    done(undo_edit(desk.engine, DATA))
    assert logo.read_bytes() == was + b"x"


def _own_logos(desk: EngineHarness) -> dict[Path, bytes]:
    """Every logo becomes another, and nothing has been recorded of that."""
    for each in (desk.root / "logos" / DATA).iterdir():
        each.write_bytes(each.read_bytes() + str(desk.now).encode())
    return {each: each.read_bytes() for each in (desk.root / "logos" / DATA).iterdir()}


def test_a_revert_that_lacks_one_asset_touches_none(desk: EngineHarness) -> None:
    wide = f"logos/{DATA}/wide.png"
    desk.publish(DATA)
    lost = digest_of((desk.root / wide).read_bytes())
    logos = _own_logos(desk)
    (desk.root / ".vitrina/blobs" / lost).unlink()
    before = desk.kinds(DATA)
    for act in (preview_revert, revert):
        with pytest.raises(StorageError, match=lost):
            act(desk.engine, DATA)
    assert {each: each.read_bytes() for each in logos} == logos and desk.kinds(DATA) == before


@pytest.mark.parametrize("fails_at", ["wide.png", f"{DATA}.toml"])
def test_a_revert_that_fails_halfway_gives_every_asset_back(
    desk: EngineHarness, monkeypatch: pytest.MonkeyPatch, fails_at: str
) -> None:
    desk.publish(DATA)
    logos = _own_logos(desk)
    desk.rewrite(DATA, 'title = "', 'title = "New ')
    real, failed = Path.replace, []

    def replace(draft: Path, target: Path) -> Path:
        if target.name == fails_at and not failed:
            failed.append(target)
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(draft, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(StorageError, match="no space"):
        revert(desk.engine, DATA)
    assert failed and {each: each.read_bytes() for each in logos} == logos
    event = desk.engine.offer(DATA).events[-1]
    assert event.kind is Kind.EDITED
    assert {digest_of(each) for each in logos.values()} <= {
        *event.data["version"]["assets"].values()
    }


def test_taking_a_revert_back_keeps_what_became_of_its_assets_since(desk: EngineHarness) -> None:
    desk.publish(DATA)
    _own_logos(desk)
    done(revert(desk.engine, DATA))
    desk.now += timedelta(days=1)
    logos = {digest_of(each) for each in _own_logos(desk).values()}
    done(undo_edit(desk.engine, DATA))
    events = desk.engine.offer(DATA).events
    assert any(logos <= {*e.data.get("version", {"assets": {}})["assets"].values()} for e in events)


def test_an_asset_may_be_called_toml_below_the_top(desk: EngineHarness) -> None:
    legal = desk.root / "legal" / "a.toml"
    legal.parent.mkdir(exist_ok=True)
    legal.write_bytes(b"then")
    image = "images/contoso-rates-dashboard.png"
    desk.rewrite(DATA, image, "legal/a.toml")
    done(desk.engine.perform(DATA, Command("remark", "kept")))
    to = desk.engine.offer(DATA).content
    assert to is not None
    legal.write_bytes(b"now")
    done(revert(desk.engine, DATA, [], to.hash))
    assert legal.read_bytes() == b"then"


@pytest.mark.parametrize("part", ["draft", "asset", "version"])
def test_what_changed_since_it_was_shown_is_not_overwritten(desk: EngineHarness, part: str) -> None:
    desk.stage(DATA)
    logo = desk.root / "logos" / DATA / "small.png"
    was, text = logo.read_bytes(), desk.file(DATA).read_bytes()
    logo.write_bytes(b"one")
    planned = preview_revert(desk.engine, DATA)
    if part == "draft":
        desk.rewrite(DATA, 'summary = "', 'summary = "New ')
    elif part == "asset":
        logo.write_bytes(b"two")
    else:
        logo.write_bytes(was)
        desk.rewrite(DATA, 'title = "', 'title = "New ')
        desk.stage(DATA)
        desk.file(DATA).write_bytes(text)
        logo.write_bytes(b"one")
    before = desk.file(DATA).read_bytes(), logo.read_bytes()
    refused = revert(desk.engine, DATA, planned=planned)
    assert isinstance(refused, Refusal)
    assert [reason.rule for reason in refused.reasons] == ["changed.since_shown"]
    assert (desk.file(DATA).read_bytes(), logo.read_bytes()) == before
    done(revert(desk.engine, DATA, planned=preview_revert(desk.engine, DATA)))


def test_a_file_that_is_another_by_now_is_not_taken_away(desk: EngineHarness) -> None:
    desk.stage(DATA)
    logo = desk.root / "logos" / DATA / "small.png"
    logo.unlink()
    done(revert(desk.engine, DATA))
    logo.write_bytes(b"mine")
    done(undo_edit(desk.engine, DATA))
    assert logo.read_bytes() == b"mine"


MARKET = '[skus.prices.GB]  # new market\ncurrency = "GBP"\ncores = { "1" = 0.04 }\n\n'
ODD_EDITS = {
    "a market": lambda text: text.replace("[skus.prices.ES]", MARKET + "[skus.prices.ES]", 1),
    "a SKU less": lambda text: text[: text.rindex("[[skus]]")] + "# nothing more\n",
    "a SKU more": lambda text: text.replace(
        "[[skus]]", '[[skus]]  # mine\nidentifier = "mine"  # !\n\n[[skus]]', 1
    ),
}


@pytest.mark.parametrize("what", ODD_EDITS)
@pytest.mark.parametrize("fields", [(), ("skus",)])
def test_a_revert_of_a_revert_gives_the_very_bytes_back(
    desk: EngineHarness, what: str, fields: tuple[str, ...]
) -> None:
    desk.stage(MACHINE)
    file = desk.file(MACHINE)
    file.write_text(ODD_EDITS[what](file.read_text()))
    edited, content = file.read_bytes(), desk.engine.offer(MACHINE).content
    assert content is not None
    done(revert(desk.engine, MACHINE, fields))
    reverted = file.read_bytes()
    done(revert(desk.engine, MACHINE, fields, content.hash))
    assert file.read_bytes() == edited
    done(revert(desk.engine, MACHINE))
    assert file.read_bytes() == reverted


def test_what_was_written_since_a_revert_stays(desk: EngineHarness) -> None:
    desk.stage(MACHINE)
    file = desk.file(MACHINE)
    file.write_text(file.read_text().replace("[support]", "stray = 1  # mine\n[support]", 1))
    desk.rewrite(MACHINE, 'title = "', 'title = "New ')
    content = desk.engine.offer(MACHINE).content
    assert content is not None
    done(revert(desk.engine, MACHINE))
    assert done(revert(desk.engine, MACHINE)).events == (), "nothing comes and goes"
    desk.rewrite(MACHINE, "[support]", "# written since\n[support]")
    done(revert(desk.engine, MACHINE, to=content.hash))
    assert "# written since" in file.read_text()
    assert compare(desk.engine, MACHINE, content.hash).changes == ()


def test_comments_survive_where_the_version_lacked_a_file(desk: EngineHarness) -> None:
    smal = desk.root / "logos" / MACHINE / "smal.png"
    desk.rewrite(MACHINE, "/small.png", "/smal.png")
    desk.engine.perform(MACHINE, Command("remark", note="x"))
    content = desk.engine.offer(MACHINE).events[-1].content
    smal.write_bytes(b"mine")
    desk.rewrite(MACHINE, 'title = "', 'title = "New ')
    desk.rewrite(MACHINE, "[support]", "# MY COMMENT\n[support]")
    planned = preview_revert(desk.engine, MACHINE, to=content)
    assert planned.staying == (f"logos/{MACHINE}/smal.png",)
    assert [change.field for change in planned.changes] == ["marketing.title"]
    done(revert(desk.engine, MACHINE, to=content))
    assert "# MY COMMENT" in desk.file(MACHINE).read_text()
    assert 'title = "New ' not in desk.file(MACHINE).read_text() and smal.read_bytes() == b"mine"
    assert not preview_revert(desk.engine, MACHINE, to=content).writes


def test_others_that_name_the_same_file_are_told(desk: EngineHarness) -> None:
    small = f"logos/{MACHINE}/small.png"
    desk.rewrite("contoso-db", "logos/contoso-db/small.png", f"./{small}")
    desk.stage(MACHINE)
    (desk.root / small).write_bytes(b"x")
    planned = preview_revert(desk.engine, MACHINE, ["marketing.logos"])
    assert planned.others == ("contoso-db",) and "contoso-db" in planned.notes[0]
    assert preview_revert(desk.engine, MACHINE, ["marketing.title"]).others == ()


@pytest.mark.parametrize(
    "raw", [None, b"type = [", b'type = "data-servis"\n', b'type = "virtual-machine"']
)
def test_a_definition_that_is_gone_or_unreadable_comes_back_whole(
    desk: EngineHarness, raw: bytes | None
) -> None:
    desk.stage(DATA)
    text = desk.file(DATA).read_bytes()
    desk.file(DATA).unlink() if raw is None else desk.file(DATA).write_bytes(raw)
    with pytest.raises(DraftingError, match="Revert the whole definition"):
        revert(desk.engine, DATA, ["marketing"])
    answer = done(revert(desk.engine, DATA, to="staged"))
    assert answer.events[0].note == "everything to staged"
    assert desk.file(DATA).read_bytes() == text
    if raw is not None:
        done(undo_edit(desk.engine, DATA))
        assert desk.file(DATA).read_bytes() == raw


def test_an_asset_of_a_version_is_no_way_to_other_files(desk: EngineHarness) -> None:
    name = "contoso-mail.toml"
    desk.rewrite(DATA, 'sample_images = ["', f'sample_images = ["{name}", "')
    desk.engine.perform(DATA, Command("remark", note="x"))
    content = desk.engine.offer(DATA).events[-1].content
    (desk.root / name).write_text("# other\n" + (desk.root / name).read_text())
    with pytest.raises(StorageError, match="is not an asset"):
        revert(desk.engine, DATA, to=content)


def test_a_revert_is_for_publishers(desk: EngineHarness) -> None:
    desk.stage(DATA)
    only_readers(desk)
    assert isinstance(revert(desk.engine, DATA), Refusal)


def test_a_revert_that_had_no_file_before_it_is_not_taken_back_as_an_edit(
    desk: EngineHarness,
) -> None:
    view = desk.engine.offer(DATA)
    field, seen = desk.field(DATA, "marketing.title"), view.definition.raw or b""
    done(edit(desk.engine, DATA, field, "Edited", seen=seen))
    content = desk.engine.offer(DATA).content
    assert content is not None
    desk.file(DATA).unlink()
    done(revert(desk.engine, DATA, to=content.hash))
    brought = desk.file(DATA).read_bytes()
    with pytest.raises(DraftingError, match="had no file before that revert"):
        undo_edit(desk.engine, DATA)
    assert desk.file(DATA).read_bytes() == brought


def test_an_empty_file_is_reverted_like_any_other(desk: EngineHarness) -> None:
    desk.stage(DATA)
    before = desk.file(DATA).read_bytes()
    desk.file(DATA).write_bytes(b"")
    done(revert(desk.engine, DATA))
    assert desk.file(DATA).read_bytes() == before
    done(undo_edit(desk.engine, DATA))
    assert desk.file(DATA).read_bytes() == b""
