"""Trying deliveries of one sender: the rule asked again, the message handed in, the outcome kept (S9, S11)."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from mailtui.core.account_test import StepEvent
from mailtui.core.addresses import AddressState, ExternalAddress
from mailtui.core.deliveries import Attempt, Delivery, DeliveryState, account_note, too_old
from mailtui.core.offers import Refusal
from mailtui.core.reasons import Retry
from mailtui.operations.asked_again import AskedAgain
from mailtui.operations.context import Context
from mailtui.operations.holding import Holding
from mailtui.operations.test_account import credential, deadlines, stored_secret

if TYPE_CHECKING:
    from mailtui.smtp.failures import Failure
    from mailtui.smtp.session import Session
    from mailtui.smtp.submit import Outcome

SendReport = Callable[[str, StepEvent], None]
"""Is told of each step as it happens, with the recipient that it is for; empty while the session is opened for all."""

FINISHING: Final = 5.0
"""Seconds that a message under way still gets when everything else is cancelled: cut off, it might arrive twice."""

PURGED: Final = "not sent: the text of the message was purged: write it again"


class Work(Protocol):
    """Deliveries of one sender that are under our lease, one after the other, and what becomes of them."""

    def take(self) -> Delivery | None:
        """The next one; None when there is none, or when it is time to end. Raises Lapsed."""

    def put_back(self, delivery: Delivery) -> None:
        """It comes next again."""

    def at_hand(self) -> list[Delivery]:
        """Takes all that need not be fetched first."""

    def done(self, delivery: Delivery) -> None:
        """As it is now, for good or for this time."""


class Attempts:
    """Attempts at deliveries of one sender, over one session for as long as that lasts."""

    def __init__(self, context: Context, held: Holding, work: Work, report: SendReport) -> None:
        self._context = context
        self._held = held
        self._work = work
        self._report = report
        self._rule = AskedAgain(context)
        self._to = ""
        """Recipient of the message that is under way; empty while there is none."""
        self._ending = False

    async def make(self) -> "Failure | None":
        """Try one delivery after the other until there is none left.

        Returns the failure where no session came about; every delivery at hand is marked with it. Raises what the
        keyring raises, with nothing tried. Cancelled, it ends after the message under way.
        """
        making = asyncio.ensure_future(self._make())
        try:
            return await asyncio.shield(making)
        except asyncio.CancelledError:
            self._ending = True
            if self._to:
                await asyncio.wait({making}, timeout=FINISHING)
            making.cancel()
            await asyncio.gather(making, return_exceptions=True)
            raise

    async def _make(self) -> "Failure | None":
        from mailtui.smtp.failures import StepFailed
        from mailtui.smtp.session import open_session

        while (found := await self._next()) is not None:
            delivery, sender = found
            self._work.put_back(delivery)
            secret = await stored_secret(self._context, sender)
            try:
                async with open_session(
                    sender.account,
                    credential(sender, secret),
                    report=lambda event: self._report(self._to, event),
                    deadlines=deadlines(self._context),
                ) as session:
                    await self._over(session, sender)
            except StepFailed as failed:
                no_session = attempted(self._context, failed.failure)
                if no_session.retry is Retry.PERMANENT:  # No message is to blame for what came before the first.
                    no_session = no_session.model_copy(update={"retry": Retry.ACCOUNT})
                for left in self._work.at_hand():
                    self._keep(left, no_session)
                return failed.failure
        return None

    async def _over(self, session: "Session", opened_for: ExternalAddress) -> None:
        """As long as the session is open, and the account is the one that it was opened for."""
        while session.is_open and (found := await self._next()) is not None:
            delivery, sender = found
            if sender is not opened_for and sender.fingerprint != opened_for.fingerprint:
                self._work.put_back(delivery)
                return
            await self._hand_in(session, delivery)

    async def _hand_in(self, session: "Session", delivery: Delivery) -> None:
        from mailtui.smtp.submit import submit

        octets = self._context.store.deliveries.octets(delivery.id)
        if not octets:
            self._keep(delivery, self._ours(PURGED))
            return
        self._to = delivery.to
        try:
            outcome = await submit(session, delivery.sender, delivery.to, octets)
        finally:
            self._to = ""
        self._keep(delivery, attempted(self._context, outcome))

    async def _next(self) -> tuple[Delivery, ExternalAddress] | None:
        """The next delivery that may go now, with its address; what the rule holds back is settled on the way."""
        while not self._ending and (delivery := self._work.take()) is not None:
            found = self._rule.about(delivery)
            if isinstance(found, ExternalAddress):
                return delivery, found
            sender = self._context.store.addresses.get(delivery.sender)
            if sender is not None and sender.enabled and sender.state is not AddressState.READY:
                self._wait_for_account(delivery, found)
            else:
                words = f"not sent: {found.address} is not offered any more: {found.why}"
                self._keep(delivery, self._ours(words))
            await asyncio.sleep(0)  # There may be thousands, and the lease has to be renewed meanwhile.
        return None

    def _wait_for_account(self, delivery: Delivery, refusal: Refusal) -> None:
        change = {"state": DeliveryState.DEFERRED, "note": account_note(delivery.sender, refusal.why)}
        timetable = self._context.configuration.sending.timetable
        if too_old(delivery, self._context.clock(), timetable):
            change = {"state": DeliveryState.FAILED, "note": timetable.given_up}
        after = delivery.model_copy(update={**change, "next_attempt_at": None})
        self._held.settle(after, None)
        self._work.done(after)

    def _keep(self, delivery: Delivery, attempt: Attempt) -> None:
        self._work.done(self._held.keep(delivery, attempt))

    def _ours(self, words: str) -> Attempt:
        return Attempt(at=self._context.clock(), ok=False, reply=words, retry=Retry.PERMANENT)


def attempted(context: Context, outcome: "Outcome | Failure") -> Attempt:
    """What a server did, as an attempt at this moment."""
    fields = {name: getattr(outcome, name) for name in ("step", "code", "enhanced", "reply", "reason", "retry")}
    return Attempt(at=context.clock(), ok=getattr(outcome, "ok", False), **fields)
