"""What stands in the fields of an account, and the account that it becomes."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.core.addresses import Security, SignIn, SmtpAccount
from mailtui.core.errors import BadInput
from mailtui.core.services import services
from mailtui.tui.form.certificate import fingerprint_lines
from mailtui.tui.form.typed import Trust, Typed, first_typed, parse_file, parse_sha256, typed_of, usual_username

SHA256 = st.binary(min_size=32, max_size=32).map(bytes.hex)


@st.composite
def accounts(draw: st.DrawFn) -> SmtpAccount:
    """Accounts as the form can make them."""
    security = draw(st.sampled_from(Security))
    signin = draw(st.sampled_from(SignIn))
    return SmtpAccount(
        service=draw(st.sampled_from(["", "gmail"])),
        host=draw(st.sampled_from(["smtp.corp.example", "127.0.0.1"])),
        port=draw(st.integers(1, 65535)),
        security=security,
        signin=signin,
        username="" if signin is SignIn.NONE else draw(st.text(max_size=20)),
        pinned_certificate="" if security is Security.NONE else draw(st.just("") | SHA256),
        cleartext_confirmed=security is Security.NONE and signin is not SignIn.NONE and draw(st.booleans()),
        provider="google" if signin is SignIn.OAUTH else "",
    )


@given(accounts())
def test_an_account_comes_out_of_the_fields_as_it_went_in(account: SmtpAccount) -> None:
    assert typed_of(account).account(account.service) == account


@given(SHA256, st.sampled_from([":", " ", "-", ""]), st.booleans(), st.integers(1, 8))
def test_a_fingerprint_is_read_in_every_usual_form(sha256: str, between: str, upper: bool, group: int) -> None:
    written = between.join(sha256[at : at + group] for at in range(0, len(sha256), group))
    assert parse_sha256(written.upper() if upper else written) == sha256


@given(SHA256)
def test_a_fingerprint_is_shown_so_that_it_can_be_read_again(sha256: str) -> None:
    assert parse_sha256(fingerprint_lines(sha256).replace("\n", " ")) == sha256


@given(st.text(max_size=80).filter(lambda text: len(text.strip(": -")) != 64))
def test_anything_else_is_no_fingerprint(text: str) -> None:
    with pytest.raises(BadInput, match="64 hexadecimal digits"):
        parse_sha256(text)


def test_only_what_is_seen_counts() -> None:
    typed = Typed(
        host="h.example", trust=Trust.SYSTEM, ca_file="/no/such", pinned_certificate="nothing", username="ana"
    )
    account = typed.account("")
    assert (account.ca_file, account.pinned_certificate) == ("", "")
    clear = typed.model_copy(update={"security": Security.NONE, "trust": Trust.CA_FILE, "cleartext_confirmed": True})
    assert (clear.account("").ca_file, clear.account("").cleartext_confirmed) == ("", True)
    nobody = clear.model_copy(update={"signin": SignIn.NONE}).account("")
    assert (nobody.username, nobody.cleartext_confirmed) == ("", False)


@pytest.mark.parametrize("service", [service.id for service in services()])
def test_a_service_fills_in_its_account(service: str) -> None:
    account = first_typed(service, "ana@corp.example").account(service)
    assert account.service == service
    assert account.username == usual_username(service, "ana@corp.example")


def test_a_file_of_authorities_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ca.pem").touch()
    assert parse_file("ca.pem") == str(tmp_path / "ca.pem")
    for wrong, reason in (("", "is missing"), ("no.pem", "cannot be read: No such file"), ("a\0b", "cannot be read")):
        with pytest.raises(BadInput, match=reason):
            parse_file(wrong)
