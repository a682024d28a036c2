"""Lists, within what each may see: an admin everything; a member the company's addresses, and of the rest his own."""

from mailtui.core.addresses import ExternalAddress
from mailtui.core.deliveries import Delivery, DeliveryState
from mailtui.core.errors import NotAllowed
from mailtui.operations.context import Context
from mailtui.store.addresses import Owner, Whose
from mailtui.store.window import ALL, Window


def list_addresses(context: Context, *, matching: str = "", whose: Whose = Owner.ANY) -> tuple[ExternalAddress, ...]:
    """By address. Raises NotAllowed for a member who asks for another employee's."""
    window, rows, own = Window(matching=matching), context.store.addresses.rows, context.employee.login
    if context.actor.is_admin or whose in (Owner.COMPANY, own):
        return tuple(rows(window, whose))
    if isinstance(whose, str):
        raise NotAllowed(f"{own} is a member: only an admin may see the addresses of {whose}")
    company = rows(window, Owner.COMPANY) if whose is Owner.ANY else []
    return tuple(sorted((*company, *rows(window, own)), key=lambda address: address.address.casefold()))


def list_deliveries(
    context: Context,
    *,
    limit: int = ALL,
    project: str | None = None,
    state: DeliveryState | None = None,
    why: str | None = None,
    matching: str = "",
) -> tuple[Delivery, ...]:
    """Newest first; for a member those of his own messages. `why` is the name of the reason of the last attempt."""
    by = None if context.actor.is_admin else context.employee.login
    window = Window(limit=limit, matching=matching)
    return tuple(context.store.deliveries.rows(window, project=project, state=state, by=by, reason=why))
