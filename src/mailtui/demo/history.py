"""What the sample company did before one looks at it: its accounts were tested and messages were sent, all of it for
real on the demo's servers."""

import asyncio
import contextlib
from typing import Final

from mailtui.core.errors import MailtuiError
from mailtui.core.frozen import Frozen
from mailtui.demo.company import DemoFiles, as_employee, sample_company
from mailtui.demo.plans import SILENT
from mailtui.demo.servers import LoopbackServers
from mailtui.operations.context import Context
from mailtui.operations.send import SendRequest, send
from mailtui.operations.test_account import test_stored_account

AT_ONCE: Final = 6
"""Accounts tested side by side: more would hold up the keys of the one who looks on."""

LEFT_UNTESTED: Final = frozenset({"invoices@corp.example", "sofia.weber@corp.example"})
"""Besides those of the silent server, which one would have to wait for."""


class Letter(Frozen):
    """A message that was sent."""

    by: str
    """Login of the employee."""
    project: str
    sender: str
    to: str
    subject: str
    body: str


LETTERS: Final = (
    Letter(
        by="maria",
        project="brand-a",
        sender="help@brand-a.example",
        to="eva.klein@client.example",
        subject="Your order 1042",
        body="Dear Eva,\n\nyour order 1042 has left our warehouse today and should be with you on Thursday.\n\nMaria\n",
    ),
    Letter(
        by="ion",
        project="tender",
        sender="tender@corp.example",
        to="tenders@city.example",
        subject="Questions about lot 3",
        body="Good morning,\n\nmay the delivery date of lot 3 be moved to the second quarter?\n\nIon Marin\n",
    ),
    Letter(
        by="dan",
        project="brand-b",
        sender="sales@brand-b.example",
        to="gone@client.example",
        subject="Offer 77",
        body="Hello,\n\nplease find our offer for the twelve chairs below: 1.140 €, delivery included.\n\nDan\n",
    ),
    Letter(
        by="nina",
        project="brand-b",
        sender="help@brand-b.example",
        to="full@client.example",
        subject="Your repair",
        body="Hello,\n\nyour chair is repaired and can be fetched.\n\nNina Kovač\n",
    ),
    Letter(
        by="tom",
        project="website",
        sender="web@corp.example",
        to="studio@design.example",
        subject="First drafts – größer, please",
        body="Hi,\n\nthe drafts are lovely. Could the headlines be a little larger?\n\nTom\n",
    ),
)


async def live_through(context: Context, servers: LoopbackServers, kept: DemoFiles) -> None:
    """Test the accounts, then send the letters. Can be cancelled at any moment.

    Where the one who looks on was faster, and changed or removed an address meanwhile, it is left as it is.
    """
    one_of_few = asyncio.Semaphore(AT_ONCE)

    async def test(address: str) -> None:
        async with one_of_few:
            with contextlib.suppress(MailtuiError):
                await test_stored_account(context, address, lambda _: None)

    silent = servers[SILENT.name].port
    async with asyncio.TaskGroup() as tests:
        for entry in sample_company(servers, kept).addresses:
            if entry.enabled and entry.address not in LEFT_UNTESTED and entry.port != silent:
                tests.create_task(test(entry.address))
    for letter in LETTERS:
        sent = SendRequest(**letter.model_dump(include={"project", "sender", "subject", "body"}), to=(letter.to,))
        with contextlib.suppress(MailtuiError):
            await send(as_employee(context, letter.by, kept), sent, lambda *_: None)
