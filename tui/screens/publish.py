"""Publish."""

from tui.screens.offer import OfferScreen


class PublishScreen(OfferScreen):
    """Publish of one offer."""

    NUMBER = 2
