"""Certificates: which are believed, and what is said of those that are not."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailtui.core.account_test import Step
from mailtui.core.addresses import Security
from mailtui.core.errors import BadInput
from mailtui.demo.authority import Shows
from mailtui.demo.plans import ServerPlan
from mailtui.demo.servers import LoopbackServers
from mailtui.smtp.trust import read_certificate
from tests.smtp.trials import nothing_left_open, tried

ENCRYPTED = [Security.TLS, Security.STARTTLS]
OTHER_PIN = "0" * 64


def showing(shows: Shows, security: Security) -> ServerPlan:
    return ServerPlan(name="shows", security=security, shows=shows)


@pytest.mark.parametrize("security", ENCRYPTED)
@pytest.mark.parametrize(
    ("shows", "words", "field"),
    [
        (Shows.EXPIRED, "expired on 2021-01-01", "ca_file"),
        (Shows.OTHER_NAME, "for another name than 127.0.0.1: it is for mail.elsewhere.example", "host"),
        (Shows.UNKNOWN_AUTHORITY, "unknown authority OU=Testing CA", "ca_file"),
    ],
)
async def test_an_invalid_certificate_fails_with_what_is_wrong_and_whose_it_is(
    security: Security, shows: Shows, words: str, field: str
) -> None:
    async with nothing_left_open(), LoopbackServers([showing(shows, security)]) as servers:
        result = await tried(servers["shows"])
    assert (result.failed_step, result.reason, result.field) == (Step.ENCRYPT, "certificate-invalid", field)
    assert words in result.reply
    assert result.certificate is not None
    assert len(result.certificate.sha256) == 64
    assert "mailtui demo server" in result.certificate.subject


@pytest.mark.parametrize("security", ENCRYPTED)
@pytest.mark.parametrize("shows", [Shows.EXPIRED, Shows.OTHER_NAME, Shows.UNKNOWN_AUTHORITY])
async def test_the_certificate_that_was_shown_can_be_trusted_by_its_fingerprint(
    security: Security, shows: Shows
) -> None:
    async with LoopbackServers([showing(shows, security)]) as servers:
        shown = (await tried(servers["shows"])).certificate
        assert shown is not None
        assert (await tried(servers["shows"], pinned_certificate=shown.sha256)).ok


@pytest.mark.parametrize("security", ENCRYPTED)
async def test_a_host_that_is_reached_at_another_address_than_its_own_shows_its_certificate_too(
    security: Security,
) -> None:
    async with nothing_left_open(), LoopbackServers([showing(Shows.UNKNOWN_AUTHORITY, security)]) as servers:
        result = await tried(servers["shows"], host="0.0.0.0")  # noqa: S104 - connected to, not listened on
    assert (result.failed_step, result.reason) == (Step.ENCRYPT, "certificate-invalid")
    assert result.certificate is not None


@pytest.mark.parametrize("security", ENCRYPTED)
async def test_a_pin_trusts_no_other_certificate_however_valid(security: Security) -> None:
    async with nothing_left_open(), LoopbackServers([showing(Shows.VALID, security)]) as servers:
        result = await tried(servers["shows"], pinned_certificate=OTHER_PIN)
        assert (await tried(servers["shows"])).ok
    assert (result.failed_step, result.reason) == (Step.ENCRYPT, "certificate-invalid")
    assert result.certificate is not None
    assert result.certificate.sha256 in result.reply


@pytest.mark.parametrize("security", ENCRYPTED)
async def test_a_ca_file_trusts_only_its_own_authorities(security: Security) -> None:
    async with LoopbackServers([showing(Shows.VALID, security)]) as ours:
        server = ours["shows"]
        assert (await tried(server)).ok
        assert (await tried(server, ca_file="")).reason == "certificate-invalid"


async def test_nothing_of_ours_is_said_to_a_server_that_is_not_believed() -> None:
    async with LoopbackServers([showing(Shows.UNKNOWN_AUTHORITY, Security.STARTTLS)]) as servers:
        result = await tried(servers["shows"])
        assert [done.step for done in result.steps] == [Step.RESOLVE, Step.CONNECT, Step.ENCRYPT]
        await servers.all_closed()


async def test_a_good_certificate_is_shown_with_its_end() -> None:
    async with LoopbackServers([showing(Shows.VALID, Security.TLS)]) as servers:
        result = await tried(servers["shows"])
    [encryption] = [done.detail for done in result.steps if done.step is Step.ENCRYPT]
    assert encryption.startswith("TLSv1.")
    assert "certificate valid until 3000-01-01" in encryption


@pytest.mark.parametrize("content", [None, "no certificate at all"])
async def test_a_ca_file_that_cannot_be_used_is_bad_input(tmp_path: Path, content: str | None) -> None:
    ca_file = tmp_path / "ca.pem"
    if content is not None:
        ca_file.write_text(content)
    async with LoopbackServers([showing(Shows.VALID, Security.TLS)]) as servers:
        with pytest.raises(BadInput) as refused:
            await tried(servers["shows"], ca_file=str(ca_file))
    assert refused.value.field == "ca_file"


def test_octets_that_are_no_certificate_are_none() -> None:
    assert read_certificate(b"\x30\x03\x02\x01") is None


def test_a_certificates_words_are_made_safe() -> None:
    der = _self_signed("evil\x1b[2J\u202e", "a\x1b]0;x\x07.example")
    shown = read_certificate(der)
    assert shown is not None
    assert shown.sha256 == hashlib.sha256(der).hexdigest()
    assert not {"\x1b", "\u202e", "\x07"} & set(shown.subject + shown.issuer + "".join(shown.hosts))


def _self_signed(name: str, host: str) -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    whose = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(whose)
        .issuer_name(whose)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.DER)
