"""Testing the accounts of many addresses, several at once: after an import, say."""

import asyncio
from collections.abc import Callable, Iterable, Sequence

from mailtui.core.account_test import AccountTest, StepEvent
from mailtui.core.addresses import AddressState
from mailtui.core.errors import MailtuiError
from mailtui.core.frozen import Frozen
from mailtui.operations.context import Context
from mailtui.operations.holding import first_error
from mailtui.operations.test_account import test_stored_account
from mailtui.secrets.contract import Locked


class Tested(Frozen):
    """What came of one address."""

    address: str
    test: AccountTest | None = None
    """None where no server could be asked."""
    error: str = ""
    """Why none could: no password yet, say."""

    @property
    def ok(self) -> bool:
        return self.test is not None and self.test.ok


Report = Callable[[Tested, int, int], None]
"""Is told of each address when it is done, with how many of how many are."""


def addresses_to_test(context: Context, addresses: Iterable[str]) -> tuple[str, ...]:
    """Those of the addresses that are enabled, and offered only after a test: untested, or failing when last seen."""
    found = context.store.addresses.among(list(addresses))
    return tuple(one.address for one in found if one.enabled and one.state is not AddressState.READY)


async def test_accounts(context: Context, addresses: Sequence[str], report: Report) -> tuple[Tested, ...]:
    """Test stored addresses, as many at once as messages are sent at once; each result is kept with its address (S6).

    In the order of `addresses`. Raises Locked where the vault must be opened first, before any server is asked for a
    sign-in; NotAllowed for a member. Can be cancelled at any moment.
    """
    context.require_admin("test accounts")
    free = asyncio.Semaphore(context.configuration.sending.connections)
    done: dict[str, Tested] = {}

    async def one(address: str) -> None:
        async with free:
            try:
                found = Tested(address=address, test=await test_stored_account(context, address, _nobody))
            except Locked:
                raise
            except MailtuiError as error:
                found = Tested(address=address, error=str(error))
        done[address] = found
        report(found, len(done), len(addresses))

    try:
        async with asyncio.TaskGroup() as tasks:
            for address in addresses:
                tasks.create_task(one(address))
    except BaseExceptionGroup as group:
        raise first_error(group) from None
    return tuple(done[address] for address in addresses)


def _nobody(event: StepEvent) -> None:
    """The steps of several tests at once are nobody's story; the result has them."""
