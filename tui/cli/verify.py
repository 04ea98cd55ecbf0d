"""The command that checks the histories, and accepts a damaged one."""

from state.domain.events import timestamp
from state.domain.findings import Refusal
from state.domain.safe_text import plural
from state.engine.accept_history import accept
from state.engine.verify import Lost, Verified, verify
from tui.cli.act import report
from tui.cli.json_documents import Document
from tui.cli.messages import local_time, refused
from tui.cli.output import print_json, print_line, wrap_after
from tui.cli.run import Call
from tui.launch import DONE, FINDINGS, TROUBLE, UsageError
from tui.render.glyphs import glyph
from tui.render.lines import Line


def verify_histories(call: Call) -> int:
    options = call.options
    if options.accept is not None:
        return _accept(call)
    if options.note is not None:
        raise UsageError("--note needs --accept ID.")
    found = verify(call.engine, options.offers)
    if call.json:
        print_json([verified_document(each) for each in found])
    else:
        for each in found:
            _print(each)
        closed = sum(each.unreadable is not None for each in found)
        bad = sum(not each.is_whole for each in found) - closed
        counts = [f"{bad} damaged"] * bool(bad)
        counts += [f"{closed} unreadable"] * bool(closed)
        said = ", ".join(counts) or "all intact"
        print_line(f"{plural(len(found), 'history', 'histories')} checked: {said}")
    if any(each.unreadable for each in found):
        return TROUBLE
    return DONE if all(each.is_whole for each in found) else FINDINGS


def verified_document(found: Verified) -> Document:
    return {
        "offer": found.offer,
        "discarded_at": timestamp(found.discarded_at) if found.discarded_at else None,
        "events": found.events,
        "broken": found.broken and found.broken._asdict(),
        "missing": [each._asdict() for each in found.missing],
        "notes": list(found.notes),
        "unreadable": found.unreadable,
    }


def _accept(call: Call) -> int:
    offers = [*call.options.offers, *[call.options.accept] * bool(call.options.accept)]
    if len(offers) != 1:
        raise UsageError(
            "Name the offer whose damaged history is accepted: vitrina verify --accept ID"
        )
    done = accept(call.engine, offers[0], call.options.note)
    if isinstance(done, Refusal):
        return refused(call, done)
    assert done.view is not None
    report(call, done.view, f"accepted: {done.events[0].note}")
    return DONE


def _print(found: Verified) -> None:
    sign = (glyph("complete"), "good") if found.is_whole else (glyph("error"), "bad")
    where = f", discarded {local_time(found.discarded_at)}" if found.discarded_at else ""
    about = f" {found.offer}{where}: "
    for text, role in _lines(found):
        lead: Line = [sign, (about, "strong")] if about else [("  ", "")]
        for line in wrap_after(lead, text, indent=4, role=role):
            print_line(line)
        about = ""


def _lines(found: Verified) -> list[tuple[str, str]]:
    """What was found, each text with its role."""
    unreadable = [(found.unreadable, "warn")] if found.unreadable else []
    if unreadable and not found.events:
        return unreadable
    trusted = plural(found.events, "event")
    lines = [(trusted if found.events else "no events yet", "")]
    if found.broken:
        place = f"{found.broken.file}:{found.broken.line}"
        lines = [(f"{found.broken.message} ({place}); {trusted} can be trusted", "bad")]
        lines.append((f"to repair it, {found.broken.remedy}", ""))
    lines += [(_lost(each), "bad") for each in found.missing]
    lines += unreadable
    return lines + [(note, "muted") for note in found.notes]


def _lost(lost: Lost) -> str:
    about = f"event {lost.event}: " if lost.event else ""
    named = f" ({lost.sha256[:12]})" if lost.sha256 else ""
    return f"{about}{lost.what}{named} {lost.message}"
