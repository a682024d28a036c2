"""The projects: what an address can be bound to."""

from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from mailtui.core.errors import MailtuiError
from mailtui.core.projects import Project
from mailtui.core.text import clean_lines
from mailtui.operations.bulk import archive_projects, remove_projects
from mailtui.operations.losses import losses_of_projects
from mailtui.operations.projects import save_project
from mailtui.store.projects import ProjectRow
from mailtui.store.window import Window
from mailtui.tui.bulk import BulkPage
from mailtui.tui.marks import Mark
from mailtui.tui.screens.project_form import ProjectForm
from mailtui.tui.screens.removal import RemovalQuestion
from mailtui.tui.styles import style
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.details import Details
from mailtui.tui.widgets.mark_table import MarkTable
from mailtui.tui.widgets.rows import Cell, Column, Row

if TYPE_CHECKING:
    from mailtui.operations.context import Context

CHANGES = frozenset({"add", "edit", "strict", "archive", "remove"})
"""What only an admin may do."""

FOR_ONE = frozenset({"add", "open", "edit", "strict"})
"""What is not done to several at once."""


class ProjectRows:
    """The projects, active ones first, then by name."""

    def __init__(self, context: "Context") -> None:
        self._store = context.store
        self.order = ""

    def count(self, matching: str) -> int:
        return self._store.projects.count(matching)

    def keys(self, matching: str) -> list[str]:
        return self._store.projects.keys(matching)

    def place(self, key: str, matching: str) -> int | None:
        return self._store.projects.place(key, Window(matching=matching, order=self.order))

    def window(self, offset: int, limit: int, matching: str) -> list[Row]:
        window = Window(offset=offset, limit=limit, matching=matching, order=self.order)
        return [self._row(row) for row in self._store.projects.rows(window)]

    def _row(self, row: ProjectRow) -> Row:
        project = row.project
        mark = Mark.OFF if project.archived else Mark.READY
        rules = Cell("strict", Tone.WARN) if project.strict else Cell("", Tone.MUTED)
        cells = (
            Cell(str(mark), mark.tone),
            project.name,
            Cell(project.key, Tone.MUTED),
            rules,
            "archived" if project.archived else "active",
            Cell(str(row.addresses), Tone.PLAIN if row.addresses else Tone.MUTED),
        )
        return Row(project.key, cells, Tone.MUTED if project.archived else None)


class Projects(BulkPage):
    """A table; enter opens the page of one project."""

    PATH = ("Account management", "Projects", "Projects and their actions")
    PURPOSE = (
        "A project is a brand, a client, a piece of work. An address bound to projects is offered in those and in no"
        " other; in a strict project only addresses bound to it are offered. Open one to write to a contact."
    )
    CSS_PATH = [style("table"), style("sections")]  # noqa: RUF012 - Textual reads it, and nothing changes it

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter", "open", "Open", id="projects.open", tooltip="Its addresses and its actions; write to a contact"
        ),
        Binding("a", "add", "Add", id="projects.add", tooltip="Add a project"),
        Binding("e", "edit", "Edit", id="projects.edit", tooltip="Change its name"),
        Binding(
            "s",
            "strict",
            "Strict",
            id="projects.strict",
            tooltip="Offer only addresses bound to it, or general ones too",
        ),
        Binding("x", "archive(True)", "Archive", id="projects.archive", tooltip="Nothing is sent from it any more"),
        Binding("x", "archive(False)", "Restore", id="projects.restore", tooltip="Messages are sent from it again"),
        Binding("d", "remove", "Delete", id="projects.remove", tooltip="Remove an archived project; asks"),
    ]

    _archived_seen: bool | None = None
    """Of the marked project: it decides which keys there are."""

    def content(self) -> ComposeResult:
        columns = [
            Column("", width=1),
            Column("Project", share=3, order="name"),
            Column("Key", share=2, shows_from=52, order="key"),
            Column("Rules", width=6),
            Column("State", width=8, order="state"),
            Column("Bound", width=5),
        ]
        yield MarkTable(
            columns,
            ProjectRows(self.context),
            markable=self.context.actor.is_admin,
            empty=self._nothing(),
            follow=self.show_details,
            ordered_by="state",
        )
        yield Details()

    def _nothing(self) -> Content:
        adds = ("                  a", "$accent bold"), "   Add a project"
        return Content.assemble(
            "A project is a brand, a client, a piece of work.\n",
            "An address bound to a project is offered there and nowhere else.\n\n",
            *(adds if self.context.actor.is_admin else ("There is none yet: an administrator adds them.",)),
        )

    @property
    def table(self) -> MarkTable:
        return self.query_one(MarkTable)

    @property
    def marked(self) -> Project | None:
        """The project under the cursor, as it is stored now."""
        return self.context.store.projects.get(self.table.marked) if self.table.marked else None

    def on_mount(self) -> None:
        self.table.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in CHANGES and not self.context.actor.is_admin:
            return False
        if action in CHANGES | FOR_ONE and action != "add" and (not self.is_mounted or self.table.marked is None):
            return False
        several = self.is_mounted and self.table.has_marks
        if action in FOR_ONE:
            return not several
        if action in {"archive", "remove"} and not several and (project := self.marked) is not None:
            return project.archived != (parameters == (True,))
        if action == "archive":
            return self._some_active == (parameters == (True,))
        return super().check_action(action, parameters)

    @property
    def _some_active(self) -> bool:
        """Whether archiving would change one of those that are meant; if it does not, restoring does."""
        return self.context.store.projects.some_active(self.table.meant)

    def show_details(self) -> None:
        """What follows from the marked project's state; the keys are looked at again only where it has others."""
        project = self.marked
        self.query_one(Details).show(clean_lines(_in_words(project) if project else ""))
        archived = project.archived if project else None
        if archived is not self._archived_seen:
            self._archived_seen = archived
            self.refresh_bindings()

    async def action_open(self) -> None:
        from mailtui.tui.screens.project import ProjectPage  # Imported when it is first opened, as every page is.

        if (project := self.marked) is not None:
            await self.app.push_screen(ProjectPage(project), lambda _: self.table.reload())

    async def action_add(self) -> None:
        await self.app.push_screen(ProjectForm(None), self._saved)

    async def action_edit(self) -> None:
        if (project := self.marked) is not None:
            await self.app.push_screen(ProjectForm(project), self._saved)

    def _saved(self, project: Project | None) -> None:
        self.table.reload(project.key if project else None)  # Somebody else may have been first.
        if project is not None:
            self.mailtui.say(f"Saved {project.name}")

    def action_strict(self) -> None:
        if (project := self.marked) is not None:
            saved = save_project(self.context, project.model_copy(update={"strict": not project.strict}))
            self.table.reload(saved.key)

    def action_archive(self, archived: bool) -> None:
        done = archive_projects(self.context, self.table.meant, archived=archived)
        self.table.drop_marks()
        self.told(done, "archived" if archived else "restored")

    async def action_remove(self) -> None:
        keys = self.table.meant
        losses = losses_of_projects(self.context, keys)
        what = losses.going[0] if len(keys) == 1 else f"{len(keys)} projects"
        question = RemovalQuestion(f"Delete {what}?", losses)
        await self.app.push_screen(question, lambda yes: self._remove(keys) if yes else None)

    def _remove(self, keys: frozenset[str]) -> None:
        try:
            done = remove_projects(self.context, keys)
        except MailtuiError as error:
            self.mailtui.complain(error)
            return
        self.table.drop_marks()
        self.told(done, "deleted")

    def read_anew(self) -> None:
        self.table.reload()


def _in_words(project: Project) -> str:
    if project.archived:
        return f"{Mark.OFF} {project.name} is archived: nothing is sent from it. Its bindings stay.\n  x restores it."
    if project.strict:
        return f"{project.name} is strict: only addresses bound to it are offered in it, and never a general one."
    return f"In {project.name} its own addresses are offered first, then those bound to no project."
