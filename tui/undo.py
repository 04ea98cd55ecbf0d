"""``z``: the last edit of the session is taken back, else what was discarded last comes back."""

from state.findings import Refusal
from tui.screens.frame import Frame
from tui.screens.offers import OffersScreen


def undo(screen: Frame) -> None:
    """Take back the last edit of this session, else bring back what was discarded last.

    Args:
        screen: The screen in front, which says what came of it.
    """
    app = screen.vitrina
    if app.undone:
        said = app.attempt(app.undone.pop())
        if said is not None:
            app.reload()
            screen.notice.say(said, "good")
        return
    restored = app.attempt(app.engine.restore_last)
    if isinstance(restored, Refusal):
        screen.explain(restored.reasons)
    elif restored:
        names = ", ".join(done.view.offer for done in restored if done.view)
        app.reload()
        if isinstance(screen, OffersScreen):
            screen.rows.move_to(names.partition(", ")[0])
        are = "is" if len(restored) == 1 else "are"
        notes = [note for done in restored for note in done.notes]
        said = " ".join((f"{names} {are} back from the trash.", *notes))
        screen.notice.say(said, "warn" if notes else "good")
    elif restored is not None:
        screen.notice.say("There is nothing to undo: no edit in this session, an empty trash.")
