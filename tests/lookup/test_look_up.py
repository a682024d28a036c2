"""Looking up an address's settings: the order of the sources, what each proposes, and what happens without them."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP
from hypothesis import given
from hypothesis import strategies as st

from mailtui.core.addresses import Security, SignIn, SmtpAccount
from mailtui.core.errors import BadInput, NotFound, Unavailable
from mailtui.core.look_up import LookedUp, LookUpEvent, Source, SourceAnswered, is_within, service_of_mx
from mailtui.lookup.dns import Dns
from mailtui.lookup.web import Web
from mailtui.operations.configuration import LookUpSettings
from mailtui.operations.look_up import Outside, look_up
from tests.lookup.nets import HOST, https, internet, page
from tests.lookup.test_autoconfig import a_file, a_server

ANA = "ana@brand.example"


def nobody(event: LookUpEvent) -> None:
    """Is told, and listens to nothing."""


async def found_in(records: str, address: str = ANA) -> LookedUp:
    async with internet(records) as (_, outside):
        return await look_up(address, nobody, asking=outside)


def account_of(found: LookedUp) -> SmtpAccount:
    assert found.proposal is not None
    return found.proposal.account


def asked(found: LookedUp) -> list[Source]:
    return [answer.source for answer in found.answers]


async def test_a_domain_of_a_service_is_known_without_asking_anybody() -> None:
    async with internet() as (names, outside):
        found = await look_up("ana@fastmail.com", nobody, asking=outside)
    assert (account_of(found).service, asked(found), names.asked) == ("fastmail", [Source.DOMAIN], [])


@pytest.mark.parametrize(
    ("mx", "service"),
    [
        ("aspmx.l.google.com", "google-workspace"),
        ("brand-example.mail.protection.outlook.com", "microsoft-365"),
        ("brand-example.olc.protection.outlook.com", "outlook"),
        ("in1-smtp.messagingengine.com", "fastmail"),
    ],
)
async def test_the_mx_hosts_of_a_service_propose_it(mx: str, service: str) -> None:
    found = await found_in(f"brand.example. 60 IN MX 10 {mx}.\n")
    assert account_of(found).service == service
    assert found.proposal is not None
    assert (found.proposal.source, mx in found.proposal.said) == (Source.MX, True)


@pytest.mark.parametrize("mx", ["notmessagingengine.com", "messagingengine.com.evil.example", "com"])
async def test_an_mx_host_is_matched_by_whole_labels(mx: str) -> None:
    assert (await found_in(f"brand.example. 60 IN MX 10 {mx}.\n")).proposal is None


@given(st.lists(st.sampled_from(["a", "b", "ab"]), max_size=4), st.lists(st.sampled_from(["a", "b"]), min_size=1))
def test_within_a_domain_is_what_ends_in_its_labels(host: list[str], domain: list[str]) -> None:
    ends = host[len(host) - len(domain) :] == domain and len(host) >= len(domain)
    assert is_within(".".join(host), ".".join(domain)) is ends


def test_the_preferred_mx_host_decides() -> None:
    found = service_of_mx(["in1-smtp.messagingengine.com", "aspmx.l.google.com"])
    assert found is not None and found[0].id == "fastmail"


async def test_srv_records_propose_what_they_name_and_tls_from_the_first_octet_first() -> None:
    found = await found_in(
        "brand.example. 60 IN MX 10 mx.brand.example.\n"
        "_submission._tcp.brand.example. 60 IN SRV 0 1 587 mail.brand.example.\n"
        "_submissions._tcp.brand.example. 60 IN SRV 9 1 465 mail.brand.example.\n"
    )
    assert account_of(found) == SmtpAccount(
        host="mail.brand.example", port=465, security=Security.TLS, signin=SignIn.PASSWORD, username=ANA
    )
    assert asked(found) == [Source.DOMAIN, Source.MX, Source.SRV]
    assert found.proposal is not None and found.proposal.caution == ""


async def test_an_srv_target_outside_the_domain_asks_to_be_looked_at() -> None:
    found = await found_in("_submission._tcp.brand.example. 60 IN SRV 0 1 587 mail.evil.example.\n")
    assert found.proposal is not None
    assert "mail.evil.example is not within brand.example" in found.proposal.caution


async def test_an_srv_target_at_a_known_service_is_that_service() -> None:
    found = await found_in("_submissions._tcp.brand.example. 60 IN SRV 0 1 465 smtp.fastmail.com.\n")
    assert found.proposal is not None
    assert (found.proposal.account.service, found.proposal.caution) == ("fastmail", "")


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """Trusted as if it were one of the system's."""
    made = trustme.CA()
    made.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    return made


@pytest.mark.parametrize("host", ["autoconfig.brand.example", "brand.example"])
async def test_the_domains_own_file_proposes_what_it_names(authority: trustme.CA, host: str) -> None:
    file = page(a_file(a_server(username="%EMAILLOCALPART%")))
    async with (
        https(authority, [host], lambda *_: file) as server,
        internet(f"brand.example. 60 IN TXT here\n{host}. 60 IN A {HOST}\n", https_port=server.port) as (_, outside),
    ):
        found = await look_up(ANA, nobody, asking=outside)
    assert account_of(found) == SmtpAccount(host="smtp.brand.example", port=465, security=Security.TLS, username="ana")
    assert found.proposal is not None
    assert (found.proposal.source, host in found.proposal.said) == (Source.AUTOCONFIG, True)


async def test_a_file_that_is_wrong_is_said_and_the_search_goes_on(authority: trustme.CA) -> None:
    bomb = page(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    records = f"autoconfig.brand.example. 60 IN A {HOST}\n"
    async with (
        https(authority, ["autoconfig.brand.example"], lambda *_: bomb) as server,
        internet(records, https_port=server.port) as (_, outside),
    ):
        found = await look_up(ANA, nobody, asking=outside)
    assert "declares a document type" in found.answers[3].detail
    assert asked(found)[-1] is Source.HOSTS


USUAL = "mail.brand.example. 60 IN A 127.0.0.1\n"


@asynccontextmanager
async def mail_server(authority: trustme.CA, name: str, *, signs_in: bool = True) -> AsyncIterator[int]:
    """A mail server behind TLS with a certificate for the name; its port."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(name).configure_cert(context)

    def conversation() -> SMTP:
        return SMTP(Sink(), auth_require_tls=not signs_in)  # Which it has not been told that it has.

    server = await asyncio.get_running_loop().create_server(conversation, HOST, 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


@pytest.fixture
def everything_on_the_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system finds each host of brand.example on this machine."""
    of_the_system = socket.getaddrinfo

    def found(host: str, *rest: Any, **options: Any) -> Any:  # Any: whatever the system's own takes and gives
        return of_the_system(HOST if host.endswith("brand.example") else host, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", found)


async def usual_hosts(authority: trustme.CA, name: str, *, signs_in: bool = True) -> LookedUp:
    """What comes of it where mail.brand.example is there, with a certificate for `name`."""
    async with mail_server(authority, name, signs_in=signs_in) as port, internet(USUAL) as (_, outside):
        ports = ((9, Security.STARTTLS), (port, Security.TLS))
        return await look_up(ANA, nobody, asking=Outside(outside.dns, outside.web, ports))


@pytest.mark.usefixtures("everything_on_the_loopback")
async def test_a_usual_host_that_takes_sign_ins_is_proposed(authority: trustme.CA) -> None:
    found = await usual_hosts(authority, "mail.brand.example")
    assert found.proposal is not None
    assert (found.proposal.source, found.proposal.account.host) == (Source.HOSTS, "mail.brand.example")
    assert (found.proposal.account.security, found.proposal.account.username) == (Security.TLS, ANA)


@pytest.mark.usefixtures("everything_on_the_loopback")
async def test_a_usual_host_that_cannot_prove_its_name_is_not_proposed(authority: trustme.CA) -> None:
    found = await usual_hosts(authority, "mail.elsewhere.example")
    assert found.proposal is None
    assert "mail.brand.example took no encrypted sign-in on port 9 or" in found.answers[-1].detail


@pytest.mark.usefixtures("everything_on_the_loopback")
async def test_a_usual_host_that_takes_no_sign_ins_is_not_proposed(authority: trustme.CA) -> None:
    assert (await usual_hosts(authority, "mail.brand.example", signs_in=False)).proposal is None


async def test_one_who_answers_is_told_of_each_source_as_it_is_asked() -> None:
    events: list[LookUpEvent] = []
    async with internet("brand.example. 60 IN A 192.0.2.1\n") as (_, outside):
        found = await look_up(ANA, events.append, asking=outside)
    assert found.proposal is None
    assert [event.source for event in events] == [source for source in Source for _ in range(2)]
    assert tuple(event for event in events if isinstance(event, SourceAnswered)) == found.answers


async def test_without_a_network_it_says_so() -> None:
    async with internet() as (names, _):
        gone = names.port
    with pytest.raises(Unavailable, match=r"no name server answers for brand\.example"):
        await look_up(ANA, nobody, settings=LookUpSettings(name_server=HOST, port=gone))


async def test_a_domain_that_does_not_exist_is_said() -> None:
    with pytest.raises(NotFound, match=r"no domain brand\.example"):
        await found_in("other.example. 60 IN A 192.0.2.1\n")


@pytest.mark.parametrize("address", ["ana", "ana@[192.0.2.1]", ""])
async def test_what_has_no_domain_is_refused(address: str) -> None:
    with pytest.raises(BadInput):
        await found_in("", address)


async def test_it_can_be_stopped_at_any_moment() -> None:
    loop = asyncio.get_running_loop()
    silent, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, local_addr=(HOST, 0))
    try:
        dns = Dns(HOST, silent.get_extra_info("sockname")[1])
        started = asyncio.Event()

        def report(event: LookUpEvent) -> None:
            if event.source is Source.MX:
                started.set()

        looking = asyncio.create_task(look_up(ANA, report, asking=Outside(dns, Web(dns))))
        await started.wait()
        looking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await looking
    finally:
        silent.close()
        await asyncio.sleep(0)
