"""The command that writes a report for a reviewer."""

import sys
from pathlib import Path

from state.domain.errors import ReportFileError
from state.engine.report_file import check_report_file, write_report
from tui.cli.output import on_terminal, print_json, print_line
from tui.cli.run import Call
from tui.launch import DONE, UsageError
from tui.render.glyphs import glyph
from tui.render.lines import Span
from tui.report import report_page


def report(call: Call) -> int:
    """One page of HTML about an offer, into a file or on the standard output."""
    offer, said = call.options.offer, call.options.output
    if said is None and on_terminal() and not call.json:
        raise UsageError(f"Name the file to write: vitrina report {offer} -o {offer}.html")
    path = Path(said) if said not in (None, "-") else None
    try:
        if path:
            check_report_file(path)
        page = report_page(call.engine, offer)
        if path:
            write_report(path, page)
    except ReportFileError as error:
        raise UsageError(str(error)) from None
    if call.json:
        file, html = (str(path), None) if path else (None, page)
        print_json({"offer": offer, "file": file, "html": html})
    elif path:
        sign: Span = (glyph("complete"), "good")
        print_line([sign, (f" {offer}: report written to {path}", "")])
    else:
        sys.stdout.write(page)
    return DONE
