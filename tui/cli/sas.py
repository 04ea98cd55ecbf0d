"""The command that cares for SAS tokens."""

import sys
from contextlib import suppress
from datetime import datetime

from state.domain.events import timestamp
from state.domain.findings import Finding, Refusal
from state.engine.renew_tokens import Address, Renewed, addresses, addresses_of, renew
from tui.cli.files import report_usage
from tui.cli.json_documents import Document
from tui.cli.messages import SEVERITY_ROLES, found_counts, refused
from tui.cli.output import Column, print_error, print_json, print_line, table, wrap_after
from tui.cli.run import Call
from tui.launch import DONE, FINDINGS, UsageError
from tui.render.glyphs import glyph
from tui.render.lines import Line, Span

_LONGEST_TOKEN = 1 << 16

_ADDRESSES = (
    Column("Offer", least=12),
    Column("Address", least=20),
    Column("Container", least=10, optional=True),
    Column("May", optional=True),
    Column("From", optional=True),
    Column("Until"),
    Column("Left"),
)


def sas(call: Call) -> int:
    """Every VHD address and its token; or put a new token on those of one offer."""
    options = call.options
    if options.token is not None:
        return report_usage(call, lambda: _renew(call))
    if options.container is not None:
        raise UsageError("--container needs --token.")
    views = [call.engine.offer(options.offer)] if options.offer else call.engine.offers()
    found = addresses(call.engine, views)
    if call.json:
        print_json([address_document(each) for each in found])
    elif found:
        for line in table(_ADDRESSES, [_row(each) for each in found]):
            print_line(line)
        for finding in (each for address in found for each in address.findings):
            _print_finding(finding)
    else:
        print_error("No VHD addresses here.")
    for view in views:
        if view.definition.is_offer and view.definition.offer is None:
            print_error(f"{view.offer} cannot be read, so its addresses are not listed.")
    return FINDINGS if any(each.findings for each in found) else DONE


def address_document(found: Address) -> Document:
    """A VHD address and its token, without what makes the token a secret."""
    token = found.sas
    return {
        "offer": found.offer,
        "field": str(found.field),
        "address": token.address,
        "host": token.host,
        "container": token.container,
        "permissions": token.parameters.get("sp"),
        "from": timestamp(token.starts) if token.starts else None,
        "until": timestamp(token.ends) if token.ends else None,
        "days_left": found.days_left,
        "in_production": found.listed,
        "findings": [_finding_document(each) for each in found.findings],
    }


def _renew(call: Call) -> int:
    options = call.options
    if not options.offer:
        raise UsageError("Name the offer whose addresses get the token: vitrina sas ID --token …")
    token = _read_token() if options.token == "-" else options.token
    renewed = renew(call.engine, options.offer, token, options.container)
    if isinstance(renewed, Refusal):
        return refused(call, renewed)
    view = renewed.done.view
    assert view is not None
    found = [each for address in addresses_of(call.engine, view) for each in address.findings]
    if call.json:
        print_json(
            {
                "offer": view.offer,
                "changed": [str(field) for field in renewed.fields],
                "findings": [_finding_document(each) for each in found],
            }
        )
        return DONE
    _print_renewed(view.offer, renewed)
    for each in found:
        _print_finding(each)
    print_line(
        [
            ("Check: ", "muted"),
            (found_counts(view.summary), ""),
            (f". Next: {view.next.text}", "muted"),
        ]
    )
    return DONE


def _read_token() -> str:
    """The token from the standard input; where somebody types it there, it is not shown."""
    if sys.stdin.isatty():
        from getpass import getpass

        with suppress(EOFError):
            return getpass("SAS token: ")
        return ""
    return sys.stdin.read(_LONGEST_TOKEN)


def _print_renewed(offer: str, renewed: Renewed) -> None:
    if not renewed.fields:
        print_line(f"{offer}: every address already has this token, nothing was changed.")
    for field in renewed.fields:
        print_line([(glyph("complete"), "good"), (f" {field}", "strong"), (": new token", "")])


def _row(found: Address) -> list[Line]:
    worst = sorted(found.findings, key=lambda each: not each.is_error)[:1]
    role = SEVERITY_ROLES[worst[0].severity] if worst else "muted" if found.listed else "good"
    days = found.days_left
    left = "no end" if days is None else "expired" if days < 0 else f"{days} d"
    token = found.sas
    return [
        [(found.offer, "strong")],
        [(str(found.field), "")],
        [(found.container, "")],
        [(token.parameters.get("sp", "-"), "")],
        [(_minute(token.starts), "")],
        [(_minute(token.ends), "")],
        [(f"{left}, in production" if found.listed else left, role)],
    ]


def _minute(at: datetime | None) -> str:
    return at.astimezone().strftime("%Y-%m-%d %H:%M %Z") if at else "-"


def _print_finding(found: Finding) -> None:
    severity: Span = (found.severity, SEVERITY_ROLES[found.severity])
    lead: Line = [(f"{found.file}:{found.line}: ", ""), severity, (f" {found.rule}  ", "strong")]
    for line in wrap_after(lead, f"{found.message} ({found.field})", indent=4):
        print_line(line)


def _finding_document(found: Finding) -> Document:
    return {
        "rule": found.rule,
        "severity": found.severity,
        "field": str(found.field),
        "file": found.file,
        "line": found.line,
        "message": found.message,
    }
