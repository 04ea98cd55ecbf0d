"""Working directories for tests, and engines over them."""

import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from state.domain.findings import Refusal
from state.engine import Engine
from tests.support import EXAMPLES, NOW, Edit, example_text


def engine_on(root: Path, actor: str = "ana") -> Engine:
    """A new engine, as after a restart, whose clock goes on a second with every look at it."""
    times = iter(range(100_000))
    return Engine(root, lambda: NOW + timedelta(seconds=next(times)), actor)


def write_tree(root: Path, files: Mapping[str, bytes | str]) -> Engine:
    """Write files into a working directory.

    Args:
        root: The directory, made where it is not there.
        files: What the files hold, by path.

    Returns:
        An engine over the directory.
    """
    root.mkdir(parents=True, exist_ok=True)
    for path, data in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(data.encode() if isinstance(data, str) else data)
    return engine_on(root)


def write_examples(root: Path, **edits: list[Edit]) -> Engine:
    """Copy the examples into a working directory.

    Args:
        root: The directory.
        edits: Replacements by the example's name, with underscores for hyphens.

    Returns:
        An engine over the directory.
    """
    shutil.copytree(EXAMPLES, root, dirs_exist_ok=True)
    texts = {name.replace("_", "-"): edit for name, edit in edits.items()}
    return write_tree(
        root, {f"{name}.toml": example_text(name, *edit) for name, edit in texts.items()}
    )


def files_in(root: Path) -> dict[str, bytes]:
    """The files of a working directory without the engine's own."""
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and ".vitrina" not in path.parts
    }


def discard(engine: Engine, *offers: str) -> None:
    """Discard drafts, which has to succeed."""
    assert not isinstance(engine.discard(offers), Refusal)


def restore(engine: Engine, offer: str, new: str | None = None) -> None:
    """Restore a draft, which has to succeed."""
    assert not isinstance(engine.restore(offer, new), Refusal)
