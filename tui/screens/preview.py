"""Preview."""

from tui.screens.offer import OfferScreen


class PreviewScreen(OfferScreen):
    """Preview of one offer."""

    NUMBER = 4
