"""What the exit code says, by sysexits.h: one place for errors, tests of accounts, and deliveries."""

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from mailtui.core import errors

if TYPE_CHECKING:
    from mailtui.core.account_test import AccountTest
    from mailtui.core.deliveries import Delivery

INTERRUPTED: Final = 130
"""128 and the number of SIGINT, as a shell says it."""

TELLING: Final = (
    os.EX_NOPERM, os.EX_CONFIG, os.EX_DATAERR, os.EX_NOINPUT, os.EX_PROTOCOL, os.EX_UNAVAILABLE, os.EX_TEMPFAIL
)  # fmt: skip
"""What an administrator must mend comes before what may pass."""

BY_ERROR: Final[tuple[tuple[type[errors.MailtuiError], int], ...]] = (
    (errors.BadInput, os.EX_DATAERR),
    (errors.NotFound, os.EX_NOINPUT),
    (errors.NotAllowed, os.EX_NOPERM),
    (errors.Conflict, os.EX_TEMPFAIL),
    (errors.TryAgain, os.EX_TEMPFAIL),
    (errors.Unavailable, os.EX_UNAVAILABLE),
    (errors.CannotCreate, os.EX_CANTCREAT),
    (errors.Misconfigured, os.EX_CONFIG),
)


def of_error(error: errors.MailtuiError) -> int:
    """65 bad input, 66 not found, 69 unavailable, 73 cannot create, 75 try again, 77 not allowed, 78 configuration."""
    return next((code for kind, code in BY_ERROR if isinstance(error, kind)), os.EX_SOFTWARE)


def of_test(test: "AccountTest") -> int:
    """0 ok, 69 no server was reached, 75 it may pass, 77 sign-in or sender refused, 76 anything else."""
    from mailtui.core.account_test import Step
    from mailtui.core.reasons import Retry, reason

    if test.ok:
        return os.EX_OK
    silent = test.code is None and test.reason != "protocol-error"
    if test.reason == "host-unreachable" or (silent and test.failed_step in (Step.RESOLVE, Step.CONNECT)):
        return os.EX_UNAVAILABLE
    if reason(test.reason).retry is Retry.TEMPORARY or (test.code is not None and 400 <= test.code < 500):
        return os.EX_TEMPFAIL
    if test.failed_step in (Step.SIGN_IN, Step.SENDER) and test.reason != "protocol-error":
        return os.EX_NOPERM
    return os.EX_PROTOCOL


def of_tests(codes: Iterable[int]) -> int:
    """Of several tests: 0 all ok; else the most telling code among them."""
    found = set(codes) - {os.EX_OK}
    return next((code for code in TELLING if code in found), os.EX_OK)


def of_deliveries(deliveries: "Sequence[Delivery]") -> int:
    """0 all sent; else the gravest: 77 the account was refused, 69 some were refused for good, 75 some wait."""
    from mailtui.core.deliveries import DeliveryState
    from mailtui.core.reasons import Retry

    lasts = (delivery.last for delivery in deliveries)
    if any(last is not None and last.retry is Retry.ACCOUNT for last in lasts):
        return os.EX_NOPERM
    states = {delivery.state for delivery in deliveries}
    if states & {DeliveryState.FAILED, DeliveryState.CANCELLED}:
        return os.EX_UNAVAILABLE
    return os.EX_OK if states <= {DeliveryState.SENT} else os.EX_TEMPFAIL
