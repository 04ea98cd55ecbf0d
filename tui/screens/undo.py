"""``z``: what was done last is taken back: an edit of the session, or a discard of any."""

from state.domain.errors import LockHeld, StorageError, UnknownOfferError
from state.domain.findings import Refusal
from tui.screens.base import BaseScreen
from tui.session import Undoing


def undo(screen: BaseScreen) -> None:
    """Take back what was done last in this session; without that, the last discard of any."""
    done = screen.vitrina.done
    last = done[-1] if done else None
    settled = _take_back(screen, last) if last else _restore(screen)
    if done and settled:
        done.pop()


def _take_back(screen: BaseScreen, last: Undoing) -> bool:
    """Take an edit back; whether that is settled, for good or ill."""
    try:
        message, role = last(), "good"
    except LockHeld as trouble:
        screen.status_bar.show_message(str(trouble), "bad")
        return False
    except (StorageError, UnknownOfferError) as trouble:
        message, role = str(trouble), "bad"
    screen.vitrina.reload()
    screen.status_bar.show_message(message, role)
    return True


def _restore(screen: BaseScreen) -> bool:
    """Bring back what was discarded last; whether anything is back."""
    app = screen.vitrina
    restored = app.attempt(app.engine.restore_last)
    if isinstance(restored, Refusal):
        screen.explain(restored.reasons)
    elif restored:
        names = ", ".join(done.view.offer for done in restored if done.view)
        app.reload()
        screen.rows.move_to(names.partition(", ")[0])
        are = "is" if len(restored) == 1 else "are"
        notes = [note for done in restored for note in done.notes]
        message = " ".join((f"{names} {are} restored from the trash.", *notes))
        screen.status_bar.show_message(message, "warn" if notes else "good")
    elif restored is not None:
        screen.status_bar.show_message(
            "There is nothing to undo: no edit in this session, and the trash is empty."
        )
    return bool(restored) and not isinstance(restored, Refusal)
