"""The SAS tokens of all VHD addresses: which end soon, and new ones put in their place.

A token is no content: a new one changes no hash and no certification. It is recorded all the same,
as every edit is, so that it can be taken back and nothing that a person wrote is lost.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from state.definitions.edit import EditError, Put, apply_edits
from state.domain.actions import EDIT
from state.domain.errors import StorageError
from state.domain.events import Event, Kind
from state.domain.field_path import ROOT, FieldPath, named_items
from state.domain.findings import Finding, Reason, Refusal
from state.domain.offer import Image, Sku, VirtualMachineOffer
from state.domain.safe_text import quoted
from state.engine.draft_writer import DraftingError, write_draft
from state.engine.engine import Done, Engine
from state.engine.transaction import CurrentOffer, Transaction
from state.rules.context import RuleContext
from state.rules.registry import all_rules
from state.rules.sas_address import Sas, address_of, parse_sas, vhd_urls
from state.workspace.offer_view import OfferView

if TYPE_CHECKING:
    from state.domain.offer import Offer
    from state.domain.table import VhdUrl

SAS = "sas"
"""What a refusal of a token calls it, and the group of rules that look at tokens."""

_STANDS_FOR_ALL = "https://account.blob.example/container/image.vhd?"
_STUCK = re.compile(r"(.*\.vhd)[^/]*=.*")


class Address(NamedTuple):
    """A VHD address of a draft.

    Attributes:
        days_left: The whole days until the token ends, negative once it has; None where no end is
            given.
        listed: Whether it is in production, where its token no longer counts.
        findings: What the ``sas`` rules find in it, with lines.
    """

    offer: str
    field: FieldPath
    sas: Sas
    days_left: int | None
    listed: bool
    findings: tuple[Finding, ...]

    @property
    def container(self) -> str:
        """The storage account's host and the container."""
        return f"{self.sas.host}/{self.sas.container}"


class Renewed(NamedTuple):
    """What came of a new token; ``fields`` are the addresses that did not have it before."""

    done: Done
    fields: tuple[FieldPath, ...]


def addresses(engine: Engine, views: Iterable[OfferView]) -> list[Address]:
    """The VHD addresses of offers; first those whose token ends first or has no readable end."""
    found = [each for view in views for each in addresses_of(engine, view)]
    return sorted(found, key=lambda each: (each.sas.ends is not None, each.sas.ends, each.offer))


def addresses_of(engine: Engine, view: OfferView) -> list[Address]:
    """The VHD addresses of one offer, in the order of the file."""
    findings = [each for step in view.located_steps for each in step.findings]
    own = [each for each in findings if each.rule.startswith(f"{SAS}.")]
    listed = {(field.names[:2], address_of(url)) for field, url in _urls(_listed(engine, view))}
    return [
        Address(
            view.offer,
            field,
            sas := parse_sas(url),
            (sas.ends - view.now).days if sas.ends else None,
            (field.names[:2], address_of(url)) in listed,
            tuple(each for each in own if each.field == field),
        )
        for field, url in _urls(view.definition.offer)
    ]


def renew(
    engine: Engine, offer: str, token: str, container: str | None = None
) -> Renewed | Refusal:
    """Put a new token behind the VHD addresses of an offer, unless it breaks a rule.

    Args:
        token: The token, as a query with or without its question mark; or a whole address with it.
        container: Only the addresses in this container, with or without the host before it.

    Raises:
        DraftingError: No token was given, there is no address, or it is not clear which are meant.
        StorageError: The file cannot be written, or changed meanwhile.
    """
    query = token.strip().rpartition("?")[2]
    if not query:
        raise DraftingError("The token is empty. Expected what follows the ? of a SAS address.")
    with engine.transaction(EDIT, offer) as transaction:
        current = transaction.draft(offer)
        view, reasons = current.view, current.refusal_reasons(EDIT)
        if view.definition.offer is None:
            reasons += tuple(Reason.of(found) for found in view.definition.findings)
        if reasons := (*reasons, *token_faults(engine, query, view.now)):
            return Refusal(SAS, tuple(dict.fromkeys(reasons)))
        urls = list(_urls(view.definition.offer))
        wanted = _in_container(offer, urls, container or _named_by(token))
        changed = {field: new for field, url in wanted if (new := _with(url, query)) != url}
        if not changed:
            return Renewed(Done((), view), ())
        event = _write(transaction, current, changed, query)
        return Renewed(Done((event,), engine.shown(offer)), tuple(changed))


def token_faults(engine: Engine, query: str, now: datetime) -> tuple[Reason, ...]:
    """What the rules have against a token, wherever it would stand; warnings do not count.

    Args:
        query: The token without its question mark.
    """
    image = Image(os_vhd_url=_STANDS_FOR_ALL + query)
    stand_in = VirtualMachineOffer(
        type="virtual-machine", skus=(Sku(identifier="any", image=image),)
    )
    case = RuleContext("any", stand_in, engine.workspace.directory.assets, now)
    return tuple(
        Reason(rule.id, rule.step, None, found.message)
        for rule in all_rules().values()
        if rule.id.startswith(f"{SAS}.") and rule.check
        for found in rule.check(case)
        if not found.warning
    )


def _urls(offer: "Offer | None") -> "list[tuple[FieldPath, VhdUrl]]":
    """The addresses that an offer gives, each with its field."""
    if not isinstance(offer, VirtualMachineOffer):
        return []
    items = named_items(ROOT / "skus", offer.skus)
    return [(field, url) for at, sku in items for field, url in vhd_urls(at, sku) if url.strip()]


def _listed(engine: Engine, view: OfferView) -> "Offer | None":
    """The definition in production; one whose bytes are lost counts as none."""
    production = view.state.production
    try:
        return engine.workspace.versions.definition(production).offer if production else None
    except StorageError:
        return None


def _in_container(
    offer: str, urls: "Sequence[tuple[FieldPath, VhdUrl]]", container: str | None
) -> "list[tuple[FieldPath, VhdUrl]]":
    """The addresses that are meant.

    Raises:
        DraftingError: There are none, or they are in several containers and none was named.
    """
    if not urls:
        raise DraftingError(f"{offer} has no VHD address for a token.")
    by_container: dict[str, list[tuple[FieldPath, VhdUrl]]] = {}
    for field, url in urls:
        sas = parse_sas(url)
        by_container.setdefault(f"{sas.host}/{sas.container}", []).append((field, url))
    found = [name for name in by_container if container in (None, name, name.partition("/")[2])]
    if len(found) == 1:
        return by_container[found[0]]
    names = ", ".join(quoted(name, 80) for name in by_container)
    if found:
        several = f"The VHD addresses of {offer} are in several containers"
        raise DraftingError(f"{several}. Name one of {names} with --container.")
    raise DraftingError(
        f"{offer} has no VHD address in {quoted(container or '', 80)}. Containers: {names}."
    )


def _named_by(token: str) -> str | None:
    """The container that a whole address with its token is about, None where it is a query."""
    if "://" not in token:
        return None
    sas = parse_sas(token)
    return f"{sas.host}/{sas.container or sas.blob}"


def _with(url: "VhdUrl", query: str) -> "VhdUrl":
    """An address with another token; an old one that lacked its question mark goes too."""
    address = address_of(url).strip()
    if stuck := _STUCK.fullmatch(address):
        address = stuck[1]
    return f"{address}?{query}"


def _write(
    transaction: Transaction,
    current: CurrentOffer,
    changed: "Mapping[FieldPath, VhdUrl]",
    query: str,
) -> Event:
    definition = current.view.definition
    assert definition.raw is not None, "a definition that was read has bytes"
    try:
        edits = {field.path: Put(str(url)) for field, url in changed.items()}
        new = apply_edits(definition.raw, edits)
    except EditError as error:
        raise StorageError(f"{definition.file}: {error}") from None
    ends = parse_sas(_STANDS_FOR_ALL + query).ends
    note = f"new SAS token, until {ends:%Y-%m-%d %H:%M} UTC" if ends else "new SAS token"
    data = {"fields": [str(field) for field in changed]}
    return write_draft(transaction, current, new, Kind.EDITED, note, data)
