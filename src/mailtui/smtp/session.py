"""The one place that opens an SMTP session: finds the host, connects, encrypts, greets and signs in."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import aiosmtplib
from aiohappyeyeballs import AddrInfoType

from mailtui.core.account_test import Report, Step
from mailtui.core.addresses import Security, SignIn, SmtpAccount
from mailtui.core.text import clean, listed
from mailtui.smtp.failures import Refusal, StepFailed
from mailtui.smtp.line import Line, resolve, shown_certificate
from mailtui.smtp.replies import spoken
from mailtui.smtp.sign_in import Credential, may_cross, sign_in
from mailtui.smtp.steps import Deadlines, Progress, Steps
from mailtui.smtp.trust import NotThePinned, read_certificate, tls_context, untrusted

FAREWELL: Final = 2.0
"""Seconds to wait for the answer to RSET or QUIT, on which little depends."""

SPARE: Final = 0.2
"""Seconds of a step kept back while a certificate is looked at, so that a slow look cannot hide what is wrong."""

MOST_ADDRESSES: Final = 4
"""Shown of a host that has many."""

WAITS_FOR_TLS: Final = ", though the connection stands: a server that encrypts from the first octet waits like this"
"""What silence after connecting most often means: port 465 with STARTTLS chosen."""


@asynccontextmanager
async def open_session(
    account: SmtpAccount,
    credential: Credential | None,
    *,
    report: Report,
    deadlines: Deadlines | None = None,
    local_hostname: str | None = None,
) -> AsyncIterator["Session"]:
    """A session that is signed in, reporting each step; closed at the end, whatever happens.

    `local_hostname` is our name in the greeting; without one it is the address literal of our end. Raises StepFailed,
    and BadInput for a CA file or credential that cannot be used.
    """
    line = Line(account.host, local_hostname)
    session = Session(account, line, Steps(report, deadlines or Deadlines()))
    try:
        await session.open(credential)
        yield session
        await session.quit()
    except StepFailed:
        await session.quit()
        raise
    finally:
        line.close()
        # The event loop closes the socket in its next turn.
        await asyncio.sleep(0)


class Session:
    """A session with a server: its steps, what the server can do, and the commands for one message after another."""

    def __init__(self, account: SmtpAccount, line: Line, steps: Steps) -> None:
        self.steps = steps
        self._account = account
        self._line = line
        self._client = line.client

    @property
    def is_open(self) -> bool:
        """Whether another message can be handed in."""
        return self._client.is_connected

    @property
    def size_limit(self) -> int | None:
        """Octets of the largest message that the server takes (RFC 1870); None where it names none."""
        text = self._client.esmtp_extensions.get("size", "").strip()[:20]
        return (int(text) or None) if text.isascii() and text.isdigit() else None

    def offers(self, extension: str) -> bool:
        """Whether the server named the extension in its greeting."""
        return self._client.supports_extension(extension)

    @asynccontextmanager
    async def step(self, step: Step) -> AsyncIterator[Progress]:
        """A step of this session. Raises StepFailed, after which the session is still open where only no was said."""
        try:
            async with self.steps.step(step) as progress:
                yield progress
        except BaseException as error:
            if not isinstance(error, StepFailed) or error.lost:
                self._line.close()
            raise

    async def mail(self, sender: str, *options: str) -> str:
        """MAIL FROM, within a step; returns the server's words."""
        self._refuse_unless_taken(sender)
        return _said(await self._client.mail(sender, options=options, encoding="utf-8"))

    async def rcpt(self, recipient: str) -> str:
        """RCPT TO, within a step; returns the server's words."""
        self._refuse_unless_taken(recipient)
        return _said(await self._client.rcpt(recipient, encoding="utf-8"))

    def _refuse_unless_taken(self, address: str) -> None:
        """RFC 6531 section 3.2: an address outside ASCII is not even named to a server that does not know them."""
        if not address.isascii() and not self.offers("smtputf8"):
            words = f"{address} has letters outside ASCII, and the server takes no such addresses (SMTPUTF8)"
            raise Refusal("content-refused", words)

    async def data(self, message: bytes) -> str:
        """DATA, the message with its dots doubled and the final dot, within a step; returns the server's words."""
        return _said(await self._client.data(message))

    async def reset(self) -> None:
        """RSET: forgets the sender and recipient. Where the server cannot do even that, the session is closed."""
        try:
            async with asyncio.timeout_at(self.steps.ends(FAREWELL)):
                await self._client.rset()
        except (aiosmtplib.SMTPException, OSError):
            self._line.close()

    async def quit(self) -> None:
        """QUIT, for the sake of politeness."""
        if self.is_open:
            with suppress(aiosmtplib.SMTPException, OSError):
                async with asyncio.timeout_at(self.steps.ends(FAREWELL)):
                    await self._client.quit()

    async def open(self, credential: Credential | None) -> None:
        """The steps up to and with signing in; `open_session` calls it."""
        security = self._account.security
        context = None if security is Security.NONE else tls_context(self._account)
        async with self.step(Step.RESOLVE) as progress:
            found = await resolve(self._account.host, self._account.port)
            progress.detail = _addresses(found)
        async with self.step(Step.CONNECT) as progress:
            await self._line.connect(found)
            if security is not Security.TLS:
                progress.silence = WAITS_FOR_TLS
                await self._line.banner()
            progress.detail = f"{self._line.peer} port {self._account.port}"
        if context is not None:
            async with self.step(Step.ENCRYPT) as progress:
                await self._encrypt(context, found, progress)
        async with self.step(Step.GREET) as progress:
            if security is Security.TLS:
                await self._line.banner()
            await self._client.ehlo()
            progress.detail = self._abilities()
        if credential is not None and self._account.signin is not SignIn.NONE:
            async with self.step(Step.SIGN_IN) as progress:
                progress.detail = await self._sign_in(credential)

    async def _encrypt(self, context: ssl.SSLContext, found: list[AddrInfoType], progress: Progress) -> None:
        security, host = self._account.security, self._account.host
        try:
            await self._line.start_tls(security, context)
        except NotThePinned as error:
            shown = read_certificate(error.shown)
            raise untrusted(error, host, shown) from None
        except ssl.SSLCertVerificationError as error:
            shown = None
            with suppress(TimeoutError):
                async with asyncio.timeout_at(progress.ends - SPARE):
                    # A host like 0.0.0.0 is reached at another address than its own.
                    same = next((address for address in found if address[4][0] == self._line.peer), found[0])
                    shown = await shown_certificate(same, host, security)
            raise untrusted(error, host, shown) from None
        progress.detail = _encryption(self._line.tls())

    async def _sign_in(self, credential: Credential) -> str:
        encrypted, peer = self._line.encrypted, self._line.peer
        if not may_cross(encrypted=encrypted, peer=peer, confirmed=self._account.cleartext_confirmed):
            words = f"nothing was sent: the connection to {peer} is not encrypted, and anybody on the way could read"
            raise Refusal("encryption-required", f"{words} the password")
        if not encrypted and self.offers("starttls") and not self._client.server_auth_methods:
            words = "the server offers no sign-in before encryption, and it offers STARTTLS"
            raise Refusal("encryption-required", words)
        mechanism = await sign_in(self._client, self._account.signin, credential, encrypted=encrypted)
        return f"as {credential.username} by {mechanism}"

    def _abilities(self) -> str:
        mechanisms = listed([mechanism.upper() for mechanism in self._client.server_auth_methods])
        signs = f"sign-in by {clean(mechanisms, 100)}" if mechanisms else "no sign-in"
        return f"{signs}; {_megabytes(self.size_limit)}"


def _said(response: aiosmtplib.SMTPResponse) -> str:
    return spoken(response.code, response.message)


def _addresses(found: list[AddrInfoType]) -> str:
    addresses = list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
    more = [f"{len(addresses) - MOST_ADDRESSES} more"] if len(addresses) > MOST_ADDRESSES else []
    return listed([*addresses[:MOST_ADDRESSES], *more])


def _encryption(tls: ssl.SSLObject) -> str:
    cipher, version, _ = tls.cipher() or ("unknown cipher", tls.version(), 0)
    shown = read_certificate(tls.getpeercert(binary_form=True) or b"")
    until = f", certificate valid until {shown.not_after:%Y-%m-%d}" if shown else ""
    return f"{tls.version() or version}, {cipher}{until}"


def _megabytes(limit: int | None) -> str:
    return "no size limit named" if limit is None else f"messages up to {limit / 1e6:,.1f} MB"
