"""A new offer, asked for in two steps: its type by one key, then its identifier."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from state.domain.errors import StorageError
from state.domain.findings import PUBLISHER_FILE
from state.domain.offer_types import OFFER_TYPES, OfferType

if TYPE_CHECKING:
    from tui.screens.base import BaseScreen


def ask_for_offer(screen: "BaseScreen") -> None:
    """Ask for the type and the identifier, write the definition, open its walkthrough."""
    kinds = OFFER_TYPES.values()
    types = ", ".join(f"{kind.key} {kind.label.lower()}" for kind in kinds)
    answers: dict[str, Callable[[], None]] = {
        kind.key: partial(_ask_identifier, screen, kind) for kind in kinds
    }
    question = f"Type of the new offer? {types}."
    hint, otherwise = (
        "  ".join(answers),
        lambda: screen.status_bar.show_message("Nothing was done."),
    )
    screen.status_bar.ask(question, hint, answers, otherwise)


def _ask_identifier(screen: "BaseScreen", kind: OfferType) -> None:
    label = f"Identifier of the new {kind.label.lower()} (a-z, digits, hyphens)"
    screen.prompt(label, partial(_make, screen, kind), limit=50)


def _make(screen: "BaseScreen", kind: OfferType, identifier: str) -> str | None:
    """Write the definition; return why it was not written."""
    from state.engine.create import create
    from state.engine.draft_writer import DraftingError

    app, offer = screen.vitrina, identifier.strip()
    had_publisher = (app.engine.root / PUBLISHER_FILE).exists()
    try:
        create(app.engine, offer, kind)
    except (DraftingError, StorageError) as error:
        return str(error)
    also = "" if had_publisher else f" So was {PUBLISHER_FILE}: fill in your details."
    message = f"{offer}.toml was created.{also} Its open items are listed here."
    screen.call_after_refresh(_open, screen, offer, message)
    return None


def _open(screen: "BaseScreen", offer: str, message: str) -> None:
    app = screen.vitrina
    app.look()
    if offer in app.views:
        app.open_offer(offer, 1)
    # The new screen is painted first, then the message.
    app.screen.call_after_refresh(app.show_message, message, "good")
