"""The form and its dialogs as they look; what a real server says differs from run to run, so here it is said for it."""

from datetime import UTC, datetime

import pytest
from pydantic import SecretStr
from textual.pilot import Pilot

from mailtui.core.account_test import AccountTest, Certificate, Step, StepDone, StepStarted
from mailtui.core.reasons import reason
from mailtui.operations.context import Context
from mailtui.store import Store
from mailtui.tui.form.address_form import AddressForm
from mailtui.tui.form.certificate import TrustCertificate
from mailtui.tui.form.failure import FailureDetails
from mailtui.tui.form.test_panel import AccountTestPanel
from mailtui.tui.screens.passphrase import Passphrase
from mailtui.tui.tones import Tone
from tests.tui.frame import SIZE, shown, until
from tests.tui.pages import ANA, Compare, OnPage, as_employee, is_drawn, looks_as_before

REPLY = "535 5.7.8 Error: authentication failed"

CERTIFICATE = Certificate(
    subject="CN=smtp.brand-a.example",
    issuer="CN=Brand A internal authority,O=Brand A",
    hosts=("smtp.brand-a.example", "mail.brand-a.example"),
    not_before=datetime(2026, 1, 1, tzinfo=UTC),
    not_after=datetime(2027, 1, 1, tzinfo=UTC),
    sha256="0123456789abcdef" * 4,
)


@pytest.fixture
def ana(company: Store) -> Context:
    return as_employee(company, ANA)


def a_failed_test() -> AccountTest:
    why = reason("wrong-password")
    steps = (
        StepDone(step=Step.RESOLVE, ok=True, ms=12, detail="192.0.2.10 and 2001:db8::10"),
        StepDone(step=Step.CONNECT, ok=True, ms=31, detail="192.0.2.10 port 587"),
        StepDone(step=Step.ENCRYPT, ok=True, ms=64, detail="TLSv1.3, certificate valid until 2027-02-01"),
        StepDone(step=Step.GREET, ok=True, ms=30, detail="sign-in by PLAIN and LOGIN; messages up to 10 MB"),
        StepDone(step=Step.SIGN_IN, ok=False, ms=41, detail=REPLY),
    )
    return AccountTest(
        ok=False,
        address="sales@brand-a.example",
        failed_step=Step.SIGN_IN,
        steps=steps,
        reply=REPLY,
        code=535,
        enhanced="5.7.8",
        reason=why.name,
        meaning=why.meaning,
        remedy=why.remedy,
        field=why.field,
    )


def test_the_empty_form_looks_as_before(snap_compare: Compare, ana: Context) -> None:
    assert looks_as_before(snap_compare, ana, AddressForm, seen="not tested yet")


def test_a_chosen_service_looks_as_before(snap_compare: Compare, ana: Context) -> None:
    keys = (*"ana", "at", *"gmail", "full_stop", *"com", "ctrl+f")
    assert looks_as_before(snap_compare, ana, AddressForm, *keys, seen="myaccount.google.com")


def test_a_wrong_field_looks_as_before(snap_compare: Compare, ana: Context) -> None:
    assert looks_as_before(snap_compare, ana, AddressForm, *"ana", "tab", seen="✗")


def test_the_access_tab_looks_as_before(snap_compare: Compare, ana: Context) -> None:
    keys = ("f3", "tab", "down", "space", "down")
    assert looks_as_before(snap_compare, ana, AddressForm, *keys, seen="1 marked of 5")


def test_the_projects_tab_looks_as_before(snap_compare: Compare, ana: Context) -> None:
    assert looks_as_before(snap_compare, ana, AddressForm, "f4", "space", seen="choose at least one")


def test_a_failed_test_looks_as_before(snap_compare: Compare, ana: Context) -> None:
    app = OnPage(ana, AddressForm)

    async def failed(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: app.page_is_open and is_drawn(pilot) and "not tested yet" in shown(pilot))
        await pilot.pause()  # What the fields tell of their first values would say "not tested yet" once more.
        panel = app.screen.query_one(AccountTestPanel)
        result = a_failed_test()
        panel.begin()
        for done in result.steps:
            panel.report(StepStarted(step=done.step))
            panel.report(done)
        panel.end(result)
        panel.say("failed in 0.2 s", Tone.BAD)
        app.screen.refresh_bindings()
        await until(pilot, lambda: "ctrl+r more" in shown(pilot))

    assert snap_compare(app, terminal_size=SIZE, run_before=failed)


def test_everything_about_a_failure_looks_as_before(snap_compare: Compare, ana: Context) -> None:
    def details() -> FailureDetails:
        return FailureDetails(
            address="sales@brand-a.example", step="sign in", reply=REPLY, reason_name="wrong-password"
        )

    app = OnPage(ana, details)

    async def drawn(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: app.page_is_open and "What to do" in shown(pilot))

    assert snap_compare(app, terminal_size=SIZE, run_before=drawn)


def test_an_unknown_certificate_looks_as_before(snap_compare: Compare, ana: Context) -> None:
    def question() -> TrustCertificate:
        return TrustCertificate(CERTIFICATE, host="smtp.brand-a.example", why="the certificate is of nobody known")

    assert looks_as_before(snap_compare, ana, question, seen="SHA-256")


@pytest.mark.parametrize("new", [False, True])
def test_the_passphrase_looks_as_before(snap_compare: Compare, ana: Context, new: bool) -> None:
    assert looks_as_before(snap_compare, ana, lambda: Passphrase(ana, new=new), seen="Passphrase")


def test_a_forgotten_passphrase_looks_as_before(snap_compare: Compare, ana: Context) -> None:
    ana.secrets.put("sales", SecretStr("correct horse"))
    assert looks_as_before(
        snap_compare, ana, lambda: Passphrase(ana, new=False), "ctrl+n", seen="Nobody can recover a passphrase"
    )
