"""The index: the same answers with it and without it, whatever happens to the files meanwhile."""

import os
import random
import shutil
import sqlite3
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest

from state.domain.actions import CERTIFY, STAGE, Command
from state.domain.errors import StorageError, UnknownOfferError
from state.engine import Engine
from state.storage import index
from state.storage.index import index_path
from state.workspace.offer_summary import OfferSummary
from tests.support import EXAMPLES, NOW


class IndexHarness:
    """A directory, a time, and what a list says with and without an index."""

    def __init__(self, root: Path) -> None:
        shutil.copytree(EXAMPLES, root)
        self.root = root
        self.now = NOW
        self.age()

    def age(self) -> None:
        """Let every file have been there for a while, so that what is read may be kept."""
        long_ago = time.time() - 3600
        for path in (self.root, *self.root.rglob("*")):
            if not path.is_symlink():
                os.utime(path, (long_ago, long_ago))

    def listed(self) -> list[OfferSummary]:
        """What a program that has just started lists."""
        return Engine(self.root, lambda: self.now, "ana").listed().offers

    def read(self) -> list[OfferSummary]:
        """The same with everything read anew."""
        engine = Engine(self.root, lambda: self.now, "ana")
        return [view.summary for view in engine.offers()]


@pytest.fixture
def harness(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> IndexHarness:
    """The examples; files that were made by this test are old enough to be kept."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(index, "_RACY_NS", 0)
    return IndexHarness(tmp_path / "offers")


def refuse_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let reading a definition be a fault."""

    def refused(*_: object) -> None:
        raise AssertionError("a definition was read")

    monkeypatch.setattr("state.storage.working_directory.WorkingDirectory.definition", refused)


def test_a_second_list_reads_no_definition(
    harness: IndexHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = harness.listed()
    assert first == harness.read() and len(first) == 8
    refuse_to_read(monkeypatch)
    assert harness.listed() == first


def test_only_this_account_can_read_the_index_and_no_token_is_in_it(harness: IndexHarness) -> None:
    harness.listed()
    assert stat.S_IMODE(index_path().stat().st_mode) == 0o600
    assert b"sig=" not in index_path().read_bytes()


def test_a_file_that_has_only_just_changed_is_read_again(
    harness: IndexHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "_RACY_NS", 3600 * 10**9)
    harness.listed()
    path = harness.root / "contoso-rates.toml"
    found = path.stat()
    path.write_text(path.read_text().replace("Contoso Rates", "Contoso RATES"))
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    assert "Contoso RATES" in [each.title for each in harness.listed()]


@pytest.mark.parametrize("damage", ["rubbish", "empty", "other table", "directory", "open to all"])
def test_an_index_that_cannot_be_used_changes_nothing(harness: IndexHarness, damage: str) -> None:
    first, path = harness.listed(), index_path()
    if damage == "directory":
        path.unlink()
        path.mkdir()
    elif damage == "open to all":
        path.chmod(0o666)
    elif damage == "other table":
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE entry SET answer = '[1]', files = '{}'")
    else:
        path.write_bytes(b"rubbish" * 500 if damage == "rubbish" else b"")
    assert harness.listed() == first == harness.listed()


def test_an_index_that_another_program_holds_changes_nothing(harness: IndexHarness) -> None:
    first = harness.listed()
    with sqlite3.connect(index_path(), isolation_level=None) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        assert harness.listed() == first


def test_no_cache_directory_changes_nothing(
    harness: IndexHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null/nowhere")
    assert harness.listed() == harness.read()


def test_a_token_that_expires_is_noticed_though_no_file_changes(harness: IndexHarness) -> None:
    before = harness.listed()
    harness.now += timedelta(days=400)
    after = harness.listed()
    assert after == harness.read() and after != before
    harness.now -= timedelta(days=400)
    assert harness.listed() == before


def test_an_identifier_that_another_offer_takes_is_noticed(harness: IndexHarness) -> None:
    harness.listed()
    shutil.copy(harness.root / "contoso-vault.toml", harness.root / "a-vault.toml")
    after = {each.offer: each for each in harness.listed()}
    assert list(after.values()) == harness.read()
    assert after["contoso-vault"].errors > 3


def edits(harness: IndexHarness, chance: random.Random) -> Callable[[], object]:
    """Something that may happen to a directory."""
    offers = sorted(harness.root.glob("*.toml"))
    path = chance.choice(offers)
    logo = chance.choice(sorted(harness.root.rglob("*.png")))
    engine = Engine(harness.root, lambda: harness.now, "ana")
    days = timedelta(days=chance.choice([-3, 1, 20, 40]), seconds=chance.randrange(86400))

    def act() -> None:
        engine.perform(path.stem, Command(chance.choice([STAGE, CERTIFY])))

    return chance.choice(
        [
            act,
            lambda: path.write_text(path.read_text().replace("Contoso", "Fabrikam", 1)),
            lambda: path.write_text(path.read_text().replace("Fabrikam", "Contoso", 1)),
            lambda: path.write_text(path.read_text() + "\noops = 1\n"),
            lambda: path.unlink() if path.stem != "publisher" else None,
            lambda: shutil.copy(path, path.with_name(f"copy-{chance.randrange(3)}.toml")),
            lambda: logo.write_bytes(logo.read_bytes() + b"\0"),
            lambda: logo.unlink() if chance.random() < 0.3 else logo.touch(),
            lambda: engine.discard([path.stem]),
            lambda: engine.restore_last(),
            lambda: setattr(harness, "now", harness.now + days),
            lambda: setattr(harness, "now", harness.now + timedelta(seconds=chance.random() * 3)),
            path.touch,
        ]
    )


@pytest.mark.parametrize("seed", range(2))
def test_with_and_without_an_index_a_list_is_the_same(harness: IndexHarness, seed: int) -> None:
    look_after_each_change(harness, seed, 12)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 110))
def test_with_and_without_an_index_a_list_is_the_same_for_long(
    harness: IndexHarness, seed: int
) -> None:
    look_after_each_change(harness, seed, 100)


def look_after_each_change(harness: IndexHarness, seed: int, rounds: int) -> None:
    """Change anything, look with and without the index, again and again."""
    chance = random.Random(seed)
    for number in range(rounds):
        with suppress(OSError, StorageError, UnknownOfferError):
            edits(harness, chance)()
        assert answer(harness.listed) == answer(harness.read), (
            f"after change {number} of seed {seed}"
        )


def answer(look: Callable[[], list[OfferSummary]]) -> list[OfferSummary] | str:
    """What is listed, or why nothing is."""
    try:
        return look()
    except StorageError as error:
        return str(error)
