"""What testing an account goes through and finds: the steps as they happen, and the result."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from mailtui.core.frozen import Frozen


class Step(StrEnum):
    """One step of an SMTP session, in the order in which they come."""

    RESOLVE = "resolve"
    CONNECT = "connect"
    ENCRYPT = "encrypt"
    GREET = "greet"
    SIGN_IN = "sign_in"
    SENDER = "sender"
    RECIPIENT = "recipient"
    MESSAGE = "message"

    @property
    def words(self) -> str:
        """The step as a person reads it."""
        return TITLES[self]


TITLES = {
    Step.RESOLVE: "find the host",
    Step.CONNECT: "connect",
    Step.ENCRYPT: "encrypt",
    Step.GREET: "greet",
    Step.SIGN_IN: "sign in",
    Step.SENDER: "sender",
    Step.RECIPIENT: "recipient",
    Step.MESSAGE: "message",
}


class StepStarted(Frozen):
    """A step is under way."""

    step: Step


class StepDone(Frozen):
    """A step has ended."""

    step: Step
    ok: bool
    ms: int
    """How long it took, in milliseconds."""
    detail: str = ""
    """What was seen, in one line that is safe for a terminal."""


StepEvent = StepStarted | StepDone
Report = Callable[[StepEvent], None]
"""Is told of each step as it happens."""


class Certificate(Frozen):
    """A server's certificate as it was shown, trusted or not."""

    subject: str
    issuer: str
    hosts: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    sha256: str
    """Fingerprint: 64 lower-case hexadecimal digits."""


class AccountTest(Frozen):
    """The result of testing an account."""

    ok: bool
    address: str
    failed_step: Step | None = None
    steps: tuple[StepDone, ...] = ()
    reply: str = ""
    """What the server said at the failed step, word for word, safe for a terminal; several lines where it had them.
    Where no server spoke, what the system said."""
    code: int | None = None
    """Basic reply code, RFC 5321 section 4.2."""
    enhanced: str = ""
    """Enhanced status code, RFC 3463; empty where the reply has none."""
    reason: str = ""
    """Name of the reason; empty where the test succeeded."""
    meaning: str = ""
    remedy: tuple[str, ...] = ()
    """What to do, the most likely first."""
    field: str = ""
    """Which field of the form to look at."""
    certificate: Certificate | None = None
    """The server's certificate where exactly that one could be trusted by its fingerprint."""
