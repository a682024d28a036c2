"""Every exit code, from data alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.cli import exit_codes
from mailtui.core import errors
from mailtui.core.account_test import AccountTest, Step
from mailtui.core.deliveries import Attempt, Delivery, DeliveryState
from mailtui.core.reasons import Retry
from tests.company import NOW


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.BadInput, 65),
        (errors.NotFound, 66),
        (errors.Unavailable, 69),
        (errors.CannotCreate, 73),
        (errors.Conflict, 75),
        (errors.TryAgain, 75),
        (errors.NotAllowed, 77),
        (errors.Misconfigured, 78),
    ],
)
def test_every_kind_of_error_has_its_code_of_sysexits(error: type[errors.MailtuiError], code: int) -> None:
    assert exit_codes.of_error(error("what happened")) == code


@pytest.mark.parametrize(
    ("step", "reason", "smtp_code", "code"),
    [
        (Step.RESOLVE, "host-unreachable", None, 69),
        (Step.CONNECT, "host-unreachable", None, 69),
        (Step.CONNECT, "timed-out", None, 69),
        (Step.GREET, "host-unreachable", None, 69),
        (Step.CONNECT, "rate-limited", 421, 75),
        (Step.SIGN_IN, "timed-out", None, 75),
        (Step.SIGN_IN, "server-out-of-order", 454, 75),
        (Step.RECIPIENT, "mailbox-full", 452, 75),
        (Step.RECIPIENT, "unknown", 451, 75),
        (Step.SIGN_IN, "wrong-password", 535, 77),
        (Step.SENDER, "sender-not-allowed", 553, 77),
        (Step.SIGN_IN, "encryption-required", None, 77),
        (Step.SIGN_IN, "protocol-error", 500, 76),
        (Step.RECIPIENT, "recipient-unknown", 550, 76),
        (Step.ENCRYPT, "certificate-invalid", None, 76),
        (Step.GREET, "unknown", 550, 76),
    ],
)
def test_the_code_of_an_account_test_says_what_to_do(step: Step, reason: str, smtp_code: int | None, code: int) -> None:
    test = AccountTest(ok=False, address="a@corp.example", failed_step=step, reason=reason, code=smtp_code)

    assert exit_codes.of_test(test) == code


def test_an_account_that_can_send_ends_with_0() -> None:
    assert exit_codes.of_test(AccountTest(ok=True, address="a@corp.example")) == 0


OUTCOMES = {
    "sent": (DeliveryState.SENT, None),
    "waits": (DeliveryState.DEFERRED, Retry.TEMPORARY),
    "queued": (DeliveryState.QUEUED, None),
    "refused": (DeliveryState.FAILED, Retry.PERMANENT),
    "account refused": (DeliveryState.DEFERRED, Retry.ACCOUNT),
}


def a_delivery(outcome: str) -> Delivery:
    state, retry = OUTCOMES[outcome]
    last = Attempt(at=NOW, ok=state is DeliveryState.SENT, retry=retry) if state is not DeliveryState.QUEUED else None
    return Delivery(
        id=1,
        message_id="<1@corp.example>",
        project="brand-a",
        sender="a@corp.example",
        to="ion@client.example",
        by="ana",
        subject="Offer",
        state=state,
        created_at=NOW,
        last=last,
    )


@given(st.lists(st.sampled_from(sorted(OUTCOMES)), min_size=1))
def test_the_gravest_of_several_deliveries_decides_the_code(outcomes: list[str]) -> None:
    code = exit_codes.of_deliveries([a_delivery(outcome) for outcome in outcomes])

    gravest = [(77, {"account refused"}), (69, {"refused"}), (75, {"waits", "queued"})]
    assert code == next((code for code, those in gravest if those & set(outcomes)), 0)
