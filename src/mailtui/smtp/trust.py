"""Which certificate a server is believed by, and what one that is not believed says of itself."""

import hashlib
import ssl
from typing import TYPE_CHECKING, Final

from mailtui.core.account_test import Certificate
from mailtui.core.addresses import SmtpAccount
from mailtui.core.errors import BadInput
from mailtui.core.text import clean, listed
from mailtui.smtp.failures import Refusal

if TYPE_CHECKING:
    from cryptography import x509

MAX_HOSTS: Final = 20
"""Names kept of a certificate: enough to recognise it by."""

MAX_HOST: Final = 253
"""Characters kept of each: RFC 1035 section 2.3.4."""

EXPIRED: Final = 10
NOT_YET_VALID: Final = 9
OTHER_NAME: Final = frozenset({62, 64})
"""OpenSSL's X509_V_ERR codes (x509_vfy.h) for the faults that have their own words; 62 is a name, 64 an address."""


class NotThePinned(ssl.SSLError):
    """The server showed another certificate than the one that is trusted. An SSLError, which asyncio passes on quietly
    from within the handshake."""

    def __init__(self, shown: bytes) -> None:
        super().__init__("another certificate than the trusted one")
        self.shown = shown
        """The certificate in DER."""


def tls_context(account: SmtpAccount) -> ssl.SSLContext:
    """TLS 1.2 or newer (RFC 8996), and trust in exactly one of: the pinned certificate, the authorities of the
    account's own file, the system's authorities; the latter two with the host's name.

    Raises BadInput where the authorities' file cannot be used.
    """
    if account.pinned_certificate:
        context = unverified_context()
        context.sslobject_class = _pinned_to(account.pinned_certificate)
        return context
    try:
        context = ssl.create_default_context(cafile=account.ca_file or None)
    except OSError as error:
        words = error.strerror or "no certificates in PEM format"
        raise BadInput(f"the CA file {clean(account.ca_file)} cannot be used: {words}", field="ca_file") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def unverified_context() -> ssl.SSLContext:
    """Believes anything: only for a pinned certificate, which is compared instead, and for looking at a certificate
    over a connection that is closed without a word."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _pinned_to(sha256: str) -> type[ssl.SSLObject]:
    class Pinned(ssl.SSLObject):
        """Ends the handshake itself unless the one certificate is shown, so that nothing of ours is sent after it."""

        def do_handshake(self) -> None:
            super().do_handshake()
            shown = self.getpeercert(binary_form=True) or b""
            if hashlib.sha256(shown).hexdigest() != sha256:
                raise NotThePinned(shown)

    return Pinned


def read_certificate(der: bytes) -> Certificate | None:
    """What a certificate says, its words made safe for a terminal; None where it cannot be read."""
    # 50 ms to import, and a session without encryption does not need it.
    from cryptography import x509

    try:
        certificate = x509.load_der_x509_certificate(der)
        subject, issuer = certificate.subject.rfc4514_string(), certificate.issuer.rfc4514_string()
        hosts = _hosts(certificate)
    # A certificate is foreign data, and its parsers raise many kinds of error, which may not take the session down.
    except Exception:
        return None
    return Certificate(
        subject=clean(subject),
        issuer=clean(issuer),
        hosts=tuple(clean(host, MAX_HOST) for host in hosts[:MAX_HOSTS]),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        sha256=hashlib.sha256(der).hexdigest(),
    )


def _hosts(certificate: "x509.Certificate") -> list[str]:
    """The names and addresses that the certificate is for (RFC 9525 section 2: nothing else counts)."""
    from cryptography import x509

    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    addresses = [str(address) for address in names.get_values_for_type(x509.IPAddress)]
    return [*names.get_values_for_type(x509.DNSName), *addresses]


def untrusted(error: ssl.SSLError, host: str, shown: Certificate | None) -> Refusal:
    """Says why the certificate is not believed, and carries it for whoever may want to trust exactly that one."""
    other_name = isinstance(error, ssl.SSLCertVerificationError) and error.verify_code in OTHER_NAME
    words = _why(error, host, shown)
    return Refusal("certificate-invalid", words, certificate=shown, field="host" if other_name else "")


def _why(error: ssl.SSLError, host: str, shown: Certificate | None) -> str:
    """Expired, not valid yet, for another name, of an unknown authority, or not the pinned one."""
    code = error.verify_code if isinstance(error, ssl.SSLCertVerificationError) else None
    if isinstance(error, NotThePinned):
        found = f"the server showed {shown.sha256}" if shown else "the server showed another"
        return f"not the certificate that is trusted for this address: {found}"
    if code == EXPIRED:
        until = f" on {shown.not_after:%Y-%m-%d}" if shown else ""
        return f"the certificate has expired{until}"
    if code == NOT_YET_VALID:
        begin = f" before {shown.not_before:%Y-%m-%d}" if shown else " yet"
        return f"the certificate is not valid{begin}"
    if code in OTHER_NAME:
        names = f": it is for {listed(shown.hosts[:3])}" if shown and shown.hosts else ""
        return f"the certificate is for another name than {host}{names}"
    issuer = f" {shown.issuer}" if shown else ""
    words = error.verify_message if isinstance(error, ssl.SSLCertVerificationError) else str(error)
    return f"the certificate comes from an unknown authority{issuer} ({words})"
