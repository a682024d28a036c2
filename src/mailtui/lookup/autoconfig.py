"""A domain's autoconfig file, as Thunderbird and others read it: where it is, and the sending servers that it names.

Source: https://www.bucksch.org/1/projects/thunderbird/autoconfiguration/config-file-format.html
"""

import re
from typing import Final, NoReturn
from urllib.parse import quote
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from mailtui.core.addresses import Security, SignIn, domain_of
from mailtui.core.errors import BadInput
from mailtui.core.look_up import FoundServer
from mailtui.core.names import parse_host, parse_name, parse_port

PATH: Final = "/mail/config-v1.1.xml"

PLACEHOLDER: Final = re.compile("%EMAIL(ADDRESS|LOCALPART|DOMAIN)%")

MOST_SERVERS: Final = 10
"""Looked at of a file."""

SECURITIES: Final = {"SSL": Security.TLS, "STARTTLS": Security.STARTTLS}
"""Values of `socketType`. What is not encrypted is never proposed."""

SIGN_INS: Final = {
    "password-cleartext": SignIn.PASSWORD,
    "password-encrypted": SignIn.PASSWORD,
    "plain": SignIn.PASSWORD,
    "secure": SignIn.PASSWORD,
    "OAuth2": SignIn.OAUTH,
    "none": SignIn.NONE,
    "client-IP-address": SignIn.NONE,
}
"""Values of `authentication`; `plain` and `secure` are names of the format's version 1.0."""

PREFERRED: Final = (SignIn.PASSWORD, SignIn.OAUTH, SignIn.NONE)
"""OAuth only where nothing else is taken, since anything else needs no registration."""


def places(address: str) -> tuple[tuple[str, str], ...]:
    """Host and target of each place where the domain may keep its file, in the order in which they are asked."""
    domain = domain_of(address)
    return (
        (f"autoconfig.{domain}", f"{PATH}?emailaddress={quote(address)}"),
        (domain, f"/.well-known/autoconfig{PATH}"),
    )


def outgoing_servers(document: bytes, address: str) -> list[FoundServer]:
    """The sending servers that the file names for the address, in its order; those that cannot be used are left out.

    Raises BadInput where it is no such file, or declares a document type.
    """
    parser = XMLParser(target=_NoDoctype())  # noqa: S314 - see _NoDoctype
    try:
        parser.feed(document)
        root: Element = parser.close()
    except (ParseError, ValueError, LookupError) as error:
        raise BadInput("the file is no XML") from error
    servers = [element for element in root.iterfind(".//{*}outgoingServer") if element.get("type") == "smtp"]
    return [found for element in servers[:MOST_SERVERS] if (found := _server(element, address))]


class _NoDoctype(TreeBuilder):
    """Refuses a document type before anything in it is read: without one no entity can be declared, and so none can
    be expanded or fetched."""

    def doctype(self, name: str, pubid: str | None, system: str | None) -> NoReturn:
        raise BadInput("the file declares a document type, which no autoconfig file needs")


def _server(element: Element, address: str) -> FoundServer | None:
    security = SECURITIES.get(_text(element, "socketType"))
    named = {SIGN_INS[kind] for one in element.iterfind("{*}authentication") if (kind := _words(one)) in SIGN_INS}
    signin = next((kind for kind in PREFERRED if kind in named), None)
    if security is None or signin is None:
        return None
    try:
        return FoundServer(
            host=parse_host(_filled_in(_text(element, "hostname"), address)),
            port=parse_port(_text(element, "port")),
            security=security,
            signin=signin,
            username=parse_name(_filled_in(_text(element, "username"), address), "username"),
        )
    except BadInput:
        return None


def _filled_in(template: str, address: str) -> str:
    """All at once, since a local part may itself look like one of the names."""
    local_part, _, domain = address.rpartition("@")
    values = {"ADDRESS": address, "LOCALPART": local_part, "DOMAIN": domain}
    return PLACEHOLDER.sub(lambda found: values[found[1]], template)


def _text(element: Element, name: str) -> str:
    return _words(element.find(f"{{*}}{name}"))


def _words(element: Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""
