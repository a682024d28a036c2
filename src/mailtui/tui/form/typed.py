"""What stands in the fields that a service fills in, kept for each service so that switching loses nothing (S4)."""

from enum import StrEnum
from pathlib import Path
from typing import Final

from mailtui.core.addresses import Security, SignIn, SmtpAccount
from mailtui.core.errors import BadInput
from mailtui.core.frozen import Frozen
from mailtui.core.names import parse_port
from mailtui.core.services import service

OTHER: Final = ""
"""In place of a service's id: a server that is entered by hand."""

USUAL_PORTS: Final = {Security.TLS: "465", Security.STARTTLS: "587", Security.NONE: "25"}
"""RFC 8314 section 3.3, RFC 6409 section 3.1, RFC 5321 section 4.5.4.2."""

SHA256_DIGITS: Final = 64


class Trust(StrEnum):
    """By what the server's certificate is believed."""

    SYSTEM = "system"
    CA_FILE = "ca_file"
    PINNED = "pinned_certificate"


class Typed(Frozen):
    """The fields as text, whether they are right or not."""

    host: str = ""
    port: str = USUAL_PORTS[Security.STARTTLS]
    security: Security = Security.STARTTLS
    signin: SignIn = SignIn.PASSWORD
    username: str = ""
    trust: Trust = Trust.SYSTEM
    ca_file: str = ""
    pinned_certificate: str = ""
    cleartext_confirmed: bool = False
    provider: str = ""

    def account(self, service: str) -> SmtpAccount:
        """The account that they describe; only what is seen counts. Raises BadInput with the field."""
        clear = self.security is Security.NONE
        trust = None if clear else self.trust
        return SmtpAccount(
            service=service,
            host=self.host,
            port=parse_port(self.port.strip()),
            security=self.security,
            signin=self.signin,
            username=self.username if self.signin is not SignIn.NONE else "",
            ca_file=parse_file(self.ca_file) if trust is Trust.CA_FILE else "",
            pinned_certificate=parse_sha256(self.pinned_certificate) if trust is Trust.PINNED else "",
            cleartext_confirmed=self.cleartext_confirmed and clear and self.signin is not SignIn.NONE,
            provider=self.provider if self.signin is SignIn.OAUTH else "",
        )


def typed_of(account: SmtpAccount) -> Typed:
    """An account as the fields show it."""
    trust = Trust.PINNED if account.pinned_certificate else Trust.CA_FILE if account.ca_file else Trust.SYSTEM
    return Typed(port=str(account.port), trust=trust, **account.model_dump(exclude={"service", "port"}))


def first_typed(service_id: str, address: str) -> Typed:
    """What the fields hold when a service is chosen for the first time."""
    if service_id == OTHER:
        return Typed(username=address)
    return typed_of(service(service_id).account_for(address))


def usual_username(service_id: str, address: str) -> str:
    """The user name in the service's form, which follows the address until another one is typed."""
    return address if service_id == OTHER else service(service_id).username_for(address)


def parse_file(text: str) -> str:
    """The path of a file that can be read, from the root on: other processes start elsewhere. Raises BadInput."""
    if not text.strip():
        raise BadInput("the CA file is missing: give its path, or trust the system's authorities", field="ca_file")
    path = Path(text.strip()).expanduser().absolute()
    try:
        path.open("rb").close()
    except (OSError, ValueError) as error:
        words = getattr(error, "strerror", None) or "no path"
        raise BadInput(f"{str(path)!r} cannot be read: {words}", field="ca_file") from error
    return str(path)


def parse_sha256(text: str) -> str:
    """A SHA-256 fingerprint in the form in which accounts hold it, from any usual one. Raises BadInput."""
    digits = "".join(character for character in text.lower() if character not in ": -")
    if len(digits) != SHA256_DIGITS or not set(digits) <= set("0123456789abcdef"):
        raise BadInput(f"a SHA-256 fingerprint has {SHA256_DIGITS} hexadecimal digits", field="pinned_certificate")
    return digits
