"""Preview: the offer as a customer reads it in the marketplace."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from state.domain.assets import AssetError, Assets
from state.domain.findings import Reason
from state.domain.safe_text import plural
from state.engine.compare import DRAFT, side_of
from tui.render.lines import Line, Row, paragraph, span
from tui.render.preview_rows import Shown, markets_of, picture_paths, preview_rows
from tui.screens.overlay import OverlayScreen

if TYPE_CHECKING:
    from state.domain.offer import Offer

LARGEST_TERMS = 4_000_000
TERMS_READ = 4000
"""How many characters of the terms are rendered: the page shows their first lines."""
LOGO, PICTURE = 16, 56
"""The cells of the logo beside the title, and of other pictures."""
FEW_MARKETS = 6


class PreviewScreen(OverlayScreen):
    ABOUT = (
        "The draft as a customer would read it in the marketplace. m shows the prices of another "
        "market. Pictures are shown where the terminal has colours."
    )
    NUMBER = 4
    KEYS = ("market", "edit", "back")
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("m", "market", "market"),
        Binding("v,escape", "leave", "back", key_display="v", show=False),
    ]

    def __init__(self, offer: str) -> None:
        super().__init__(offer)
        self._market: str | None = None

    def why_not(self, action: str) -> tuple[Reason, ...]:
        offer = self.view.definition.offer
        if action == "market" and (offer is None or len(markets_of(offer)) < 2):
            message = "There is no other market to show."
            return (Reason("status.wrong", None, None, message),)
        return ()

    def repaint(self) -> None:
        offer, width = self.view.definition.offer, self.size.width
        if offer is None:
            found = self.view.definition.findings
            why = found[0].message if found else "it is not an offer."
            text = f"{self.view.definition.file} cannot be shown: {why}"
            self.rows.show([Row("", line, False) for line in paragraph(text, width - 3)])
            return
        markets = markets_of(offer)
        if self._market not in markets:
            self._market = markets[0] if markets else None
        assets = side_of(self.vitrina.engine, self.view, DRAFT).assets
        pictures = self._pictures(offer, assets, width)
        from state.domain.publisher import Publisher

        publisher = self.vitrina.publisher or Publisher()
        shown = Shown(offer, publisher, self._market, terms_of(offer, assets), pictures)
        self.rows.show(preview_rows(shown, width))
        count = len(self.view.to_fix)
        are = "is" if count == 1 else "are"
        rest = f" {plural(count, 'item')} {are} still to fix: 1 lists them." if count else ""
        self.set_idle(f"The draft as a customer would read it.{rest}")

    def _pictures(self, offer: "Offer", assets: Assets, width: int) -> Mapping[str, Sequence[Line]]:
        logo = offer.marketing.logos.medium
        drawn = {
            path: self.album.draw(assets, path, LOGO if path == logo else min(PICTURE, width - 4))
            for path in picture_paths(offer)
        }
        return {path: lines for path, lines in drawn.items() if lines}

    def action_market(self) -> None:
        if reasons := self.why_not("market"):
            self.explain(reasons)
            return
        offer = self.view.definition.offer
        markets = markets_of(offer) if offer else []
        if len(markets) <= FEW_MARKETS:
            at = markets.index(self._market) if self._market in markets else -1
            self._show_market(markets[(at + 1) % len(markets)])
        else:
            label = f"Market ({span(', '.join(markets))[0]}):"
            self.prompt(label, self._take_market, value=self._market or "")

    def _take_market(self, text: str) -> str | None:
        offer = self.view.definition.offer
        wanted = text.strip().upper()
        if offer is None or wanted not in markets_of(offer):
            return f"{span(text)[0]} is not a market of this offer."
        self._show_market(wanted)
        return None

    def _show_market(self, market: str) -> None:
        self._market = market
        self.repaint()
        self.status_bar.show_message(f"Prices in {span(market)[0]}.")


def terms_of(offer: "Offer", assets: Assets) -> str:
    """The beginning of the terms of use, or why their file cannot be read."""
    marketing = offer.marketing
    if marketing.terms_of_use or not marketing.terms_file:
        return marketing.terms_of_use[:TERMS_READ]
    try:
        raw = assets.read(marketing.terms_file, LARGEST_TERMS)
    except AssetError as error:
        return str(error)
    return raw[: 4 * TERMS_READ].decode(errors="replace")[:TERMS_READ]
