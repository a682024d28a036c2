"""A delivery by hand: send it again now, or cancel it while it waits; each after a question."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

from mailtui.core.deliveries import Delivery, DeliveryState
from mailtui.core.errors import MailtuiError
from mailtui.operations.context import Context
from mailtui.operations.deliveries import NOT_SENT, WAITING, cancel_delivery, retry_delivery
from mailtui.tui.confirm import Confirm
from mailtui.tui.screens.moments import moment

if TYPE_CHECKING:
    from mailtui.tui.app import MailtuiApp

Change = Callable[[Context, int], Delivery]

AGAIN: Final = frozenset(NOT_SENT) - {DeliveryState.QUEUED}
"""States from which a delivery can be sent again; a queued one is about to be sent anyhow."""


def may_be_sent_again(delivery: Delivery | None) -> bool:
    return delivery is not None and delivery.state in AGAIN


def may_be_cancelled(delivery: Delivery | None) -> bool:
    return delivery is not None and delivery.state in WAITING


async def ask_to_send_again(app: "MailtuiApp", delivery: Delivery, then: Callable[[], None]) -> None:
    """`then` is called once it was done or refused, to show how the delivery stands."""
    consequence = what_sending_again_means(delivery, app.context.clock())
    question = Confirm(
        f"Send the message to {delivery.to} again?", consequence=consequence, key="s", do="Send", keep="Leave it"
    )
    await _ask(app, question, retry_delivery, delivery, f"The message to {delivery.to} is tried now.", then)


async def ask_to_cancel(app: "MailtuiApp", delivery: Delivery, then: Callable[[], None]) -> None:
    """As above."""
    consequence = "It is not sent then, unless somebody sends it again by hand."
    question = Confirm(
        f"Cancel the message to {delivery.to}?", consequence=consequence, key="c", do="Cancel it", keep="Let it wait"
    )
    await _ask(app, question, cancel_delivery, delivery, f"The message to {delivery.to} is cancelled.", then)


def what_sending_again_means(delivery: Delivery, now: datetime) -> str:
    """What is to be known before it is sent again."""
    match delivery.state:
        case DeliveryState.FAILED:
            return "It goes out as it is. Unless what stood in its way was put right, it is refused again."
        case DeliveryState.CANCELLED:
            return "It was cancelled. It goes out as it was written."
        case _ if delivery.next_attempt_at is not None:
            return f"It would be tried by itself {moment(delivery.next_attempt_at, now)}; now it is tried at once."
        case _:
            return f"It waits until the account of {delivery.sender} passes its test: test that first."


async def _ask(
    app: "MailtuiApp", question: Confirm, change: Change, delivery: Delivery, said: str, then: Callable[[], None]
) -> None:
    def answered(yes: bool | None) -> None:
        if not yes:
            return
        try:
            change(app.context, delivery.id)
        except MailtuiError as error:
            app.complain(error)  # Taken up or changed by somebody else while the question stood.
        else:
            app.say(said)
        app.look_again()
        then()

    await app.push_screen(question, answered)
