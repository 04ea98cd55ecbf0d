"""The command that sets a draft back: what would change, a question, and the proof afterwards."""

from state.domain.actions import REVERT
from state.domain.findings import Refusal
from state.domain.safe_text import clean, plural
from state.engine.compare import compare
from state.engine.revert import Planned, preview_revert, revert, within
from tui.cli.act import report, shown_to
from tui.cli.change_lines import change_document, changed_lines
from tui.cli.diff import of_versions
from tui.cli.discard_restore import confirm
from tui.cli.files import report_usage
from tui.cli.json_documents import Document, show_document
from tui.cli.messages import refused
from tui.cli.output import print_error, print_json, print_line, wrap_after
from tui.cli.run import Call
from tui.launch import DONE, has_terminal


def set_back(call: Call) -> int:
    return report_usage(call, lambda: _set_back(call))


def _set_back(call: Call) -> int:
    options = call.options
    offer, fields = options.offer, tuple(options.fields)
    view, shown = call.engine.offer(offer), shown_to(call)
    if reasons := view.against(REVERT, shown):
        return refused(call, Refusal(REVERT, reasons))
    planned = of_versions(lambda: preview_revert(call.engine, offer, fields, options.to))
    # Now, because the files of the draft hold other bytes afterwards.
    document = _document(planned) if call.json else {}
    if options.dry_run:
        if call.json:
            print_json({**show_document(view), **document})
        else:
            _show(planned)
        return DONE
    if planned.writes and not (call.json or options.yes) and has_terminal():
        _show(planned)
        if not confirm(_question(offer, planned)):
            print_error(f"{offer} was not changed.")
            return DONE
    done = of_versions(
        lambda: revert(call.engine, offer, fields, options.to, planned=planned, shown=shown)
    )
    if isinstance(done, Refusal):
        return refused(call, done)
    assert done.view is not None
    if call.json:
        print_json({**show_document(done.view), **document})
        return DONE
    note = done.events[-1].note if done.events else None
    report(call, done.view, f"set back: {note}" if note else "nothing to change")
    print_line(_proof(call, planned))
    _print_notes(planned)
    return DONE


def _show(planned: Planned) -> None:
    effect = "this would change in the draft."
    if not planned.changes:
        effect = "only the text would change." if planned.writes else "nothing would change."
    print_line([(f"Set back to {planned.side.name}: {effect}", "strong")])
    for line in changed_lines(planned.changes, planned.files, planned.side.assets):
        print_line(line)
    _print_notes(planned)


def _print_notes(planned: Planned) -> None:
    for note in planned.notes:
        for line in wrap_after([("! ", "warn")], note, indent=2):
            print_line(line)


def _question(offer: str, planned: Planned) -> str:
    count = len(planned.changes)
    what = plural(count, "field") if count else "the text"
    return f"Set {what} of {clean(offer)} back to {planned.side.name}?"


def _proof(call: Call, planned: Planned) -> str:
    """Whether the draft still differs from the version in what was set back."""
    options = call.options
    found = of_versions(lambda: compare(call.engine, options.offer, options.to))
    left = [each.field for each in within(found.changes, options.fields)]
    if left:
        return f"still different from {planned.side.name}: {', '.join(left)}"
    where = f" in {', '.join(options.fields)}" if options.fields else ""
    return f"no difference from {planned.side.name}{where}"


def _document(planned: Planned) -> Document:
    return {
        "changes": [
            change_document(each, planned.files, planned.side.assets) for each in planned.changes
        ],
        "others": list(planned.others),
        "staying": list(planned.staying),
    }
