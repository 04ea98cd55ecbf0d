"""One page of HTML about an offer, for a reviewer: nothing in it is run, nothing is fetched."""

from tui.report.page import report_page

__all__ = ["report_page"]
