"""Commands on a copy of the examples, in this process: arguments in, exit status and output out."""

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support import EXAMPLES
from tui.demo import moved
from tui.main import main

_AT_ONCE = {
    "certification = 2": "certification = 0",
    "content_validation = 2": "content_validation = 0",
    "replication = 5": "replication = 0",
    "four_eyes = true": "four_eyes = false",
}


@dataclass
class Ran:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The document on the standard output."""
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A copy of the examples, their dates moved to now; the marketplace answers at once."""
    root = tmp_path / "offers"
    shutil.copytree(EXAMPLES, root)
    now = datetime.now(UTC)
    for old, new in _AT_ONCE.items():
        edit(root / "publisher.toml", old, new)
    for file in root.glob("*.toml"):
        file.write_text(moved(file.read_text(), now.date()))
        # The disk keeps its own time; a history begins with that of the file.
        os.utime(file, (now.timestamp(), now.timestamp()))
    return root


@pytest.fixture
def run(directory: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on the copy."""

    def call(*arguments: str) -> Ran:
        status = main(["-C", str(directory), *arguments])
        return Ran(status, *capsys.readouterr())

    return call


def edit(file: Path, old: str, new: str) -> None:
    """Replace the first occurrence of a text in a file."""
    text = file.read_text()
    assert old in text, f"{file.name} has no {old!r}"
    file.write_text(text.replace(old, new, 1))
