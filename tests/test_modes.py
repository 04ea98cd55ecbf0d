"""Who may use the engine's own files: as much as the working directory lets people do, never more."""

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from state.domain.actions import Command
from state.domain.environment import owner_of
from state.domain.errors import StorageError
from state.domain.findings import Refusal
from state.engine.create import create
from state.storage.modes import fit
from tests.directories import discard, engine_on, restore, write_examples

RATES, VAULT = "contoso-rates", "contoso-vault"
OPENNESS = {0o2770: 0o660, 0o770: 0o660, 0o2755: 0o644, 0o755: 0o644, 0o700: 0o600, 0o1777: 0o664}
"""The modes of a working directory, and what its files in ``.vitrina`` get."""


BETWEEN = [pytest.param(umask, marks=pytest.mark.slow) for umask in (0o022, 0o027)]


@pytest.fixture(params=[0, *BETWEEN, 0o077], ids="umask {:03o}".format)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """A person's umask."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def modes_in(root: Path) -> dict[str, int]:
    """The mode of everything in ``.vitrina``, by its path there."""
    found = [root / ".vitrina", *(root / ".vitrina").rglob("*")]
    return {str(each.relative_to(root)): stat.S_IMODE(each.lstat().st_mode) for each in found}


def act(root: Path) -> None:
    """Do a little of everything that writes."""
    engine = engine_on(root)
    for action in ("remark", "stage"):
        engine.perform(RATES, Command(action, "hello"))
    discard(engine, VAULT)
    restore(engine, VAULT)
    discard(engine, VAULT)


@pytest.mark.parametrize("mode", OPENNESS, ids="{:04o}".format)
def test_the_engines_own_files_are_as_open_as_the_directory(
    tmp_path: Path, umask: int, mode: int
) -> None:
    write_examples(tmp_path)
    for path in tmp_path.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    tmp_path.chmod(mode)
    act(tmp_path)
    folder = (mode & ~0o002 | 0o700) & 0o2777
    for path, found in modes_in(tmp_path).items():
        if "trash" not in path or path.endswith(".jsonl"):
            wanted = folder if (tmp_path / path).is_dir() else OPENNESS[mode]
            assert oct(found) == oct(wanted), path


def mode_of(path: Path) -> int:
    """The permissions of a file."""
    return stat.S_IMODE(path.lstat().st_mode)


def remark(root: Path) -> None:
    """Act a little, which has to succeed."""
    assert not isinstance(engine_on(root).perform(RATES, Command("remark", "hello")), Refusal)


def private_blobs(root: Path) -> int:
    """How many contents are kept that only their owner can read."""
    return sum(mode_of(each) == 0o600 for each in (root / ".vitrina" / "blobs").iterdir())


def test_copies_are_no_more_open_than_their_originals(tmp_path: Path, umask: int) -> None:
    engine = write_examples(tmp_path)
    tmp_path.chmod(0o2775)
    logo = tmp_path / "logos" / RATES / "small.png"
    for path in (logo, tmp_path / f"{RATES}.toml", tmp_path / f"{VAULT}.toml"):
        path.chmod(0o600)
    engine.perform(RATES, Command("stage"))
    assert private_blobs(tmp_path) == 2
    assert mode_of(create(engine, "contoso-copy", source=RATES)) == 0o600
    discard(engine, VAULT)
    (copy,) = (tmp_path / ".vitrina" / "trash" / VAULT).glob("*/definition.toml")
    assert mode_of(copy) == 0o600
    restore(engine, VAULT)
    assert mode_of(tmp_path / f"{VAULT}.toml") == 0o600


def test_a_copy_is_opened_with_its_original(tmp_path: Path) -> None:
    engine = write_examples(tmp_path)
    tmp_path.chmod(0o2775)
    (tmp_path / f"{RATES}.toml").chmod(0o600)
    engine.perform(RATES, Command("stage"))
    engine.perform(RATES, Command("cancel"))
    assert private_blobs(tmp_path) == 1
    (tmp_path / f"{RATES}.toml").chmod(0o640)
    engine.perform(RATES, Command("stage"))
    assert private_blobs(tmp_path) == 0


@pytest.mark.parametrize("closed", [0o077, 0o022], ids="umask {:03o}".format)
def test_what_an_older_release_closed_is_opened_by_its_owner(tmp_path: Path, closed: int) -> None:
    engine = write_examples(tmp_path)
    (tmp_path / f"{VAULT}.toml").chmod(0o600)
    for offer in (RATES, VAULT):
        engine.perform(offer, Command("remark", "hello"))
    for path in (tmp_path / ".vitrina", *(tmp_path / ".vitrina").rglob("*")):
        path.chmod((0o2777 if path.is_dir() else 0o666) & ~closed)
    (private,) = [
        each
        for each in (tmp_path / ".vitrina" / "blobs").iterdir()
        if each.read_bytes() == (tmp_path / f"{VAULT}.toml").read_bytes()
    ]
    private.chmod(0o600)
    tmp_path.chmod(0o2770)
    engine_on(tmp_path).offers()
    assert mode_of(tmp_path / ".vitrina") != 0o2770
    remark(tmp_path)
    found = modes_in(tmp_path)
    assert found.pop(str(private.relative_to(tmp_path))) == 0o600
    assert {mode for path, mode in found.items() if (tmp_path / path).is_dir()} == {0o2770}
    assert {mode for path, mode in found.items() if not (tmp_path / path).is_dir()} == {0o660}


def test_a_group_that_this_account_is_not_in_gets_nothing_more_than_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    found = tmp_path.stat()
    folder = os.stat_result((0o040775, *found[1:5], found.st_gid + 1, *found[6:]))
    monkeypatch.setattr(os, "fchown", refuse)
    with (tmp_path / "file").open("w") as file:
        fit(file.fileno(), folder)
    assert mode_of(tmp_path / "file") == 0o644 and (tmp_path / "file").stat().st_gid == found.st_gid


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to any group")
def test_the_group_is_that_of_the_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, umask: int
) -> None:
    write_examples(tmp_path)
    os.chown(tmp_path, -1, 54321)
    tmp_path.chmod(0o770)
    act(tmp_path)
    everything = [tmp_path / ".vitrina", *(tmp_path / ".vitrina").rglob("*")]
    assert {each.lstat().st_gid for each in everything} == {54321}
    assert engine_on(tmp_path).warnings == ()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to any group")
def test_a_group_that_cannot_be_given_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    engine = write_examples(tmp_path)
    os.chown(tmp_path, -1, 54321)
    tmp_path.chmod(0o770)
    monkeypatch.setattr(os, "fchown", refuse)
    engine.perform(RATES, Command("remark", "hello"))
    (warning,) = engine.warnings
    assert "54321" in warning and "chgrp -R 54321" in warning
    assert mode_of(tmp_path / ".vitrina") == 0o700


# The lock ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP, errno.EIO])
def test_without_locks_nobody_acts_and_everybody_looks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    engine = write_examples(tmp_path)
    engine.perform(RATES, Command("remark", "hello"))
    history = tmp_path / f".vitrina/history/{RATES}.jsonl"
    before = history.read_bytes()

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(StorageError, match="file system without locks"):
        engine.perform(RATES, Command("remark", "again"))
    assert engine_on(tmp_path).offer(RATES).events and history.read_bytes() == before


def test_the_holder_of_the_lock_is_named_while_it_is_held(tmp_path: Path) -> None:
    engine = write_examples(tmp_path)
    lock = tmp_path / ".vitrina" / "lock"
    with engine.transaction():
        assert f'"process": {os.getpid()}' in lock.read_text() and '"ana"' in lock.read_text()
    assert lock.read_bytes() == b""


# What is closed ---------------------------------------------------------------------------------


def test_who_may_not_write_is_told_the_owner_and_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = write_examples(tmp_path)
    engine.perform(RATES, Command("remark", "hello"))
    opening = os.open

    def refuse(path: object, *rest: object, **named: object) -> int:
        if str(path).endswith(".vitrina/lock"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return opening(path, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(StorageError) as caught:
        engine.perform(RATES, Command("remark", "again"))
    owner = owner_of(tmp_path / ".vitrina")
    assert f"belongs to {owner}" in str(caught.value)
    assert f"chmod -R g+rwX {tmp_path}/.vitrina" in str(caught.value)


@pytest.mark.parametrize("target", ["../elsewhere", "nowhere"])
def test_an_engine_directory_that_is_a_link_is_refused(tmp_path: Path, target: str) -> None:
    root = tmp_path / "offers"
    write_examples(root)
    (tmp_path / "elsewhere").mkdir()
    (root / ".vitrina").symlink_to(target)
    with pytest.raises(StorageError, match=r"\.vitrina is a link to"):
        engine_on(root)
    assert not [*(tmp_path / "elsewhere").iterdir()]


def test_what_was_done_is_done_though_the_lock_cannot_be_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = write_examples(tmp_path)
    locking = fcntl.flock

    def refuse(descriptor: int, how: int) -> None:
        if how == fcntl.LOCK_UN:
            raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))
        locking(descriptor, how)

    with monkeypatch.context() as patched:
        patched.setattr(fcntl, "flock", refuse)
        assert not isinstance(engine.perform(RATES, Command("remark", "hello")), Refusal)
