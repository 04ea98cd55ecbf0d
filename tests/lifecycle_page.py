"""The lifecycle's table as a page, docs/lifecycle.md: ``make docs``."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from state.domain.events import Kind
from state.domain.offer_state import Status
from state.domain.stages import FINAL_REVIEW
from state.lifecycle.transitions import (
    ACTION_TABLE,
    STAGE_BEGUN,
    STAGE_TABLE,
    STATUS_AFTER,
    ActionRow,
    Need,
    StageRow,
)
from state.rules.locks import LOCKS, Lock

PAGE = Path(__file__).parent.parent / "docs" / "lifecycle.md"

MEANINGS = {
    Status.DRAFT: "never pushed to staging: the one status in which an offer can be discarded",
    Status.STAGING: "a push to staging is under way",
    Status.STAGING_FAILED: "the last push to staging failed",
    Status.STAGED: "a version is in staging, to be tested and requested",
    Status.PRODUCTION_REQUESTED: "approval to push to production is requested",
    Status.REJECTED: "staged; the last request was rejected, with reasons",
    Status.LISTED: "approved and replicating to production",
    Status.AVAILABLE: "for sale; an edit begins the next candidate",
}

REMEDIES = {
    "status.busy": "Wait until what is under way has ended, or cancel it.",
    "status.wrong": "Do what is next first: `vitrina show ID` names it.",
    "status.draft": "Go on with the offer, or ask for a support ticket where it is listed.",
    "role.publisher": "Ask a publisher, or have the account added to `[roles]` in publisher.toml.",
    "role.approver": "Ask an approver, or have one added to `[roles]` in publisher.toml.",
    "four_eyes": "Ask another approver; whoever requested may reject or cancel.",
    "history.broken": "Restore the file, or accept the loss: `vitrina verify --accept ID`.",
    "history.unreadable": "Ask the owner of the file for access.",
    "changed.since_shown": "Review what is there now, then decide again.",
    "marketplace.backend": "Correct `[marketplace]` in publisher.toml.",
}
"""What to do about each reason of a refusal that is no finding; a finding says so itself."""

HEAD = """\
# The lifecycle of an offer

Made by `make docs` from `state/lifecycle/transitions.py` and `state/rules/locks.py`, the tables
that the program itself reads. A status is that of the candidate; what customers see stays as it
was until the candidate is listed.
"""


def lifecycle_page() -> str:
    """The whole page."""
    return "\n".join(
        (
            HEAD,
            "## Statuses\n",
            *_table(("Status", "Meaning", "Possible there"), map(_status, Status)),
            "\nEverywhere: " + ", ".join(row.action for row in _everywhere()) + ".\n",
            "## What people do\n",
            *_table(
                ("Action", "Who", "From", "To", "Needs", "Event"),
                map(_action, ACTION_TABLE.values()),
            ),
            "\n## What stages lead to\n",
            "The marketplace ends a stage; in the final review an approver does, or the rehearsal",
            "where publisher.toml gives it seconds. A certification has no status of its own.\n",
            *_table(
                ("Stage", "Begins with", "Status", "Succeeds as", "Fails as"),
                map(_stage, STAGE_TABLE.values()),
            ),
            "\n## Why an action is refused\n",
            "A refusal has every reason against it: the open findings of the rules, each with its",
            "remedy, and these.\n",
            *_table(("Rule", "Remedy"), ((f"`{rule}`", words) for rule, words in REMEDIES.items())),
            "\n## Locks\n",
            "A draft that changes one of these breaks the rule beside it. A SKU that was withdrawn has",
            "its locks again when it comes back.\n",
            *_table(("Field", "Once", "What it is", "Instead", "Rule"), map(_lock, LOCKS)),
            "",
        )
    )


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    for cells in (heads, ("---",) * len(heads), *rows):
        yield f"| {' | '.join(cells)} |"


def _everywhere() -> list[ActionRow]:
    return [row for row in ACTION_TABLE.values() if set(row.statuses) == set(Status)]


def _status(status: Status) -> tuple[str, ...]:
    rows = (row for row in ACTION_TABLE.values() if status in row.statuses)
    possible = [row.action for row in rows if row not in _everywhere()]
    return f"`{status}`", MEANINGS[status], ", ".join(possible)


def _action(row: ActionRow) -> tuple[str, ...]:
    needs = [need for group in (*row.needs, row.also) for need in group if need is not Need.STATUS]
    readable = ["a definition that this account may read"] * row.edits
    return (
        row.action,
        " or ".join(row.who),
        _from(row),
        _to(row),
        "; ".join([*needs, *readable]) or "nothing",
        f"`{row.makes}`" + (f", `{Kind.LISTED}`" if row.makes is Kind.APPROVED else ""),
    )


def _from(row: ActionRow) -> str:
    missing = [f"`{status}`" for status in Status if status not in row.statuses]
    if len(missing) > 1:
        return ", ".join(f"`{status}`" for status in row.statuses)
    return f"any but {missing[0]}" if missing else "any"


def _to(row: ActionRow) -> str:
    ends = {
        Kind.APPROVED: f"`{STATUS_AFTER[Kind.LISTED]}`",
        Kind.CANCELLED: "the one before",
        Kind.DISCARDED: "gone: in the trash",
    }
    status = STATUS_AFTER.get(row.makes)
    return ends.get(row.makes, f"`{status}`" if status else "as before")


def _stage(row: StageRow) -> tuple[str, ...]:
    success, failure = row.after_success, row.after_failure
    if row.stage == FINAL_REVIEW:
        success = STATUS_AFTER[Kind.LISTED]
    is_first = STAGE_BEGUN[row.begins] == row.stage and row.begins is not Kind.REQUESTED
    begins = f"`{row.begins}`" if is_first else f"part of `{row.begins}`"
    return (
        f"`{row.stage}`",
        begins,
        f"`{row.during}`" if row.during else "as before",
        f"`{row.succeeds}`: {f'`{success}`' if success else 'as before'}",
        f"`{row.fails}`: {f'`{failure}`' if failure else 'as before'}"
        + (", and begins again" if failure and failure is row.during else ""),
    )


def _lock(row: Lock) -> tuple[str, ...]:
    changes = " (other changes are possible)" * row.partly
    label = row.label.removesuffix(" {}").removeprefix("The ")
    return f"`{row.path}`", row.since, label + changes, row.instead, f"`{row.rule}`"


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(lifecycle_page(), encoding="utf-8")
