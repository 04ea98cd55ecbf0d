"""History."""

from tui.screens.offer import OfferScreen


class HistoryScreen(OfferScreen):
    """History of one offer."""

    NUMBER = 3
