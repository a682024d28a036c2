"""The same thing done to many at once: all or nothing, in one transaction, each with its own audit row."""

from collections.abc import Callable, Collection, Iterable
from typing import Final, TypeVar

from mailtui.core.addresses import ExternalAddress, address_key, why_stays_off
from mailtui.core.errors import BadInput, NotAllowed, NotFound
from mailtui.core.people import AccessList, Employee
from mailtui.core.projects import Project
from mailtui.core.text import clean
from mailtui.operations.addresses import (
    check_references,
    drop_secret,
    owners_employed,
)
from mailtui.operations.context import Context
from mailtui.operations.people import find_employee, find_group, remove_employee, remove_group
from mailtui.operations.projects import find_project, remove_project
from mailtui.operations.undo import Done, Thing, change_of, key_of

T = TypeVar("T", Project, Employee, ExternalAddress)


MOST: Final = 5_000
"""Things at once: writing more would keep others from writing for longer than they wait (`BUSY_TIMEOUT_MS`)."""


def bounded(keys: Iterable[str]) -> list[str]:
    """The keys in order. Raises BadInput where they are more than MOST."""
    found = sorted(keys)
    if len(found) > MOST:
        raise BadInput(f"{len(found)} at once are too many: take at most {MOST}, as a filter before `*` does")
    return found


def archive_projects(context: Context, keys: Collection[str], *, archived: bool) -> Done:
    """Archive or restore them; bindings stay. Raises NotFound, as all of these do, for the first that is gone."""
    context.require_admin("archive projects")
    action = "archive project" if archived else "restore project"
    with context.store.transaction():
        return _each(
            context, action, "project", [find_project(context, key) for key in bounded(keys)],
            lambda project: project.model_copy(update={"archived": archived}), context.store.projects.save,
        )  # fmt: skip


def add_to_group(context: Context, logins: Collection[str], group: str) -> Done:
    """Put these employees into the group; the others in it stay."""
    context.require_admin("change groups")
    with context.store.transaction():
        find_group(context, group)
        return _regrouped(context, "add to group", logins, lambda groups: groups | {group})


def remove_from_group(context: Context, logins: Collection[str], group: str) -> Done:
    """Take these employees out of the group."""
    context.require_admin("change groups")
    with context.store.transaction():
        find_group(context, group)
        return _regrouped(context, "remove from group", logins, lambda groups: groups - {group})


def bind_addresses(context: Context, addresses: Collection[str], project: str) -> Done:
    """Bind each to the project as well. One that was for every project is for this one alone then."""
    context.require_admin("change addresses")
    with context.store.transaction():
        find_project(context, project)
        return _readdressed(
            context, "bind address", addresses,
            lambda address: address.model_copy(update={"projects": (address.projects or frozenset()) | {project}}),
        )  # fmt: skip


def give_access(context: Context, addresses: Collection[str], who: AccessList) -> Done:
    """Let these employees and groups use each of the addresses too. One that is open to everybody stays so."""
    context.require_admin("change addresses")
    with context.store.transaction():
        return _readdressed(context, "give access", addresses, lambda address: _with_access(address, who, AccessList()))


def change_access(context: Context, who: AccessList, *, given: Collection[str], taken: Collection[str]) -> Done:
    """Edit the access lists from the other end: put these employees and groups on the lists of the addresses `given`,
    and take them off those of `taken`. A list that loses its last name lets nobody in; none opens."""
    context.require_admin("change addresses")
    with context.store.transaction():
        nobody = AccessList()
        lists = {address_key(address): (who, nobody) for address in given}
        lists.update((address_key(address), (nobody, who)) for address in taken)
        return _readdressed(
            context, "change access", lists, lambda address: _with_access(address, *lists[address_key(address.address)])
        )


def switch_addresses(context: Context, addresses: Collection[str], *, enabled: bool) -> Done:
    """Enable or disable them. Raises NotAllowed where what a former employee left behind is among those to enable."""
    context.require_admin("switch addresses on and off")
    with context.store.transaction():
        found = _stored_addresses(context, addresses)
        for address in found if enabled else ():
            if (why := why_stays_off(address, owners_employed(context, address))) is not None:
                raise NotAllowed(f"{address.address} stays off, and so nothing was switched on: {why}")
        return _each(
            context, "enable address" if enabled else "disable address", "address", found,
            lambda address: address.model_copy(update={"enabled": enabled}), context.store.addresses.save,
        )  # fmt: skip


def remove_addresses(context: Context, addresses: Collection[str]) -> Done:
    """Remove them and their secrets, which nothing brings back; what was sent from them stays in the deliveries."""
    context.require_admin("remove addresses")
    with context.store.transaction():
        found = _stored_addresses(context, addresses)
        for address in found:
            context.store.addresses.remove(address.id)
            context.record("remove address", f"address {address.address}", address, None)
    for address in found:
        drop_secret(context, address.secret_id)
    return Done(action="remove address", count=len(found))


def remove_employees(context: Context, logins: Collection[str]) -> Done:
    """As `remove_employee` removes one."""
    return _removed(context, "remove employee", logins, remove_employee)


def remove_groups(context: Context, keys: Collection[str]) -> Done:
    """As `remove_group` removes one."""
    return _removed(context, "remove group", keys, remove_group)


def remove_projects(context: Context, keys: Collection[str]) -> Done:
    """As `remove_project` removes one: NotAllowed where one of them is still active."""
    return _removed(context, "remove project", keys, remove_project)


def _stored_addresses(context: Context, addresses: Iterable[str]) -> list[ExternalAddress]:
    """Each once, by the words in which it is stored: to understand all that an address can be written as takes its
    time."""
    stored: dict[int, ExternalAddress] = {}
    for address in bounded(addresses):
        found = context.store.addresses.get(address)
        if found is None:
            raise NotFound(f"there is no external address {clean(address)}")
        stored[found.id] = found
    return list(stored.values())


def _removed(context: Context, action: str, keys: Collection[str], remove: Callable[[Context, str], object]) -> Done:
    with context.store.transaction():
        for key in bounded(keys):
            remove(context, key)
    return Done(action=action, count=len(keys))


def _regrouped(
    context: Context, action: str, logins: Collection[str], groups: Callable[[frozenset[str]], frozenset[str]]
) -> Done:
    return _each(
        context, action, "employee", [find_employee(context, login) for login in bounded(logins)],
        lambda employee: employee.model_copy(update={"groups": groups(employee.groups)}), context.store.employees.save,
    )  # fmt: skip


def _readdressed(
    context: Context, action: str, addresses: Iterable[str], change: Callable[[ExternalAddress], ExternalAddress]
) -> Done:
    def save(address: ExternalAddress) -> ExternalAddress:
        check_references(context, address)
        return context.store.addresses.save(address)

    return _each(context, action, "address", _stored_addresses(context, addresses), change, save)


def _each(
    context: Context, action: str, noun: str, found: Iterable[T], change: Callable[[T], T], save: Callable[[T], T]
) -> Done:
    """Change and save each that the change makes another."""
    changed: list[tuple[Thing, Thing]] = []
    for before in found:
        after = change(before)
        if after != before:
            after = save(after)
            context.record(action, f"{noun} {key_of(after)}", before, after)
            changed.append((before, after))
    return Done(action=action, count=len(changed), changes=tuple(change_of(*pair) for pair in changed))


def _with_access(address: ExternalAddress, given: AccessList, taken: AccessList) -> ExternalAddress:
    access = address.access
    if access is None:
        return address
    return address.model_copy(
        update={
            "access": AccessList(
                employees=(access.employees | given.employees) - taken.employees,
                groups=(access.groups | given.groups) - taken.groups,
            )
        }
    )
