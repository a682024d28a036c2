"""Finding things by their names: addresses, employees, groups and projects, as far as each may see them."""

from collections.abc import Iterator
from enum import StrEnum

from mailtui.core.frozen import Frozen
from mailtui.operations.context import Context
from mailtui.store.addresses import Owner
from mailtui.store.window import Window

MOST = 8
"""Things of one kind that one search finds: whoever wants others types another word."""


class Kind(StrEnum):
    """What has a name and a place on the screens."""

    ADDRESS = "address"
    EMPLOYEE = "employee"
    GROUP = "group"
    PROJECT = "project"


class Found(Frozen):
    """One thing, by its names."""

    kind: Kind
    key: str
    name: str
    """What people call it; empty where there is nothing but its key."""
    beside: str
    """A few words that tell it from others of its name."""


def find_things(context: Context, words: str, *, most: int = MOST) -> tuple[Found, ...]:
    """Those whose names hold all of the words, at most `most` of each kind, in the order of the tables; a member finds
    the addresses of the company and his own, and himself."""
    return tuple(_found(context, Window(limit=most, matching=words)))


def find_thing(context: Context, kind: str, key: str) -> Found | None:
    """One thing that was looked at before; None where it is gone or not his to see."""
    store, everything = context.store, context.actor.is_admin
    match kind:
        case Kind.ADDRESS:
            address = store.addresses.get(key)
            seen = address is not None and (everything or address.owner in (None, context.employee.login))
            return Found(kind=Kind.ADDRESS, key=key, name=key, beside=address.name) if address and seen else None
        case Kind.EMPLOYEE:
            employee = store.employees.get(key) if everything or key == context.employee.login else None
            return Found(kind=Kind.EMPLOYEE, key=key, name=employee.name, beside=key) if employee else None
        case Kind.GROUP:
            group = store.groups.get(key)
            return Found(kind=Kind.GROUP, key=key, name=group.name, beside=key) if group else None
        case Kind.PROJECT:
            project = store.projects.get(key)
            return Found(kind=Kind.PROJECT, key=key, name=project.name, beside=key) if project else None
    return None


def _found(context: Context, window: Window) -> Iterator[Found]:
    store, everything = context.store, context.actor.is_admin
    owners = (Owner.ANY,) if everything else (Owner.COMPANY, context.employee.login)
    for owner in owners:
        for address in store.addresses.rows(window, owner):
            yield Found(kind=Kind.ADDRESS, key=address.address, name=address.address, beside=address.name)
    for row in store.employees.rows(window, None if everything else context.employee.login):
        one = row.employee
        yield Found(kind=Kind.EMPLOYEE, key=one.login, name=one.name, beside=one.login)
    for each in store.groups.rows(window):
        yield Found(kind=Kind.GROUP, key=each.group.key, name=each.group.name, beside=each.group.key)
    for bound in store.projects.rows(window):
        yield Found(kind=Kind.PROJECT, key=bound.project.key, name=bound.project.name, beside=bound.project.key)
