"""The settings of the rehearsal marketplace: their faults, and the values used instead."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from state.definitions.validate import Fault
from state.domain.field_path import ROOT
from state.domain.safe_text import quoted
from state.domain.stages import DEFAULT_SETTINGS, STAGES, STAGING_REPLICATION
from state.domain.suggestions import suggest

if TYPE_CHECKING:
    from state.domain.publisher import Rehearsal

MANUAL = "manual"
"""The setting for a final review by a person."""

LONGEST_STAGE = 10 * 365 * 86400.0
"""The longest that a stage may take, in seconds; anything longer counts as this."""

_AT = ROOT / "marketplace" / "rehearsal"
_SECONDS = tuple(name for name in DEFAULT_SETTINGS if name != "fail")


def faults_of(rehearsal: "Rehearsal") -> Iterator[Fault]:
    """The faults of the settings, apart from the types of their values."""
    for name in _SECONDS:
        if message := _seconds_fault(getattr(rehearsal, name)):
            yield Fault("file.type", _AT / name, message)
    for index, stage in enumerate(rehearsal.fail):
        if stage not in STAGES:
            yield Fault("file.type", (_AT / "fail").item(index, index), _unknown_stage(stage))


def usable(rehearsal: "Rehearsal") -> dict[str, Any]:
    """The settings by name, as they are recorded; defaults take the place of invalid ones."""
    settings: dict[str, Any] = {}
    for name in _SECONDS:
        value = getattr(rehearsal, name)
        good = not _seconds_fault(value)
        settings[name] = value if good else DEFAULT_SETTINGS[name]
        if settings[name] != MANUAL:
            settings[name] = float(min(settings[name], LONGEST_STAGE))
    settings["fail"] = [stage for stage in rehearsal.fail if stage in STAGES]
    return settings


def _seconds_fault(value: float | str) -> str:
    """The fault of a stage's length; empty where it is valid."""
    if value == MANUAL:
        return ""
    if isinstance(value, str):
        return f'{quoted(value)} is not a final review. Write "manual", or a number of seconds.'
    return "A stage cannot take less than 0 seconds. Write 0 or more." if value < 0 else ""


def _unknown_stage(stage: str) -> str:
    if near := suggest(stage, STAGES):
        return f'{quoted(stage)} is not a stage. Did you mean "{near}"?'
    return f"{quoted(stage)} is not a stage. Remove it, or name one, such as {STAGING_REPLICATION}."
