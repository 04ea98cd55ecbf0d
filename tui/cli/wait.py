"""The command that waits for the marketplace, and never for a person."""

import math
import sys
from time import monotonic, sleep

from state.domain.errors import UnknownOfferError
from state.domain.offer_state import Stage, Status
from state.domain.safe_text import clean, quoted
from state.domain.stages import STAGES
from state.workspace.offer_view import OfferView, format_stage, progress_of
from state.workspace.pipeline import last_turn, statuses_since
from tui.cli.messages import status_span
from tui.cli.output import on_terminal, print_error, print_json, print_line, print_stderr, width
from tui.cli.run import Call
from tui.launch import DONE, FINDINGS, TROUBLE, UsageError
from tui.render.lines import cut

LONGEST_SLEEP = 1.0
"""How long at most nobody looks: something may be cancelled or approved elsewhere meanwhile."""
_SHORTEST_SLEEP = 0.02


def wait(call: Call) -> int:
    """Wait until nothing moves without a person, or until a status was reached."""
    options = call.options
    ends = monotonic() + (math.inf if options.timeout is None else _seconds(options.timeout))
    until = Status(options.until) if options.until else None
    view = call.engine.offer(options.offer)
    since = last_turn(view.events)
    progress = _Progress()
    try:
        while True:
            reached = until is not None and until in statuses_since(view.events, since)
            stage = _moving(view)
            left = ends - monotonic()
            if reached or stage is None or left <= 0:
                break
            progress.show(view, stage)
            remaining = progress_of(stage, view.now).seconds_left or 0.0
            sleep(max(_SHORTEST_SLEEP, min(remaining, LONGEST_SLEEP, left)))
            view = call.engine.offer(options.offer)
    except UnknownOfferError:
        progress.end()
        print_error(f"{options.offer} was discarded or renamed meanwhile.")
        return FINDINGS
    progress.end()
    _answer(call, view)
    if view.trouble:
        print_error(f"{view.offer}: {view.trouble}")
    if view.unreadable:
        return TROUBLE
    if reached or (until is None and stage is None):
        return DONE
    print_error(_short_of(view, until, stage))
    return FINDINGS


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not seconds >= 0:
        raise UsageError(f"--timeout {quoted(text)} is not valid. Expected seconds, 0 or more.")
    return seconds


class _Progress:
    """Progress on the standard error: one line on a terminal, else a line a change."""

    def __init__(self) -> None:
        self._live = on_terminal(sys.stderr)
        self._shown = ""

    def show(self, view: OfferView, stage: Stage) -> None:
        """Show how far a stage has come, where that is new."""
        words = format_stage(stage, view.now) if self._live else STAGES[stage.name]
        line = clean(f"{view.offer}: {status_span(view.summary)[0]}, {words}")
        if self._live:
            # A line that wraps could not be written over.
            line = cut(line, (width(sys.stderr) or 80) - 1)
        if line != self._shown:
            start, end = ("\r\x1b[K", "") if self._live else ("", "\n")
            print_stderr(f"{start}{line}{end}")
            self._shown = line

    def end(self) -> None:
        """Leave the line."""
        if self._live and self._shown:
            print_stderr("\r\x1b[K")


def _moving(view: OfferView) -> Stage | None:
    """The stage that goes on without a person, if any."""
    stage = None if view.broken else view.state.busy
    return stage if stage and stage.seconds is not None else None


def _answer(call: Call, view: OfferView) -> None:
    if call.json:
        from tui.cli.json_documents import show_document

        print_json(show_document(view))
    else:
        print_line(f"{view.offer}: {status_span(view.summary)[0]}. Next: {view.next.text}")


def _short_of(view: OfferView, until: Status | None, stage: Stage | None) -> str:
    goal = f"{until} was not reached" if until else "The wait is over"
    if stage:
        return f"{goal}: timed out while {format_stage(stage, view.now)} is under way."
    return f"{goal}: nothing more happens without a person. Next: {view.next.text}"
