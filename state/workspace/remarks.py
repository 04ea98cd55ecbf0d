"""Remarks about fields: each is shown until its field changes."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from state.definitions.content import Content, Leaves
from state.domain.errors import StorageError
from state.domain.events import Event, Kind
from state.lifecycle.evolve import version_of
from state.workspace.versions import Versions

REMARK = "remark"
"""The rule of a finding that shows what a person said; the table of rules has none of that id."""


class Remark(NamedTuple):
    """A remark about a field, or a rejection that named it."""

    field: str
    text: str
    by: str
    at: datetime
    rejected: bool


def standing_remarks(
    events: Sequence[Event], content: Content | None, versions: Versions
) -> tuple[Remark, ...]:
    """The remarks about fields that have not changed since, oldest first."""
    if content is None:
        return ()
    return tuple(
        Remark(field, event.note or "", event.actor, event.at, event.kind is Kind.REJECTED)
        for event in events
        if event.kind in (Kind.REMARK, Kind.REJECTED)
        for field in _standing_fields(event, events, content, versions)
    )


def _standing_fields(
    event: Event, events: Sequence[Event], content: Content, versions: Versions
) -> Iterator[str]:
    fields = event.data.get("fields", ())
    if not fields or event.content == content.hash:
        yield from fields
        return
    then = _leaves_of(event.content, events, versions)
    for field in fields:
        if then is not None and _inside(then, field) == _inside(content.leaves, field):
            yield field


def _leaves_of(content: str | None, events: Sequence[Event], versions: Versions) -> Leaves | None:
    """The leaves of a content, None where it was not kept."""
    for event in events:
        if event.content == content and "version" in event.data:
            try:
                found = versions.content(version_of(event))
            except StorageError:
                return None
            return found.leaves if found else None
    return None


def _inside(leaves: Leaves, field: str) -> dict[str, object]:
    """The leaves of a field and of everything below it."""
    named = {".".join(map(str, names)): value for names, value in leaves.items()}
    return {
        name: value
        for name, value in named.items()
        if name == field or name.startswith(f"{field}.")
    }
