"""What an employee may use at all, before any project is looked at, and by what."""

from collections.abc import Callable

from mailtui.core.addresses import ExternalAddress
from mailtui.core.matrix import ANYWHERE, Way, ways
from mailtui.core.offers import Refusal, why_not
from mailtui.core.people import Employee


def why_nowhere(employee: Employee, address: ExternalAddress) -> Refusal | None:
    """Why he is offered the address in no project at all; None where a project can offer it to him (+16)."""
    return why_not(employee, ANYWHERE, address.model_copy(update={"projects": None}) if address.projects else address)


def by_what(employee: Employee, address: ExternalAddress, group_name: Callable[[str], str]) -> str | None:
    """By what he may use it, in few words; None where he may not (rules 3 and 4). `group_name`: of a group's key."""
    first = next(iter(ways(employee, address)), None)
    if first is None:
        return None
    words = {Way.OWN: "his own", Way.EVERYBODY: "everybody", Way.LIST: "by name"}
    return words[first.way] if first.way in words else f"through {group_name(first.name)}"
