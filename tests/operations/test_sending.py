"""Only what is offered is sent from; the rule is asked when a message is accepted and again before each attempt."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from mailtui.core.account_test import Step, StepEvent
from mailtui.core.addresses import AddressState
from mailtui.core.deliveries import DeliveryState
from mailtui.core.errors import BadInput, NotAllowed
from mailtui.demo.plans import GOOD, REFUSES_RECIPIENT, WRONG_PASSWORD
from mailtui.demo.servers import LoopbackServers
from mailtui.operations.addresses import Draft, find_address, save_address, switch_address
from mailtui.operations.configuration import Configuration
from mailtui.operations.context import Context, open_context
from mailtui.operations.projects import archive_project
from mailtui.operations.send import NotOffered, SendRequest, send
from mailtui.store.window import Window
from tests.company import NOW, a_company, after_a_test, names


@pytest.fixture
async def servers() -> AsyncIterator[LoopbackServers]:
    async with LoopbackServers([GOOD, WRONG_PASSWORD, REFUSES_RECIPIENT]) as servers:
        yield servers


@pytest.fixture
def company(context: Context, servers: LoopbackServers) -> Context:
    """Help is bound to brand A and for the support group; info is general; broken's server refuses the sign-in."""
    a_company(context)
    for address, server, projects, access in (
        ("help@brand-a.example", "good", frozenset({"brand-a"}), names("@support")),
        ("info@corp.example", "good", None, None),
        ("broken@corp.example", "wrong-password", frozenset({"brand-a"}), None),
        ("picky@corp.example", "refuses-recipient", frozenset({"brand-a"}), None),
    ):
        draft = Draft(
            address=address, account=servers[server].account(address), secret=servers[server].password,
            projects=projects, access=access,
        )  # fmt: skip
        save_address(context, after_a_test(context, draft))
    return context


@pytest.fixture
def as_ana(company: Context, database: Path) -> Iterator[Context]:
    context = open_context(database, act_as="ana", configuration=Configuration(keyring="vault"), clock=lambda: NOW)
    yield context
    context.store.close()


def a_request(*to: str, sender: str = "", project: str = "brand-a") -> SendRequest:
    return SendRequest(project=project, to=to or ("contact@x.example",), subject="Hi", body="Yes", sender=sender)


HELP = "help@brand-a.example"


def quiet(recipient: str, event: StepEvent) -> None:
    """Nobody watches."""


async def test_a_contact_sees_the_address_of_the_brand(as_ana: Context, servers: LoopbackServers) -> None:
    [delivery] = await send(as_ana, a_request(sender="HELP@brand-a.example"), quiet)
    assert (delivery.state, delivery.by, delivery.sender) == (DeliveryState.SENT, "ana", "help@brand-a.example")
    [arrival] = servers.arrivals
    assert (arrival.sender, arrival.username) == ("help@brand-a.example", "help@brand-a.example")
    assert as_ana.store.deliveries.rows(Window()) == [delivery]


@pytest.mark.parametrize(
    ("sender", "project", "rule"),
    [
        ("help@brand-a.example", "brand-b", 5),
        ("info@corp.example", "brand-b", 6),
        ("info@corp.example", "closed", 2),
    ],
)
async def test_an_address_that_is_not_offered_is_refused_with_its_rule_and_nothing_is_kept(
    as_ana: Context, servers: LoopbackServers, sender: str, project: str, rule: int
) -> None:
    with pytest.raises(NotOffered, match=rf"rule {rule}") as refused:
        await send(as_ana, a_request(sender=sender, project=project), quiet)
    assert refused.value.refusal.rule == rule
    assert as_ana.store.deliveries.count() == 0
    assert servers.arrivals == []


async def test_where_nothing_is_offered_nothing_is_sent(as_ana: Context) -> None:
    with pytest.raises(NotAllowed, match="no address is offered to ana"):
        await send(as_ana, a_request(project="brand-b"), quiet)


@pytest.mark.parametrize("close", [
    lambda company: switch_address(company, "help@brand-a.example", enabled=False),
    lambda company: archive_project(company, "brand-a", archived=True),
])  # fmt: skip
async def test_the_rule_is_asked_again_for_each_contact(
    company: Context, as_ana: Context, servers: LoopbackServers, close: object
) -> None:
    assert callable(close)

    def close_it(recipient: str, event: StepEvent) -> None:
        if event.step is Step.GREET:
            close(company)

    deliveries = await send(as_ana, a_request("a@x.example", "b@x.example", sender=HELP), close_it)
    assert [delivery.state for delivery in deliveries] == [DeliveryState.FAILED] * 2
    assert all(delivery.last and "not offered any more" in delivery.last.reply for delivery in deliveries)
    assert servers.arrivals == []


async def test_each_contact_gets_one_message_of_his_own(as_ana: Context, servers: LoopbackServers) -> None:
    request = a_request("a@x.example", "b@x.example", "a@X.example", sender="help@brand-a.example")
    deliveries = await send(as_ana, request, quiet)
    assert [delivery.to for delivery in deliveries] == ["a@x.example", "b@x.example"]
    assert [arrival.recipients for arrival in servers.arrivals] == [("a@x.example",), ("b@x.example",)]
    assert not any(b"b@x.example" in arrival.content for arrival in servers.arrivals[:1])


async def test_an_account_that_is_refused_is_marked_and_the_message_waits(company: Context, as_ana: Context) -> None:
    [delivery] = await send(as_ana, a_request(sender="broken@corp.example"), quiet)
    assert (delivery.state, delivery.next_attempt_at) == (DeliveryState.DEFERRED, None)
    assert delivery.last is not None and delivery.last.reply.startswith("535")
    assert find_address(company, "broken@corp.example").state is AddressState.FAILING
    newest = company.store.audit.rows(Window(limit=1))[0]
    assert (newest.action, newest.by) == ("test address", f"{company.employee.login} as ana")
    with pytest.raises(NotOffered, match="rule 1"):
        await send(as_ana, a_request(sender="broken@corp.example"), quiet)


async def test_a_contact_that_is_refused_says_nothing_about_the_account(company: Context, as_ana: Context) -> None:
    [delivery] = await send(as_ana, a_request(sender="picky@corp.example"), quiet)
    assert delivery.state is DeliveryState.FAILED
    assert find_address(company, "picky@corp.example").state is AddressState.READY


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"to": ()}, "to"),
        ({"to": ("a@x.example", "nobody")}, "to"),
        ({"subject": "Hi\r\nBcc: x@x.example"}, "subject"),
    ],
)
async def test_what_cannot_be_sent_is_refused_with_its_field_and_nothing_is_kept(
    as_ana: Context, change: dict[str, object], field: str
) -> None:
    with pytest.raises(BadInput) as refused:
        await send(as_ana, a_request().model_copy(update=change), quiet)
    assert refused.value.field == field
    assert as_ana.store.deliveries.count() == 0
