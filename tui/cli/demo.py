"""The command that opens the program on the examples."""

from pathlib import Path
from tempfile import mkdtemp

from tui.cli.output import print_error
from tui.cli.run import Call
from tui.launch import UsageError


def demo(call: Call) -> int:
    from tui.demo import make
    from tui.launch import has_terminal, open_program

    if call.json or call.root != Path():
        raise UsageError("demo takes neither -C nor --json: its directory is a new one.")
    if not has_terminal():
        # It says why not, and no copy is made for nothing.
        return open_program(Path())
    root = make(Path(mkdtemp(prefix="vitrina-demo-")) / "offers")
    status = open_program(root)
    print_error(f"The examples and your changes are in {root}")
    return status
