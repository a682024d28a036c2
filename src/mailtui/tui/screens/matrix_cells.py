"""The cells of the offer matrix as they are drawn, and the sentence of one in full."""

from collections.abc import Sequence

from mailtui.core.addresses import ExternalAddress
from mailtui.core.matrix import Cell as MatrixCell
from mailtui.core.matrix import Place
from mailtui.core.projects import Project
from mailtui.operations.matrix import OfferMatrix, Subject
from mailtui.operations.matrix_lines import in_a_word
from mailtui.tui.marks import Mark
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.cross_table import Head
from mailtui.tui.widgets.rows import Cell


class MatrixSource:
    """What the table draws; the projects and addresses in sight are kept by their keys."""

    def __init__(self, matrix: OfferMatrix) -> None:
        self.matrix = matrix
        self.projects_matching = self.addresses_matching = ""
        self.projects: dict[str, Project] = {}
        self.addresses: dict[str, ExternalAddress] = {}

    def count_rows(self) -> int:
        return self.matrix.count_projects(self.projects_matching)

    def count_columns(self) -> int:
        return self.matrix.count_addresses(self.addresses_matching)

    def rows(self, offset: int, limit: int) -> Sequence[Head]:
        found = self.matrix.projects(offset, limit, self.projects_matching)
        self.projects = {project.key: project for project in found}
        return [Head(p.key, (p.name,), Tone.MUTED if p.archived else Tone.PLAIN) for p in found]

    def columns(self, offset: int, limit: int) -> Sequence[Head]:
        found = self.matrix.addresses(offset, limit, self.addresses_matching)
        self.addresses = {address.address: address for address in found}
        heads = []
        for address in found:
            local_part, _, domain = address.address.rpartition("@")
            heads.append(Head(address.address, (local_part, f"@{domain}")))
        return heads

    def cells(self, row: str, columns: Sequence[str]) -> Sequence[Cell]:
        answers = self.matrix.cells(self.projects[row], [self.addresses[key] for key in columns])
        return [_drawn(answer) for answer in answers]


def sentence(cell: MatrixCell, subject: Subject, project: Project) -> str:
    """What a cell says, in full."""
    where = f"in {project.name}"
    rule = f" (rule {cell.rule})" if cell.rule else ""
    if subject.group is None:
        if cell.place is Place.REFUSED:
            return f"{Mark.OFF} {cell.address} is not offered to {subject.name} {where}: {cell.why}.{rule}"
        how = "the first choice of" if cell.place is Place.DEFAULT else "offered to"
        return f"{Mark.READY} {cell.address} is {how} {subject.name} {where}."
    members = f"{'member' if cell.of == 1 else 'members'} of {subject.name} {where}"
    if cell.place is Place.REFUSED:
        return f"{Mark.OFF} {cell.address} is offered to none of the {cell.of} {members}: {cell.why}.{rule}"
    if cell.place is Place.SOME:
        return (
            f"{Mark.READY} {cell.address} is offered to {cell.offered} of {cell.of} {members}; else: {cell.why}.{rule}"
        )
    return f"{Mark.READY} {cell.address} is offered to all {cell.of} {members}."


def _drawn(cell: MatrixCell) -> Cell:
    """Sign and word; the colour only repeats them."""
    if cell.place is Place.REFUSED:
        return Cell(f"{Mark.OFF} rule {cell.rule}" if cell.rule else str(Mark.OFF), Tone.MUTED)
    return Cell(f"{Mark.READY} {in_a_word(cell)}", Tone.WARN if cell.place is Place.SOME else Tone.GOOD)
