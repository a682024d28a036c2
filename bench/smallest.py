"""The smallest Textual program with a table of 20 rows: what mailtui's speed is compared with."""

from textual.app import App, ComposeResult
from textual.widgets import DataTable


class Smallest(App[None]):
    def compose(self) -> ComposeResult:
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("Address", "Server", "State")
        for number in range(20):
            table.add_row(f"address-{number:02}@brand.example", "smtp.brand.example", "ready")


if __name__ == "__main__":
    Smallest().run()
