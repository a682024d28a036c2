"""Why a step of a session failed: exceptions of the network, of TLS and of the client, as one frozen model."""

import socket
import ssl
from typing import Final

import aiosmtplib

from mailtui.core.account_test import Certificate, Step
from mailtui.core.frozen import Frozen
from mailtui.core.reasons import Retry, reason, recognise
from mailtui.core.text import clean_lines
from mailtui.smtp.replies import enhanced_code, is_refusal, spoken

DROPPED: Final = "the server closed the connection without a word"

NOT_TLS: Final = frozenset(
    {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "UNEXPECTED_MESSAGE", "PACKET_LENGTH_TOO_LONG"}
)
"""OpenSSL's words for octets that are no TLS at all: a port that speaks in the clear first."""


class TokenRefused(aiosmtplib.SMTPAuthenticationError):
    """The server took no token; no password can have been wrong, whatever it says."""


PERMANENT: Final = 500
"""The first reply code that says no for good (RFC 5321 section 4.2.1)."""

OF_CREDENTIALS: Final = frozenset({"wrong-password", "app-password-required", "unknown"})
"""What a refused token is recognised as by servers' words that were written for passwords."""

SPEAKER: Final[dict[type[aiosmtplib.SMTPException], Step]] = {
    aiosmtplib.SMTPSenderRefused: Step.SENDER,
    aiosmtplib.SMTPRecipientRefused: Step.RECIPIENT,
    aiosmtplib.SMTPDataError: Step.MESSAGE,
    aiosmtplib.SMTPAuthenticationError: Step.SIGN_IN,
    TokenRefused: Step.SIGN_IN,
}
"""At which command a refusal came, which a reply's meaning depends on, whatever step it was part of."""

EXPECTED: Final = (aiosmtplib.SMTPException, OSError, UnicodeError)
"""What the outside can make a step raise (time-outs and TLS are OSErrors); anything else is a defect of ours."""


class Failure(Frozen):
    """How a step failed."""

    step: Step
    reply: str
    """The server's words, or what the system or we say where no server spoke; safe for a terminal."""
    code: int | None = None
    """Basic reply code, RFC 5321 section 4.2; None where no server spoke."""
    enhanced: str = ""
    reason: str
    retry: Retry
    certificate: Certificate | None = None
    """The one that was shown and is not trusted."""
    field: str = ""
    """Which field of the form to look at, where that is known better than by the reason."""


class StepFailed(Exception):
    """A step of a session failed."""

    def __init__(self, failure: Failure, *, lost: bool) -> None:
        super().__init__(f"{failure.step.words}: {failure.reply}")
        self.failure = failure
        self.lost = lost
        """Nothing more can be said in this session: it ended, or an answer that comes late would be taken for that to
        the next command."""


class Refusal(Exception):
    """Our own reason not to go on, found within a step; `words` says what is wrong, `field` where to look."""

    def __init__(self, reason: str, words: str, *, certificate: Certificate | None = None, field: str = "") -> None:
        super().__init__(words)
        self.reason = reason
        self.words = words
        self.certificate = certificate
        self.field = field


def failure_of(error: Exception, step: Step, waited: float, silence: str = "") -> Failure:
    """What `error`, raised in `step` after `waited` seconds, means; `silence` adds what a time-out would mean there. An
    error that nothing outside explains is raised again."""
    match error:
        case Refusal():
            return _named(step, error.reason, error.words, error.field, error.certificate)
        case aiosmtplib.SMTPResponseException():
            return _refused(error, step)
        case TimeoutError():
            return _named(step, "timed-out", f"no answer within {waited:.2g} s{silence}")
        case aiosmtplib.SMTPServerDisconnected() | ConnectionResetError() | BrokenPipeError() | ssl.SSLEOFError():
            return _named(step, "host-unreachable", DROPPED)
        case ssl.SSLError():
            return _named(step, "protocol-error", _tls_words(error), "security")
        case socket.gaierror() | UnicodeError():
            return _named(step, "host-unreachable", f"the host cannot be found: {_words(error)}")
        case OSError():
            return _named(step, "host-unreachable", _words(error), "port" if step is Step.CONNECT else "")
        case aiosmtplib.SMTPException():
            return _named(step, "protocol-error", error.message)
        case _:
            raise error


def _refused(error: aiosmtplib.SMTPResponseException, step: Step) -> Failure:
    if not is_refusal(error.code):
        words = spoken(error.code, error.message) if error.code > 0 else error.message
        return _named(step, "protocol-error", f"an answer against the protocol: {words}")
    said = spoken(error.code, error.message)
    meant = recognise(said, SPEAKER.get(type(error), step))
    if isinstance(error, TokenRefused) and error.code >= PERMANENT and meant.reason in OF_CREDENTIALS:
        meant = meant.model_copy(update={"reason": "token-expired", "retry": reason("token-expired").retry})
    return Failure(
        step=step,
        reply=said,
        code=error.code,
        enhanced=enhanced_code(error.code, error.message),
        reason=meant.reason,
        retry=meant.retry,
    )


def _named(step: Step, name: str, words: str, field: str = "", certificate: Certificate | None = None) -> Failure:
    retry = reason(name).retry
    return Failure(step=step, reply=clean_lines(words), reason=name, retry=retry, field=field, certificate=certificate)


def _tls_words(error: ssl.SSLError) -> str:
    if error.reason in NOT_TLS:
        return "the server does not speak TLS from the first octet on this port; STARTTLS may be meant"
    return f"no encrypted connection came about: {(error.reason or str(error)).replace('_', ' ').lower()}"


def _words(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error) or type(error).__name__
