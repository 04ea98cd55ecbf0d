"""What a cut-off discard or write leaves behind, and when it is cleared; the walks do the rest."""

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from state.domain.actions import Command
from state.engine.drafts import edit
from state.storage import discard as discarding
from tests.directories import discard, engine_on, files_in, write_tree
from tests.engine_harness import DATA, EngineHarness, done
from tests.test_trash import PICTURE, definition

FILES = {
    "a.toml": definition("logos/x.png", "shared.png"),
    "b.toml": definition("shared.png"),
    "logos/x.png": PICTURE,
    "shared.png": b"shared",
}


def _shown(root: Path) -> tuple[list[tuple[str, int]], list[str]]:
    """What a reader sees: the offers with the lengths of their histories, and the trash."""
    engine = engine_on(root)
    offers = [(view.offer, len(view.events)) for view in engine.offers() if view.offer != "b"]
    return offers, [entry.offer for entry in engine.trash()]


def test_a_discard_has_happened_though_the_disk_is_not_sure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = write_tree(tmp_path, FILES)
    with monkeypatch.context() as context:
        context.setattr(discarding, "sync_directory", _fail)
        discard(engine, "a")
        assert _shown(tmp_path) == ([], ["a"])
        # What is in the trash only perhaps is removed nowhere else.
        assert (tmp_path / "a.toml").exists()
        engine.perform("b", Command("remark", "hello"))
        assert _shown(tmp_path) == ([], ["a"]) and (tmp_path / "a.toml").exists()
    engine.perform("b", Command("remark", "hello"))
    assert not (tmp_path / "a.toml").exists()


def _fail(*_: object) -> None:
    raise OSError(errno.EIO, "Input/output error")


def test_what_a_killed_write_left_is_cleared_by_the_next_action(tmp_path: Path) -> None:
    write = (
        "import os; from pathlib import Path; from state.storage.atomic import write_atomic\n"
        "os.fsync = lambda _: os._exit(9)\n"
        f"write_atomic(Path({str(tmp_path)!r}, 'logos', 'x.png'), b'half')"
    )
    engine = write_tree(tmp_path, {**FILES, ".b.toml.99999.tmp": b"somebody's"})
    engine.perform("b", Command("remark", "hello"))
    assert subprocess.run([sys.executable, "-c", write], check=False).returncode == 9
    left = [*(tmp_path / ".vitrina" / "tmp").iterdir()]
    assert len(left) == 1 and files_in(tmp_path)["logos/x.png"] == PICTURE
    mine = left[0].with_name(f"{os.getpid()}-1")
    mine.write_bytes(b"being written")
    aside = tmp_path / ".vitrina" / "trash" / ".new-c"
    aside.mkdir(parents=True)
    engine.perform("b", Command("remark", "again"))
    assert [*mine.parent.iterdir()] == [mine] and not aside.exists()
    assert files_in(tmp_path) == {**FILES, ".b.toml.99999.tmp": b"somebody's"}


def test_what_was_done_lasts_when_the_power_goes(
    desk: EngineHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    lasting: set[tuple[int, int]] = set()

    def fsync(descriptor: int) -> None:
        found = os.fstat(descriptor)
        lasting.add((found.st_ino, 0 if stat.S_ISDIR(found.st_mode) else found.st_size))

    monkeypatch.setattr(os, "fsync", fsync)
    seen = desk.file(DATA).read_bytes()
    done(edit(desk.engine, DATA, desk.field(DATA, "marketing.title"), "New", seen=seen))
    engine = desk.root / ".vitrina"
    written = [*engine.glob("history/*"), *engine.glob("heads/*"), *engine.glob("blobs/*")]
    for path in (desk.file(DATA), *written):
        found = path.stat()
        assert (found.st_ino, found.st_size) in lasting, path
        assert (path.parent.stat().st_ino, 0) in lasting, path.parent
    assert len(written) > 3
