"""What cannot be read is not taken for missing: a restore or a discard stops and leaves everything."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from state.domain.actions import Command
from state.domain.errors import StorageError
from state.domain.findings import Refusal
from state.engine import Engine
from state.engine.accept_history import accept
from state.storage import atomic as plain
from state.storage import blobs, history
from state.storage.atomic import read_plain
from state.storage.history import Histories
from tests.directories import discard, engine_on, files_in, restore, write_tree
from tests.histories import EVENTS, some_history
from tests.test_trash import PICTURE, definition
from tui.main import main

FILES = {"a.toml": definition("x.png"), "x.png": PICTURE, "b.toml": definition()}
ERRORS = (errno.EIO, errno.EACCES, errno.EMFILE, errno.ENOMEM, errno.ELOOP)


@contextmanager
def _refusing(monkeypatch: pytest.MonkeyPatch, path: Path, error: int) -> Iterator[None]:
    """Let every look at a file and every reading of it fail."""

    def refuse(name: str) -> None:
        real = getattr(os, name)

        def call(target: object, *values: object, **named: object) -> object:
            if not isinstance(target, int) and str(target) == str(path):
                raise OSError(error, os.strerror(error), str(path))
            return real(target, *values, **named)

        context.setattr(os, name, call)

    with monkeypatch.context() as context:
        for name in ("open", "stat", "lstat"):
            refuse(name)
        yield


def _everything(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.name != "lock"
    }


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize(
    "name", ["record.json", "history.jsonl", "definition.toml", "assets/x.png"]
)
def test_a_restore_stops_at_what_it_cannot_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    name: str, error: int,
) -> None:  # fmt: skip
    engine = write_tree(tmp_path, FILES)
    engine.perform("a", Command("remark", "hello"))
    discard(engine, "a")
    before, path = _everything(tmp_path), engine.trash()[0].path / name
    with _refusing(monkeypatch, path, error):
        assert main(["-C", str(tmp_path), "restore", "a"]) == 4
        assert Path(name).name in capsys.readouterr().err
        with pytest.raises(StorageError):
            engine_on(tmp_path).restore_last()
        assert engine_on(tmp_path).offers()
    assert _everything(tmp_path) == before
    restore(engine_on(tmp_path), "a")
    assert files_in(tmp_path) == FILES and not engine.offer("a").broken


@pytest.mark.parametrize(
    ("name", "error"),
    [
        (name, error)
        for name in ("a.toml", "x.png", ".vitrina/trash")
        for error in ERRORS
        if (name, error) != ("x.png", errno.ELOOP)
    ],
)
def test_a_discard_stops_at_what_it_cannot_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    name: str, error: int,
) -> None:  # fmt: skip
    engine = write_tree(tmp_path, FILES)
    engine.perform("a", Command("remark", "hello"))
    discard(engine, "b")
    restore(engine, "b")
    (tmp_path / ".vitrina" / "trash").mkdir(exist_ok=True)
    before = _everything(tmp_path)
    with _refusing(monkeypatch, tmp_path / name, error):
        # Whose definition it is can be said, as ``show`` says it.
        refused = (name, error) == ("a.toml", errno.EACCES)
        assert main(["-C", str(tmp_path), "discard", "a", "--yes"]) == (3 if refused else 4)
        assert Path(name).name in capsys.readouterr().err
    assert _everything(tmp_path) == before


def test_a_newer_draft_that_cannot_be_read_is_not_passed_over_for_an_older_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = write_tree(tmp_path, {"a.toml": definition(title="older")})
    discard(engine, "a")
    write_tree(tmp_path, {"a.toml": definition(title="newer")})
    discard(engine, "a")
    newest = engine.trash()[-1].path / "record.json"
    with (
        _refusing(monkeypatch, newest, errno.EIO),
        pytest.raises(StorageError, match=r"record\.json"),
    ):
        engine.restore("a")
    assert len(engine.trash()) == 2


def test_a_copy_leaves_the_trash_only_once_its_bytes_are_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = write_tree(tmp_path, FILES)
    discard(engine, "a")
    entry = engine.trash()[0].path
    with monkeypatch.context() as context:
        context.setattr("state.storage.restore.drop", _cannot)
        restore(engine, "a")
    assert entry.exists()
    # Edited before what is left in the trash is cleared: the bytes before the edit stay somewhere.
    (tmp_path / "a.toml").write_bytes(definition("x.png", title="edited"))
    (tmp_path / "x.png").unlink()
    engine_on(tmp_path).perform("b", Command("remark", "hello"))
    assert not entry.exists()
    assert {*FILES.values()} <= {*_everything(tmp_path).values()}


def _cannot(*_: object) -> None:
    raise StorageError("It cannot be removed.")


def test_an_unfinished_event_comes_back_out_of_the_trash(tmp_path: Path) -> None:
    engine = write_tree(tmp_path, FILES)
    engine.perform("a", Command("remark", "hello"))
    with (tmp_path / ".vitrina/history/a.jsonl").open("ab") as file:
        file.write(b'{"at": "20')
    discard(engine, "a")
    restore(engine, "a")
    assert b'{"at": "20' in _everything(tmp_path).values()


def test_a_history_that_cannot_be_read_for_once_is_not_accepted_as_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = write_tree(tmp_path, FILES)
    engine.perform("a", Command("remark", "hello"))
    path = tmp_path / ".vitrina/history/a.jsonl"
    before = path.read_bytes()
    with _refusing(monkeypatch, path, errno.EIO), pytest.raises(StorageError):
        accept(engine_on(tmp_path), "a")
    assert path.read_bytes() == before
    assert isinstance(accept(engine_on(tmp_path), "a"), Refusal)


# Limits -------------------------------------------------------------------------------------------


def test_reading_asks_for_the_size_of_a_file_and_takes_what_it_grew_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 1000)
    asked = []
    real = os.fdopen

    class Spy:
        def __init__(self, file: object) -> None:
            self._file = file

        def __enter__(self) -> "Spy":
            return self

        def __exit__(self, *_: object) -> None: ...

        def read(self, size: int) -> bytes:
            asked.append(size)
            if len(asked) == 2:
                with path.open("ab") as more:
                    more.write(b"y" * 100)
            return self._file.read(size)  # type: ignore[attr-defined, no-any-return]

    monkeypatch.setattr(plain.os, "fdopen", lambda *a, **n: Spy(real(*a, **n)))
    assert read_plain(path, 1 << 30) == b"x" * 1000 + b"y" * 100
    assert max(asked) <= 1 << 16


def test_a_history_is_never_longer_than_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    histories = some_history(tmp_path)
    before = histories.raw("db")
    monkeypatch.setattr(history, "MOST_EVENTS", 5)
    with pytest.raises(StorageError, match="at most 5 events"):
        histories.append("db", EVENTS[:1])
    assert histories.raw("db") == before and len(histories.read("db").events) == 5


@pytest.mark.parametrize("size", [5_000_000, 70_000_000])
def test_what_could_not_be_read_again_is_not_written(tmp_path: Path, size: int) -> None:
    histories = some_history(tmp_path)
    before = histories.raw("db")
    with pytest.raises(StorageError, match="at most"):
        histories.append("db", [EVENTS[0]._replace(note="x" * size)])
    assert Histories(tmp_path).raw("db") == before
    if size > plain.LARGEST_KEPT:
        with pytest.raises(StorageError, match="at most"):
            blobs.Blobs(tmp_path).keep(b"x" * size)


def test_an_edit_whose_event_cannot_be_recorded_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from state.definitions.model_fields import field_named
    from state.engine.drafts import edit

    engine: Engine = write_tree(tmp_path, FILES)
    engine.perform("a", Command("remark", "hello"))
    field = field_named(engine.offer("a").definition.offer, "marketing.title")
    assert field is not None
    with monkeypatch.context() as context:
        context.setattr(history, "_append", _no_space)
        with pytest.raises(StorageError, match=r"a\.jsonl cannot be written"):
            edit(engine, "a", field, "another", seen=FILES["a.toml"])
    assert files_in(tmp_path) == FILES and not engine.offer("a").broken


def _no_space(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_what_can_be_no_asset_stops_nobody(tmp_path: Path) -> None:
    paths = ("folder", "pipe", "nowhere.png", "circle.png", "round/x.png")
    engine = write_tree(tmp_path, {"a.toml": definition(*paths)})
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for link in ("circle.png", "round"):
        (tmp_path / link).symlink_to(link)
    assert not isinstance(engine.perform("a", Command("remark", "hello")), Refusal)
    discard(engine, "a")
    assert (tmp_path / "folder").is_dir() and (tmp_path / "pipe").is_fifo()
    assert (tmp_path / "circle.png").is_symlink() and (tmp_path / "round").is_symlink()
    restore(engine_on(tmp_path), "a")


@pytest.mark.parametrize("make", [Path.touch, os.mkfifo, lambda path: path.symlink_to("nowhere")])
@pytest.mark.parametrize("name", ["", "history", "heads", "blobs", "trash"])
def test_what_is_no_directory_is_not_taken_for_no_history(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, make: Callable[[Path], None]
) -> None:
    engine = write_tree(tmp_path, FILES)
    engine.perform("a", Command("remark", "hello"))
    path = tmp_path / ".vitrina" / name
    if path.exists():
        path.rename(tmp_path / "copy")
    make(path)
    for command in ("list", "check", "show a", "verify"):
        assert main(["-C", str(tmp_path), *command.split()]) == 4
        said = capsys.readouterr()
        assert not said.out and f"{path} is " in said.err and "a directory" in said.err
