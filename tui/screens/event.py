"""One event of a history: everything about it, and what it changed."""

from collections.abc import Iterable, Iterator
from typing import ClassVar

from state.domain.errors import StorageError
from state.domain.events import Event
from state.domain.safe_text import short_content
from state.domain.stages import STAGES
from state.engine.commit_stamp import format_commit
from state.engine.compare import NoSuchVersion, event_changes
from state.workspace.display_value import format_value
from tui.render.compare_rows import Look, change_rows, text_row
from tui.render.glyphs import glyph
from tui.render.history_rows import ROLES, sentence
from tui.render.lines import Line, Row, cell, paragraph, span
from tui.render.words import MONTHS, day, duration, format_policy, names_of, zone
from tui.screens.overlay import OverlayScreen

LABEL = 13


class EventScreen(OverlayScreen):
    ABOUT = "Everything the history says about one event, and what its content changed."
    KEYS: ClassVar[tuple[str, ...]] = ("go(2)", "go(3)", "back")

    def __init__(self, offer: str, event: Event) -> None:
        super().__init__(offer)
        self._event = event

    def repaint(self) -> None:
        width = self.size.width
        lines, kept = event_lines(self._event, width), kept_lines(self._event, width)
        rows = [Row(f"about {at}", line) for at, line in enumerate(lines)]
        rows += [text_row([]), *self._compared(width)]
        rows += [Row(f"kept {at}", line) for at, line in enumerate(kept)]
        self.rows.show(rows)
        self.set_idle("q goes back to the history.")

    def _compared(self, width: int) -> list[Row]:
        """What the event changed in the content kept before it."""
        try:
            found = event_changes(self.vitrina.engine, self.view, self._event)
        except (NoSuchVersion, StorageError) as trouble:
            return [text_row(line) for line in paragraph(str(trouble), width - 3, "warn")]
        former = found.old.version if found else None
        if found is None or former is None:
            return []
        before = f"{short_content(former.content)} of {day(former.at, self.view.now)}"
        if not found.changes:
            same = f"The content is the same as {before}."
            if tokens := found.changed_tokens:
                same += f" Only the SAS token of {names_of(tokens, 'and')} changed."
            return [text_row(line) for line in paragraph(same, width - 3)]
        look = Look(width, found.old.assets, found.new.assets, self.album)
        head: Line = [span(f"Against the content before, {before}:", "strong")]
        return [text_row(head), text_row([]), *change_rows(found.changes, look)]


def event_lines(event: Event, width: int) -> list[Line]:
    at = event.at.astimezone()
    when = f"{at.day} {MONTHS[at.month - 1]} {at.year} {at:%H:%M:%S} {zone(at)}"
    entries = (
        ("What", sentence(event), ROLES.get(event.kind, "strong")),
        ("When", when, ""),
        ("Who", f"{event.actor}, logged in as {event.login}" if event.login else event.actor, ""),
        ("Kind", event.kind, "muted"),
        ("Content", event.content or "none", "muted"),
        *_details(event),
    )
    return _labelled(entries, width)


def kept_lines(event: Event, width: int) -> list[Line]:
    """What was kept with an event: the definition's text and the assets, by their hashes."""
    version = event.data.get("version")
    if not version:
        return []
    assets = [
        ("Asset", format_value({"path": path, "sha256": digest}) or "", "muted")
        for path, digest in version["assets"].items()
    ]
    entries = (
        ("Namespace", version.get("namespace") or "none", "muted"),
        ("Definition", version["definition"] or "not kept", "muted"),
        *assets,
    )
    return _labelled(entries, width)


def _labelled(entries: Iterable[tuple[str, str, str]], width: int) -> list[Line]:
    lines: list[Line] = []
    for label, text, role in entries:
        label_part = cell(label, LABEL, "muted")
        for line in paragraph(text, width - 3 - LABEL, role):
            lines.append([label_part, *line])
            label_part = (" " * LABEL, "")
    return lines


def _details(event: Event) -> Iterator[tuple[str, str, str]]:
    """What the event holds besides, in words."""
    data = event.data
    if fields := data.get("fields"):
        yield "Fields", ", ".join(map(str, fields)), ""
    if points := data.get("points"):
        yield "Points", ", ".join(map(str, points)), ""
    if commit := format_commit(event):
        yield "Git", commit, ""
    if stage := data.get("stage"):
        yield "Begins", _stage_words(stage), ""
    if later := data.get("later"):
        arrow = f" {glyph('arrow')} "
        yield "Then", arrow.join(STAGES.get(name, str(name)) for name in later), ""
    if policy := format_policy(event):
        yield "Policy", policy.removeprefix("policy: "), ""
    elif "four_eyes" in data:
        words = "someone else approves" if data["four_eyes"] else "the requester may approve"
        yield "Four eyes", words, ""


def _stage_words(stage: dict[str, object]) -> str:
    name, seconds = str(stage["name"]), stage["seconds"]
    title = STAGES.get(name, name)
    if not isinstance(seconds, int | float):
        return f"{title}, until a person decides"
    return f"{title}, {duration(seconds)}"
