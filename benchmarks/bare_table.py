"""The least that a Textual program with a table can be: what the list of offers is held against."""

from textual.app import App, ComposeResult
from textual.widgets import DataTable


class BareTable(App[None]):
    """Twelve rows and nothing else."""

    BINDINGS = [("q", "quit", "quit")]  # noqa: RUF012 - Textual reads it as it stands

    def compose(self) -> ComposeResult:
        """The table."""
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        """Its rows."""
        table = self.query_one(DataTable)
        table.add_columns("Offer", "Type", "Status")
        for number in range(12):
            table.add_row(f"row {number}", "virtual machine", "draft")


if __name__ == "__main__":
    BareTable().run()
