"""The command that writes a report for a reviewer."""

import sys
from pathlib import Path

from state.domain.errors import StorageError
from state.domain.safe_text import quoted
from state.storage.atomic import read_plain, write_atomic
from tui.cli.output import Span, on_terminal, print_line, put_json
from tui.cli.run import Call
from tui.launch import DONE, UsageError
from tui.render.glyphs import glyph
from tui.report import report_page

_BEGINS = b"<!doctype html>"
_LARGEST = 1 << 30


def report(call: Call) -> int:
    """One page of HTML about an offer, into a file or on the standard output."""
    offer, said = call.options.offer, call.options.output
    if said is None and on_terminal() and not call.json:
        raise UsageError(f"Name the file to write: vitrina report {offer} -o {offer}.html")
    path = Path(said) if said not in (None, "-") else None
    if path:
        _check(path)
    page = report_page(call.engine, offer)
    if path:
        write_atomic(path, page.encode())
    if call.json:
        file, html = (str(path), None) if path else (None, page)
        put_json({"offer": offer, "file": file, "html": html})
    elif path:
        sign: Span = (glyph("complete"), "good")
        print_line([sign, (f" {offer}: the report is in {path}", "")])
    else:
        sys.stdout.write(page)
    return DONE


def _check(path: Path) -> None:
    """Refuse to overwrite any file but an older report."""
    if ".vitrina" in path.absolute().parts:
        raise UsageError("The directory .vitrina is the program's own. Name a file elsewhere.")
    try:
        found = read_plain(path, _LARGEST)
    except FileNotFoundError:
        return
    except StorageError as trouble:
        raise UsageError(f"{trouble} Name another file.") from None
    if found and not found.startswith(_BEGINS):
        raise UsageError(f"{quoted(str(path))} exists and is not a report. Name another file.")
