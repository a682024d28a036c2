"""Asking the offer rule about stored employees, projects and addresses."""

from mailtui.core.frozen import Frozen
from mailtui.core.offers import Offer, Refusal, offered, why_not
from mailtui.core.people import Employee
from mailtui.core.projects import Project
from mailtui.operations.addresses import find_address, may_see
from mailtui.operations.context import Context
from mailtui.operations.people import find_employee
from mailtui.operations.projects import find_project


class Choice(Frozen):
    """What an employee may choose from in a project."""

    employee: Employee
    project: Project
    offered: tuple[Offer, ...]
    refused: tuple[Refusal, ...] = ()
    """Only where it was asked for."""


def offered_addresses(context: Context, employee: str, project: str) -> Choice:
    """The addresses offered, in order, the default first. Raises NotFound; NotAllowed for a member about another."""
    who, where = _asked(context, employee, project)
    return Choice(
        employee=who, project=where, offered=offered(who, where, context.store.addresses.candidates(who, where))
    )


def explained_addresses(context: Context, employee: str, project: str, address: str = "") -> Choice:
    """Like `offered_addresses`, and why every other address that may be seen, or `address` alone, is not offered
    (+16)."""
    who, where = _asked(context, employee, project)
    choice = offered_addresses(context, employee, project)
    addresses = [find_address(context, address)] if address else context.store.addresses.all()
    refusals = (why_not(who, where, a) for a in addresses if may_see(context, a))
    return choice.model_copy(update={"refused": tuple(refusal for refusal in refusals if refusal)})


def _asked(context: Context, employee: str, project: str) -> tuple[Employee, Project]:
    if employee != context.employee.login:
        context.require_admin("ask what others are offered")
        who = find_employee(context, employee)
    else:
        who = context.employee
    return who, find_project(context, project)
