"""The mail services: each entry is sound, and an address finds its own service and no other (S4, S7)."""

import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mailtui.core.addresses import Security, SignIn, SmtpAccount, parse_address
from mailtui.core.errors import NotFound
from mailtui.core.services import Service, SignInKind, service, service_at, service_for, services
from mailtui.core.text import clean

HOST = re.compile(r"(?=.{1,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}\Z")
"""A name of two labels or more, in lower case and without the last dot (RFC 1123 section 2.1)."""

PORTS = {Security.TLS: 465, Security.STARTTLS: 587}
"""The ports of RFC 8314 section 3.3 and RFC 6409 section 3.1, which all services have."""

PASSWORD, APP_PASSWORD, OAUTH, KEY = SignInKind

BIGGEST = {
    "ana@gmail.com": ("gmail", "smtp.gmail.com", 465, APP_PASSWORD, "ana@gmail.com"),
    "ana@hotmail.com": ("outlook", "smtp-mail.outlook.com", 587, OAUTH, "ana@hotmail.com"),
    "ana@yahoo.com": ("yahoo", "smtp.mail.yahoo.com", 465, APP_PASSWORD, "ana@yahoo.com"),
    "ana@icloud.com": ("icloud", "smtp.mail.me.com", 587, APP_PASSWORD, "ana@icloud.com"),
    "ana@aol.com": ("aol", "smtp.aol.com", 465, APP_PASSWORD, "ana@aol.com"),
    "ana@qq.com": ("qq", "smtp.qq.com", 465, APP_PASSWORD, "ana@qq.com"),
    "ana@163.com": ("netease-163", "smtp.163.com", 465, APP_PASSWORD, "ana@163.com"),
    "ana@mail.ru": ("mail-ru", "smtp.mail.ru", 465, APP_PASSWORD, "ana@mail.ru"),
    "ana@gmx.de": ("gmx", "mail.gmx.net", 465, PASSWORD, "ana@gmx.de"),
    "ana@web.de": ("web-de", "smtp.web.de", 465, PASSWORD, "ana"),
}
"""For an address of each: service, host, port, the kind of sign-in that is preferred, user name."""

SENDERS = {
    "amazon-ses": "",
    "sendgrid": "apikey",
    "mailgun": "",
    "postmark": "",
    "brevo": "",
    "mailjet": "",
    "resend": "resend",
    "sparkpost": "SMTP_Injection",
}
"""What stands in the user name of each sending service before a person types; empty where it gives a name out."""

OWNERS = {domain: entry.id for entry in services() for domain in entry.domains}
"""The plain answer to whose a domain is."""

any_service = pytest.mark.parametrize("entry", services(), ids=lambda entry: entry.id)
known_domains = st.sampled_from(sorted(OWNERS))
local_parts = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9.]{0,10}[A-Za-z0-9])?", fullmatch=True).filter(
    lambda text: ".." not in text
)


def in_some_case(text: str) -> st.SearchStrategy[str]:
    """The text with each letter in upper or lower case."""
    return st.tuples(*(st.sampled_from([letter.lower(), letter.upper()]) for letter in text)).map("".join)


def found_id(address: str) -> str | None:
    found = service_for(address)
    return found.id if found else None


def test_at_least_35_services_are_offered() -> None:
    assert len(services()) >= 35


def test_no_two_services_share_an_id_a_name_or_a_domain() -> None:
    ids = [entry.id for entry in services()]
    names = [entry.name for entry in services()]
    domains = [domain for entry in services() for domain in entry.domains]
    for values in (ids, names, domains):
        assert [value for value in values if values.count(value) > 1] == []


def test_an_mx_host_leads_to_one_service_only() -> None:
    suffixes = [suffix for entry in services() for suffix in entry.mx]
    overlapping = [
        (one, other)
        for i, one in enumerate(suffixes)
        for j, other in enumerate(suffixes)
        if i != j and f".{one}".endswith(f".{other}")
    ]
    assert overlapping == []


@any_service
def test_hosts_domains_and_mx_are_host_names(entry: Service) -> None:
    for name in (entry.host, *entry.host_choices, *entry.domains, *entry.mx):
        assert HOST.match(name), name


@any_service
def test_every_service_encrypts_and_its_port_says_how(entry: Service) -> None:
    assert entry.port == PORTS[entry.security]


@any_service
def test_the_host_is_one_of_its_choices_where_there_are_any(entry: Service) -> None:
    assert not entry.host_choices or entry.host in entry.host_choices
    assert len(set(entry.host_choices)) == len(entry.host_choices) != 1


@any_service
def test_links_are_https(entry: Service) -> None:
    assert re.fullmatch(r"(https://[a-z0-9.-]+(/[!-~]*)?)?", entry.link)


@any_service
def test_words_for_people_are_complete_and_safe_for_a_terminal(entry: Service) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.id)
    for words in (entry.name, entry.username, entry.sources, *entry.steps):
        assert words == clean(words, 130)
        assert words
    assert all(step.endswith(".") for step in entry.steps)


@any_service
def test_no_service_takes_the_same_kind_of_sign_in_twice(entry: Service) -> None:
    assert len(set(entry.signin)) == len(entry.signin)


@any_service
def test_a_provider_is_named_exactly_where_oauth_is_taken(entry: Service) -> None:
    assert bool(entry.provider) == (OAUTH in entry.signin)


@any_service
def test_a_service_that_only_makes_keys_serves_no_password(entry: Service) -> None:
    assert KEY not in entry.signin or entry.signin == (KEY,)


def test_services_that_take_nothing_but_oauth_say_so() -> None:
    assert [entry.id for entry in services() if entry.oauth_only] == ["outlook"]


@any_service
def test_every_service_starts_a_valid_account(entry: Service) -> None:
    account = entry.account_for("Ana.Pop@corp.example")
    assert SmtpAccount.model_validate(account.model_dump()) == account
    assert (account.service, account.host, account.port) == (entry.id, entry.host, entry.port)
    assert account.signin is (SignIn.OAUTH if entry.oauth_only else SignIn.PASSWORD)
    assert account.username in ("Ana.Pop@corp.example", "Ana.Pop", "", entry.username)
    assert account.security is not Security.NONE


@pytest.mark.parametrize("address", BIGGEST)
def test_the_ten_biggest_are_filled_in_as_known(address: str) -> None:
    id, host, port, kind, username = BIGGEST[address]
    entry = service_for(address)
    assert entry is not None
    assert (entry.id, entry.host, entry.port, entry.signin[0]) == (id, host, port, kind)
    assert entry.account_for(address).username == username


@pytest.mark.parametrize("id", SENDERS)
def test_a_sending_service_takes_a_key_and_its_own_user_name(id: str) -> None:
    entry = service(id)
    assert entry.signin == (KEY,)
    assert entry.username_for("sales@brand-a.example") == SENDERS[id]


def test_microsoft_365_prefers_oauth_and_still_takes_a_password() -> None:
    assert service("microsoft-365").signin == (OAUTH, PASSWORD)
    assert service("microsoft-365").account_for("ana@corp.example").signin is SignIn.PASSWORD


def test_an_account_that_signs_in_by_oauth_names_its_provider() -> None:
    assert service("outlook").account_for("ana@outlook.com").provider == "microsoft"
    assert service("gmail").account_for("ana@gmail.com").provider == ""


@given(st.data())
def test_a_known_domain_is_recognised_in_any_case(data: st.DataObject) -> None:
    domain = data.draw(known_domains)
    address = f"{data.draw(local_parts)}@{data.draw(in_some_case(domain))}"
    assert found_id(address) == OWNERS[domain] == found_id(parse_address(address))


@given(local_parts, st.from_regex(r"[a-z0-9-]{0,8}\.?", fullmatch=True), known_domains)
def test_what_stands_before_a_known_domain_makes_it_another_one(local: str, before: str, domain: str) -> None:
    assert found_id(f"{local}@{before}{domain}") == OWNERS.get(f"{before}{domain}")


@given(local_parts, known_domains, st.from_regex(r"\.?[a-z0-9.-]{1,8}", fullmatch=True))
def test_what_stands_behind_a_known_domain_makes_it_another_one(local: str, domain: str, behind: str) -> None:
    assert found_id(f"{local}@{domain}{behind}") == OWNERS.get(f"{domain}{behind}")


@pytest.mark.parametrize(
    "address",
    ["ana@evilgmail.com", "ana@mail.gmail.com", "ana@gmail.com.evil.example", "ana@gmail.com@evil.example", "ana@"],
)
def test_a_lookalike_of_a_known_domain_is_nobodys(address: str) -> None:
    assert service_for(address) is None


@given(st.text(max_size=40))
def test_half_typed_text_is_no_error(text: str) -> None:
    assert found_id(text) is None or "@" in text


def test_a_domain_without_an_address_proposes_nothing() -> None:
    assert service_for("gmail.com") is None


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("gmial", "there is no mail service 'gmial'; did you mean gmail"),
        ("SendGrid", "there is no mail service 'SendGrid'; did you mean sendgrid"),
        ("#", "there is no mail service '#'; `mailtui services` lists them all"),
    ],
)
def test_an_unknown_service_is_answered_with_what_it_may_have_been(asked: str, answer: str) -> None:
    with pytest.raises(NotFound, match=re.escape(answer)):
        service(asked)


def test_an_unknown_service_cannot_write_to_the_terminal() -> None:
    with pytest.raises(NotFound) as refused:
        service("\x1b]0;owned\x07" + "a" * 10_000)
    assert "\x1b" not in str(refused.value)
    assert len(str(refused.value)) < 200


def test_an_unknown_field_of_a_service_is_refused() -> None:
    entry = service("gmail").model_dump()
    with pytest.raises(ValidationError, match="imap"):
        Service.model_validate(entry | {"imap": "imap.gmail.com"})


def test_a_service_survives_the_way_through_json() -> None:
    for entry in services():
        assert Service.model_validate_json(entry.model_dump_json()) == entry


def test_importing_the_services_does_not_read_them() -> None:
    asked = "import sys, mailtui.core.services as s; print('tomllib' in sys.modules, s.services.cache_info().currsize)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout == "False 0\n"


@any_service
def test_the_guide_of_a_typed_sign_in_is_the_services_own_steps_with_its_link(entry: Service) -> None:
    guide = entry.guide(SignIn.PASSWORD)
    assert (guide.steps, guide.link) == (entry.steps, entry.link)
    assert guide.wants.startswith(entry.name)
    assert all(kind.words in guide.wants for kind in entry.signin)


@any_service
def test_the_guide_of_oauth_names_the_provider_and_no_password(entry: Service) -> None:
    guide = entry.guide(SignIn.OAUTH)
    if OAUTH in entry.signin and not entry.oauth_only:
        assert f"mailtui provider add {entry.provider}" in guide.steps[0]
        assert "password" not in " ".join(guide.steps).lower()
    else:
        assert guide.steps == entry.steps


@any_service
def test_a_server_typed_by_hand_is_known_as_its_service(entry: Service) -> None:
    for host in (entry.host, *entry.host_choices, f" {entry.host.upper()} "):
        found = service_at(host)
        assert found is not None and host.strip().lower() in (found.host, *found.host_choices)


def test_of_services_that_share_a_server_the_one_of_the_address_is_meant() -> None:
    assert service_at("smtp.gmail.com", "ana@corp.example") == service("gmail")
    assert service_at("smtp.gmail.com", "ana@googlemail.com") == service("gmail")
    assert service_at("smtp.fastmail.com", "ana@gmail.com") == service("fastmail")
    assert service_at("mail.corp.example") is None
    assert service_at("") is None


@any_service
@given(local_part=local_parts)
def test_the_usual_user_name_may_always_be(entry: Service, local_part: str) -> None:
    address = f"{local_part}@corp.example"
    if entry.username_for(address):
        assert entry.username_may_be(entry.username_for(address), address)
    else:
        assert not entry.username_may_be(address, address)
        assert not entry.username_may_be("", address)
