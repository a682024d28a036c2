"""The outbox while the screens are open."""

from textual.pilot import Pilot
from textual.worker import WorkerState

from mailtui.core.deliveries import Delivery, DeliveryState
from mailtui.store import Store
from mailtui.tui.screens.deliveries import Deliveries
from tests.company import NOW
from tests.tui.frame import SIZE, lines, shown
from tests.tui.pages import ANA, MESSAGE, OnPage, as_employee, is_drawn, until


def one_that_waits(store: Store) -> Delivery:
    """Its address is gone, and so it needs no server to fail."""
    with store.transaction():
        return store.deliveries.accept(
            Delivery(
                message_id="<1@corp.example>",
                project="brand-b",
                sender="gone@corp.example",
                to="client@client.example",
                by="ana",
                subject="Hello",
                created_at=NOW,
                next_attempt_at=NOW,
            ),
            MESSAGE,
        )


async def a_page_of_deliveries(pilot: Pilot[None], app: OnPage) -> None:
    await until(pilot, lambda: app.page_is_open and is_drawn(pilot))


async def test_what_waits_is_tried_and_the_page_and_the_top_line_say_so_without_a_key(company: Store) -> None:
    one_that_waits(company)
    app = OnPage(as_employee(company, ANA), Deliveries, keeps_sending=True)
    async with app.run_test(size=SIZE) as pilot:
        await a_page_of_deliveries(pilot, app)
        await until(pilot, lambda: "✗ client@client.example" in shown(pilot))
        await until(pilot, lambda: "✉" not in lines(pilot)[0])
    assert company.deliveries.count(state=DeliveryState.FAILED) == 1


async def test_leaving_ends_the_outbox_first(company: Store) -> None:
    one_that_waits(company)
    app = OnPage(as_employee(company, ANA), Deliveries, keeps_sending=True)
    async with app.run_test(size=SIZE) as pilot:
        await a_page_of_deliveries(pilot, app)
        await until(pilot, lambda: "✗ client@client.example" in shown(pilot))
        outbox = [worker for worker in app.workers if worker.group == "outbox"]
        app.simulate_key("ctrl+q")
        await until(pilot, lambda: all(worker.is_finished for worker in outbox))
    assert [worker.state for worker in outbox] == [WorkerState.SUCCESS]


async def test_screens_without_an_outbox_leave_what_waits(company: Store) -> None:
    one_that_waits(company)
    app = OnPage(as_employee(company, ANA), Deliveries)
    async with app.run_test(size=SIZE) as pilot:
        await a_page_of_deliveries(pilot, app)
        assert not [worker for worker in app.workers if worker.group == "outbox"]
    assert company.deliveries.count(state=DeliveryState.QUEUED) == 1
