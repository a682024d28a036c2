"""A company that sends through one sink, with a clock that the test sets."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from mailtui.core.addresses import AddressState, SmtpAccount
from mailtui.core.deliveries import Delivery
from mailtui.core.leases import Tick
from mailtui.core.people import AccessList
from mailtui.operations.addresses import find_address
from mailtui.operations.configuration import AccountTestLimits, Configuration, SendingLimits
from mailtui.operations.context import Context, open_context
from mailtui.operations.outbox import Tally, run_outbox
from mailtui.operations.send import SendRequest, accept
from mailtui.operations.test_account import record_test
from mailtui.store.window import Window
from tests.company import NOW, a_company, a_test, an_address

SALES = "sales@corp.example"


@dataclass
class Clocks:
    """The wall clock, which anybody may set, and the host's own."""

    wall: datetime = NOW
    seconds: float = 1_000.0
    boot: str = "first"

    def now(self) -> datetime:
        return self.wall

    def tick(self) -> Tick:
        return Tick(boot=self.boot, seconds=self.seconds)


@dataclass
class Office:
    """An administrator's context, and what a test does with the outbox."""

    context: Context
    clocks: Clocks
    others: list[Context] = field(default_factory=list)

    def ready(
        self,
        account: SmtpAccount,
        address: str = SALES,
        *,
        access: AccessList | None = None,
        projects: Iterable[str] | None = None,
    ) -> None:
        """An address whose account was tested."""
        with self.context.store.transaction():
            self.context.store.addresses.save(an_address(address, account=account, access=access, projects=projects))

    def queued(
        self, *to: str, sender: str = SALES, project: str = "brand-a", context: Context | None = None
    ) -> list[int]:
        """The ids of deliveries that were accepted."""
        request = SendRequest(
            project=project, to=to or ("ion@client.example",), subject="Offer", body="Hello.\n", sender=sender
        )
        return [delivery.id for delivery in accept(context or self.context, request)]

    async def runs(self, *, connections: int | None = None, context: Context | None = None) -> Tally:
        """The worker, until nothing is due."""
        return await run_outbox(
            context or self.context, asyncio.Event(), once=True, connections=connections, clock=self.clocks.tick
        )

    def passes(self, **time: float) -> None:
        """Time passes on every clock."""
        self.clocks.wall += timedelta(**time)
        self.clocks.seconds += timedelta(**time).total_seconds()

    def get(self, id: int) -> Delivery:
        found = self.context.store.deliveries.get(id)
        assert found
        return found

    def states(self) -> list[str]:
        """Of every delivery, the oldest first."""
        return [delivery.state.value for delivery in reversed(self.context.store.deliveries.rows(Window()))]

    def message_ids(self) -> list[str]:
        return sorted(delivery.message_id for delivery in self.context.store.deliveries.rows(Window()))

    def state_of(self, address: str = SALES) -> AddressState:
        return find_address(self.context, address).state

    def passes_its_test(self, address: str = SALES) -> None:
        """What a successful test of the account leaves."""
        stored = find_address(self.context, address)
        record_test(self.context, stored, a_test(stored, at=self.clocks.wall))

    def another_process(self) -> Context:
        """The same person in another terminal."""
        context = open_context(self.context.store.path, configuration=self.context.configuration, clock=self.clocks.now)
        self.others.append(context)
        return context


def an_office(database: Path, **sending: object) -> Office:
    """With the people and projects of `a_company`, and no address."""
    clocks = Clocks()
    limits = SendingLimits.model_validate(sending)
    configuration = Configuration(
        keyring="vault", sending=limits, test=AccountTestLimits(step_seconds=2, total_seconds=4)
    )
    context = open_context(database, configuration=configuration, clock=clocks.now)
    a_company(context)
    return Office(context, clocks)
