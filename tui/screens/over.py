"""A screen that lies over the walkthrough of an offer, and leads back to it."""

from tui.screens.offer import OfferScreen


class OverWalkthrough(OfferScreen):
    """What lies over the walkthrough: a field, the staging checklist."""

    NUMBER = 1

    def action_back(self) -> None:
        """Back to the walkthrough."""
        self.app.pop_screen()

    def action_go(self, number: int) -> None:
        """To another screen of this offer."""
        self.leave()
        if number != self.NUMBER:
            self.vitrina.open_offer(self.offer, number)

    def action_step(self, by: int) -> None:
        """To the walkthrough of the next offer, or of the previous one."""
        self.leave()
        if isinstance(self.app.screen, OfferScreen):
            self.app.screen.action_step(by)

    def leave(self, said: str = "", role: str = "") -> None:
        """Go back to what lies below, and show it as it is now.

        Args:
            said: What is said there.
            role: The role of that.
        """
        self.app.pop_screen()
        self.vitrina.reload()
        if said and isinstance(self.app.screen, OfferScreen):
            self.app.screen.notice.say(said, role)
