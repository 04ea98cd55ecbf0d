"""Where a report is written: into a file of its own, in the place of an older report at most."""

from pathlib import Path

from state.domain.errors import ReportFileError, StorageError
from state.domain.safe_text import quoted
from state.storage.atomic import ENGINE, read_plain, write_atomic

_BEGINS = b"<!doctype html>"
_LARGEST = 1 << 30


def check_report_file(path: Path) -> None:
    """Make sure that a report may be written there.

    Raises:
        ReportFileError: The file is the program's own, or is not a report.
    """
    if ENGINE in path.absolute().parts:
        raise ReportFileError(
            f"The directory {ENGINE} is the program's own. Name a file elsewhere."
        )
    try:
        found = read_plain(path, _LARGEST)
    except FileNotFoundError:
        return
    except StorageError as trouble:
        raise ReportFileError(f"{trouble} Name another file.") from None
    if found and not found.startswith(_BEGINS):
        raise ReportFileError(f"{quoted(str(path))} exists and is not a report. Name another file.")


def write_report(path: Path, page: str) -> None:
    """Write a report.

    Raises:
        ReportFileError: As ``check_report_file``.
    """
    check_report_file(path)
    write_atomic(path, page.encode())
