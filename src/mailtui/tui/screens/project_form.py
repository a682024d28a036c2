"""The form of one project: key, name, and whether it is strict."""

from typing import cast

from textual.app import ComposeResult
from textual.containers import Grid
from textual.widgets import Input, Static

from mailtui.core.projects import Project
from mailtui.core.two_editors import Value
from mailtui.operations.projects import save_project
from mailtui.tui.screens.small_form import SmallForm, fixed, labelled
from mailtui.tui.screens.tick import Tick


class ProjectForm(SmallForm[Project]):
    """Adds a project, or edits the given one, whose key stays."""

    PURPOSE = "A brand, a client, a piece of work: what an address can be bound to, so that it is offered nowhere else."

    def __init__(self, project: Project | None) -> None:
        super().__init__(f"Edit {project.name}" if project else "Add project")
        self._project = project

    def fields(self) -> ComposeResult:
        known = self._project
        with Grid(classes="small-form--fields"):
            if known:
                yield from fixed("Key", known.key)
            else:
                yield from labelled("Key", "", id="key", hint="a short word: brand-a")
            yield from labelled("Name", known.name if known else "", id="name", hint="Brand A")
            yield Static("Strict", classes="small-form--label", markup=False)
            yield Tick("only addresses bound to it are offered in it", bool(known and known.strict), id="strict")

    def typed(self) -> Project:
        return Project(
            key=self._project.key if self._project else self.value_of("key"),
            name=self.value_of("name"),
            strict=self.query_one("#strict", Tick).value,
            archived=bool(self._project and self._project.archived),
            version=self._project.version if self._project else 0,
        )

    def stored(self) -> Project | None:
        return self.context.store.projects.get(self._project.key) if self._project else None

    def compared(self, typed: object) -> dict[str, Value]:
        project = cast("Project", typed)
        return {"name": project.name, "strict": project.strict, "archived": project.archived}

    def put(self, theirs: object, fields: frozenset[str]) -> None:
        mine, project = self.typed(), cast("Project", theirs)
        if "name" in fields:
            self.query_one("#name", Input).value = project.name
        if "strict" in fields:
            self.query_one("#strict", Tick).value = project.strict
        archived = project.archived if "archived" in fields else mine.archived
        self._project = project.model_copy(update={"archived": archived})

    def save(self) -> Project:
        return save_project(self.context, self.typed())
