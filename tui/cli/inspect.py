"""The commands that look: list, check, show, history, rules."""

from functools import partial

from state.domain.errors import HistoryError, UnknownRuleError
from state.domain.events import Event
from state.domain.findings import Severity
from state.domain.offer_types import OFFER_TYPES
from state.domain.safe_text import clean, plural
from state.domain.steps import Step, without_progress
from state.engine import Rule
from state.engine.commit_stamp import format_commit
from state.engine.event_filter import EventFilter, describe_event, wanted
from state.workspace.offer_view import OfferView
from tui.cli.messages import SEVERITY_ROLES, local_time, print_alerts, short_hash
from tui.cli.output import Column, print_error, print_json, print_line, table, wrap_after
from tui.cli.run import Call
from tui.launch import DONE, FINDINGS, TROUBLE, UsageError
from tui.render.glyphs import glyph
from tui.render.lines import Line, Span, cells
from tui.render.words import format_policy

_STEPS = ("1", "2", "3", "4")
_AHEAD = {
    "certification.current": "request certification",
    "staging.current": "push to staging",
    "staging.tested": "record the staging test",
}
"""What is to be done about a content that no rule finds fault with, by its rule."""
_RULES = (Column("Rule"), Column("Step"), Column("Says", least=20))


def check(call: Call) -> int:
    wanted = list(dict.fromkeys(call.options.offers))
    views = [call.engine.offer(each) for each in wanted] if wanted else call.engine.offers()
    asked = {view.offer: _asked_for(call, view) for view in views}
    if call.json:
        from tui.cli.json_documents import check_document

        print_json([check_document(view, asked[view.offer]) for view in views])
    else:
        _print_findings(views, [each for steps in asked.values() for each in steps])
    for view in views:
        print_alerts(view.summary)
    if any(view.closed for view in views):
        return TROUBLE
    return FINDINGS if any(step.errors for steps in asked.values() for step in steps) else DONE


def _asked_for(call: Call, view: OfferView) -> tuple[Step, ...]:
    """The steps to check, each with the findings to show."""
    options = call.options
    steps = tuple(
        step for step in view.located_steps if str(step.number) in (options.step or _STEPS)
    )
    return tuple(map(without_progress, steps)) if options.content_only else steps


def show(call: Call) -> int:
    view = call.engine.offer(call.options.offer)
    if call.json:
        from tui.cli.json_documents import show_document

        print_json(show_document(view))
    else:
        from tui.cli.show import shown

        for line in shown(view):
            print_line(line)
    print_alerts(view.summary)
    return TROUBLE if view.closed else DONE


def history(call: Call) -> int:
    """The events of an offer that can be trusted."""
    view = call.engine.offer(call.options.offer)
    if view.unreadable and not view.events:
        raise HistoryError(view.unreadable)
    wanted = _wanted(call, view)
    events = tuple(
        event for event in view.events if wanted.holds(event, partial(_search_text, event))
    )
    if call.json:
        from tui.cli.json_documents import event_document

        print_json([event_document(event) for event in events])
    else:
        for line in _event_lines(events):
            print_line(line)
    if not view.events:
        print_error(f"{view.offer} has no events yet.")
    elif not events:
        print_error(f"No matching events: {view.offer} has {plural(len(view.events), 'event')}.")
    print_alerts(view.summary)
    if view.torn and not view.broken:
        print_error(
            f"{view.offer}: the history ends with an unfinished event of {view.torn} bytes, which the "
            "next action sets aside."
        )
    return DONE


def rules(call: Call) -> int:
    """Every rule; or those of a group, or one, with an example."""
    from state.engine.rule_table import rules_named

    wanted = call.options.rule
    try:
        found = rules_named(wanted)
    except UnknownRuleError as error:
        raise UsageError(f'{error} "vitrina rules" lists them.') from None
    if call.json:
        from tui.cli.json_documents import rule_document

        print_json([rule_document(rule) for rule in found])
    elif wanted is None:
        rows = [[[(r.id, "strong")], [(str(r.step), "")], [(r.description, "")]] for r in found]
        for line in table(_RULES, rows):
            print_line(line)
    else:
        for rule in found:
            _print_rule(rule)
    return DONE


def _print_findings(views: list[OfferView], steps: list[Step]) -> None:
    # A finding about publisher.toml concerns many offers; it is printed once.
    printed: set[tuple[str, str]] = set()
    counts = {Severity.ERROR: 0, Severity.WARNING: 0}
    ahead = set()
    for found in (each for step in steps for each in step.findings):
        place = ":".join(str(each) for each in (found.file, found.line, found.column) if each)
        about = f", {found.field}" if found.field.names else ""
        text = f"{found.message} (step {found.step}{about})"
        if (place, text) in printed:
            continue
        printed.add((place, text))
        severity: Span = (found.severity, SEVERITY_ROLES[found.severity])
        if found.progress:
            ahead.add(found.rule)
            severity = ("to do", "muted")
        else:
            counts[found.severity] += 1
        lead = [(f"{place}: ", ""), severity, (f" {found.rule}  ", "strong")]
        for line in wrap_after(lead, text, indent=4):
            print_line(line)
    errors, warnings = counts[Severity.ERROR], counts[Severity.WARNING]
    sign: Span = (glyph("complete"), "good")
    if errors or ahead:
        sign = (glyph("error"), "bad") if errors else (glyph("pending"), "muted")
    summary = f"{plural(errors, 'error')}, {plural(warnings, 'warning')}"
    print_line([sign, (f" {plural(len(views), 'offer')} checked: {summary}", "")])
    if ahead:
        then = ", ".join(words for rule, words in _AHEAD.items() if rule in ahead)
        start = "Then" if errors else "Nothing to fix. Next"
        for line in wrap_after(
            [("  ", "")], f"{start}: {then} (--content-only leaves this out).", indent=2
        ):
            print_line(line)


def _wanted(call: Call, view: OfferView) -> EventFilter:
    options = call.options
    try:
        return wanted(
            view.now,
            by=options.by or (),
            kinds=options.kinds or (),
            since=options.since,
            until=options.until,
            words=options.words or (),
        )
    except ValueError as error:
        raise UsageError(str(error)) from None


def _search_text(event: Event) -> str:
    return f"{local_time(event.at)} {describe_event(event)}"


def _event_lines(events: tuple[Event, ...]) -> list[Line]:
    who = max((cells(clean(event.who)) for event in events), default=0)
    lines = []
    for event in events:
        actor = clean(event.who)
        when = f"{local_time(event.at)}  {actor}{' ' * (who - cells(actor))}  "
        lead: Line = [(when, "muted"), (f"{short_hash(event.content):<8}  ", "muted")]
        lines += wrap_after(lead, event.told, indent=4)
        fields, points = event.data.get("fields"), event.data.get("points")
        for what, names in (("fields", fields), ("points", points)):
            if names:
                lines += wrap_after(
                    [("    ", "")], f"{what}: {', '.join(map(str, names))}", indent=4, role="muted"
                )
        for words in filter(None, (format_commit(event), format_policy(event))):
            lines += wrap_after([("    ", "")], words, indent=4, role="muted")
    return lines


def _print_rule(rule: Rule) -> None:
    kinds = [kind for kind in OFFER_TYPES.values() if kind in rule.types]
    types = ", ".join(kind.label.lower() for kind in kinds)
    print_line([(rule.id, "strong"), (f"  {rule.severity}, step {rule.step}, ", ""),
         ("every type" if len(kinds) == len(OFFER_TYPES) else types, "")])  # fmt: skip
    example = rule.examples[0]
    for lead, text in (
        ("  ", rule.description),
        ("  good  ", example.good),
        ("  bad   ", example.bad),
    ):
        first, *more = text.splitlines()
        if more:
            print_line([(lead.rstrip(), "muted")])
            lead = " " * 4
        for each in (first, *more):
            for line in wrap_after([(lead, "muted")], each, indent=len(lead)):
                print_line(line)
