"""Who is let in where, asked over the whole company: for the offer matrix, and for who could write as a brand.

What is found here may be too much and is never too little: the rule itself decides in the core.
"""

from array import array
from collections.abc import Sequence

from sqlite_utils import Database

from mailtui.core.addresses import AddressState, ExternalAddress
from mailtui.core.people import Employee
from mailtui.core.projects import Project
from mailtui.store.addresses import Addresses
from mailtui.store.people import Employees
from mailtui.store.window import Listing, Window

READY = f"a.enabled AND a.state = '{AddressState.READY}'"

OF_ONE = "SELECT ?"
OF_GROUP = "SELECT login FROM memberships WHERE group_key = ?"
"""The logins of those who are meant."""

HERE = "a.id IN (SELECT address_id FROM address_projects WHERE project_key = ?)"

ANYBODY = "a.owner IS NULL AND a.restricted = 0"

# Who is let in by some of the addresses that `{which}` picks.
LET_IN = """(EXISTS (SELECT 1 FROM addresses a WHERE {which} AND a.owner IS NULL AND a.restricted = 0)
    OR e.login IN (SELECT a.owner FROM addresses a WHERE {which} AND a.owner IS NOT NULL AND (a.restricted = 0
            OR EXISTS (SELECT 1 FROM address_employees x WHERE x.address_id = a.id AND x.login = a.owner)
            OR EXISTS (SELECT 1 FROM address_groups x JOIN memberships m ON m.group_key = x.group_key
                WHERE x.address_id = a.id AND m.login = a.owner))
        UNION SELECT x.login FROM addresses a JOIN address_employees x ON x.address_id = a.id
            WHERE {which} AND a.owner IS NULL
        UNION SELECT m.login FROM addresses a JOIN address_groups x ON x.address_id = a.id
            JOIN memberships m ON m.group_key = x.group_key WHERE {which} AND a.owner IS NULL))"""


class Access:
    """Addresses by whom they let in, by address; and employees by what lets them in, by name."""

    def __init__(self, db: Database, addresses: Addresses, employees: Employees) -> None:
        self._addresses = addresses
        self._employees = employees
        self._numbers = Listing(
            db, select="a.id", table="addresses a", order="a.address_key", make=lambda row: int(row["id"]),
            searched=("a.address", "a.name"),
        )  # fmt: skip
        self._logins = Listing(
            db, select="e.login", table="employees e", order="e.name COLLATE NOCASE, e.login",
            make=lambda row: str(row["login"]), searched=("e.login", "e.name"),
        )  # fmt: skip

    def usable(self, matching: str = "", *, login: str = "", group: str = "") -> "array[int]":
        """The ids of those that are ready and let in the employee, or a member of the group, in whatever project; in
        the order of the addresses. They may be very many, and so are read once and kept as numbers."""
        which = _usable(login, group, few=bool(matching.strip()))
        return array("q", self._numbers.rows(Window(matching=matching), *which))

    def by_ids(self, ids: "Sequence[int]") -> list[ExternalAddress]:
        """Those addresses, in the order of the addresses."""
        return self._addresses.with_ids(ids)

    def of_project(self, project: Project, matching: str = "") -> "array[int]":
        """The ids of those that are bound to the project, and of those that are ready and bound to none where it takes
        such; as numbers for the same reason."""
        return array("q", self._numbers.rows(Window(matching=matching), *_of_project(project)))

    def employees(self, window: Window, which: "Which") -> list[Employee]:
        """Those who are let in by one of the addresses."""
        logins = self._logins.rows(window, *which)
        return [found for login in logins if (found := self._employees.get(login)) is not None]

    def count_employees(self, which: "Which", matching: str = "") -> int:
        return self._logins.count(matching, *which)


Which = tuple[str, list[object]]
"""A condition over employees, made by one of the functions below."""


def into_project(project: Project) -> Which:
    """Let in by an address that is offered in the project."""
    which = f"{READY} AND ({HERE} OR (a.bound = 0 AND NOT ?))"
    return f"NOT ? AND {LET_IN.format(which=which)}", [project.archived, *[project.key, project.strict] * 4]


def through(address: ExternalAddress) -> Which:
    """Let in by this address, where it is ready."""
    return LET_IN.format(which=f"{READY} AND a.id = ?"), [address.id] * 4


def _usable(login: str, group: str, few: bool) -> Which:
    """`few`: where words are looked for, it is quicker to ask few rows than to find all that let anybody in."""
    who, of = (OF_ONE, login) if login else (OF_GROUP, group)
    if few:
        where = f"""{READY} AND (a.owner IN ({who}) OR a.owner IS NULL AND (a.restricted = 0
            OR EXISTS (SELECT 1 FROM address_employees x WHERE x.address_id = a.id AND x.login IN ({who}))
            OR EXISTS (SELECT 1 FROM address_groups x JOIN memberships m ON m.group_key = x.group_key
                WHERE x.address_id = a.id AND m.login IN ({who}))))"""
        return where, [of] * 3
    where = f"""{READY} AND (a.owner IS NULL OR a.owner IN ({who})) AND a.id IN (
        SELECT id FROM addresses WHERE owner IN ({who})
        UNION SELECT a.id FROM addresses a WHERE {ANYBODY}
        UNION SELECT address_id FROM address_employees WHERE login IN ({who})
        UNION SELECT x.address_id FROM memberships m JOIN address_groups x ON x.group_key = m.group_key
            WHERE m.login IN ({who}))"""
    return where, [of] * 4


def _of_project(project: Project) -> Which:
    open_to_general = not project.strict and not project.archived
    return f"({HERE} OR (a.bound = 0 AND ? AND {READY}))", [project.key, open_to_general]
