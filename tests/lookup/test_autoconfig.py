"""The autoconfig file: what is read of it, and that nothing in it can do harm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.core.addresses import Security, SignIn
from mailtui.core.errors import BadInput
from mailtui.core.look_up import FoundServer
from mailtui.lookup.autoconfig import outgoing_servers, places
from mailtui.lookup.web import MAX_OCTETS

ANA = "ana@brand.example"


def a_server(**changed: str) -> str:
    said = {
        "hostname": "smtp.brand.example",
        "port": "465",
        "socketType": "SSL",
        "authentication": "password-cleartext",
        "username": "%EMAILADDRESS%",
        **changed,
    }
    return '<outgoingServer type="smtp">' + "".join(f"<{k}>{v}</{k}>" for k, v in said.items()) + "</outgoingServer>"


def a_file(*servers: str) -> bytes:
    incoming = '<incomingServer type="imap"><hostname>imap.brand.example</hostname></incomingServer>'
    provider = f'<emailProvider id="brand.example">{incoming}{"".join(servers)}</emailProvider>'
    return f'<?xml version="1.0"?><clientConfig version="1.1">{provider}</clientConfig>'.encode()


def test_the_sending_server_is_read() -> None:
    assert outgoing_servers(a_file(a_server()), ANA) == [
        FoundServer(host="smtp.brand.example", port=465, security=Security.TLS, username=ANA)
    ]


@pytest.mark.parametrize(
    ("template", "username"),
    [
        ("%EMAILADDRESS%", "ana@brand.example"),
        ("%EMAILLOCALPART%", "ana"),
        ("%EMAILLOCALPART%.%EMAILDOMAIN%", "ana.brand.example"),
        ("mail%EMAILBOX%", "mail%EMAILBOX%"),
        ("", ""),
    ],
)
def test_the_user_name_is_filled_in(template: str, username: str) -> None:
    assert outgoing_servers(a_file(a_server(username=template)), ANA)[0].username == username


def test_a_local_part_that_looks_like_a_placeholder_stays_what_it_is() -> None:
    odd = "%EMAILDOMAIN%@brand.example"
    assert outgoing_servers(a_file(a_server(username="%EMAILLOCALPART%")), odd)[0].username == "%EMAILDOMAIN%"


def test_a_server_without_encryption_is_never_proposed() -> None:
    found = outgoing_servers(a_file(a_server(socketType="plain"), a_server(socketType="STARTTLS", port="587")), ANA)
    assert [one.security for one in found] == [Security.STARTTLS]


@pytest.mark.parametrize(
    ("kinds", "signin"),
    [
        (["OAuth2", "password-cleartext"], SignIn.PASSWORD),
        (["OAuth2"], SignIn.OAUTH),
        (["none"], SignIn.NONE),
        (["GSSAPI", "NTLM", "password-encrypted"], SignIn.PASSWORD),
    ],
)
def test_a_password_is_preferred_to_what_needs_a_registration(kinds: list[str], signin: SignIn) -> None:
    inner = "</authentication><authentication>".join(kinds)
    assert outgoing_servers(a_file(a_server(authentication=inner)), ANA)[0].signin is signin


@pytest.mark.parametrize(
    "wrong",
    [
        {"hostname": "two words"},
        {"hostname": "a/../b"},
        {"hostname": ""},
        {"port": "0"},
        {"port": "99999"},
        {"authentication": "GSSAPI"},
        {"username": "ana\u202eevil"},
        {"username": "x" * 300},
    ],
)
def test_a_server_with_a_word_that_is_wrong_is_left_out(wrong: dict[str, str]) -> None:
    assert outgoing_servers(a_file(a_server(**wrong)), ANA) == []


BOMB = '<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><clientConfig>&b;</clientConfig>'
OUTSIDE = '<!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]><clientConfig>&a;</clientConfig>'


@pytest.mark.parametrize("document", [BOMB, OUTSIDE, '<!DOCTYPE b SYSTEM "https://evil.example/x"><b/>'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_before_anything_in_it_is_read(document: str, encoding: str) -> None:
    with pytest.raises(BadInput, match="declares a document type"):
        outgoing_servers(document.encode(encoding), ANA)


def test_elements_within_each_other_without_end_do_no_harm() -> None:
    deep = b"<a>" * (MAX_OCTETS // 3)
    with pytest.raises(BadInput):
        outgoing_servers(deep, ANA)
    half = MAX_OCTETS // 7
    assert outgoing_servers(b"<a>" * half + b"</a>" * half, ANA) == []


@given(st.binary(max_size=400) | st.text(max_size=300).map(lambda text: a_file(a_server(hostname=text))))
def test_whatever_comes_is_read_or_refused(document: bytes) -> None:
    try:
        found = outgoing_servers(document, ANA)
    except BadInput:
        return
    assert all(one.host and one.host.isascii() and one.host.isprintable() for one in found)


def test_the_domain_itself_is_asked_in_two_places() -> None:
    assert places("an a+b@brand.example") == (
        ("autoconfig.brand.example", "/mail/config-v1.1.xml?emailaddress=an%20a%2Bb%40brand.example"),
        ("brand.example", "/.well-known/autoconfig/mail/config-v1.1.xml"),
    )
