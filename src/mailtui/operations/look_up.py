"""Looking up how an address's mail is handed in, so that nobody has to know ports (S4). Nothing is changed by it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import TYPE_CHECKING, Final

from mailtui.core.addresses import Security, SmtpAccount, domain_of, parse_address
from mailtui.core.errors import BadInput, Unavailable
from mailtui.core.look_up import (
    FoundServer,
    LookedUp,
    LookUpReport,
    Proposal,
    Source,
    SourceAnswered,
    SourceAsked,
    proposed,
    proposed_service,
    ranked,
    service_of_mx,
)
from mailtui.core.services import service_for
from mailtui.core.text import clean, listed
from mailtui.operations.configuration import LookUpSettings

if TYPE_CHECKING:
    from mailtui.lookup.dns import Dns
    from mailtui.lookup.web import Web

USUAL_HOSTS: Final = ("smtp", "mail")

USUAL_PORTS: Final = ((465, Security.TLS), (587, Security.STARTTLS))
"""RFC 8314 section 3.3 and RFC 6409 section 3.1; never without encryption."""

GREETING_SECONDS: Final = 5.0
"""For a usual host to connect, encrypt and greet: one that is there does so in far less."""


class Outside:
    """Everything that a look-up asks."""

    def __init__(self, dns: "Dns", web: "Web", ports: tuple[tuple[int, Security], ...] = USUAL_PORTS) -> None:
        """`ports`: where usual hosts are tried, the best first."""
        self.dns = dns
        self.web = web
        self.ports = ports


def outside(settings: LookUpSettings) -> Outside:
    """What the configuration says to ask. Raises Unavailable where the system has no name server."""
    from mailtui.lookup.dns import Dns  # dnspython and an HTTP client, 200 ms in all; only a look-up needs them.
    from mailtui.lookup.web import Web

    dns = Dns(settings.name_server, settings.port)
    return Outside(dns, Web(dns))


async def look_up(
    address: str, report: LookUpReport, *, settings: LookUpSettings | None = None, asking: Outside | None = None
) -> LookedUp:
    """Ask one source after the other for the settings of the address, until one knows them, telling `report` of each.

    Raises BadInput for the address, NotFound where its domain does not exist, Unavailable where no name server answers
    at all. No password is asked for or sent. Can be cancelled at any moment.
    """
    address = parse_address(address)
    domain = domain_of(address)
    if domain.startswith("["):
        raise BadInput(f"{clean(domain)} is no domain, and so nothing can be looked up for it", field="address")
    search = _Search(address, domain, report)
    await search.ask(Source.DOMAIN, search.known_domain)
    if search.proposal is None:
        asking = asking or outside(settings or LookUpSettings())
        search.asking = asking
        for source, question in search.questions.items():
            await search.ask(source, question)
            if search.proposal is not None:
                break
    return LookedUp(address=address, proposal=search.proposal, answers=tuple(search.answers))


class _Search:
    """One look-up. Each question leaves a proposal, and returns what was said, for people."""

    asking: Outside

    def __init__(self, address: str, domain: str, report: LookUpReport) -> None:
        self.proposal: Proposal | None = None
        self.answers: list[SourceAnswered] = []
        self._address = address
        self._domain = domain
        self._report = report

    @property
    def questions(self) -> Mapping[Source, Callable[[], Awaitable[str]]]:
        """What is asked outside, in the order of the sources."""
        return {
            Source.MX: self._mx,
            Source.SRV: self._srv,
            Source.AUTOCONFIG: self._autoconfig,
            Source.HOSTS: self._hosts,
        }

    async def ask(self, source: Source, question: Callable[[], Awaitable[str]]) -> None:
        """Ask one source. The first that goes outside shows whether there is a network; later ones may fail alone."""
        began = monotonic()
        self._report(SourceAsked(source=source))
        try:
            said = await question()
        except Unavailable as error:
            if source is Source.MX:
                raise
            said = str(error)
        ms = round((monotonic() - began) * 1000)
        answered = SourceAnswered(source=source, found=self.proposal is not None, ms=ms, detail=clean(said))
        self.answers.append(answered)
        self._report(answered)

    async def known_domain(self) -> str:
        service = service_for(self._address)
        if service is None:
            return f"{self._domain} is not that of a mail service"
        said = f"{self._domain} is served by {service.name}"
        self.proposal = proposed_service(Source.DOMAIN, said, service, self._address)
        return said

    async def _mx(self) -> str:
        hosts = await self.asking.dns.mx(self._domain)
        found = service_of_mx(hosts)
        if found is None:
            return f"{hosts[0]} is of no known mail service" if hosts else "the domain names no host for its mail"
        service, host = found
        said = f"{host} belongs to {service.name}"
        self.proposal = proposed_service(Source.MX, said, service, self._address)
        return said

    async def _srv(self) -> str:
        records = ranked(await self.asking.dns.srv(self._domain))
        if not records:
            return "the domain names no server to send through"
        best = records[0]
        said = f"{best.host} port {best.port}"
        server = FoundServer(host=best.host, port=best.port, security=best.security)
        self._propose(Source.SRV, said, server)
        return said

    async def _autoconfig(self) -> str:
        from mailtui.lookup.autoconfig import outgoing_servers, places
        from mailtui.lookup.web import NotFetched

        said: list[str] = []
        for host, target in places(self._address):
            try:
                servers = outgoing_servers(
                    await self.asking.web.fetch(host, target, domain=self._domain), self._address
                )
            except NotFetched as error:
                said.append(str(error))
            except BadInput as error:
                said.append(f"{host}: {error}")
            else:
                if servers:
                    self._propose(Source.AUTOCONFIG, f"the file at {host}", servers[0])
                    return f"{host} names {servers[0].host} port {servers[0].port}"
                said.append(f"the file at {host} names no server that can be used")
        return "; ".join(said)

    async def _hosts(self) -> str:
        names = [f"{first}.{self._domain}" for first in USUAL_HOSTS]
        addresses = await asyncio.gather(*(self.asking.dns.addresses(name) for name in names))
        there = [name for name, found in zip(names, addresses, strict=True) if found]
        if not there:
            return f"there is neither {' nor '.join(names)}"
        ports = self.asking.ports
        tries = [SmtpAccount(host=host, port=port, security=how) for host in there for port, how in ports]
        greeted = await asyncio.gather(*(_takes_sign_ins(account) for account in tries))
        found = next((account for account, ok in zip(tries, greeted, strict=True) if ok), None)
        if found is None:
            tried = " or ".join(str(port) for port, _ in ports)
            return f"{listed(there)} took no encrypted sign-in on port {tried}"
        said = f"{found.host} takes sign-ins on port {found.port}"
        self._propose(Source.HOSTS, said, FoundServer(host=found.host, port=found.port, security=found.security))
        return said

    def _propose(self, source: Source, said: str, server: FoundServer) -> None:
        self.proposal = proposed(source, said, server, self._address)


async def _takes_sign_ins(account: SmtpAccount) -> bool:
    """Whether the server is there, shows a valid certificate, and offers to sign in; nobody signs in."""
    from mailtui.smtp.failures import StepFailed
    from mailtui.smtp.session import open_session
    from mailtui.smtp.steps import Deadlines

    short = Deadlines(step=GREETING_SECONDS, total=GREETING_SECONDS)
    try:
        async with open_session(account, None, report=lambda _: None, deadlines=short) as session:
            return session.offers("auth")
    except StepFailed:
        return False
