"""Testing an account: the session, the sender, the recipient, and on request one real message."""

from mailtui.core.account_test import AccountTest, Report, Step, StepDone, StepEvent
from mailtui.core.addresses import SmtpAccount
from mailtui.core.frozen import Frozen
from mailtui.core.reasons import reason
from mailtui.smtp.failures import Failure, StepFailed
from mailtui.smtp.session import open_session
from mailtui.smtp.sign_in import Credential
from mailtui.smtp.steps import Deadlines
from mailtui.smtp.submit import hand_over


class RealMessage(Frozen):
    """A message that the test really sends."""

    recipient: str
    content: bytes
    """RFC 5322 octets with CRLF."""


async def probe(
    address: str,
    account: SmtpAccount,
    credential: Credential | None,
    *,
    report: Report,
    deadlines: Deadlines | None = None,
    real_message: RealMessage | None = None,
    local_hostname: str | None = None,
) -> AccountTest:
    """Tests whether `account` sends as `address`, reporting each step as it happens.

    The recipient is the address itself, never an invented one, which servers refuse. What a server does is in the
    result; a cancellation passes through, and BadInput for a CA file or credential that cannot be used.
    """
    steps: list[StepDone] = []

    def keep(event: StepEvent) -> None:
        if isinstance(event, StepDone):
            steps.append(event)
        report(event)

    try:
        async with open_session(
            account, credential, report=keep, deadlines=deadlines, local_hostname=local_hostname
        ) as session:
            async with session.step(Step.SENDER) as progress:
                options = () if address.isascii() else ("SMTPUTF8",)
                progress.detail = await session.mail(address, *options)
            async with session.step(Step.RECIPIENT) as progress:
                progress.detail = await session.rcpt(address)
            await session.reset()
            if real_message is not None:
                async with session.step(Step.MESSAGE) as progress:
                    progress.detail = await hand_over(session, address, real_message.recipient, real_message.content)
    except StepFailed as failed:
        return _failed(address, failed.failure, steps)
    return AccountTest(ok=True, address=address, steps=tuple(steps))


def _failed(address: str, failure: Failure, steps: list[StepDone]) -> AccountTest:
    why = reason(failure.reason)
    # The recipient of a test is the address itself.
    about_address = "address" if failure.step is Step.RECIPIENT else ""
    return AccountTest(
        ok=False,
        address=address,
        failed_step=failure.step,
        steps=tuple(steps),
        reply=failure.reply,
        code=failure.code,
        enhanced=failure.enhanced,
        reason=failure.reason,
        meaning=why.meaning,
        remedy=why.remedy,
        field=failure.field or why.field or about_address,
        certificate=failure.certificate,
    )
