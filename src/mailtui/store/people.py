"""Employees, groups, and who is in which."""

import json

from sqlite_utils import Database

from mailtui.core.frozen import Frozen
from mailtui.core.people import Employee, Group
from mailtui.store.versions import Versions, insert
from mailtui.store.window import Listing, Row, Window

MEMBER = "e.login IN (SELECT login FROM memberships WHERE group_key = ?)"
"""Those in one group."""


class EmployeeRow(Frozen):
    """An employee as a table shows him."""

    employee: Employee
    addresses: int
    """How many addresses of his own he has."""


class GroupRow(Frozen):
    """A group as a table shows it."""

    group: Group
    members: int


class Employees:
    """The employees, by name."""

    def __init__(self, db: Database, versions: Versions) -> None:
        self._db = db
        self._versions = versions
        self._listing = Listing(
            db, make=_employee_row, table="employees e", order="e.name COLLATE NOCASE, e.login",
            select="e.*, (SELECT json_group_array(group_key) FROM memberships m WHERE m.login = e.login) AS groups,"
            " (SELECT count(*) FROM addresses a WHERE a.owner = e.login) AS addresses",
            searched=("e.login", "e.name", "e.email"),
            orders={
                "name": "e.name COLLATE NOCASE, e.login",
                "login": "e.login",
                "role": "e.role, e.name COLLATE NOCASE, e.login",
                "email": "e.email, e.login",
            },
        )  # fmt: skip

    def rows(self, window: Window, login: str | None = None) -> list[EmployeeRow]:
        """With a `login` at most the one who has it."""
        return self._listing.rows(window) if login is None else self._listing.rows(window, "e.login = ?", [login])

    def all(self) -> list[Employee]:
        return [row.employee for row in self.rows(Window())]

    def count(self, matching: str = "") -> int:
        return self._listing.count(matching)

    def get(self, login: str) -> Employee | None:
        row = self._listing.first("e.login = ?", [login])
        return row.employee if row else None

    def place(self, login: str, window: Window) -> int | None:
        """Where he stands; None where he does not, or it is not known yet."""
        return self._listing.place("e.login", login, window)

    def keys(self, matching: str = "") -> list[str]:
        """The logins of all that match."""
        return self._listing.keys("e.login", matching)

    def members(self, group: str) -> list[Employee]:
        return [row.employee for row in self.member_rows(group, Window())]

    def member_rows(self, group: str, window: Window) -> list[EmployeeRow]:
        return self._listing.rows(window, MEMBER, [group])

    def count_members(self, group: str, matching: str = "") -> int:
        return self._listing.count(matching, MEMBER, [group])

    def member_keys(self, group: str, matching: str = "") -> list[str]:
        return self._listing.keys("e.login", matching, MEMBER, [group])

    def save(self, employee: Employee) -> Employee:
        """Add him at version 0, else change that version. Raises Conflict where it is no longer the stored one."""
        saved = employee.model_copy(update={"version": employee.version + 1})
        row = saved.model_dump(mode="json", exclude={"groups"})
        self._versions.write("employees", {"login": employee.login}, row, f"employee {employee.login}")
        self._db.conn.execute("DELETE FROM memberships WHERE login = ?", [employee.login])
        groups = [{"login": employee.login, "group_key": key} for key in sorted(employee.groups)]
        insert(self._db, "memberships", groups)
        return saved

    def remove(self, login: str) -> None:
        self._db.table("employees").delete(login)


class Groups:
    """The groups, by name."""

    def __init__(self, db: Database, versions: Versions) -> None:
        self._db = db
        self._versions = versions
        self._listing = Listing(
            db, make=_group_row, table="groups g", order="g.name COLLATE NOCASE, g.key",
            select="g.*, (SELECT count(*) FROM memberships m WHERE m.group_key = g.key) AS members",
            searched=("g.key", "g.name"), orders={"name": "g.name COLLATE NOCASE, g.key", "key": "g.key"},
        )  # fmt: skip

    def rows(self, window: Window) -> list[GroupRow]:
        return self._listing.rows(window)

    def all(self) -> list[Group]:
        return [row.group for row in self.rows(Window())]

    def count(self, matching: str = "") -> int:
        return self._listing.count(matching)

    def keys(self, matching: str = "") -> list[str]:
        return self._listing.keys("g.key", matching)

    def get(self, key: str) -> Group | None:
        row = self._listing.first("g.key = ?", [key])
        return row.group if row else None

    def save(self, group: Group) -> Group:
        """Add it at version 0, else change that version. Raises Conflict where it is no longer the stored one."""
        saved = group.model_copy(update={"version": group.version + 1})
        self._versions.write("groups", {"key": group.key}, saved.model_dump(mode="json"), f"group {group.key}")
        return saved

    def remove(self, key: str) -> None:
        """Access lists that named it lose it, and stay lists: what nobody is left on lets nobody in."""
        self._db.table("groups").delete(key)


def _employee_row(row: Row) -> EmployeeRow:
    groups, addresses = frozenset(json.loads(row.pop("groups"))), row.pop("addresses")
    return EmployeeRow(employee=Employee(**row, groups=groups), addresses=addresses)


def _group_row(row: Row) -> GroupRow:
    members = row.pop("members")
    return GroupRow(group=Group(**row), members=members)
