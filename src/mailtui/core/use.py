"""What an employee may use at all, before any project is looked at, and by what."""

from collections.abc import Callable
from typing import Final

from mailtui.core.addresses import ExternalAddress
from mailtui.core.offers import Refusal, why_not
from mailtui.core.people import Employee
from mailtui.core.projects import Project

OPEN: Final = Project(key="", name="any project")
"""A project that refuses nothing of itself: active, and not strict."""


def why_nowhere(employee: Employee, address: ExternalAddress) -> Refusal | None:
    """Why he is offered the address in no project at all; None where a project can offer it to him (+16)."""
    return why_not(employee, OPEN, address.model_copy(update={"projects": None}) if address.projects else address)


def by_what(employee: Employee, address: ExternalAddress, group_name: Callable[[str], str]) -> str | None:
    """By what he may use it, in few words; None where he may not (rules 3 and 4). `group_name`: of a group's key."""
    if address.owner is not None:
        return "his own" if address.owner == employee.login else None
    if address.access is None:
        return "everybody"
    if employee.login in address.access.employees:
        return "by name"
    groups = sorted(address.access.groups & employee.groups)
    return f"through {group_name(groups[0])}" if groups else None
