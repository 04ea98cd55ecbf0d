"""A rejection: its reason, asked for about the very request that was shown."""

from collections.abc import Callable
from functools import partial

from state.domain.actions import REJECT, Command, Shown
from state.domain.safe_text import plural, short_content
from state.engine import Done
from tui.screens.offer_base import OfferScreen


def ask_for_reason(
    screen: OfferScreen, then: Callable[[Done], None], fields: tuple[str, ...] = ()
) -> None:
    """Ask why the request that a screen shows is rejected, about which fields, and reject it."""
    shown = screen.view.shown(REJECT)
    marked = f" ({plural(len(fields), 'field')} marked)" if fields else ""
    screen.prompt(
        f"Why is {short_content(shown.content)} rejected{marked}? The publisher reads this.",
        partial(_reject, screen, then, fields, shown),
        overtaken=partial(screen.overtaken, REJECT, {screen.offer: shown}),
    )


def _reject(
    screen: OfferScreen,
    then: Callable[[Done], None],
    fields: tuple[str, ...],
    shown: Shown,
    reason: str,
) -> str | None:
    """Reject; return why it was not done."""
    if not reason.strip():
        return "A rejection needs a reason. Say what has to change."
    command = Command(REJECT, reason.strip(), fields, shown=shown)
    return screen.answer(screen.offer, command, then)
