"""External addresses, the SMTP accounts that send for them, and what a successful test of them covers."""

import hashlib
import json
import re
from collections.abc import Container
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final

from mailtui.core.errors import BadInput
from mailtui.core.frozen import Frozen
from mailtui.core.names import quoted
from mailtui.core.people import AccessList
from mailtui.core.text import clean

MAX_ADDRESS = 254
"""Octets of an address: the path limit of RFC 5321 section 4.5.3.1.3, less the angle brackets."""


MAX_LOCAL_PART: Final = 64
"""Octets before the `@` (RFC 5321 section 4.5.3.1.1)."""

DOT_ATOM: Final = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
"""A local part that stays as it is typed, as most are (RFC 5322 section 3.2.3)."""


class Security(StrEnum):
    """How the connection is encrypted."""

    TLS = "tls"
    """From the first octet (RFC 8314 section 3.3), usually on port 465."""
    STARTTLS = "starttls"
    """After a STARTTLS command (RFC 3207), usually on port 587."""
    NONE = "none"
    """Not at all."""


class SignIn(StrEnum):
    """What a server is shown to prove who sends."""

    PASSWORD = "password"  # noqa: S105 - the kind of sign-in, not a password
    OAUTH = "oauth"
    NONE = "none"


class SmtpAccount(Frozen):
    """Where and how an address's messages are handed in; everything in it is covered by the account's test."""

    service: str = ""
    """Id of a mail service in services.toml; empty for another server."""
    host: str
    port: int
    security: Security
    signin: SignIn = SignIn.PASSWORD
    username: str = ""
    ca_file: str = ""
    """PEM file with the only authorities trusted for this server; empty for the system's."""
    pinned_certificate: str = ""
    """SHA-256 fingerprint, 64 lower-case hexadecimal digits, of the one certificate that is trusted; empty for none."""
    cleartext_confirmed: bool = False
    """The administrator confirmed that credentials may cross an unencrypted connection."""
    provider: str = ""
    """Id of the OAuth provider, where `signin` is OAUTH."""


COVERED: Final = tuple(sorted({*SmtpAccount.model_fields} - {"service"}))
"""The fields of an account that a test covers, in the order in which their hash is made."""


class LastTest(Frozen):
    """What the last test of an account showed, or the delivery that showed otherwise since (+20)."""

    fingerprint: str
    """Of the settings that were tested; the result counts for no others (S6)."""
    ok: bool
    at: datetime
    """UTC."""
    step: str = ""
    """The step that failed."""
    reason: str = ""
    """Name of the reason of the failure."""
    reply: str = ""
    """What the server said, safe for a terminal."""
    failing_since: datetime | None = None
    """When the first of the failures was found that follow one another up to this one; None where it succeeded."""

    def after(self, before: "LastTest | None") -> "LastTest":
        """This test as it follows `before`: a failure of the same settings goes on from the first one."""
        if self.ok:
            return self.model_copy(update={"failing_since": None})
        goes_on = before is not None and not before.ok and before.fingerprint == self.fingerprint
        return self.model_copy(update={"failing_since": before.failing_since if before and goes_on else self.at})


class AddressState(StrEnum):
    """Whether an address can be sent from, as far as its account goes."""

    READY = "ready"
    UNTESTED = "untested"
    FAILING = "failing"


class Kind(StrEnum):
    """Whose an address is."""

    EMPLOYEE = "employee"
    COMPANY = "company"


class ExternalAddress(Frozen):
    """An e-mail address with the SMTP account that sends for it, and who may use it where."""

    id: int = 0
    """Number of the stored row, which stays when the address is edited; 0 before it is stored."""
    address: str
    name: str = ""
    """What a contact sees beside the address."""
    owner: str | None = None
    """Login of the employee whose own address it is; None for a company address."""
    enabled: bool = True
    account: SmtpAccount
    access: AccessList | None = None
    """None: everybody. An empty list: nobody."""
    projects: frozenset[str] | None = None
    """Keys of the projects that it is bound to. None: every project. The empty set, left behind when the last bound
    project was deleted: no project."""
    secret_id: str = ""
    """Which secret in the keyring signs in; every new secret has a new id. Empty where none is needed."""
    last_test: LastTest | None = None
    version: int = 0

    @property
    def fingerprint(self) -> str:
        """Of the settings as they stand."""
        return fingerprint(self.address, self.account, self.secret_id)

    @property
    def state(self) -> AddressState:
        """UNTESTED unless the last test was of exactly these settings (S6)."""
        if self.last_test is None or self.last_test.fingerprint != self.fingerprint:
            return AddressState.UNTESTED
        return AddressState.READY if self.last_test.ok else AddressState.FAILING

    @property
    def kind(self) -> Kind:
        return Kind.COMPANY if self.owner is None else Kind.EMPLOYEE


@lru_cache(maxsize=256)  # A row that is drawn asks for it several times.
def fingerprint(address: str, account: SmtpAccount, secret: str) -> str:
    """A hash over everything that a test covers: the address, the account and which secret signs in.

    `secret` names the secret's version and is never the secret itself. The service's id is left out: it only filled
    in the other fields.
    """
    covered = [address, {field: getattr(account, field) for field in COVERED}, secret]
    return hashlib.sha256(json.dumps(covered).encode()).hexdigest()


def changed_since_test(tested: ExternalAddress, now: ExternalAddress) -> tuple[str, ...]:
    """The fields, as the form names them, in which `now` differs from what was tested; empty when the test counts."""
    before, after = (
        {"address": a.address, **a.account.model_dump(exclude={"service"}), "password": a.secret_id}
        for a in (tested, now)
    )
    return tuple(field for field in before if before[field] != after[field])


def why_not_saved(wanted: ExternalAddress, stored: ExternalAddress | None, test: LastTest | None) -> str | None:
    """The sentence with which saving is refused, or None where it is allowed (S6).

    `stored` is the row that `wanted` would replace, `test` the last test of what the caller was about to save. What no
    test covers (name, access, projects) may always change.
    """
    if stored is not None and stored.fingerprint == wanted.fingerprint:
        return None
    if test is None:
        return "test the account first: only settings that were tested can be saved"
    if test.fingerprint != wanted.fingerprint:
        return "the settings were changed since the test: test the account again"
    if not test.ok:
        return "the test of the account failed: correct the settings and test again"
    return None


def why_stays_off(address: ExternalAddress, employed: Container[str]) -> str | None:
    """The sentence with which enabling it is refused, or None: the address of somebody who was removed is given to
    nobody else, and not to whoever has his login next, unless an admin enables it then.

    `employed`: the logins of the employees.
    """
    if address.owner is None or address.owner in employed:
        return None
    return f"its owner, {address.owner}, is no employee any more: add {address.owner} again, or delete the address"


def parse_address(text: str) -> str:
    """An address as the server needs it: RFC 5321 syntax (RFC 6531 where the local part is not ASCII), the domain in
    lower case and as A-labels (RFC 5890), the case of the local part kept.

    Raises BadInput with the reason in words.
    """
    text = text.strip()
    local_part, _, domain = text.rpartition("@")
    try:
        if DOT_ATOM.fullmatch(local_part) and len(local_part) <= MAX_LOCAL_PART:
            address = f"{local_part}@{_ascii_domain(domain)}"
        else:
            found, ascii_domain = _validated(text)
            typed = local_part.strip('"')
            # The validator lowers names of RFC 2142 like Sales, and only the server knows whether it is the same box.
            address = f"{typed if typed.lower() == found else found}@{ascii_domain}"
    except ValueError as error:
        raise BadInput(f"{quoted(text)} is not an e-mail address: {clean(str(error))}", field="address") from error
    if len(address.encode()) > MAX_ADDRESS:
        raise BadInput(f"the address is longer than {MAX_ADDRESS} octets", field="address")
    return address


@lru_cache(maxsize=10_000)  # An import asks for the same ones again and again, and the validator takes 40 us.
def _ascii_domain(domain: str) -> str:
    return _validated(f"x@{domain}")[1]


def _validated(address: str) -> tuple[str, str]:
    """Its local part, and its domain as A-labels. Raises ValueError with the reason in words."""
    # The validator takes 30 ms to import, and reading stored addresses does not need it.
    import email_validator

    # Its way to be told that names of one's own network, like corp.local, are wanted too.
    email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()
    valid = email_validator.validate_email(
        address,
        check_deliverability=False,
        globally_deliverable=False,
        allow_quoted_local=True,
        allow_smtputf8=True,
        strict=True,  # the local part's 64 octets too, RFC 5321 section 4.5.3.1.1
    )
    return valid.local_part, valid.ascii_domain


def address_key(address: str) -> str:
    """By what two addresses are the same one: without regard to case."""
    return address.casefold()


def domain_of(address: str) -> str:
    """What stands behind the last `@`."""
    return address.rpartition("@")[2]
