"""How the result of an account test is told to a person."""

import click

from mailtui.cli.output import say
from mailtui.core.account_test import AccountTest, Certificate
from mailtui.core.reasons import reason
from mailtui.core.text import clean, clean_lines


def print_test(test: AccountTest, *, saved: bool | None = None) -> None:
    """`saved` says what came of the address; None where it was only tested."""
    if test.ok:
        say(f"{test.address} can send." if saved is None else f"{test.address} can send and is saved.")
        return
    step = test.failed_step.words if test.failed_step else "the test"
    ending = "" if saved is None else " Nothing is saved."
    say(f"{test.address} cannot send: {step} failed: {reason(test.reason).title}.{ending}")
    for line in clean_lines(test.reply).splitlines():
        say(f"  {line}")
    say(clean(test.meaning))
    for remedy in test.remedy:
        say(f"- {clean(remedy)}")
    if test.certificate is not None:
        _print_certificate(test.certificate)


def _print_certificate(shown: Certificate) -> None:
    say(f"The server showed a certificate of {clean(shown.subject)}, issued by {clean(shown.issuer)},")
    say(
        f"for {clean(', '.join(shown.hosts)) or 'no host'}, valid until {shown.not_after:%Y-%m-%d}, SHA-256 fingerprint"
    )
    say(f"  {shown.sha256}")
    click.echo("If its owner confirms that fingerprint, trust exactly this one with --pin-certificate.")
