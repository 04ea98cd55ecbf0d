"""New offers and the publisher's file: from a template, or from another offer."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from state.definitions.parse import parse_table
from state.domain.errors import StorageError
from state.domain.events import Kind
from state.domain.findings import PUBLISHER_FILE, Reason, Refusal
from state.domain.offer_types import VIRTUAL_MACHINE, OfferType
from state.domain.safe_text import quoted
from state.engine.draft_writer import DraftingError, record_draft
from state.engine.engine import Engine
from state.engine.transaction import check_identifier
from state.storage.atomic import is_there, restore_on_error, status_of, write_atomic
from state.workspace.sku_index import skus_of

CREATE = "new"
"""What a refusal to create an offer names as the action."""

_LONGEST_SKU = 50


def create(
    engine: Engine, offer: str, kind: OfferType | None = None, source: str | None = None
) -> Path:
    """Write the definition of a new offer, and publisher.toml where there is none.

    Args:
        kind: Its type; not needed with a source.
        source: The offer whose definition is copied, comments and all. Its SKUs get new names,
            because a SKU's identifier is unique in the whole working directory.

    Raises:
        DraftingError: The identifier will not do or is taken, the actor is no publisher, or the
            source cannot be copied.
        StorageError: Something cannot be read or written; then no file is there.
    """
    from state.definitions.template import SCHEMA_FILE, definition_template, publisher_template

    with engine.transaction() as transaction:
        if reasons := transaction.publisher_reasons() + reasons_against_name(engine, offer):
            raise DraftingError(reasons[0].message, Refusal(CREATE, reasons))
        root = engine.root
        if source is not None:
            text = _copy(engine, source, kind)
        elif kind is not None:
            has_schema = (root / SCHEMA_FILE).exists()
            text = definition_template(kind, offer, has_schema=has_schema).encode()
        else:
            raise DraftingError("Name a type, or an offer to copy.")
        directory = transaction.directory
        path, publisher = directory.path(offer), root / PUBLISHER_FILE
        missing = [] if is_there(publisher) else [publisher]
        original = status_of(directory.path(source)) if source else None
        # With its history the offer is there, and its files are not taken away again.
        history = directory.histories.path(offer)
        with restore_on_error(history, path, *missing):
            for each in missing:
                write_atomic(each, publisher_template().encode())
            write_atomic(path, text, source=original)
            record_draft(transaction, offer, Kind.CREATED, source and f"from {source}", {})
    return path


def initialise(engine: Engine) -> Path:
    """Write a commented publisher.toml.

    Raises:
        DraftingError: There is one.
    """
    from state.definitions.template import publisher_template

    path = engine.root / PUBLISHER_FILE
    with engine.transaction():
        if is_there(path):
            raise DraftingError(f"There is a {PUBLISHER_FILE} already: it was not changed.")
        write_atomic(path, publisher_template().encode())
    return path


def reasons_against_name(engine: Engine, offer: str) -> tuple[Reason, ...]:
    """Why an identifier may not be given to an offer; empty where it is valid and free."""
    if reasons := check_identifier(offer):
        return reasons
    if offer in engine.workspace.names() or is_there(engine.workspace.directory.path(offer)):
        message = f"The identifier {quoted(offer)} is taken. Choose another one."
        return (Reason("status.wrong", None, None, message),)
    return ()


def _copy(engine: Engine, source: str, kind: OfferType | None) -> bytes:
    """The definition of another offer, with SKU identifiers that nobody uses."""
    definition = engine.offer(source).definition
    definition.check_read()
    raw, file = definition.raw, definition.file
    if raw is None or definition.offer is None:
        why = definition.findings[0].message if definition.findings else "it cannot be read"
        raise DraftingError(f"{file} cannot be copied: {why}")
    if kind is not None and kind is not definition.kind:
        raise DraftingError(
            f"{source} is a {definition.offer.type}, and a copy keeps its type. Omit the type."
        )
    if definition.kind is not VIRTUAL_MACHINE:
        return raw
    from state.definitions.edit import EditError, Put, apply_edits

    try:
        names = _fresh_names(engine, raw)
        return apply_edits(raw, {("skus", at, "identifier"): Put(name) for at, name in names})
    except EditError as error:
        raise StorageError(f"{file} cannot be copied: {error}") from None


def _fresh_names(engine: Engine, raw: bytes) -> Iterator[tuple[int, str]]:
    """The index of each SKU that has a name, with another name for it."""
    used = {
        sku.identifier
        for name in engine.workspace.names()
        for sku in skus_of(engine.workspace.definition(name).offer)
    }
    values: Any = parse_table(raw).values
    for at, sku in enumerate(values.get("skus", ())):
        name = sku.get("identifier")
        if isinstance(name, str) and name:
            fresh = next(each for each in _numbered(name) if each not in used)
            used.add(fresh)
            yield at, fresh


def _numbered(name: str) -> Iterator[str]:
    """``standard-2``, ``standard-3`` and so on, within the limit."""
    stem = re.sub(r"-\d{1,9}\Z", "", name)
    number = 2
    while True:
        end = f"-{number}"
        yield stem[: _LONGEST_SKU - len(end)] + end
        number += 1
