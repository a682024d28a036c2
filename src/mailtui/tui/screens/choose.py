"""Choosing one employee, group or project out of all."""

from mailtui.operations.context import Context
from mailtui.tui.form.where import ProjectRows
from mailtui.tui.screens.choose_one import ChooseOne
from mailtui.tui.screens.employee_form import GroupsToPick
from mailtui.tui.screens.group_form import EmployeesToPick
from mailtui.tui.widgets.rows import Column


class ChooseEmployee(ChooseOne):
    """Closes with his login, or None."""

    def __init__(self, context: Context, marked: str) -> None:
        columns = (Column("Employee", share=2), Column("Login"))
        super().__init__("As whom?", columns, EmployeesToPick(context), mark=marked)


class ChooseGroup(ChooseOne):
    """Closes with its key, or None."""

    def __init__(self, context: Context, title: str) -> None:
        columns = (Column("Group", share=2), Column("Key"))
        super().__init__(title, columns, GroupsToPick(context), empty="No group yet: add one under People.")


class ChooseProject(ChooseOne):
    """Closes with its key, or None."""

    def __init__(self, context: Context, title: str) -> None:
        columns = (Column("Project"), Column("Key", shows_from=48), Column("", width=16))
        super().__init__(title, columns, ProjectRows(context), empty="No project yet: add one under Projects.")
