"""What is still to be done about the current content, judged by the recorded events alone."""

from collections.abc import Iterator

from state.domain.field_path import ROOT
from state.domain.findings import Finding, Severity
from state.domain.offer_state import State, Status, Version
from state.domain.offer_types import CERTIFIED_TYPES, OfferType
from state.domain.safe_text import plural
from state.rules.registry import declare
from state.rules.rule import Example, Rule

_CERTIFICATION = declare(
    Rule(
        "certification.current",
        3,
        "The technical content as it is now has been certified.",
        (
            Example(
                'version = "1.4.2"',
                'version = "1.4.3"',
                "The technical content has changed since it was certified. Certify it again.",
                after="certify",
            ),
        ),
        CERTIFIED_TYPES,
    )
)
_STAGED = declare(
    Rule(
        "staging.current",
        4,
        "The offer is staged with exactly this content.",
        (
            Example(
                "500 calls a month",
                "600 calls a month",
                "The content has changed since it was staged. Push it to staging again.",
                after="stage",
            ),
        ),
    )
)
_TESTED = declare(
    Rule(
        "staging.tested",
        4,
        "The staging checklist has been recorded as passed for exactly this content.",
        (
            Example(
                "500 calls a month",
                "600 calls a month",
                "The staging test of this content has not been recorded.",
                after="tested",
            ),
        ),
    )
)

_NOT_IN_STAGING = (Status.DRAFT, Status.STAGING, Status.STAGING_FAILED)


def open_progress(kind: OfferType, state: State, version: Version, file: str) -> Iterator[Finding]:
    """What is still to be done about a content.

    Args:
        kind: The offer's type.
        state: The fold of its events.
        version: The current content.
        file: The name of the definition's file.

    Yields:
        The findings of the progress rules.
    """
    for rule, message in _messages(kind, state, version):
        yield Finding(rule.id, Severity.ERROR, rule.step, ROOT, file, message, progress=True)


def _messages(kind: OfferType, state: State, version: Version) -> Iterator[tuple[Rule, str]]:
    if kind.is_certified and version.technical not in state.certified:
        yield _CERTIFICATION, _certification(state, version)
    if state.status in _NOT_IN_STAGING or state.staged is None:
        yield _STAGED, _not_staged(state)
    elif state.staged.content != version.content:
        yield _STAGED, "The content has changed since it was staged. Push it to staging again."
    points = kind.checklist
    passed = state.points_passed(version.content)
    missing = [point for point in points if point not in passed]
    if missing:
        yield _TESTED, _untested(missing, len(points))


def _certification(state: State, version: Version) -> str:
    last = state.certification
    if last and last.version.technical == version.technical:
        if last.state == "requested":
            return "Certification of this content is under way."
        if last.state == "failed":
            said = last.reason or ""
            if not said.startswith("certification failed"):
                said = f"certification failed: {said}"
            return f"C{said[1:]} Fix it and request certification again."
    if state.certified:
        return "The technical content has changed since it was certified. Certify it again."
    return "This technical content has not been certified. Request certification."


def _not_staged(state: State) -> str:
    if state.status is Status.STAGING:
        return "The push to staging is under way."
    if state.status is Status.STAGING_FAILED:
        return "The push to staging failed. Push again."
    return "This content has not been pushed to staging."


def _untested(missing: list[str], count: int) -> str:
    if len(missing) == count:
        return "The staging test of this content has not been recorded."
    return (
        f"{plural(len(missing), 'point')} of the staging test not recorded: {', '.join(missing)}."
    )
