"""What comes next: the one thing that moves an offer on."""

from collections.abc import Mapping
from datetime import datetime

from state.definitions.parse import Definition
from state.domain.actions import APPROVE, CERTIFY, PRODUCTION_TESTED, REQUEST
from state.domain.findings import Finding, Reason
from state.domain.offer_state import State
from state.domain.safe_text import plural
from state.domain.stages import FINAL_REVIEW
from state.lifecycle.transitions import ACTION_TABLE, ActionRow, settled_by
from state.workspace.offer_summary import Next
from state.workspace.offer_view import format_stage

_NOTHING = Next("-")


def next_step(
    definition: Definition,
    state: State,
    errors: tuple[Finding, ...],
    actions: Mapping[str, tuple[Reason, ...]],
    now: datetime,
    broken: str | None,
    no_marketplace: str | None,
    unreadable: str | None,
) -> Next:
    """What moves an offer on, and whether it waits for this very person.

    Args:
        errors: The errors, by step.
        actions: Every action with the reasons to refuse it.
        broken: Why the history cannot be trusted, None where it can.
        no_marketplace: Why no marketplace can answer, None where one can.
        unreadable: Why this account cannot read what is recorded, None where it can.
    """
    if unreadable:
        return Next("history unreadable")
    if broken:
        return Next("history broken")
    if not definition.is_offer:
        return Next("not an offer")
    if no_marketplace:
        return Next("fix the marketplace in publisher.toml")
    if state.busy:
        return _under_way(state, actions, now)
    if definition.offer is None:
        return _unreadable(errors, is_closed=definition.is_closed)
    to_fix = [error for error in errors if not error.progress]
    update = " the update" if state.production else ""
    if to_fix:
        return Next(f"fix {plural(len(to_fix), 'error')}", assigned_to_me=True)
    if errors and (row := settled_by(errors[0].rule)):
        return _act(row, actions, update if row.action is CERTIFY else "")
    if state.status in ACTION_TABLE[REQUEST].statuses:
        return _act(ACTION_TABLE[REQUEST], actions)
    production = state.production
    if production and production.content not in state.production_tested:
        return _act(ACTION_TABLE[PRODUCTION_TESTED], actions)
    return _NOTHING


def _act(row: ActionRow, actions: Mapping[str, tuple[Reason, ...]], more: str = "") -> Next:
    return Next(row.words + more, row.action, assigned_to_me=not actions[row.action])


def _under_way(state: State, actions: Mapping[str, tuple[Reason, ...]], now: datetime) -> Next:
    assert state.busy is not None
    if state.busy.name != FINAL_REVIEW or state.busy.seconds is not None:
        return Next(format_stage(state.busy, now))
    if actions[APPROVE]:
        return Next("an approver decides")
    return _act(ACTION_TABLE[APPROVE], actions)


def _unreadable(errors: tuple[Finding, ...], *, is_closed: bool) -> Next:
    if not errors:
        return _NOTHING
    first = errors[0]
    if is_closed:
        return Next("may not be read")
    place = f"line {first.line}: " if first.line else ""
    # The remedy stands with the finding; a row has room for what is wrong.
    return Next(f"{place}{first.message.partition('. ')[0].removesuffix('.')}", assigned_to_me=True)
