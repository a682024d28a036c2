"""Asking name servers: who takes a domain's mail in, where it is handed in, and where a host is."""

import asyncio
from typing import TYPE_CHECKING, Final, cast

import dns.asyncresolver
import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver
from dns.rdata import Rdata

from mailtui.core.addresses import Security
from mailtui.core.errors import BadInput, NotFound, Unavailable
from mailtui.core.look_up import SrvRecord
from mailtui.core.names import parse_host, parse_port
from mailtui.core.text import clean

if TYPE_CHECKING:
    from dns.rdtypes.ANY.MX import MX
    from dns.rdtypes.IN.A import A
    from dns.rdtypes.IN.SRV import SRV

TRY: Final = 1.5
"""Seconds for one name server to answer one question."""

LIFETIME: Final = 3.0
"""Seconds for a question in all, over every name server."""

MOST_RECORDS: Final = 20
"""Looked at of an answer: more than any real domain has."""

SUBMISSION: Final = {"_submissions": Security.TLS, "_submission": Security.STARTTLS}
"""The services of RFC 8314 section 7.3 and RFC 6186 section 3.1, and how each is encrypted."""


class Dns:
    """The system's name servers, or one that is named.

    Every question raises Unavailable where no name server answers it.
    """

    def __init__(self, name_server: str = "", port: int = 53) -> None:
        """`name_server`: an IP address. Raises Unavailable where the system names none."""
        try:
            self._resolver = dns.asyncresolver.Resolver(configure=not name_server)
        except dns.resolver.NoResolverConfiguration as error:
            raise Unavailable("this system names no name server, so nothing can be looked up") from error
        if name_server:
            self._resolver.nameservers = [name_server]
            self._resolver.port = port
        self._resolver.timeout, self._resolver.lifetime = TRY, LIFETIME

    async def mx(self, domain: str) -> list[str]:
        """The hosts that take the domain's mail in, the preferred one first (RFC 5321 section 5.1); none for a domain
        that takes no mail (RFC 7505). Raises NotFound where there is no such domain."""
        answer = cast("list[MX]", await self._ask(domain, dns.rdatatype.MX, must_exist=True))
        records = sorted(answer, key=lambda record: record.preference)
        return [host for record in records if (host := _host(record.exchange))]

    async def srv(self, domain: str) -> list[SrvRecord]:
        """Where the domain wants mail handed in; a target `.` says that it does not (RFC 2782)."""
        found: list[SrvRecord] = []
        names = [f"{service}._tcp.{domain}" for service in SUBMISSION]
        answers = await asyncio.gather(*(self._ask(name, dns.rdatatype.SRV) for name in names))
        for security, records in zip(SUBMISSION.values(), answers, strict=True):
            found += [one for record in cast("list[SRV]", records) if (one := _checked(record, security))]
        return found

    async def addresses(self, host: str) -> list[str]:
        """The IP addresses of a host, IPv4 first: many networks name IPv6 and have no way out for it."""
        answers = await asyncio.gather(self._ask(host, dns.rdatatype.A), self._ask(host, dns.rdatatype.AAAA))
        return [record.address for records in answers for record in cast("list[A]", records)]

    async def _ask(self, name: str, kind: dns.rdatatype.RdataType, *, must_exist: bool = False) -> list[Rdata]:
        try:
            absolute = dns.name.from_text(f"{name}.")
        except dns.exception.DNSException:  # With a prefix, a long domain is too long to be a name.
            return []
        try:
            answer = await self._resolver.resolve(absolute, kind, raise_on_no_answer=False, search=False)
        except dns.resolver.NXDOMAIN as error:
            if must_exist:
                raise NotFound(f"there is no domain {clean(name)}: look at its spelling") from error
            return []
        except (dns.exception.DNSException, OSError) as error:
            words = f"no name server answers for {clean(name)}: this machine has no network, or DNS is out of order"
            raise Unavailable(f"{words}; look again later, or enter the server by hand") from error
        return list(answer)[:MOST_RECORDS] if answer.rrset is not None else []


def _host(name: dns.name.Name) -> str:
    """A host as a server needs it; empty for the root and for anything that is no host name."""
    try:
        return parse_host(name.to_text(omit_final_dot=True))
    except BadInput:
        return ""


def _checked(record: "SRV", security: Security) -> SrvRecord | None:
    try:
        port, host = parse_port(record.port), _host(record.target)
    except BadInput:
        return None
    if not host:
        return None
    return SrvRecord(security=security, priority=record.priority, weight=record.weight, host=host, port=port)
