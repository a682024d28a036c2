"""What people may name things, and that every refusal names the field and is safe to print."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mailtui.core.errors import BadInput
from mailtui.core.names import parse_host, parse_key, parse_login, parse_name, parse_port

ANYTHING = st.text(st.characters())


def is_printable(text: str) -> bool:
    return not any(unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} or c in "\u202e\u2066" for c in text)


@pytest.mark.parametrize(
    "parse", [parse_host, parse_login, lambda text: parse_key(text, "key"), lambda text: parse_name(text)]
)
@given(text=ANYTHING)
@example(text="fe80::1%\x1b[31m")
@example(text="safe\u202egnp.exe")
@example(text="two\u2028lines")
@example(text="x" * 5_000)
def test_what_is_accepted_or_said_in_refusing_can_be_printed(parse: Callable[[str], str], text: str) -> None:
    try:
        assert is_printable(parse(text))
    except BadInput as error:
        assert is_printable(str(error))
        assert len(str(error)) < 1_000
        assert error.field


@pytest.mark.parametrize("text", ["", "-a", ".a", "a b", "a/b", "a@b", "é", "x" * 65])
def test_a_key_that_a_shell_or_url_would_not_take_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_key(text, "project")
    assert refused.value.field == "project"


@pytest.mark.parametrize("text", ["ana", "ana.pop", "_backup", "ana@corp.example", "CORP\\ana", "CORP+ana", " ana\n"])
def test_a_login_is_whatever_systems_and_directories_call_their_users(text: str) -> None:
    assert parse_login(text) == text.strip()


@pytest.mark.parametrize("text", ["", "@support", "-a", "a b", "a/b", "a:b", "é", "x" * 65])
def test_what_no_system_calls_a_user_is_no_login(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_login(text)
    assert refused.value.field == "login"


def test_a_name_may_be_in_any_script_and_keeps_its_joiners() -> None:
    for name in ("Ștefan Müller", "株式会社", "می\u200cخواهم", "👩\u200d💻 Help"):
        assert parse_name(f"  {name} ") == name


def test_a_name_that_is_needed_must_be_there() -> None:
    with pytest.raises(BadInput, match="missing"):
        parse_name("  ", required=True)
    assert parse_name("  ") == ""


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("SMTP.Example.COM.", "smtp.example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("0:0:0:0:0:0:0:1", "::1"),
        ("fe80::1%eth0", "fe80::1%eth0"),
        ("mail_1.corp", "mail_1.corp"),
    ],
)
def test_a_host_is_kept_as_a_resolver_needs_it(typed: str, host: str) -> None:
    assert parse_host(typed) == host


@pytest.mark.parametrize("typed", ["", " ", ".", "a..b", "-a.example", "a b", "http://a", "a:25", "x" * 64, "a." * 130])
def test_what_is_no_host_is_refused(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_host(typed)
    assert refused.value.field == "host"


@given(st.integers())
def test_a_port_is_a_number_from_1_to_65535(port: int) -> None:
    if 1 <= port <= 65535:
        assert parse_port(str(port)) == parse_port(port) == port
    else:
        with pytest.raises(BadInput):
            parse_port(port)


@pytest.mark.parametrize("text", ["", "smtp", "25.0", "1e3", "2_5", "9" * 5_000])
def test_what_is_no_number_is_no_port(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_port(text)
    assert len(str(refused.value)) < 1_000
