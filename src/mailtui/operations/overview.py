"""The figures beside the settings tree: how much of each there is, and what wants attention."""

from datetime import timedelta

from mailtui.core.deliveries import DeliveryState
from mailtui.core.frozen import Frozen
from mailtui.operations.context import Context
from mailtui.store.addresses import Owner


class Overview(Frozen):
    """Counts, all of them cheap."""

    company_addresses: int
    company_failing: int
    employee_addresses: int
    employee_failing: int
    deliveries_waiting: int
    deliveries_failed_today: int
    employees: int
    groups: int
    projects: int
    strict_projects: int


def overview(context: Context) -> Overview:
    """A member's own figures where he sees only his own."""
    store = context.store
    whose = Owner.EMPLOYEES if context.actor.is_admin else context.employee.login
    by = None if context.actor.is_admin else context.employee.login
    waiting = sum(
        store.deliveries.count(state=state, by=by) for state in (DeliveryState.QUEUED, DeliveryState.DEFERRED)
    )
    return Overview(
        company_addresses=store.addresses.count(whose=Owner.COMPANY),
        company_failing=store.addresses.count_failing(Owner.COMPANY),
        employee_addresses=store.addresses.count(whose=whose),
        employee_failing=store.addresses.count_failing(whose),
        deliveries_waiting=waiting,
        deliveries_failed_today=store.deliveries.failed_since(context.clock() - timedelta(hours=24), by=by),
        employees=store.employees.count(),
        groups=store.groups.count(),
        projects=store.projects.count(),
        strict_projects=store.projects.strict_count(),
    )
