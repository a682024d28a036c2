"""Who may use an address: employees, the groups that they are in, and access lists."""

from enum import StrEnum

from mailtui.core.frozen import Frozen


class Role(StrEnum):
    """What an employee may do in mailtui."""

    ADMIN = "admin"
    """Changes settings."""
    MEMBER = "member"
    """Uses what he was given."""


class Employee(Frozen):
    """Somebody of the company, known by his login on the host."""

    login: str
    name: str
    email: str = ""
    role: Role = Role.MEMBER
    groups: frozenset[str] = frozenset()
    """Keys of the groups that he is in."""
    version: int = 0
    """Counts the changes of the stored row; 0 before it is stored."""


class Group(Frozen):
    """Employees under one name; a group cannot hold a group."""

    key: str
    name: str
    version: int = 0


class AccessList(Frozen):
    """Those who may use an address. A list that names nobody lets nobody in (spec, rule 4)."""

    employees: frozenset[str] = frozenset()
    """Logins."""
    groups: frozenset[str] = frozenset()
    """Keys of groups."""

    def names(self, employee: Employee) -> bool:
        """Whether the list names the employee himself or one of his groups."""
        return employee.login in self.employees or not self.groups.isdisjoint(employee.groups)
