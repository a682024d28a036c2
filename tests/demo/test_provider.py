"""The demo's OAuth provider and the address that signs in there."""

import asyncio

from mailtui.core.addresses import AddressState
from mailtui.operations.addresses import draft_of, find_address, save_address
from mailtui.operations.sign_in import sign_in
from mailtui.operations.test_account import test_account as go_through
from tests.demo.conftest import Demo
from tests.operations.signing_in import Answering

NEWSLETTER = "newsletter@brand-a.example"


async def test_whoever_looks_on_signs_in_for_the_newsletter_and_it_is_ready(demo: Demo) -> None:
    context = demo.context
    stored = find_address(context, NEWSLETTER)
    assert stored.state is AddressState.UNTESTED
    person = Answering(account=NEWSLETTER)
    tokens = await sign_in(context, stored.account.provider, NEWSLETTER, person, asyncio.Queue())
    draft = draft_of(stored).model_copy(update={"secret": tokens})
    assert (await go_through(context, draft, lambda event: None)).ok
    assert save_address(context, draft).state is AddressState.READY
