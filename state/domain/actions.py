"""What may be asked of an offer, and how it is asked."""

from typing import NamedTuple

CERTIFY, STAGE, REQUEST, TESTED = "certify", "stage", "request", "tested"
PRODUCTION_TESTED = "production-tested"
APPROVE, REJECT, CANCEL = "approve", "reject", "cancel"
DISCARD, RENAME, REVERT, EDIT, REMARK = "discard", "rename", "revert", "edit", "remark"

ACTIONS = (
    CERTIFY, STAGE, TESTED, REQUEST, APPROVE, REJECT, CANCEL, PRODUCTION_TESTED,
    DISCARD, RENAME, REVERT, EDIT, REMARK,
)  # fmt: skip
"""Everything that may be asked of an offer."""


class Shown(NamedTuple):
    """What a person was shown when asked: the answer is about nothing else.

    Attributes:
        content: The hash of the content, or its beginning; None where there was none.
        run: What was under way, as ``subject_of`` names it; None where that does not matter.
    """

    content: str | None
    run: str | None = None


class Command(NamedTuple):
    """A request to perform an action, with the person's words.

    Attributes:
        note: The person's words: a reason, a note, a remark.
        fields: The fields that the words are about.
        points: The points of the staging checklist; none means all.
        shown: What the person was shown who asks; None where nothing was.
    """

    action: str
    note: str | None = None
    fields: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    shown: Shown | None = None
