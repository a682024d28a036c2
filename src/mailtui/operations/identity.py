"""Who asks: the employee behind the login, and whether he may act as another (decision 10)."""

import os
import pwd

from mailtui.core.audit import Author
from mailtui.core.errors import NotAllowed, NotFound
from mailtui.core.frozen import Frozen
from mailtui.core.people import Employee, Role
from mailtui.store import Store


class Actor(Frozen):
    """Somebody who asks for an operation."""

    employee: Employee
    """As whom it is done, with that employee's role."""
    login: str
    """Who does it."""
    uid: int | None = None
    """Number of that user on the host; None where it is not known."""

    @property
    def author(self) -> Author:
        """As the audit keeps him."""
        return Author(login=self.login, employee=self.employee.login, uid=self.uid)

    @property
    def by(self) -> str:
        """As the audit names him in one word."""
        return self.author.by

    @property
    def is_admin(self) -> bool:
        return self.employee.role is Role.ADMIN


def login_of_process() -> tuple[str, str]:
    """Login and full name of the user that this process runs as, from the system and not from the environment."""
    try:
        entry = pwd.getpwuid(os.getuid())
    except KeyError:
        return f"uid{os.getuid()}", ""
    return entry.pw_name, entry.pw_gecos.split(",")[0].strip()


def identify(store: Store, login: str, act_as: str = "") -> Actor:
    """The actor for a login. The owner of the database file is an admin whether listed or not.

    Raises NotAllowed for somebody who is not an employee, or who may not act as another; NotFound for an unknown one
    to act as.
    """
    owns = store.path.stat().st_uid == os.getuid()
    employee = store.employees.get(login)
    if employee is None and not owns:
        raise NotAllowed(f"{login} is not an employee here: ask an administrator to add this login")
    if employee is None:
        employee = Employee(login=login, name=login)
    if owns:
        employee = employee.model_copy(update={"role": Role.ADMIN})
    if not act_as or act_as == login:
        return Actor(employee=employee, login=login, uid=os.getuid())
    if employee.role is not Role.ADMIN:
        raise NotAllowed(f"{login} is not an admin and cannot act as {act_as}")
    other = store.employees.get(act_as)
    if other is None:
        raise NotFound(f"there is no employee {act_as!r} to act as")
    return Actor(employee=other, login=login, uid=os.getuid())
