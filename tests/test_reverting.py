"""Fields and definitions set back to a version."""

from pathlib import Path

import pytest

from state.comparison import NoSuchVersion, compare
from state.drafting import (
    DraftingError,
    preview_revert,
    revert,
    undo_edit,
)
from state.events import Kind
from state.files.plain import FileTrouble
from state.findings import Refusal
from state.lifecycle import Command
from tests.drafts import DATA, MACHINE, Desk, done, only_readers


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


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
