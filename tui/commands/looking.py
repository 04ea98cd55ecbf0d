"""The commands that look: list, check, show, history, rules."""

from state.events import Event
from state.rules.registry import Rule
from state.views import OfferView
from tui.commands import documents
from tui.commands.output import Column, Line, broken, complain, put, put_json, table
from tui.commands.running import DONE, FINDINGS, Call, UsageError
from tui.commands.wording import SEVERITY_ROLES, found_counts, local_time, short_hash, status_line
from tui.glyphs import glyph

_LIST = (
    Column("Offer", least=12),
    Column("Type"),
    Column("Title", optional=True),
    Column("Steps"),
    Column("Status", least=10),
    Column("Findings", optional=True),
    Column("Next", least=12),
)
_RULES = (Column("Rule"), Column("Step"), Column("Says", least=20))


def list_offers(call: Call) -> int:
    """Every offer of the working directory, a line each."""
    views = call.engine.offers()
    if call.json:
        put_json([documents.row_document(view) for view in views])
    elif views:
        for line in table(_LIST, [_row(view) for view in views]):
            put(line)
    else:
        complain("There are no offers here yet: vitrina new ID --type TYPE writes one.")
    return DONE


def check(call: Call) -> int:
    """Run the rules on some offers, or on all."""
    wanted = list(dict.fromkeys(call.options.offers))
    views = [call.engine.offer(each) for each in wanted] if wanted else call.engine.offers()
    if call.json:
        put_json([documents.check_document(view) for view in views])
    else:
        _put_findings(views)
    for view in views:
        _tell_broken(view)
    return FINDINGS if any(view.errors for view in views) else DONE


def show(call: Call) -> int:
    """One offer."""
    view = call.engine.offer(call.options.offer)
    if call.json:
        put_json(documents.show_document(view))
    else:
        from tui.commands.showing import shown

        for line in shown(view):
            put(line)
    _tell_broken(view)
    return DONE


def history(call: Call) -> int:
    """The events of an offer that can be trusted."""
    view = call.engine.offer(call.options.offer)
    if call.json:
        put_json([documents.event_document(event) for event in view.events])
    else:
        for line in _event_lines(view.events):
            put(line)
    if not view.events:
        complain(f"{view.offer} has no events yet: nothing was asked of it.")
    _tell_broken(view)
    return DONE


def rules(call: Call) -> int:
    """Every rule; or those of a group, or one, with an example."""
    from state.rules import all_rules

    wanted = call.options.rule
    known = all_rules()
    found = [rule for id, rule in known.items() if wanted in (None, id, id.partition(".")[0])]
    if not found:
        raise UsageError(_unknown_rule(wanted, list(known)))
    if call.json:
        put_json([documents.rule_document(rule) for rule in found])
    elif wanted is None:
        rows = [[[(r.id, "strong")], [(str(r.step), "")], [(r.says, "")]] for r in found]
        for line in table(_RULES, rows):
            put(line)
    else:
        for rule in found:
            _put_rule(rule)
    return DONE


def _row(view: OfferView) -> list[Line]:
    kind = view.kind.short if view.kind else "?"
    steps: Line = []
    for step in view.steps if view.definition.offer else ():
        name = "complete" if step.required else "not_required"
        if not step.complete:
            name = "todo" if all(error.progress for error in step.errors) else "mend"
        role = {"complete": "good", "mend": "bad"}.get(name, "muted")
        steps += [(" ", "")] * bool(steps) + [(glyph(name), role)]
    return [
        [(view.offer, "strong")],
        [(kind, "")],
        [(view.title or "", "")],
        steps,
        [status_line(view)],
        [(found_counts(view), "")],
        [(view.next.text, "warn" if view.next.mine else "muted")],
    ]


def _put_findings(views: list[OfferView]) -> None:
    # A finding about publisher.toml concerns many offers; it is told once.
    lines: dict[tuple[str, str], Line] = {}
    texts: dict[tuple[str, str], str] = {}
    counts = {"error": 0, "warning": 0}
    for view in views:
        for step in view.located_steps:
            for found in step.findings:
                place = ":".join(str(each) for each in (found.file, found.line, found.column) if each)
                where = f"step {step.number}, {found.field}" if found.field.names else f"step {step.number}"
                text = f"{found.message} ({where})"
                key = (f"{place} {found.rule}", text)
                if key not in lines:
                    counts[found.severity] += 1
                lead = [(f"{place}: ", ""), (found.severity, SEVERITY_ROLES[found.severity])]
                lines[key] = [*lead, (f" {found.rule}  ", "strong")]
                texts[key] = text
    for key, lead_line in lines.items():
        for line in broken(lead_line, texts[key]):
            put(line)
