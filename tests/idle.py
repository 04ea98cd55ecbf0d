"""Waiting until a program under test has nothing to do: at once, and on a busy machine no sooner.

Textual's own wait sleeps for two fiftieths of a second a key, and takes a process for idle that got
no processor in that time. This one asks the event loop what is left to do.
"""

import asyncio
import time

import textual.app
import textual.pilot
import textual.screen
from textual._context import active_app

from tui.screens import field, offers, walkthrough

SOON = 0.02
"""What comes in so many seconds is waited for."""


async def until_idle(min_sleep: float = 0, max_sleep: float = 1) -> None:
    """Wait until the event loop has nothing to do, now or soon.

    Args:
        min_sleep: As Textual's own wait has it; there is no need for it.
        max_sleep: How long is waited at most, in seconds.
    """
    loop = asyncio.get_running_loop()
    end = time.monotonic() + max_sleep
    while time.monotonic() < end and not active_app.get()._exit:
        await asyncio.sleep(0)
        if not loop._ready:  # type: ignore[attr-defined]
            timers = loop._scheduled  # type: ignore[attr-defined]
            left = [each.when() - loop.time() for each in timers if not each.cancelled()]
            if min(left, default=SOON) >= SOON:
                return
            await asyncio.sleep(max(min(left), 0))


def install() -> None:
    """Let every pilot wait like this; what comes once the cursor rests comes almost at once."""
    offers.CURSOR_RESTS = offers.CURSOR_STAYS = walkthrough.RESTS_AFTER = field.JUDGED_AFTER = 0.01
    textual.pilot.wait_for_idle = textual.app.wait_for_idle = until_idle  # type: ignore[attr-defined]
    textual.screen.UPDATE_PERIOD = 0.001  # type: ignore[misc]
