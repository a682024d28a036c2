"""The form of one group: key, name and members."""

from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import Grid
from textual.widgets import Input, Static

from mailtui.core.people import Group
from mailtui.core.two_editors import Value
from mailtui.operations.people import save_group_and_members
from mailtui.store.window import Window
from mailtui.tui.screens.small_form import SmallForm, fixed, labelled
from mailtui.tui.widgets.pick_table import PickTable
from mailtui.tui.widgets.rows import Column, Row

if TYPE_CHECKING:
    from mailtui.operations.context import Context


class EmployeesToPick:
    """Every employee, by name."""

    def __init__(self, context: "Context") -> None:
        self._store = context.store

    def count(self, matching: str) -> int:
        return self._store.employees.count(matching)

    def window(self, offset: int, limit: int, matching: str) -> list[Row]:
        found = self._store.employees.rows(Window(offset=offset, limit=limit, matching=matching))
        return [Row(row.employee.login, (row.employee.name, row.employee.login)) for row in found]


class GroupForm(SmallForm[Group]):
    """Adds a group, or edits the given one, whose key stays."""

    PURPOSE = "Employees under one name, to be put on an access list together. A group cannot hold a group."

    def __init__(self, group: Group | None, members: frozenset[str] = frozenset()) -> None:
        super().__init__(f"Edit {group.name}" if group else "Add group")
        self._group = group
        self._members = members

    def fields(self) -> ComposeResult:
        known = self._group
        with Grid(classes="small-form--fields"):
            if known:
                yield from fixed("Key", known.key)
            else:
                yield from labelled("Key", "", id="key", hint="a short word: support")
            yield from labelled("Name", known.name if known else "", id="name", hint="Support")
        yield Static("Members", classes="small-form--section", markup=False)
        yield PickTable(
            [Column("Employee", share=2), Column("Login")],
            EmployeesToPick(self.context),
            picked=self._members,
            empty="No employee yet.",
            id="members",
        )

    def typed(self) -> tuple[Group, frozenset[str]]:
        group = Group(
            key=self._group.key if self._group else self.value_of("key"),
            name=self.value_of("name"),
            version=self._group.version if self._group else 0,
        )
        return group, self.query_one(PickTable).picked

    def stored(self) -> tuple[Group, frozenset[str]] | None:
        store = self.context.store
        found = store.groups.get(self._group.key) if self._group else None
        return None if found is None else (found, frozenset(store.employees.member_keys(found.key)))

    def compared(self, typed: object) -> dict[str, Value]:
        group, members = cast("tuple[Group, frozenset[str]]", typed)
        return {"name": group.name, "members": members}

    def put(self, theirs: object, fields: frozenset[str]) -> None:
        self._group, self._members = cast("tuple[Group, frozenset[str]]", theirs)
        if "name" in fields:
            self.query_one("#name", Input).value = self._group.name
        if "members" in fields:
            self.query_one(PickTable).picked = self._members

    def save(self) -> Group:
        group, members = self.typed()
        renamed = self._group is None or self._group.name != group.name
        return save_group_and_members(self.context, group.key, group if renamed else None, members, seen=self._members)
