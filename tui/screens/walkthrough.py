"""Walkthrough."""

from tui.screens.offer import OfferScreen


class WalkthroughScreen(OfferScreen):
    """Walkthrough of one offer."""

    NUMBER = 1
