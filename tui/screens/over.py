"""What lies over the walkthrough of an offer: a field, all fields, the staging checklist."""

from tui.screens.overlay import OverlayScreen


class OverWalkthrough(OverlayScreen):
    """A screen on which something of the walkthrough is settled."""

    NUMBER = 1

    def leave(self, said: str = "", role: str = "") -> None:
        """Go back to what lies below, and show it as it is now.

        Args:
            said: What is said there.
            role: The role of that.
        """
        self.app.pop_screen()
        self.vitrina.reload()
        if said:
            self.vitrina.say(said, role)
