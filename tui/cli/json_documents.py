"""The JSON documents. All of their fields are always there, null where there is nothing."""

from collections.abc import Iterable
from typing import Any

from state.domain.errors import AccessDenied, HistoryError
from state.domain.events import Event, timestamp
from state.domain.findings import Finding, Reason, Refusal
from state.domain.steps import Step
from state.engine import Entry, Rule
from state.workspace.offer_view import OfferView
from state.workspace.pipeline import StageView, pipeline_of

Document = dict[str, Any]


def check_document(view: OfferView, steps: tuple[Step, ...]) -> Document:
    """An offer with what was found in some steps; an error says what this account cannot read."""
    production = view.state.production
    kind = HistoryError if view.unreadable else AccessDenied
    return {
        "offer": view.offer,
        "type": view.kind.value if view.kind else None,
        "status": view.status,
        "content": view.content.hash if view.content else None,
        "edited": view.edited,
        "production": production
        and {"content": production.content, "since": timestamp(production.at)},
        "certification": _certification(view),
        "steps": [_step(step) for step in steps],
        "may_request_production": view.may_request_production,
        "actions": [
            {"name": name, "allowed": not reasons, "reasons": _reasons(reasons)}
            for name, reasons in view.actions.items()
        ],
        "error": view.closed and {"code": kind.code, "message": view.closed},
    }


def show_document(view: OfferView) -> Document:
    """An offer with everything there is to say about it."""
    rejection = view.state.rejection
    return {
        **check_document(view, view.located_steps),
        "title": view.title,
        "next": view.next.text,
        "next_action": view.next.action,
        "waits_for_you": view.next.assigned_to_me,
        "history_broken": view.broken,
        "from_the_future": view.from_the_future and event_document(view.from_the_future),
        "checklist": _checklist(view),
        "pipeline": _pipeline(view),
        "rejection": rejection
        and {
            "reason": rejection.reason,
            "fields": list(rejection.fields),
            "by": rejection.by,
            "at": timestamp(rejection.at),
        },
        "remarks": [
            {
                "field": remark.field,
                "text": remark.text,
                "by": remark.by,
                "at": timestamp(remark.at),
                "rejected": remark.rejected,
            }
            for remark in view.remarks
        ],
    }


def event_document(event: Event) -> Document:
    return {
        "at": timestamp(event.at),
        "actor": event.actor,
        "kind": event.kind,
        "content": event.content,
        "note": event.note,
        "fields": event.data.get("fields"),
        "points": event.data.get("points"),
        "git": event.data.get("git"),
        "policy": event.data.get("policy"),
        "login": event.login,
        "file_of": event.file_of,
    }


def refusal_document(refusal: Refusal) -> Document:
    return {"refused": refusal.action, "reasons": _reasons(refusal.reasons)}


def rule_document(rule: Rule) -> Document:
    return {
        "rule": rule.id,
        "step": rule.step,
        "severity": rule.severity,
        "types": sorted(kind.value for kind in rule.types),
        "says": rule.description,
        "good": rule.examples[0].good,
        "bad": rule.examples[0].bad,
    }


def discarded_document(entry: Entry) -> Document:
    return {
        "offer": entry.offer,
        "title": entry.title,
        "discarded_at": timestamp(entry.at),
        "discarded_by": entry.actor,
    }


def _certification(view: OfferView) -> Document | None:
    last = view.state.certification
    if last:
        return {"state": last.state, "content": last.version.content, "reason": last.reason}
    if view.kind and view.kind.is_certified and view.status:
        return {"state": "none", "content": None, "reason": None}
    return None


def _step(step: Step) -> Document:
    return {
        "number": step.number,
        "title": step.title,
        "complete": step.complete,
        "required": step.required,
        "in_order": step.in_order,
        "findings": [_finding(finding) for finding in step.findings],
    }


def _finding(finding: Finding) -> Document:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "field": str(finding.field) or None,
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "asset": finding.asset,
        "message": finding.message,
    }


def _reasons(reasons: Iterable[Reason]) -> list[Document]:
    return [reason._asdict() for reason in reasons]


def _checklist(view: OfferView) -> list[Document]:
    passed = view.state.points_passed(view.content.hash) if view.content else frozenset()
    return [
        {"point": name, "title": title, "passed": name in passed}
        for name, title in view.checklist.items()
    ]


def _pipeline(view: OfferView) -> list[Document]:
    pipeline = pipeline_of(view)
    legs = pipeline.legs if pipeline else ()
    return [
        {
            "leg": leg.title.lower(),
            "content": leg.content,
            "stages": [_stage(each) for each in leg.stages],
        }
        for leg in legs
    ]


def _stage(stage: StageView) -> Document:
    return {
        "stage": stage.name,
        "state": stage.phase.name.lower().replace("_", "-"),
        "began": timestamp(stage.began) if stage.began else None,
        "ended": timestamp(stage.event.at) if stage.event else None,
        "fraction": stage.fraction,
        "seconds_left": stage.seconds_left,
        "attempt": stage.attempt,
        "why": stage.why,
    }
