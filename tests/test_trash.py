"""The trash: what was discarded comes back byte for byte, whatever happens on the way."""

import json
import shutil
import stat
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as some

from state.domain.actions import Command
from state.domain.errors import StorageError, UnknownOfferError
from state.domain.events import Kind
from state.domain.findings import Refusal
from state.engine import Engine
from tests.directories import discard, engine_on, files_in, restore, write_tree
from tests.support import NOW

PICTURE = b"\x89PNG of sorts"


def definition(*assets: str, title: str = "Rates") -> bytes:
    """The file of a draft that names some assets."""
    marketing = f'[marketing]\ntitle = "{title}"\nsample_images = {json.dumps(assets)}\n'
    return f'type = "data-service"\n{marketing}'.encode()


def kinds(engine: Engine, offer: str) -> list[Kind]:
    """The kinds of an offer's events."""
    return [event.kind for event in engine.offer(offer).events]


# There and back -----------------------------------------------------------------------------------

ASSETS = ["top.png", "logos/x.png", "logos/../logos/x.png", "deep/er/y.png", "gone.png"]
odd_paths = ["../out.png", "/etc/hostname", "publisher.toml", "b.toml", ".vitrina/format", ""]

contents = some.one_of(
    some.lists(some.sampled_from(ASSETS + odd_paths), max_size=4).map(lambda all: definition(*all)),
    some.binary(max_size=20),
    some.just(b'type = "data-service"\nwrong = ['),
    some.just(b'type = "unknown"\n'),
)


@given(
    some.dictionaries(some.sampled_from("abc"), contents, min_size=1),
    some.sets(some.sampled_from("abc"), min_size=1),
    some.booleans(),
    some.randoms(use_true_random=False),
)
def test_discard_and_restore_change_no_byte(
    drafts: dict[str, bytes], leaving: set[str], together: bool, order: object
) -> None:
    with TemporaryDirectory() as directory:
        root = Path(directory, "offers")
        files = {f"{name}.toml": data for name, data in drafts.items()}
        pictures = {"top.png": PICTURE, "logos/x.png": b"x", "deep/er/y.png": b"y"}
        engine = write_tree(root, {**files, **pictures})
        before = files_in(root)
        offers = [view.offer for view in engine.offers() if view.definition.is_offer]
        going = sorted(leaving & set(offers))
        if together and going:
            discard(engine, *going)
        else:
            for offer in going:
                discard(engine, offer)
        assert not {view.offer for view in engine.offers()} & set(going)
        staying = {name: data for name, data in files.items() if name[0] not in going}
        left = files_in(root)
        assert staying.items() <= left.items() <= before.items()
        order.shuffle(going)  # type: ignore[attr-defined]
        for offer in going:
            restore(engine, offer)
            assert kinds(engine, offer)[-2:] == [Kind.DISCARDED, Kind.RESTORED]
        assert files_in(root) == before
        assert engine.trash() == []


def test_a_history_without_its_file_is_discarded_and_restored(tmp_path: Path) -> None:
    engine = write_tree(tmp_path, {"a.toml": definition()})
    engine.perform("a", Command("remark", "hello"))
    (tmp_path / "a.toml").unlink()
    discard(engine, "a")
    assert engine.offers() == []
    restore(engine, "a")
    assert kinds(engine, "a") == [Kind.CREATED, Kind.REMARK, Kind.DISCARDED, Kind.RESTORED]
    assert not (tmp_path / "a.toml").exists()
    assert engine.offer("a").findings[0].rule == "file.missing"


def test_permissions_come_back_too(tmp_path: Path) -> None:
    engine = write_tree(tmp_path, {"a.toml": definition("x.png"), "x.png": PICTURE})
    (tmp_path / "a.toml").chmod(0o600)
    (tmp_path / "x.png").chmod(0o444)
    discard(engine, "a")
    restore(engine, "a")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("*.*")}
    assert modes["a.toml"] == 0o600 and modes["x.png"] == 0o444


def test_the_latest_of_an_identifier_comes_back_whatever_the_clock_says(tmp_path: Path) -> None:
    for hours, title in ((5, "first"), (1, "second"), (1, "third")):
        (tmp_path / "a.toml").write_bytes(definition(title=title))
        engine = Engine(tmp_path, lambda hours=hours: NOW + timedelta(hours=hours), "ana")
        discard(engine, "a")
    for title in ("third", "second", "first"):
        assert not isinstance(engine.restore_last(), Refusal)
        assert engine.offer("a").title == title
        (tmp_path / "a.toml").rename(tmp_path / f"{title}.toml")
        shutil.rmtree(tmp_path / ".vitrina" / "history")
        shutil.rmtree(tmp_path / ".vitrina" / "heads")


def test_what_was_discarded_together_comes_back_together(tmp_path: Path) -> None:
    names = ("a", "b", "c")
    files = {f"{name}.toml": definition("x.png", f"{name}.png") for name in names}
    engine = write_tree(tmp_path, {**files, "x.png": PICTURE, "a.png": b"a"})
    before = files_in(tmp_path)
    discard(engine, "c")
    discard(engine, "a", "b")
    done = engine.restore_last()
    assert not isinstance(done, Refusal)
    assert [each.view and each.view.offer for each in done] == ["a", "b"]
    assert not isinstance(engine.restore_last(), Refusal)
    assert files_in(tmp_path) == before
    assert engine.restore_last() == []


def test_of_several_drafts_those_come_back_that_can(tmp_path: Path) -> None:
    names = ("a", "b", "c")
    files = {f"{name}.toml": definition(f"{name}.png") for name in names}
    engine = write_tree(tmp_path, {**files, **{f"{name}.png": PICTURE for name in names}})
    discard(engine, *names)
    (tmp_path / "b.png").write_bytes(b"another")
    done = engine.restore_last()
    assert not isinstance(done, Refusal)
    assert [each.view and each.view.offer for each in done] == ["a", "c"]
    assert [note for each in done for note in each.notes] == [
        "b stays in the trash: b.png is a different file now. Move it away, then restore again."
    ]
    with pytest.raises(StorageError, match="a different file now"):
        engine.restore_last()
    assert [entry.offer for entry in engine.trash()] == ["b"]


def test_of_several_drafts_none_goes_where_one_is_refused(tmp_path: Path) -> None:
    engine = write_tree(tmp_path, {"a.toml": definition(), "b.toml": definition()})
    history = tmp_path / ".vitrina/history/b.jsonl"
    history.parent.mkdir(parents=True)
    history.write_bytes(b"}{\n")
    refusal = engine.discard(["a", "b"])
    assert isinstance(refusal, Refusal)
    assert refusal.reasons[0].rule == "history.broken"
    assert refusal.reasons[0].message.startswith("b: ")
    assert len(engine.offers()) == 2 and engine.trash() == []


def test_discarding_ends_a_certification(tmp_path: Path) -> None:
    engine = write_tree(tmp_path, {"a.toml": definition()})
    discard(engine, "a")
    restore(engine, "a")
    assert engine.offer("a").state.run is None


# Refused ------------------------------------------------------------------------------------------


def test_an_identifier_that_is_taken_is_refused(tmp_path: Path) -> None:
    engine = write_tree(tmp_path, {"a.toml": definition(title="old")})
    discard(engine, "a")
    (tmp_path / "a.toml").write_bytes(b"somebody's")
    refusal = engine.restore("a")
    assert isinstance(refusal, Refusal)
    assert refusal.reasons[0].rule == "status.wrong" and "--as" in refusal.reasons[0].message
    assert isinstance(engine.restore_last(), Refusal)
    restore(engine, "a", "another")
    assert engine.offer("another").title == "old"
    assert (tmp_path / "a.toml").read_bytes() == b"somebody's"


@pytest.mark.parametrize(
    "new", ["publisher", "pyproject", "../a", "sub/a", "", "A", ".hidden", "a" * 51, "a\nb"]
)
def test_an_identifier_that_no_offer_can_have_is_refused(tmp_path: Path, new: str) -> None:
    engine = write_tree(tmp_path, {"a.toml": definition(), "publisher.toml": b""})
    before = files_in(tmp_path)
    discard(engine, "a")
    refusal = engine.restore("a", new or "-")
    assert isinstance(refusal, Refusal)
    assert refusal.reasons[0].rule == "offer.identifier"
    restore(engine, "a")
    assert files_in(tmp_path) == before


def test_readers_neither_discard_nor_restore(tmp_path: Path) -> None:
    engine = write_tree(tmp_path, {"a.toml": definition()})
    discard(engine, "a")
    (tmp_path / "publisher.toml").write_text('[roles]\npublishers = ["ben"]\n')
    refusal = engine_on(tmp_path).restore("a")
    assert isinstance(refusal, Refusal) and refusal.reasons[0].rule == "role.publisher"


def test_what_is_not_in_the_trash_cannot_be_restored(tmp_path: Path) -> None:
    engine = write_tree(tmp_path, {"a.toml": definition()})
    with pytest.raises(UnknownOfferError):
        engine.restore("a")
    discard(engine, "a")
    with pytest.raises(UnknownOfferError, match="restore a"):
        engine.offer("a")


# In the way ---------------------------------------------------------------------------------------


def _another_file(root: Path) -> None:
    (root / "logos").mkdir(exist_ok=True)
    (root / "logos" / "x.png").write_bytes(b"another")


def _a_directory(root: Path) -> None:
    (root / "logos" / "x.png").mkdir(parents=True)


def _a_file_for_the_folder(root: Path) -> None:
    (root / "logos").write_bytes(b"no folder")


def _a_link_out(root: Path) -> None:
    (root / "logos").symlink_to(root.parent)


def _a_directory_for_the_draft(root: Path) -> None:
    (root / "a.toml").mkdir()


@pytest.mark.parametrize(
    "obstacle",
    [
        _another_file, _a_directory, _a_file_for_the_folder, _a_link_out,
        _a_directory_for_the_draft,
    ],
)  # fmt: skip
def test_what_is_in_the_way_is_not_overwritten(
    tmp_path: Path, obstacle: Callable[[Path], None]
) -> None:
    root = tmp_path / "offers"
    engine = write_tree(root, {"a.toml": definition("logos/x.png"), "logos/x.png": PICTURE})
    write_tree(root, {"b.toml": definition()})
    discard(engine, "a")
    obstacle(root)
    standing = files_in(root)
    with pytest.raises(StorageError):
        engine.restore("a")
    assert files_in(root) == standing
    assert [entry.offer for entry in engine.trash()] == ["a"]
    assert not isinstance(engine.perform("b", Command("remark", "others go on")), Refusal)
    for name in ("logos", "a.toml"):
        _clear(root / name)
    restore(engine, "a")
    assert files_in(root)["logos/x.png"] == PICTURE


def _clear(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def test_the_same_file_in_the_way_is_none(tmp_path: Path) -> None:
    engine = write_tree(tmp_path, {"a.toml": definition("x.png"), "x.png": PICTURE})
    discard(engine, "a")
    (tmp_path / "x.png").write_bytes(PICTURE)
    restore(engine, "a")
    assert files_in(tmp_path)["x.png"] == PICTURE


def test_links_are_followed_inside_only(tmp_path: Path) -> None:
    root = tmp_path / "offers"
    assets = ("inside.png", "outside.png", "folder/z.png")
    engine = write_tree(root, {"a.toml": definition(*assets), "art/real.png": PICTURE})
    (tmp_path / "secret.png").write_bytes(b"not yours")
    (root / "inside.png").symlink_to("art/real.png")
    (root / "outside.png").symlink_to(tmp_path / "secret.png")
    (root / "folder").symlink_to(tmp_path)
    before = files_in(root)
    discard(engine, "a")
    assert (tmp_path / "secret.png").read_bytes() == b"not yours"
    assert b"not yours" not in files_in(root / ".vitrina").values()
    restore(engine, "a")
    assert files_in(root) == before


def test_a_link_that_leads_nowhere_is_not_discarded(tmp_path: Path) -> None:
    (tmp_path / "a.toml").symlink_to("nowhere.txt")
    engine = write_tree(tmp_path, {"b.toml": definition()})
    with pytest.raises(StorageError, match="broken link"):
        engine.discard(["a"])
    assert [view.offer for view in engine.offers()] == ["a", "b"]
    assert (tmp_path / "a.toml").is_symlink() and engine.trash() == []


def test_a_restore_overwrites_nothing_that_is_saved_while_it_goes_on(tmp_path: Path) -> None:
    discard(write_tree(tmp_path, {"a.toml": definition()}), "a")
    file = tmp_path / "a.toml"

    def somebody_saves() -> datetime:
        file.write_text("# theirs\n")
        return NOW

    with pytest.raises(StorageError, match="restore again"):
        Engine(tmp_path, somebody_saves, "ana").restore("a")
    assert file.read_text() == "# theirs\n"


def test_the_engines_own_words_as_names_of_assets(tmp_path: Path) -> None:
    names = ("discarding", "restoring", "record.json", "history.jsonl")
    engine = write_tree(tmp_path, {"a.toml": definition(*names), **dict.fromkeys(names, PICTURE)})
    before = files_in(tmp_path)
    aside = tmp_path / ".vitrina" / "trash" / ".new-a" / "assets"
    aside.mkdir(parents=True)
    for name in names:
        (aside / name).write_bytes(b"left by a crash")
    discard(engine, "a")
    restore(engine, "a")
    assert files_in(tmp_path) == before


def test_an_altered_record_stops_nobody_else(tmp_path: Path) -> None:
    engine = write_tree(tmp_path, {"a.toml": definition(), "b.toml": definition()})
    discard(engine, "a")
    entry = engine.trash()[0].path
    (entry / "record.json").write_text("{}")
    (entry / "discarding").touch()
    assert engine.trash() == []
    discard(engine, "b")
    restore(engine, "b")
