"""Employees and groups: adding, editing, removing."""

from pydantic import JsonValue

from mailtui.core.addresses import parse_address
from mailtui.core.errors import BadInput, Conflict, NotFound
from mailtui.core.names import parse_key, parse_login, parse_name
from mailtui.core.people import Employee, Group
from mailtui.core.text import clean
from mailtui.operations.addresses import switch_address
from mailtui.operations.context import Context
from mailtui.store.window import Window


def save_employee(context: Context, employee: Employee) -> Employee:
    """Add him (version 0) or change him. Raises BadInput with the field, Conflict where he was changed meanwhile."""
    context.require_admin("change employees")
    checked = checked_employee(employee)
    store = context.store
    with store.transaction():
        for key in sorted(checked.groups):
            if store.groups.get(key) is None:
                raise BadInput(f"there is no group {key!r}", field="groups")
        before = store.employees.get(checked.login)
        saved = store.employees.save(checked)
        action = "edit employee" if checked.version else "add employee"
        context.record(action, f"employee {saved.login}", before, saved)
    return saved


def checked_employee(employee: Employee) -> Employee:
    """As he is stored. Raises BadInput with the field."""
    return employee.model_copy(
        update={
            "login": parse_login(employee.login),
            "name": parse_name(employee.name, required=True),
            "email": _email(employee.email),
        }
    )


def remove_employee(context: Context, login: str) -> Employee:
    """His own addresses stay, switched off, and become nobody else's; access lists lose him and open to nobody by
    that. Raises NotFound."""
    context.require_admin("remove employees")
    with context.store.transaction():
        found = find_employee(context, login)
        for address in context.store.addresses.rows(Window(), whose=login):
            if address.enabled:
                switch_address(context, address.address, enabled=False)
        context.store.employees.remove(login)
        context.record("remove employee", f"employee {login}", found, None)
    return found


def save_group(context: Context, group: Group) -> Group:
    """Add it (version 0) or change it. Raises BadInput with the field, Conflict where it was changed meanwhile."""
    context.require_admin("change groups")
    checked = checked_group(group)
    with context.store.transaction():
        before = context.store.groups.get(checked.key)
        saved = context.store.groups.save(checked)
        action = "edit group" if checked.version else "add group"
        context.record(action, f"group {saved.key}", before, saved)
    return saved


def checked_group(group: Group) -> Group:
    """As it is stored. Raises BadInput with the field."""
    return group.model_copy(update={"key": parse_key(group.key, "key"), "name": parse_name(group.name, required=True)})


def remove_group(context: Context, key: str) -> Group:
    """Its members stay employees; access lists lose it and open to nobody by that. Raises NotFound."""
    context.require_admin("remove groups")
    with context.store.transaction():
        found = find_group(context, key)
        context.store.groups.remove(key)
        context.record("remove group", f"group {key}", found, None)
    return found


def set_members(context: Context, key: str, logins: frozenset[str], *, seen: frozenset[str] | None = None) -> None:
    """Make exactly these employees the group's members. `seen`: those who were its members when they were looked at.
    Raises NotFound, Conflict where the members are others by now."""
    context.require_admin("change groups")
    store = context.store
    with store.transaction():
        group = find_group(context, key)
        members = {employee.login: employee for employee in store.employees.members(key)}
        if seen is not None and members.keys() not in (seen, logins):
            raise Conflict(
                f"the members of {group.name} were changed after you opened it: look at them again, then repeat"
            )
        for login in sorted(logins - members.keys()):
            employee = find_employee(context, login)
            store.employees.save(employee.model_copy(update={"groups": employee.groups | {key}}))
        for login in sorted(members.keys() - logins):
            store.employees.save(members[login].model_copy(update={"groups": members[login].groups - {key}}))
        if logins != members.keys():
            before, after = ({"members": list[JsonValue](who)} for who in (members, logins))
            context.record("set members", f"group {group.key}", before, after)


def change_members(context: Context, key: str, added: frozenset[str], removed: frozenset[str]) -> None:
    """Put employees into the group and take others out. Raises NotFound, also for one to take out who is not in it."""
    context.require_admin("change groups")
    with context.store.transaction():
        group = find_group(context, key)
        members = frozenset(context.store.employees.member_keys(key))
        if stranger := next(iter(sorted(removed - members)), None):
            raise NotFound(f"{clean(stranger)} is not in the group {group.key}: mailtui group members {group.key}")
        set_members(context, key, (members | added) - removed)


def save_group_and_members(
    context: Context,
    key: str,
    group: Group | None,
    members: frozenset[str] | None,
    *,
    seen: frozenset[str] | None = None,
) -> Group:
    """Add or change the group and make exactly these employees its members: both, or neither; None leaves either as it
    is. Raises what `save_group` and `set_members` raise."""
    context.require_admin("change groups")
    with context.store.transaction():
        saved = find_group(context, key) if group is None else save_group(context, group)
        if members is not None:
            set_members(context, saved.key, members, seen=seen)
    return saved


def find_employee(context: Context, login: str) -> Employee:
    """Raises NotFound."""
    found = context.store.employees.get(login)
    if found is None:
        raise NotFound(f"there is no employee {login!r}")
    return found


def employee_seen_by(context: Context, login: str) -> Employee:
    """Somebody whose rights the one who asks may look at. Raises NotFound; NotAllowed for a member about another."""
    if login != context.employee.login:
        context.require_admin("look at what others may use")
    return find_employee(context, login)


def find_group(context: Context, key: str) -> Group:
    """Raises NotFound."""
    found = context.store.groups.get(key)
    if found is None:
        raise NotFound(f"there is no group {key!r}")
    return found


def _email(text: str) -> str:
    if not text.strip():
        return ""
    try:
        return parse_address(text)
    except BadInput as error:
        raise BadInput(str(error), field="email") from error
