"""The settings of the rehearsal marketplace: what is wrong with them, and what counts instead."""

from collections.abc import Iterable, Iterator
from typing import Any

from state.definitions.reading import Fault
from state.domain.field_path import ROOT, FieldPath
from state.domain.findings import Finding
from state.domain.publisher import Marketplace, Rehearsal
from state.domain.safe_text import quoted
from state.domain.stages import STAGES, STAGING_REPLICATION
from state.domain.suggestions import suggest

MANUAL = "manual"
"""The setting of a final review that a person gives."""

REHEARSAL = "rehearsal"
BACKENDS = (REHEARSAL, "partner-center")
"""The marketplaces that there are."""

LONGEST_STAGE = 10 * 365 * 86400.0
"""The longest that a stage may take, in seconds; anything longer counts as this."""

_AT = ROOT / "marketplace"
_NAMES = (_AT.path, (_AT / "backend").path)
"""The keys that say which marketplace is meant."""
_SECONDS = tuple(name for name in Rehearsal.FIELDS if name != "fail")


def faults_of(marketplace: Marketplace) -> Iterator[Fault]:
    """What is wrong with the settings, beyond the types of their values.

    Args:
        marketplace: The settings as publisher.toml says them.

    Yields:
        The faults, in the order of the models.
    """
    if marketplace.backend not in BACKENDS:
        known = " or ".join(f'"{each}"' for each in BACKENDS)
        message = f"No marketplace is called {quoted(marketplace.backend)}. Write {known}."
        yield Fault("marketplace.backend", _AT / "backend", message)
    for name in _SECONDS:
        if message := _against_seconds(getattr(marketplace.rehearsal, name)):
            yield Fault("file.type", _AT / "rehearsal" / name, message)
    for index, stage in enumerate(marketplace.rehearsal.fail):
        if stage not in STAGES:
            at = (_AT / "rehearsal" / "fail").item(index, index)
            yield Fault("file.type", at, _unknown_stage(stage))


def refusal_of(
    marketplace: Marketplace, findings: Iterable[Finding], covered: Iterable[FieldPath]
) -> str | None:
    """Why the marketplace that is meant cannot answer.

    Args:
        marketplace: The settings as publisher.toml says them.
        findings: What is wrong with that file.
        covered: The fields that those findings speak for.

    Returns:
        The reason, None where the rehearsal is meant.
    """
    for each in findings:
        if each.field.path in _NAMES:
            return each.message
    if any(each.path in _NAMES for each in covered):
        return "A misspelt key leaves open which marketplace is meant. Fix it in publisher.toml."
    if marketplace.backend == REHEARSAL:
        return None
    return (
        f"The marketplace {quoted(marketplace.backend)} is not built yet: this release has the "
        f'rehearsal only. Write backend = "{REHEARSAL}" in publisher.toml.'
    )


def usable(rehearsal: Rehearsal) -> dict[str, Any]:
    """The settings that count, as JSON holds them: what is wrong counts as left out.

    Args:
        rehearsal: The settings as publisher.toml says them.

    Returns:
        Each setting by its name. A final review that cannot be made out is a person's.
    """
    left_out = Rehearsal.DEFAULTS
    settings: dict[str, Any] = {}
    for name in _SECONDS:
        value = getattr(rehearsal, name)
        good = not _against_seconds(value)
        settings[name] = value if good else left_out[name]
        if settings[name] != MANUAL:
            settings[name] = float(min(settings[name], LONGEST_STAGE))
    settings["fail"] = [stage for stage in rehearsal.fail if stage in STAGES]
    return settings


def _against_seconds(value: float | str) -> str:
    """What is wrong with the length of a stage; empty where nothing is."""
    if value == MANUAL:
        return ""
    if isinstance(value, str):
        return f'{quoted(value)} is no final review: write "manual", or a number of seconds.'
    return "A stage cannot take less than no time: write 0 or more seconds." if value < 0 else ""


def _unknown_stage(stage: str) -> str:
    if near := suggest(stage, STAGES):
        return f'No stage is called {quoted(stage)}: did you mean "{near}"?'
    return (
        f"No stage is called {quoted(stage)}: leave it out, or name one, such as "
        f"{STAGING_REPLICATION}."
    )
