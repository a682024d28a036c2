"""A domain whose settings are found by look-up, without any network but the demo's own."""

from pathlib import Path

from mailtui.core.addresses import domain_of
from mailtui.core.look_up import LookedUp, Source
from mailtui.demo.domains import RECORDS
from mailtui.demo.plans import GOOD
from mailtui.operations import test_account as accounts
from mailtui.operations.addresses import Draft, save_address
from mailtui.operations.look_up import look_up
from tests.demo.conftest import Demo


async def found(demo: Demo, address: str) -> LookedUp:
    return await look_up(address, lambda _: None, settings=demo.context.configuration.look_up)


async def test_the_domain_names_the_good_server_and_its_account_can_be_saved(demo: Demo, tmp_path: Path) -> None:
    good, address = demo.servers[GOOD.name], "shop@brand-c.example"
    proposal = (await found(demo, address)).proposal
    assert proposal is not None
    assert (proposal.source, proposal.account.host, proposal.account.port) == (Source.SRV, "localhost", good.port)

    account = proposal.account.model_copy(update={"ca_file": str(good.ca_file)})
    draft = Draft(address=address, account=account, secret=good.password)
    assert (await accounts.test_account(demo.context, draft, lambda _: None)).ok
    assert save_address(demo.context, draft).address == address


async def test_a_domain_at_a_service_is_recognised(demo: Demo) -> None:
    proposal = (await found(demo, "info@brand-d.example")).proposal
    assert proposal is not None
    assert (proposal.source, proposal.account.service) == (Source.MX, "google-workspace")


async def test_a_domain_that_says_nothing_is_asked_everywhere(demo: Demo) -> None:
    looked = await found(demo, "info@corp.example")
    assert (looked.proposal, [answer.source for answer in looked.answers]) == (None, list(Source))


def test_every_domain_of_the_demo_is_one_that_nobody_can_have() -> None:
    """RFC 2606 section 3."""
    names = {line.split()[0].rstrip(".") for line in RECORDS.splitlines()}
    assert all(domain_of(f"x@{name}").endswith(".example") for name in names)
