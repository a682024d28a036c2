"""The offer matrix, and who could write as a brand, as lines of a file; made as they are taken."""

from collections.abc import Iterator, Sequence

from mailtui.core.csv_lines import csv_line
from mailtui.core.errors import BadInput
from mailtui.core.matrix import Access, Cell, Place, Way
from mailtui.operations.matrix import OfferMatrix, Part
from mailtui.operations.who_writes import Sender, WhoWrites

MOST_COLUMNS = 16_384 - 2
"""Columns that a spreadsheet takes, without those for key and name of the project."""


def matrix_csv(matrix: OfferMatrix, part: Part) -> Iterator[str]:
    """A line for each project, a column for each address. Raises, at once, NotFound, and BadInput where no spreadsheet
    takes so many columns."""
    columns = matrix.count_addresses(part.addresses_matching)
    if columns > MOST_COLUMNS:
        raise BadInput(
            f"a table of {columns:,} addresses has more columns than a spreadsheet takes ({MOST_COLUMNS:,}): ask for"
            " those with certain words only, a domain for example"
        )
    rows = matrix.rows(part)
    head = ["project", "name", *(a.address for a in matrix.addresses(0, -1, part.addresses_matching))]

    def lines() -> Iterator[str]:
        yield csv_line(head)
        for project, cells in rows:
            yield csv_line([project.key, project.name, *(in_a_word(cell) for cell in cells)])

    return lines()


def writers_csv(answer: WhoWrites) -> Iterator[str]:
    """A line for each employee and address, by the employees' names."""
    yield csv_line(["login", "name", "address", "access"])
    for writer in answer.every_writer():
        for address, access in writer.through:
            yield csv_line([writer.employee.login, writer.employee.name, address, access_in_words(access)])


def in_a_word(cell: Cell) -> str:
    """`default`, `offered`, `3 of 7`, `no: rule 5`."""
    if cell.place is Place.REFUSED:
        return f"no: rule {cell.rule}" if cell.rule else "no: nobody"
    if cell.of > 1 or cell.place is Place.SOME:
        return f"{cell.offered} of {cell.of}"
    return cell.place.value


def access_in_words(access: Sequence[Access]) -> str:
    """`own`, `everybody`, `named`, `group support`, several joined by a comma."""
    return ", ".join(_WORDS.get(one.way, f"group {one.name}") for one in access)


def open_to(sender: Sender) -> str:
    """`everybody`, `ana alone`, or whom the access list names."""
    address = sender.address
    if address.owner is not None:
        return f"{address.owner} alone"
    if address.access is None:
        return "everybody"
    named = [*(f"@{key}" for key in sorted(address.access.groups)), *sorted(address.access.employees)]
    return ", ".join(named) or "nobody: its access list is empty"


_WORDS = {Way.OWN: "own", Way.EVERYBODY: "everybody", Way.LIST: "named"}
