"""The checked-out commit of a working directory, from the git command."""

import os
import signal
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

LONGEST = 2.0
"""How many seconds git may take."""

_QUIETLY = (
    "--no-optional-locks",
    "--literal-pathspecs",
    # No hook and no monitor of the repository is run.
    *("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"),
    *("-c", "status.renames=false"),
)
_STATUS = (
    "status",
    "--porcelain=v2",
    "--branch",
    "-z",
    "--untracked-files=all",
    "--ignored",
    "--ignore-submodules=all",
)


class Checkout(NamedTuple):
    """The commit that is checked out, None where there is none yet, and the files that differ."""

    commit: str | None
    dirty: tuple[str, ...]


def checkout_of(
    root: Path, paths: Iterable[str], git: str = "git", seconds: float = LONGEST
) -> Checkout | None:
    """Ask git about files, by their paths in the working directory without links.

    None where the directory is not a checkout, or git is missing or too slow.
    """
    top = os.path.realpath(root)
    wanted = list(paths)
    real = Path(top)
    found = next((each for each in (real, *real.parents) if (each / ".git").exists()), None)
    if found is None:
        return None
    said = _answer([git, *_QUIETLY, "-C", top, *_STATUS, "--", *wanted], seconds)
    if said is None:
        return None
    fields = said.decode(errors="surrogateescape").split("\0")
    commit = next((each[13:] for each in fields if each.startswith("# branch.oid ")), "")
    here = real.relative_to(found)
    touched = [os.path.relpath(path, here) + "/" * path.endswith("/") for path in _paths(fields)]
    dirty = [path for path in wanted if any(_covers(each, path) for each in touched)]
    return Checkout(commit if commit.isalnum() else None, tuple(dict.fromkeys(dirty)))


def _paths(fields: Iterable[str]) -> Iterator[str]:
    """The files of a status, from the top of the checkout."""
    columns = {"1": 8, "u": 10, "?": 1, "!": 1}
    for field in fields:
        if count := columns.get(field[:1]):
            yield field.split(" ", count)[-1]


def _covers(touched: str, path: str) -> bool:
    """Whether a touched file or untracked folder is or contains a file."""
    return path == touched or (touched.endswith("/") and path.startswith(touched))


def _answer(command: list[str], seconds: float) -> bytes | None:
    """The output of a command, None where it fails or takes too long."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    quiet = {**mine, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    nothing = subprocess.DEVNULL
    try:
        # In a session of its own it cannot prompt on the terminal, and ends with its children.
        process = subprocess.Popen(
            command,
            stdin=nothing,
            stdout=subprocess.PIPE,
            stderr=nothing,
            env=quiet,
            start_new_session=True,
        )
    except (OSError, ValueError):
        return None
    try:
        printed, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return None
    return printed if process.returncode == 0 else None
