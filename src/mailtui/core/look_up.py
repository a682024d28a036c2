"""What looking up an address's settings asks and finds (S4): the sources in their order, and the proposal."""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Final

from mailtui.core.addresses import Security, SignIn, SmtpAccount, domain_of
from mailtui.core.frozen import Frozen
from mailtui.core.services import Service, service_at, services


class Source(StrEnum):
    """Where settings can come from, in the order in which they are asked: the first that knows something decides."""

    DOMAIN = "domain"
    """A mail service that serves exactly this domain, known without asking anybody."""
    MX = "mx"
    """The hosts that take the domain's mail in, where they are those of a mail service."""
    SRV = "srv"
    """What the domain's name servers say about handing in mail: RFC 6186 section 3.1, RFC 8314 section 5.1."""
    AUTOCONFIG = "autoconfig"
    """The domain's own configuration file, over HTTPS."""
    HOSTS = "hosts"
    """Hosts with the usual names, which are there and take sign-ins."""

    @property
    def words(self) -> str:
        """The source as a person reads it."""
        return TITLES[self]


TITLES: Final = {
    Source.DOMAIN: "known domain",
    Source.MX: "MX records",
    Source.SRV: "SRV records",
    Source.AUTOCONFIG: "autoconfig file",
    Source.HOSTS: "usual hosts",
}


class SourceAsked(Frozen):
    """A source is being asked."""

    source: Source


class SourceAnswered(Frozen):
    """A source was asked."""

    source: Source
    found: bool
    ms: int
    """How long it took, in milliseconds."""
    detail: str
    """What it said, in one line that is safe for a terminal."""


LookUpEvent = SourceAsked | SourceAnswered
LookUpReport = Callable[[LookUpEvent], None]
"""Is told of each source as it is asked."""


class FoundServer(Frozen):
    """A server that a source names, its words checked."""

    host: str
    port: int
    security: Security
    signin: SignIn = SignIn.PASSWORD
    username: str = ""
    """Empty where the source does not say."""


class SrvRecord(Frozen):
    """One record of RFC 2782, its target and port checked."""

    security: Security
    """By the service that was asked for: TLS for `_submissions`, STARTTLS for `_submission`."""
    priority: int
    weight: int
    host: str
    port: int


class Proposal(Frozen):
    """Settings that were found. They are proposed; whoever asked decides."""

    source: Source
    said: str
    """What the source said, in one line that is safe for a terminal."""
    account: SmtpAccount
    caution: str = ""
    """What to look at before a password goes there; empty where the source proves that the server is the domain's."""


class LookedUp(Frozen):
    """The result of a look-up."""

    address: str
    proposal: Proposal | None = None
    """None where no source knows anything."""
    answers: tuple[SourceAnswered, ...] = ()


def is_within(host: str, domain: str) -> bool:
    """Whether the host is the domain or below it, whole labels compared (RFC 1034 section 3.1)."""
    return host == domain or host.endswith(f".{domain}")


def service_of_mx(hosts: Iterable[str]) -> tuple[Service, str] | None:
    """The service that the MX hosts, the preferred one first, belong to, and the host that says so; the longest name
    of a service that fits decides, since one service's hosts can lie below another's."""
    for host in hosts:
        fits = [(len(name), service) for service in services() for name in service.mx if is_within(host, name)]
        if fits:
            return max(fits, key=lambda fit: fit[0])[1], host
    return None


def ranked(records: Iterable[SrvRecord]) -> list[SrvRecord]:
    """The best first: encrypted from the first octet before STARTTLS (RFC 8314 section 3), then by priority and weight.

    RFC 2782 draws lots among equal priorities, to spread load; a proposal is better the same every time.
    """
    return sorted(records, key=lambda one: (one.security is not Security.TLS, one.priority, -one.weight, one.host))


def proposed(source: Source, said: str, server: FoundServer, address: str) -> Proposal:
    """What a server that a source named means for the address. Where it is one of a mail service, that service is
    chosen, and what it wants of who signs in counts."""
    domain = domain_of(address)
    service = service_at(server.host, address)
    if service is None:
        account = SmtpAccount(
            host=server.host,
            port=server.port,
            security=server.security,
            signin=server.signin,
            username=server.username or address if server.signin is not SignIn.NONE else "",
        )
    else:
        where = {"host": server.host, "port": server.port, "security": server.security}
        account = service.account_for(address).model_copy(update=where)
    # RFC 6186 section 6: an answer of the DNS is not signed, and a forged one would ask for the password.
    foreign = source is Source.SRV and service is None and not is_within(server.host, domain)
    caution = f"{server.host} is not within {domain}: take it only if you know that server" if foreign else ""
    return Proposal(source=source, said=said, account=account, caution=caution)


def proposed_service(source: Source, said: str, service: Service, address: str) -> Proposal:
    """A mail service as it is."""
    return Proposal(source=source, said=said, account=service.account_for(address))
