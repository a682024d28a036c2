"""What the demo's mail servers are like: one that works, and others that each fail in one typical way."""

from enum import StrEnum
from typing import Final

from mailtui.core.account_test import Step
from mailtui.core.addresses import Security
from mailtui.core.frozen import Frozen
from mailtui.demo.authority import Shows


class Fault(StrEnum):
    """In which way a server fails at its step."""

    REPLY = "reply"
    """It says the plan's reply."""
    SILENCE = "silence"
    """It says nothing, and keeps the connection."""
    HANG_UP = "hang up"
    """It closes the connection."""


class ServerPlan(Frozen):
    """How one server behaves."""

    name: str
    security: Security = Security.STARTTLS
    shows: Shows = Shows.VALID
    starttls: bool = True
    """Whether STARTTLS is offered where the security is STARTTLS."""
    fails_at: Step | None = None
    """The step of an account test that fails. Where the encryption comes first, a server that will not connect fails
    at ENCRYPT."""
    fault: Fault = Fault.REPLY
    reply: str = ""
    """Reply code and text at the failing step; empty where a certificate or a missing extension does it."""
    mechanisms: frozenset[str] = frozenset({"PLAIN", "LOGIN"})
    """To sign in by: PLAIN, LOGIN, CRAM-MD5, and with a token of the demo's provider XOAUTH2 and OAUTHBEARER."""
    own_sender_only: bool = True
    """Whether only the address that is also the user name may be the sender."""
    size_limit: int = 10_000_000
    """Octets of the largest message."""
    smtputf8: bool = True
    port: int = 0
    """The port that is wanted; 0 for any."""
    refuses: tuple[tuple[str, str], ...] = ()
    """Recipients that are refused, each with the reply."""


GOOD: Final = ServerPlan(name="good")
WRONG_PASSWORD: Final = ServerPlan(
    name="wrong-password",
    fails_at=Step.SIGN_IN,
    reply="535 5.7.8 Error: authentication failed: the user name or password is not right",
)
REFUSES_SENDER: Final = ServerPlan(
    name="refuses-sender",
    fails_at=Step.SENDER,
    reply="553 5.7.1 Sender address rejected: not owned by the user who signed in",
)
REFUSES_RECIPIENT: Final = ServerPlan(
    name="refuses-recipient",
    fails_at=Step.RECIPIENT,
    reply="550 5.1.1 Recipient address rejected: User unknown in virtual mailbox table",
)
EXPIRED: Final = ServerPlan(name="expired-certificate", shows=Shows.EXPIRED, fails_at=Step.ENCRYPT)
OTHER_NAME: Final = ServerPlan(name="other-name", shows=Shows.OTHER_NAME, fails_at=Step.ENCRYPT)
UNKNOWN_AUTHORITY: Final = ServerPlan(
    name="unknown-authority", security=Security.TLS, shows=Shows.UNKNOWN_AUTHORITY, fails_at=Step.ENCRYPT
)
NO_STARTTLS: Final = ServerPlan(name="no-starttls", starttls=False, fails_at=Step.ENCRYPT)
SILENT: Final = ServerPlan(name="silent", fails_at=Step.CONNECT, fault=Fault.SILENCE)
DROPPING: Final = ServerPlan(name="dropping", fails_at=Step.ENCRYPT, fault=Fault.HANG_UP)
MAILBOX_FULL: Final = ServerPlan(
    name="mailbox-full", fails_at=Step.RECIPIENT, reply="452 4.2.2 The recipient's mailbox is over its quota"
)
OAUTH: Final = ServerPlan(name="oauth", mechanisms=frozenset({"XOAUTH2", "OAUTHBEARER"}))
"""Takes the tokens of the demo's provider and no password, and so it stands apart."""

PLANS: Final = (
    GOOD,
    WRONG_PASSWORD,
    REFUSES_SENDER,
    REFUSES_RECIPIENT,
    EXPIRED,
    OTHER_NAME,
    UNKNOWN_AUTHORITY,
    NO_STARTTLS,
    SILENT,
    DROPPING,
    MAILBOX_FULL,
)
"""Those that one signs in at with a password, for the demo."""
