"""Which commit was pushed or requested, for directories that are under version control."""

import os
from collections.abc import Mapping
from contextlib import suppress

from state.domain.actions import REQUEST, STAGE
from state.domain.assets import AssetError
from state.domain.events import Event
from state.domain.findings import PUBLISHER_FILE
from state.domain.offer_state import Version
from state.storage.working_directory import WorkingDirectory

STAMPED_ACTIONS = frozenset({STAGE, REQUEST})
"""The actions whose events name the commit that was checked out."""

_SHOWN_FILES = 3
_SHOWN_DIGITS = 10


def stamp_events(
    directory: WorkingDirectory, file: str, version: Version | None, events: tuple[Event, ...]
) -> tuple[Event, ...]:
    """Events with the commit that was checked out, and the files that differed from it.

    They stay as they were where the directory is no checkout, or git does not answer.
    """
    # Late: it starts programs, which takes a while to import and is rarely wanted.
    from state.storage.git import checkout_of

    paths = [file, PUBLISHER_FILE]
    for path, _ in version.assets if version else ():
        with suppress(AssetError):
            located = directory.assets.locate(path)
            paths.append(os.path.relpath(located, os.path.realpath(directory.root)))
    found = checkout_of(directory.root, paths)
    if found is None:
        return events
    git = {"commit": found.commit, "dirty": list(found.dirty)}
    return tuple(event._replace(data={**event.data, "git": git}) for event in events)


def format_commit(event: Event) -> str | None:
    """The commit of an event, None where it names none.

    Such as ``commit 1f3a9c02aa, with uncommitted changes in contoso-db.toml``.
    """
    git = event.data.get("git")
    if not isinstance(git, Mapping):
        return None
    commit, dirty = git.get("commit"), git.get("dirty")
    words = f"commit {str(commit)[:_SHOWN_DIGITS]}" if commit else "no commit yet"
    files = [str(each) for each in dirty] if isinstance(dirty, list) else []
    if not commit or not files:
        return words
    more = len(files) - _SHOWN_FILES
    named = ", ".join(files[:_SHOWN_FILES]) + (f" and {more} more" if more > 0 else "")
    return f"{words}, with uncommitted changes in {named}"
