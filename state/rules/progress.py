"""What has to be done about the content as it stands, judged by the recorded events alone."""

from collections.abc import Iterator

from state.domain.field_path import ROOT
from state.domain.findings import Finding, Severity
from state.domain.offer import OfferType
from state.domain.offer_state import State, Status, Version
from state.domain.safe_text import plural
from state.domain.stages import CHECKLISTS, NEEDS_CERTIFICATION
from state.rules.registry import all_rules, declare

_CERTIFICATION = declare(
    "certification.current",
    3,
    "The technical content as it stands has been certified.",
    NEEDS_CERTIFICATION,
    good="certify, and leave the technical content as it is",
    bad="a new image version after the certification",
)
_STAGED = declare(
    "staging.current",
    4,
    "The offer is staged with exactly this content.",
    good="push to staging, and leave the files as they are",
    bad="a new summary after the push",
)
_TESTED = declare(
    "staging.tested",
    4,
    "The staging checklist has been recorded as passed for exactly this content.",
    good="push to staging, test there, record the checklist",
    bad="a test recorded for the content before the last push",
)

_NOT_IN_STAGING = (Status.DRAFT, Status.STAGING, Status.STAGING_FAILED)


def open_progress(kind: OfferType, state: State, version: Version, file: str) -> Iterator[Finding]:
    """What is still to be done about a content.

    Args:
        kind: The offer's type.
        state: What its events add up to.
        version: The content as it stands.
        file: The name of the definition's file.

    Yields:
        The findings of the progress rules.
    """
    for id, message in _messages(kind, state, version):
        step = all_rules()[id].step
        yield Finding(id, Severity.ERROR, step, ROOT, file, message, progress=True)


def _messages(kind: OfferType, state: State, version: Version) -> Iterator[tuple[str, str]]:
    if kind in NEEDS_CERTIFICATION and version.technical not in state.certified:
        yield _CERTIFICATION.id, _certification(state, version)
    if state.status in _NOT_IN_STAGING or state.staged is None:
        yield _STAGED.id, _not_staged(state)
    elif state.staged.content != version.content:
        yield _STAGED.id, "The content has changed since it was staged: push it to staging again."
    points = CHECKLISTS[kind]
    passed = state.points_passed(version.content)
    missing = [point for point in points if point not in passed]
    if missing:
        yield _TESTED.id, _untested(missing, len(points))


def _certification(state: State, version: Version) -> str:
    last = state.certification
    if last and last.version.technical == version.technical:
        if last.state == "requested":
            return "Certification of this content is under way."
        if last.state == "failed":
            return f"Certification failed: {last.reason} Fix it and ask again."
    if state.certified:
        return "The technical content has changed since it was certified: certify it again."
    return "This technical content has not been certified: ask for certification."


def _not_staged(state: State) -> str:
    if state.status is Status.STAGING:
        return "The push to staging is under way."
    if state.status is Status.STAGING_FAILED:
        return "The push to staging failed: push again."
    return "This content has not been pushed to staging."


def _untested(missing: list[str], count: int) -> str:
    if len(missing) == count:
        return "The staging test of this content has not been recorded."
    return (
        f"{plural(len(missing), 'point')} of the staging test not recorded: {', '.join(missing)}."
    )
