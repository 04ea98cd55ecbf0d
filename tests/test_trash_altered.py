"""The trash: links, and what comes back of a draft that was altered while it lay there."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from state.domain.actions import Command
from state.domain.errors import StorageError, UnknownOfferError
from state.domain.events import Event, Kind
from state.domain.findings import Refusal
from state.engine import Done, Engine
from state.engine.accept_history import accept
from state.engine.verify import verify
from state.storage.atomic import digest_of
from state.storage.chain import chained
from tests.directories import discard, files_in, restore, write_tree
from tests.support import NOW
from tests.test_trash import PICTURE, definition, kinds

# Links --------------------------------------------------------------------------------------------


def _lay_link(root: Path) -> Engine:
    """A draft whose file is a link to one elsewhere."""
    engine = write_tree(root, {"real/a.toml": definition(title="real")})
    (root / "a.toml").symlink_to("real/a.toml")
    return engine


def test_a_definition_that_is_a_link_comes_back_as_that_link(tmp_path: Path) -> None:
    engine = _lay_link(tmp_path)
    discard(engine, "a")
    assert set(files_in(tmp_path)) == {"real/a.toml"} and not (tmp_path / "a.toml").is_symlink()
    kept = engine.trash()[0].path / "definition.toml"
    assert kept.read_bytes() == definition(title="real")
    (tmp_path / "real" / "a.toml").write_bytes(definition(title="edited"))
    restore(engine, "a", "another")
    assert str((tmp_path / "another.toml").readlink()) == "real/a.toml"
    assert engine.offer("another").title == "edited"


def test_a_link_whose_file_is_gone_comes_back_as_a_file(tmp_path: Path) -> None:
    engine = _lay_link(tmp_path)
    discard(engine, "a")
    (tmp_path / "real" / "a.toml").unlink()
    done = engine.restore("a")
    assert isinstance(done, Done) and "real/a.toml, which is missing" in done.notes[0]
    assert files_in(tmp_path) == {"a.toml": definition(title="real")}


@pytest.mark.parametrize("place", ["/etc/passwd", "../secret", "door/secret", ".vitrina/lock"])
def test_a_link_is_made_again_within_the_working_directory_only(tmp_path: Path, place: str) -> None:
    root = tmp_path / "root"
    engine = write_tree(root, {"a.toml": definition()})
    (tmp_path / "secret").write_bytes(b"secret")
    (root / "door").symlink_to(tmp_path)
    discard(engine, "a")
    record = engine.trash()[0].path / "record.json"
    record.write_text(json.dumps({**json.loads(record.read_bytes()), "link": place}))
    done = engine.restore("a")
    assert isinstance(done, Done) and f"{place}, which is outside" in done.notes[0]
    assert not (root / "a.toml").is_symlink()
    assert (root / "a.toml").read_bytes() == definition()


# Altered in the trash -----------------------------------------------------------------------------


def _first_lines(raw: bytes, count: int) -> bytes:
    return b"".join(raw.splitlines(keepends=True)[:count])


def _without_the_end(raw: bytes) -> bytes:
    return _first_lines(raw, 2)


def _without_a_byte(raw: bytes) -> bytes:
    return raw[:-10]


def _without_anything(raw: bytes) -> bytes:
    return b""


def _with_other_words(raw: bytes) -> bytes:
    return raw.replace(b"hello", b"hallo")


@pytest.mark.parametrize("is_old", [False, True])
@pytest.mark.parametrize(
    "alter", [_without_the_end, _without_a_byte, _without_anything, _with_other_words]
)
def test_a_history_that_was_altered_in_the_trash_comes_back_broken(
    tmp_path: Path, alter: Callable[[bytes], bytes], is_old: bool
) -> None:
    engine = write_tree(tmp_path, {"a.toml": definition()})
    for words in ("one", "hello", "three"):
        engine.perform("a", Command("remark", words))
    discard(engine, "a")
    entry = engine.trash()[0].path
    if is_old:
        _as_of_old(entry)
    file = entry / "history.jsonl"
    file.write_bytes(altered := alter(file.read_bytes()))
    assert verify(engine, ["a"])[0].broken
    done = engine.restore("a")
    assert isinstance(done, Done) and done.events == ()
    assert any("verify --accept a" in note for note in done.notes)
    assert files_in(tmp_path) == {"a.toml": definition()} and engine.trash() == []
    assert (tmp_path / ".vitrina/history/a.jsonl").read_bytes() == altered
    assert verify(engine, ["a"])[0].broken
    assert isinstance(engine.perform("a", Command("remark", "no")), Refusal)
    assert not isinstance(accept(engine, "a"), Refusal)
    assert verify(engine, ["a"])[0].is_whole


def test_an_event_that_was_put_in_in_the_trash_is_told(tmp_path: Path) -> None:
    engine = write_tree(tmp_path, {"a.toml": definition()})
    discard(engine, "a")
    file = engine.trash()[0].path / "history.jsonl"
    last = digest_of(file.read_bytes().splitlines()[-1])
    lines, _ = chained([Event(NOW, "eva", Kind.REMARK, None, "forged")], last)
    file.write_bytes(file.read_bytes() + lines)
    assert "event 3 was put in" in str(verify(engine, ["a"])[0].broken)
    done = engine.restore("a")
    assert isinstance(done, Done) and "event 3 was put in" in done.notes[0]


def _as_of_old(entry: Path) -> None:
    """Take out of a record what older ones do not hold."""
    record = json.loads((entry / "record.json").read_bytes())
    for key in ("definition", "link", "head"):
        del record[key]
    (entry / "record.json").write_text(json.dumps(record))


def test_an_older_record_is_restored_like_any_other(tmp_path: Path) -> None:
    files = {"a.toml": definition("x.png"), "x.png": PICTURE}
    engine = write_tree(tmp_path, files)
    discard(engine, "a")
    _as_of_old(engine.trash()[0].path)
    assert verify(engine, ["a"])[0].is_whole
    done = engine.restore("a")
    assert isinstance(done, Done) and done.notes == ()
    assert files_in(tmp_path) == files and verify(engine, ["a"])[0].is_whole


def test_files_that_were_altered_in_the_trash_come_back_so_and_it_is_told(tmp_path: Path) -> None:
    engine = write_tree(
        tmp_path, {"a.toml": definition("x.png", "y.png"), "x.png": b"x", "y.png": b"y"}
    )
    discard(engine, "a")
    entry = engine.trash()[0].path
    digest = digest_of((entry / "definition.toml").read_bytes())
    (entry / "definition.toml").write_bytes(definition(title="altered"))
    (entry / "assets" / "x.png").write_bytes(b"another")
    found = verify(engine, ["a"])[0]
    assert [each.what for each in found.missing] == ["definition", "x.png"] and not found.broken
    done = engine.restore("a")
    assert isinstance(done, Done) and engine.offer("a").title == "altered"
    said = sorted(done.notes)
    assert said[0].startswith("a.toml was altered") and f".vitrina/blobs/{digest}" in said[0]
    assert said[1].startswith("x.png was altered") and files_in(tmp_path)["x.png"] == b"another"
    assert kinds(engine, "a")[-1] is Kind.RESTORED


def test_a_copy_that_is_missing_in_the_trash_stops_nothing(tmp_path: Path) -> None:
    assets = {"x.png": b"x", "y.png": b"y", "z.png": b"z"}
    files = {"a.toml": definition(*assets), **assets}
    engine = write_tree(tmp_path, files)
    engine.perform("a", Command("remark", "all of it is kept"))
    discard(engine, "a")
    for name in ("definition.toml", "assets/x.png", "assets/y.png", "assets/z.png"):
        (engine.trash()[0].path / name).unlink()
    blobs = tmp_path / ".vitrina" / "blobs"
    for name in ("y", "z"):
        (blobs / digest_of(name.encode())).unlink()
    (tmp_path / "z.png").write_bytes(b"another")
    done = engine.restore("a")
    assert isinstance(done, Done)
    missing = "is not restored: its copy in the trash is missing."
    assert set(done.notes) == {f"y.png {missing}", f"z.png {missing}"}
    assert files_in(tmp_path) == {"a.toml": files["a.toml"], "x.png": b"x", "z.png": b"another"}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("head", [-9, "x"]), ("head", [float("inf"), "x"]), ("head", [1.5, "x"]),
        ("head", [True, "x"]), ("link", 5), ("definition", "a\0b"), ("assets", [[]]),
        ("assets", [{"path": "\ud800", "sha256": "x", "moved": True}]),
        ("offer", "../b"), ("batch", []), ("at", 5),
    ],
)  # fmt: skip
def test_an_altered_record_is_told_and_its_draft_stays(
    tmp_path: Path, key: str, value: object
) -> None:
    engine = write_tree(tmp_path, {"a.toml": definition()})
    discard(engine, "a")
    entry = engine.trash()[0].path
    record = json.loads((entry / "record.json").read_bytes())
    (entry / "record.json").write_text(json.dumps({**record, key: value}))
    engine.offers()
    found = verify(engine, ["a"])[0]
    assert ("record.json", "") in [(each.what, each.sha256) for each in found.missing]
    with pytest.raises((StorageError, UnknownOfferError), match=r"record\.json|in the trash"):
        engine.restore("a")
    assert entry.exists() and files_in(tmp_path) == {}
