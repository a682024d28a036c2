"""For which projects an address is, as rows to be marked (S5, S9)."""

from collections.abc import Sequence

from mailtui.core.text import listed
from mailtui.operations.context import Context
from mailtui.store.projects import ProjectRow
from mailtui.store.window import Window
from mailtui.tui.form.marked import MarkedPane
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.rows import Cell, Column, Row


class ProjectRows:
    """The projects, active ones first."""

    def __init__(self, context: Context) -> None:
        self._projects = context.store.projects

    def count(self, matching: str) -> int:
        return self._projects.count(matching)

    def window(self, offset: int, limit: int, matching: str) -> Sequence[Row]:
        rows = self._projects.rows(Window(offset=offset, limit=limit, matching=matching))
        return [_row(row) for row in rows]


def _row(row: ProjectRow) -> Row:
    project = row.project
    said = [word for word, holds in (("strict", project.strict), ("archived", project.archived)) if holds]
    tone = Tone.MUTED if project.archived else None
    return Row(project.key, (project.name, Cell(project.key, Tone.MUTED), Cell(listed(said), Tone.MUTED)), tone)


class ProjectsPane(MarkedPane):
    """The third tab."""

    def __init__(self, context: Context, projects: frozenset[str] | None) -> None:
        super().__init__(
            id="projects",
            question="For which projects",
            answers=("all", "only those marked"),
            columns=(Column("Project"), Column("Key", shows_from=48), Column("", width=16)),
            source=ProjectRows(context),
            picked=projects,
            nothing="choose at least one",
            empty="There are no projects yet: they are added under Projects.",
        )
