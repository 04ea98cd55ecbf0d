"""What people said about fields, as items of the steps that the fields belong to."""

from collections.abc import Iterator

from state.definitions.content import is_technical
from state.definitions.model_fields import field_named
from state.domain.findings import Finding, Severity
from state.workspace.offer_view import OfferView
from tui.render.words import moment

REMARK = "remark"
"""The rule of an item that a person remarked on; no rule of that id is in the table."""


def remark_findings(view: OfferView) -> Iterator[Finding]:
    """What people said about fields that are still what they were then.

    Args:
        view: The offer.

    Yields:
        The items, not located; a remark about a field that is not there has none.
    """
    for remark in view.remarks:
        field = field_named(view.definition.offer, remark.field) if view.definition.offer else None
        if field is None or not field.names:
            continue
        step = 3 if is_technical(field.names) else 4
        how = "rejected" if remark.rejected else "remarked"
        message = f"{remark.field}: {remark.by} {how}, {moment(remark.at, view.now)}: {remark.text}"
        yield Finding(REMARK, Severity.WARNING, step, field, view.definition.file, message)
