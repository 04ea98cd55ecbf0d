"""Discarding drafts: one question that names them, one key that restores all of them."""

from collections.abc import Callable, Sequence
from functools import partial

from state.domain.actions import DISCARD
from state.domain.findings import Refusal
from state.engine import Done
from tui.screens.base import BaseScreen


def ask_to_discard(
    screen: BaseScreen, offers: Sequence[str], then: Callable[[Done, str], None]
) -> None:
    """Ask whether drafts are to be discarded, and discard them."""
    names, one = ", ".join(offers), len(offers) == 1
    what = f"the draft {names}" if one else f"{len(offers)} drafts ({names})"
    moves, brings = ("It moves", "it") if one else ("They move", "them")
    question = f"Discard {what}? {moves} to the trash; z restores {brings}."
    stays = "stays as it is" if one else "stay as they are"

    shown = {offer: screen.vitrina.views[offer].shown(DISCARD) for offer in offers}

    def discard() -> None:
        app = screen.vitrina
        outcome = app.attempt(lambda: app.engine.discard(offers, shown))
        if isinstance(outcome, Refusal):
            app.reload()
            screen.explain(outcome.reasons)
        elif outcome:
            app.done.append(None)
            then(outcome, f"{names} discarded. z restores {brings}.")

    overtaken = partial(screen.overtaken, DISCARD, shown)
    screen.confirm(question, discard, no=f"{names} {stays}.", overtaken=overtaken)
