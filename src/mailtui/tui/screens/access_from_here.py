"""Access lists from the other end: which addresses one employee or one group is on the list of."""

from typing import TYPE_CHECKING

from mailtui.core.errors import MailtuiError
from mailtui.core.people import AccessList
from mailtui.operations.bulk import change_access
from mailtui.tui.confirm import Confirm
from mailtui.tui.screens.employee_rows import RestrictedToPick
from mailtui.tui.screens.pick_some import PickSome
from mailtui.tui.screens.removal import listed_up_to
from mailtui.tui.widgets.rows import Column

if TYPE_CHECKING:
    from mailtui.tui.bulk import BulkPage

NAMED = 8
"""Addresses that the question names before a list is left empty."""


async def edit_access(page: "BulkPage", name: str, who: AccessList) -> None:
    """Pick the addresses whose lists name `who`, one employee or group that the screens call `name`, and save all of
    it at once. Run it in a worker of the page."""
    addresses = page.context.store.addresses
    found = [
        *(address for login in who.employees for address in addresses.accessible_to_employee(login)),
        *(address for key in who.groups for address in addresses.accessible_to_group(key)),
    ]
    on = {address.address: address.access or AccessList() for address in found if address.owner is None}
    picked = await page.app.push_screen_wait(
        PickSome(
            f"On which access lists is {name}?",
            "Addresses without a list are open to everybody, and not among these.",
            (Column("Address", share=3), Column("Projects", width=14)),
            RestrictedToPick(page.context),
            picked=on,
            empty="Every address of the company is open to everybody.",
        )
    )
    if picked is None:
        return
    given, taken = picked - on.keys(), on.keys() - picked
    alone = tuple(sorted(address for address in taken if on[address] == who))
    if alone and not await page.app.push_screen_wait(
        Confirm(
            f"Take {name} off the list?",
            consequence=f"Nobody is left on the access list of {listed_up_to(alone, NAMED)}.",
            key="t",
            do="Take off",
            keep="Leave all as it is",
        )
    ):
        return
    try:
        done = change_access(page.context, who, given=given, taken=taken)
    except MailtuiError as error:
        page.mailtui.complain(error)
        return
    page.told(done, "access lists changed" if done.count != 1 else "access list changed")
