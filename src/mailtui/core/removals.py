"""What becomes of an address when somebody or something that it names goes: nothing ever opens by it."""

from mailtui.core.addresses import ExternalAddress


def can_send(address: ExternalAddress) -> bool:
    """Whether anybody can be offered it at all, as far as its switch and its access list go."""
    access = address.access
    return address.enabled and (access is None or bool(access.employees or access.groups))


def without_employees(address: ExternalAddress, logins: frozenset[str]) -> ExternalAddress:
    """His own address is off from now on and stays his, so that it becomes nobody else's; a list that named him alone
    lets nobody in."""
    left: dict[str, object] = {}
    if address.owner in logins:
        left["enabled"] = False
    if address.access is not None and address.access.employees & logins:
        left["access"] = address.access.model_copy(update={"employees": address.access.employees - logins})
    return address.model_copy(update=left)


def without_groups(address: ExternalAddress, keys: frozenset[str]) -> ExternalAddress:
    """A list that named only these groups lets nobody in."""
    if address.access is None:
        return address
    access = address.access.model_copy(update={"groups": address.access.groups - keys})
    return address.model_copy(update={"access": access})


def without_projects(address: ExternalAddress, keys: frozenset[str]) -> ExternalAddress:
    """An address that was bound to these projects alone belongs nowhere, until it is bound again."""
    if address.projects is None:
        return address
    return address.model_copy(update={"projects": address.projects - keys})
