"""Taking the last bulk action back: the same things, as they were before, in one transaction or not at all."""

from collections.abc import Mapping
from typing import Literal

from mailtui.core.addresses import ExternalAddress
from mailtui.core.errors import Conflict, NotFound
from mailtui.core.frozen import Frozen
from mailtui.core.people import Employee
from mailtui.core.projects import Project
from mailtui.operations.addresses import check_references
from mailtui.operations.context import Context
from mailtui.operations.people import find_group

Thing = Project | Employee | ExternalAddress
"""What a bulk action changes."""

Noun = Literal["project", "employee", "address"]


class Change(Frozen):
    """One thing that was changed: the fields that differ, and the version that it has since."""

    noun: Noun
    key: str
    """Key, login or address."""
    version: int
    before: Mapping[str, object]
    after: Mapping[str, object]

    @property
    def thing(self) -> str:
        """As the audit calls it."""
        return f"{self.noun} {self.key}"


class Done(Frozen):
    """A bulk action as it was done."""

    action: str
    """As the audit calls it: `archive project`."""
    count: int
    """How many things were changed; those that were so already are not counted."""
    changes: tuple[Change, ...] = ()
    """What taking it back needs; empty where it cannot be taken back."""


def change_of(before: Thing, after: Thing) -> Change:
    """`before` and `after` are of one kind; `after` is as it was saved."""
    noun: Noun = "project" if isinstance(after, Project) else "employee" if isinstance(after, Employee) else "address"
    differing = [
        name
        for name in type(before).model_fields
        if name != "version" and getattr(before, name) != getattr(after, name)
    ]
    return Change(
        noun=noun,
        key=key_of(after),
        version=after.version,
        before={name: getattr(before, name) for name in differing},
        after={name: getattr(after, name) for name in differing},
    )


def key_of(thing: Thing) -> str:
    match thing:
        case Project():
            return thing.key
        case Employee():
            return thing.login
        case ExternalAddress():
            return thing.address


def take_back(context: Context, done: Done) -> int:
    """Give everything that the action changed its former fields; how many things these are.

    Raises Conflict where somebody changed one of them meanwhile, BadInput where what it named before is gone (its
    group, say): nothing is taken back then. What the rules forbid to save they forbid here too.
    """
    context.require_admin("take changes back")
    with context.store.transaction():
        for change in done.changes:
            _restore(context, change, f"undo {done.action}")
    return len(done.changes)


def _restore(context: Context, change: Change, action: str) -> None:
    stored = _stored(context, change)
    if stored is None:
        raise Conflict(f"{change.thing} was removed meanwhile: nothing was taken back")
    # Rows that cascade, of a group that was deleted, change a thing without giving it another version.
    now = {name: getattr(stored, name) for name in change.after}
    if stored.version != change.version or now != change.after:
        raise Conflict(f"{change.thing} was changed{_by_whom(context, change)} meanwhile: nothing was taken back")
    saved = _save(context, stored.model_copy(update=dict(change.before)))
    context.record(action, change.thing, stored, saved)


def _stored(context: Context, change: Change) -> Thing | None:
    store = context.store
    match change.noun:
        case "project":
            return store.projects.get(change.key)
        case "employee":
            return store.employees.get(change.key)
        case "address":
            return store.addresses.get(change.key)


def _save(context: Context, thing: Thing) -> Thing:
    match thing:
        case Project():
            return context.store.projects.save(thing)
        case Employee():
            for key in sorted(thing.groups):
                try:
                    find_group(context, key)
                except NotFound as error:
                    raise Conflict(f"{thing.login} was in {key}, which is gone: nothing was taken back") from error
            return context.store.employees.save(thing)
        case ExternalAddress():
            check_references(context, thing)
            return context.store.addresses.save(thing)


def _by_whom(context: Context, change: Change) -> str:
    last = context.store.audit.last_of(change.thing)
    return f" by {last.by} ({last.action})" if last else ""
