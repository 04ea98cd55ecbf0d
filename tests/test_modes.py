"""Who may use the engine's own files: as much as the working directory lets people do, never more."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from state.lifecycle import Command
from tests.directories import discard, engine_on, lay_examples, restore

RATES, VAULT = "contoso-rates", "contoso-vault"
OPENNESS = {0o2770: 0o660, 0o770: 0o660, 0o2755: 0o644, 0o755: 0o644, 0o700: 0o600, 0o1777: 0o664}
"""The modes of a working directory, and what its files in ``.vitrina`` get."""


@pytest.fixture(params=[0, 0o022, 0o027, 0o077], ids="umask {:03o}".format)
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
    lay_examples(tmp_path)
    for path in tmp_path.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    tmp_path.chmod(mode)
    act(tmp_path)
    folder = (mode & ~0o002 | 0o700) & 0o2777
    for path, found in modes_in(tmp_path).items():
        if "trash" not in path or path.endswith(".jsonl"):
            wanted = folder if (tmp_path / path).is_dir() else OPENNESS[mode]
            assert oct(found) == oct(wanted), path
