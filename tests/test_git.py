"""The commit of a push: what git says of the files, and that it is never waited for."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from state.domain.actions import Command
from state.domain.events import Event, Kind
from state.engine import Done
from state.engine.commit_stamp import format_commit
from state.storage.git import Checkout, checkout_of
from tests.engine_harness import DATA, EngineHarness
from tests.support import NOW

needs_git = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")

FILES = ("a.toml", "publisher.toml", "logos/ä b.png")
Git = Callable[..., str]


def git_in(root: Path) -> Git:
    """The git command in a directory."""

    def run(*arguments: str) -> str:
        named = ["-c", "user.name=ana", "-c", "user.email=ana@contoso.example"]
        settings = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        command = ["git", "-C", str(root), *named, *arguments]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=settings)
        return done.stdout.strip()

    return run


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A working directory two levels below the top of a checkout, with everything committed."""
    root = tmp_path / "team" / "offers"
    (root / "logos").mkdir(parents=True)
    for file in FILES:
        (root / file).write_text("one")
    run = git_in(tmp_path)
    run("init", "-q")
    run("add", ".")
    run("commit", "-q", "-m", "first")
    return root


def edited(root: Path, git: Git) -> None:
    (root / "a.toml").write_text("two")


def added(root: Path, git: Git) -> None:
    edited(root, git)
    git("add", ".")


def untracked(root: Path, git: Git) -> None:
    git("rm", "-q", "--cached", "logos/ä b.png")


def removed(root: Path, git: Git) -> None:
    (root / "publisher.toml").unlink()


def ignored(root: Path, git: Git) -> None:
    (root / ".gitignore").write_text("logos\n")
    untracked(root, git)
    git("commit", "-q", "-m", "second")


def elsewhere(root: Path, git: Git) -> None:
    (root / "b.toml").write_text("two")


DIRTY = {
    edited: ("a.toml",),
    added: ("a.toml",),
    untracked: ("logos/ä b.png",),
    removed: ("publisher.toml",),
    ignored: ("logos/ä b.png",),
    elsewhere: (),
}


@needs_git
@pytest.mark.parametrize("change", DIRTY)
def test_files_that_are_not_as_committed_are_named(
    root: Path, change: Callable[[Path, Git], None]
) -> None:
    git = git_in(root)
    change(root, git)
    assert checkout_of(root, FILES) == Checkout(git("rev-parse", "HEAD"), DIRTY[change])


@needs_git
def test_before_the_first_commit_there_is_none(tmp_path: Path) -> None:
    git_in(tmp_path)("init", "-q")
    (tmp_path / "a.toml").write_text("one")
    assert checkout_of(tmp_path, FILES) == Checkout(None, ("a.toml",))


@needs_git
def test_nothing_of_the_repository_is_run_or_written(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git = git_in(root)
    git("config", "core.fsmonitor", f"touch {root}/ran; false")
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    index = root.parent.parent / ".git/index"
    before = index.stat().st_mtime_ns
    found = checkout_of(root, FILES)
    assert found is not None and found.dirty == ()
    assert not (root / "ran").exists() and index.stat().st_mtime_ns == before


def test_without_a_checkout_or_git_nothing_is_said(tmp_path: Path) -> None:
    assert checkout_of(tmp_path, FILES, git="/nowhere/git") is None
    (tmp_path / ".git").mkdir()
    assert checkout_of(tmp_path, FILES, git="/nowhere/git") is None
    assert checkout_of(tmp_path, FILES, git="false") is None


def test_git_that_does_not_answer_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    slow = tmp_path / "git"
    slow.write_text("#!/bin/sh\nsleep 300 & sleep 300\n")
    slow.chmod(0o755)
    began = time.monotonic()
    assert checkout_of(tmp_path, FILES, git=str(slow), seconds=0.2) is None
    assert time.monotonic() - began < 30


@needs_git
def test_a_push_says_which_commit_it_was(tmp_path: Path) -> None:
    desk = EngineHarness(tmp_path)
    git = git_in(tmp_path)
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    desk.rewrite(DATA, "# ", "#  ")
    done = desk.engine.perform(DATA, Command("stage"))
    assert isinstance(done, Done)
    commit = git("rev-parse", "HEAD")
    assert done.events[0].data["git"] == {"commit": commit, "dirty": [f"{DATA}.toml"]}
    assert (
        format_commit(done.events[0])
        == f"commit {commit[:10]}, with uncommitted changes in {DATA}.toml"
    )
    assert desk.engine.offer(DATA).broken is None
    assert all("git" not in event.data for event in desk.engine.offer(DATA).events[:1])


def test_a_push_outside_of_a_checkout_says_nothing_of_it(tmp_path: Path) -> None:
    desk = EngineHarness(tmp_path)
    desk.stage(DATA)
    assert all("git" not in event.data for event in desk.engine.offer(DATA).events)


WORDS = {
    None: None,
    "odd": None,
    ("1f3a" * 10, ()): "commit 1f3a1f3a1f",
    ("1f3a" * 10, tuple("abcde")): "commit 1f3a1f3a1f, with uncommitted changes in a, b, c and 2 more",
    (None, ("a",)): "no commit yet",
}  # fmt: skip


@pytest.mark.parametrize("said", WORDS)
def test_a_commit_in_words(said: tuple[str | None, tuple[str, ...]] | str | None) -> None:
    git = {"commit": said[0], "dirty": list(said[1])} if isinstance(said, tuple) else said
    event = Event(NOW, "ana", Kind.PUSHED, data={"git": git})
    assert format_commit(event) == WORDS[said]
