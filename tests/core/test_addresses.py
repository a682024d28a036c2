"""Addresses as servers need them, what a test covers, and when settings may be saved (S6)."""

import string

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from mailtui.core.addresses import (
    AddressState,
    ExternalAddress,
    Security,
    SignIn,
    SmtpAccount,
    address_key,
    changed_since_test,
    domain_of,
    parse_address,
    why_not_saved,
)
from mailtui.core.errors import BadInput
from tests.company import Tested, a_test, an_account, an_address, names
from tests.core.test_names import is_printable

ATEXT = string.ascii_letters + string.digits + "!#$%&'*+-/=?^_`{|}~"
LOCAL_PARTS = st.lists(st.text(ATEXT, min_size=1, max_size=12), min_size=1, max_size=4).map(".".join)
LABELS = st.from_regex(r"[a-z]([a-z0-9]{0,8}[a-z])?", fullmatch=True)


@given(LOCAL_PARTS, LABELS)
def test_every_dot_atom_is_kept_as_typed_and_its_domain_lowered(local_part: str, label: str) -> None:
    assume(len(local_part) <= 64)
    assert parse_address(f" {local_part}@{label.upper()}.Example ") == f"{local_part}@{label}.example"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ana.POP@Corp.EXAMPLE", "Ana.POP@corp.example"),
        ("Sales@corp.example", "Sales@corp.example"),
        ("INFO@corp.example", "INFO@corp.example"),
        ('"Sales"@corp.example', "Sales@corp.example"),
        ("info@bücher.example", "info@xn--bcher-kva.example"),
        ("info@XN--BCHER-KVA.example", "info@xn--bcher-kva.example"),
        ('"two words"@corp.example', '"two words"@corp.example'),
        ('"a@b"@corp.example', '"a@b"@corp.example'),
        ("jürgen@corp.example", "jürgen@corp.example"),
        ("root@localhost", "root@localhost"),
        ("sales@corp.local", "sales@corp.local"),
        ("sales@corp.test", "sales@corp.test"),
        ("sales+brand-a@corp.example", "sales+brand-a@corp.example"),
    ],
)
def test_an_address_is_kept_as_its_server_needs_it(typed: str, kept: str) -> None:
    assert parse_address(typed) == kept
    assert parse_address(kept) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ana",
        "ana@",
        "@corp.example",
        "a b@corp.example",
        ".ana@corp.example",
        "ana.@corp.example",
        "a..b@corp.example",
        "ana@corp..example",
        "ana@-corp.example",
        "ana@corp_.example",
        "a@b@corp.example",
        "ana@corp.example, bob@corp.example",
        "Ana <ana@corp.example>",
        "ana(comment)@corp.example",
        "ana\r\nbob@corp.example",
        "ana\0@corp.example",
        "ana@corp.example\u202e",
        "x" * 65 + "@corp.example",
        "ana@" + ".".join(["x" * 63] * 4),
    ],
)
def test_what_is_not_one_address_is_refused_with_its_field(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_address(typed)
    assert refused.value.field == "address"


def test_the_longest_local_part_of_64_octets_is_taken() -> None:
    assert parse_address("x" * 64 + "@corp.example") == "x" * 64 + "@corp.example"


def test_an_address_may_have_254_octets_and_not_one_more() -> None:
    longest = "x" * 64 + "@" + ".".join(["d" * 62, "d" * 62, "d" * 55]) + ".example"
    assert len(longest) == 254
    assert parse_address(longest) == longest
    with pytest.raises(BadInput):
        parse_address(longest.replace(".example", "d.example"))


@given(st.text(st.characters()) | st.text(st.characters()).map(lambda text: f"{text}@corp.example"))
@example("a" * 10_000 + "@corp.example")
@example("\udce4@corp.example")
@example("ana@\x1b[31m.example")
@example("ana@" + "\u202e" * 5)
@example("ana@corp.example" * 1_000)
def test_what_is_accepted_or_said_in_refusing_an_address_can_be_printed(text: str) -> None:
    try:
        address = parse_address(text)
        assert is_printable(address) and address.count("\n") == 0
        assert len(address.encode()) <= 254
        assert domain_of(address).isascii()
        assert parse_address(address) == address
    except BadInput as error:
        assert is_printable(str(error))
        assert len(str(error)) < 1_000


@given(st.text(ATEXT, min_size=1, max_size=20))
def test_two_addresses_that_differ_in_case_alone_have_one_key(local_part: str) -> None:
    assert address_key(f"{local_part.upper()}@corp.example") == address_key(f"{local_part.lower()}@corp.example")


SALES = an_address("sales@brand-a.example", secret_id="first")

OTHER_ACCOUNTS = {
    "host": "127.0.0.2",
    "port": 2526,
    "security": Security.TLS,
    "signin": SignIn.OAUTH,
    "username": "Sales",
    "ca_file": "/other.pem",
    "pinned_certificate": "f" * 64,
    "cleartext_confirmed": True,
    "provider": "other",
}

COVERED = {
    "address": SALES.model_copy(update={"address": "Sales@brand-a.example"}),
    "password": SALES.model_copy(update={"secret_id": "second"}),
    **{
        field: SALES.model_copy(update={"account": SALES.account.model_copy(update={field: value})})
        for field, value in OTHER_ACCOUNTS.items()
    },
}
"""Sales with one field changed, by the field's name in the form."""

NOT_COVERED = {
    "name": SALES.model_copy(update={"name": "Brand A"}),
    "owner": SALES.model_copy(update={"owner": "ana"}),
    "enabled": SALES.model_copy(update={"enabled": False}),
    "access": SALES.model_copy(update={"access": names("ana")}),
    "projects": SALES.model_copy(update={"projects": frozenset({"brand-a"})}),
    "version": SALES.model_copy(update={"version": 7}),
    "service": SALES.model_copy(update={"account": SALES.account.model_copy(update={"service": "gmail"})}),
}


def test_the_samples_change_every_field_of_an_account() -> None:
    assert {*OTHER_ACCOUNTS, "service"} == set(SmtpAccount.model_fields)


@pytest.mark.parametrize("field", COVERED)
def test_a_change_of_anything_that_the_test_covers_takes_the_test_away(field: str) -> None:
    changed = COVERED[field]
    assert changed.fingerprint != SALES.fingerprint
    assert changed.state is AddressState.UNTESTED
    assert changed_since_test(SALES, changed) == (field,)
    why = why_not_saved(changed, SALES, SALES.last_test)
    assert why is not None and "changed" in why


@pytest.mark.parametrize("field", NOT_COVERED)
def test_what_no_test_covers_can_change_and_be_saved_without_one(field: str) -> None:
    changed = NOT_COVERED[field]
    assert changed.fingerprint == SALES.fingerprint
    assert changed.state is AddressState.READY
    assert changed_since_test(SALES, changed) == ()
    assert why_not_saved(changed, SALES, None) is None


def test_several_changes_are_named_in_the_order_of_the_form() -> None:
    account = SALES.account.model_copy(update={"port": 25, "host": "127.0.0.9"})
    changed = SALES.model_copy(update={"address": "other@brand-a.example", "account": account, "secret_id": "x"})
    assert changed_since_test(SALES, changed) == ("address", "host", "port", "password")


@given(st.lists(st.sampled_from(list(COVERED)), max_size=6))
def test_a_fingerprint_is_the_same_exactly_where_everything_covered_is(fields: list[str]) -> None:
    account, changed = SALES.account, SALES
    for field in fields:
        if field in OTHER_ACCOUNTS:
            account = account.model_copy(update={field: OTHER_ACCOUNTS[field]})
        elif field == "address":
            changed = changed.model_copy(update={"address": COVERED["address"].address})
        else:
            changed = changed.model_copy(update={"secret_id": "second"})
    changed = changed.model_copy(update={"account": account})
    assert (changed.fingerprint == SALES.fingerprint) is (not fields)
    assert set(changed_since_test(SALES, changed)) == set(fields)


def test_a_new_address_is_saved_after_its_own_successful_test_and_not_before() -> None:
    wanted = an_address("new@corp.example", tested="never")
    assert "test the account first" in (why_not_saved(wanted, None, None) or "")
    assert "failed" in (why_not_saved(wanted, None, a_test(wanted, ok=False)) or "")
    assert "changed since" in (why_not_saved(wanted, None, a_test(SALES)) or "")
    assert why_not_saved(wanted, None, a_test(wanted)) is None


def test_changed_settings_are_saved_after_their_own_successful_test_and_not_before() -> None:
    wanted = COVERED["host"]
    assert "test the account first" in (why_not_saved(wanted, SALES, None) or "")
    assert "failed" in (why_not_saved(wanted, SALES, a_test(wanted, ok=False)) or "")
    assert "changed since" in (why_not_saved(wanted, SALES, a_test(SALES)) or "")
    assert why_not_saved(wanted, SALES, a_test(wanted)) is None


@pytest.mark.parametrize("tested", ["failed", "never", "changed since"])
def test_name_and_access_of_an_address_that_fails_can_still_be_changed(tested: Tested) -> None:
    stored = an_address("sales@brand-a.example", tested=tested)
    wanted = stored.model_copy(update={"name": "New name"})
    assert why_not_saved(wanted, stored, None) is None
    assert why_not_saved(wanted, stored, a_test(stored, ok=False)) is None


def test_the_state_follows_the_last_test_of_exactly_these_settings() -> None:
    def state(tested: Tested) -> AddressState:
        return an_address("sales@brand-a.example", tested=tested).state

    assert state("passed") is AddressState.READY
    assert state("failed") is AddressState.FAILING
    assert state("changed since") is state("never") is AddressState.UNTESTED


def test_an_account_holds_no_secret_and_an_address_only_the_id_of_one() -> None:
    fields = {*SmtpAccount.model_fields, *ExternalAddress.model_fields}
    assert not {"password", "secret", "token"} & fields
    assert an_account().model_dump().keys() == SmtpAccount.model_fields.keys()
