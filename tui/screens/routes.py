"""The screens of an offer by their numbers; a module is imported when its screen is first opened."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.screens.offer_base import OfferScreen


def offer_screen(offer: str, number: int) -> "OfferScreen":
    """A screen of an offer: 1 Walkthrough, 2 Publish, 3 History, 4 preview."""
    match number:
        case 1:
            from tui.screens.walkthrough import WalkthroughScreen

            return WalkthroughScreen(offer)
        case 2:
            from tui.screens.publish import PublishScreen

            return PublishScreen(offer)
        case 3:
            from tui.screens.history import HistoryScreen

            return HistoryScreen(offer)
    from tui.screens.preview import PreviewScreen

    return PreviewScreen(offer)


def import_screens() -> None:
    """Import these screens, so that the first key that opens one need not wait for it."""
    for name in ("walkthrough", "publish", "history", "preview"):
        import_module(f"tui.screens.{name}")
