"""A pasted SAS token, put on every VHD address of its container."""

from functools import partial

from state.domain.actions import EDIT
from state.domain.errors import StorageError, UnknownOfferError
from state.domain.findings import Finding, Refusal
from state.domain.safe_text import plural
from state.engine.draft_writer import DraftingError
from state.engine.renew_tokens import SAS, Address, addresses_of, renew
from tui.screens.field_save import undoing
from tui.screens.offer_base import OfferScreen


def ask_for_token(screen: OfferScreen, found: Finding | None) -> None:
    """Ask for a token for the address that a finding is about, and put it in place."""
    if found is None or not found.rule.startswith(f"{SAS}."):
        where = "Go to an item about a VHD address"
        screen.status_bar.show_message(f"{where}, then press T to set a new SAS token.", "warn")
        return
    if reasons := screen.view.actions[EDIT]:
        screen.explain(reasons)
        return
    given = addresses_of(screen.vitrina.engine, screen.view)
    about = next((each for each in given if each.field == found.field), None)
    if about is None:
        screen.status_bar.show_message("No VHD address is set. Press enter to add one.", "warn")
        return
    count = sum(each.container == about.container for each in given)
    label = f"New SAS token for {plural(count, 'address', 'addresses')} in {about.container}"
    screen.prompt(label, partial(_put, screen, about))


def _put(screen: OfferScreen, about: Address, token: str) -> str | None:
    """Put a token in place; return why it will not do."""
    engine = screen.vitrina.engine
    try:
        renewed = renew(engine, screen.offer, token, about.container)
    except (DraftingError, StorageError, UnknownOfferError) as error:
        return str(error)
    if isinstance(renewed, Refusal):
        more = len(renewed.reasons) - 1
        rest = f" And {plural(more, 'more fault')}." if more else ""
        return f"{renewed.reasons[0].message}{rest}"
    if not renewed.fields:
        screen.status_bar.show_message("Every address already has this token. Nothing was changed.")
        return None
    screen.vitrina.done.append(undoing(engine, screen.offer, "the SAS token"))
    screen.vitrina.reload()
    count = plural(len(renewed.fields), "address", "addresses")
    screen.status_bar.show_message(f"The new token is set on {count}. z undoes it.", "good")
    return None
