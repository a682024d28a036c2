"""What a deletion takes away, by name, for the question before it."""

from collections.abc import Callable, Collection
from typing import Final

from mailtui.core.addresses import ExternalAddress
from mailtui.core.frozen import Frozen
from mailtui.core.removals import without_employees, without_groups, without_projects
from mailtui.operations.addresses import find_address, projects_losing_sender
from mailtui.operations.bulk import bounded
from mailtui.operations.context import Context
from mailtui.operations.people import find_employee, find_group
from mailtui.operations.projects import find_project
from mailtui.store.window import Window

SENTENCES: Final = {
    "going": "Deleted",
    "switched_off": "Own addresses, switched off and given to nobody",
    "access": "Off the access list of",
    "nobodys": "Nobody is left on the access list of",
    "groups": "Leaves",
    "members": "Lose the group, and stay employees",
    "bindings": "No longer bound here",
    "nowhere": "Bound to nothing else, and offered nowhere until bound again",
    "senderless": "Left without a sender of their own",
}
"""What each kind of loss is called, in the order in which they are told."""


class Losses(Frozen):
    """Addresses by their text, everything else by its name, each in order."""

    going: tuple[str, ...] = ()
    """What is deleted."""
    groups: tuple[str, ...] = ()
    """That lose a member."""
    members: tuple[str, ...] = ()
    """Who lose a group, and stay employees."""
    switched_off: tuple[str, ...] = ()
    """Own addresses of employees who go: kept, off, and nobody else's."""
    access: tuple[str, ...] = ()
    """Addresses whose access list loses a name."""
    nobodys: tuple[str, ...] = ()
    """Those of them on whose list nobody is left."""
    bindings: tuple[str, ...] = ()
    """Addresses that lose a project."""
    nowhere: tuple[str, ...] = ()
    """Those of them that are bound to nothing else, and so offered nowhere."""
    senderless: tuple[str, ...] = ()
    """Active projects that lose their last sender."""
    waiting: int = 0
    """Messages that wait, and are not sent any more."""

    @property
    def messages(self) -> str:
        """What becomes of those messages, in a sentence; empty where none waits."""
        if self.waiting == 1:
            return "1 message that waits is not sent any more."
        return f"{self.waiting} messages that wait are not sent any more." if self.waiting else ""


def losses_of_employees(context: Context, logins: Collection[str]) -> Losses:
    """Raises NotFound, and BadInput for too many at once, as all of these do."""
    store, gone = context.store, frozenset(logins)
    going = [find_employee(context, login) for login in bounded(gone)]
    changes = _changes(
        [
            address
            for login in gone
            for address in (
                *store.addresses.rows(Window(), whose=login),
                *store.addresses.accessible_to_employee(login),
            )
        ],
        lambda address: without_employees(address, gone),
    )
    groups = {key for employee in going for key in employee.groups}
    return _of_addresses(context, changes).model_copy(
        update={
            "going": tuple(employee.name for employee in going),
            "groups": tuple(find_group(context, key).name for key in sorted(groups)),
            "waiting": store.deliveries.waiting("by", gone),
        }
    )


def losses_of_groups(context: Context, keys: Collection[str]) -> Losses:
    store, gone = context.store, frozenset(keys)
    going = [find_group(context, key) for key in bounded(gone)]
    changes = _changes(
        [a for key in gone for a in store.addresses.accessible_to_group(key)],
        lambda address: without_groups(address, gone),
    )
    members = {member.login: member.name for key in gone for member in store.employees.members(key)}
    return _of_addresses(context, changes).model_copy(
        update={"going": tuple(group.name for group in going), "members": tuple(sorted(members.values()))}
    )


def losses_of_projects(context: Context, keys: Collection[str]) -> Losses:
    gone = frozenset(keys)
    going = [find_project(context, key) for key in bounded(gone)]
    changes = _changes(
        [a for key in gone for a in context.store.addresses.bound_to(key)],
        lambda address: without_projects(address, gone),
    )
    return Losses(
        going=tuple(project.name for project in going),
        bindings=tuple(before.address for before, _ in changes),
        nowhere=tuple(after.address for _, after in changes if not after.projects),
        waiting=context.store.deliveries.waiting("project", gone),
    )


def losses_of_addresses(context: Context, addresses: Collection[str]) -> Losses:
    going = [find_address(context, address) for address in bounded(addresses)]
    return Losses(
        going=tuple(address.address for address in going),
        senderless=projects_losing_sender(context, [(address, None) for address in going]),
        waiting=context.store.deliveries.waiting("sender", [address.address for address in going]),
    )


Changes = list[tuple[ExternalAddress, ExternalAddress]]
"""Addresses as they are and as they will be."""


def _changes(addresses: list[ExternalAddress], after: Callable[[ExternalAddress], ExternalAddress]) -> Changes:
    by_id = {address.id: address for address in addresses}
    return [(address, after(address)) for address in sorted(by_id.values(), key=lambda a: a.address.casefold())]


def _of_addresses(context: Context, changes: Changes) -> Losses:
    """What employees and groups take with them."""
    lists = [(before, after) for before, after in changes if before.access != after.access]
    return Losses(
        switched_off=tuple(after.address for before, after in changes if before.enabled and not after.enabled),
        access=tuple(after.address for _, after in lists),
        nobodys=tuple(
            after.address for _, after in lists if after.access and not (after.access.employees or after.access.groups)
        ),
        senderless=projects_losing_sender(context, changes),
    )
