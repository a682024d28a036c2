"""The options of `address add` and `address edit`, and what they make of an address."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

import click

from mailtui.cli.named import LOGIN, LOGIN_OR_GROUP, PROJECT, PROVIDER, SERVICE
from mailtui.core.addresses import Security, SignIn, SmtpAccount
from mailtui.core.errors import BadInput
from mailtui.core.frozen import Frozen
from mailtui.core.people import AccessList
from mailtui.core.services import service, service_for
from mailtui.operations.company_file import AddressEntry, account_of

Function = TypeVar("Function", bound=Callable[..., object])

SIGN_INS: Final = tuple(one.value for one in SignIn)

FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}")


class Given(Frozen):
    """What the options say; None or empty where they say nothing."""

    name: str | None
    owner: str | None
    service: str | None
    host: str | None
    port: int | None
    security: Security | None
    signin: SignIn | None
    provider: str | None
    username: str | None
    ca_file: Path | None
    pinned_certificate: str | None
    cleartext_confirmed: bool | None
    allow: tuple[str, ...]
    allow_nobody: bool
    everybody: bool
    project: tuple[str, ...]
    all_projects: bool

    @property
    def account_fields(self) -> dict[str, object]:
        """The fields of the account that were given."""
        found = {name: getattr(self, name) for name in SmtpAccount.model_fields if name in Given.model_fields}
        if self.ca_file is not None:
            found["ca_file"] = str(self.ca_file.absolute()) if self.ca_file != Path() else ""
        if self.provider and self.signin is None:
            found["signin"] = SignIn.OAUTH
        return {name: value for name, value in found.items() if value is not None}

    @property
    def signs_in_anew(self) -> bool:
        """Whether a sign-in with OAuth was asked for."""
        return self.signin is SignIn.OAUTH or (self.signin is None and bool(self.provider))

    def new_account(self, address: str) -> SmtpAccount:
        """For a new address. Raises BadInput or NotFound where service and host are missing or unknown."""
        if not self.service and not self.host:
            known = service_for(address)
            hint = f"; --service {known.id} serves it" if known else ""
            raise click.UsageError(f"give --service ID or --host HOST for {address}{hint}")
        return _with_provider(account_of(AddressEntry.model_validate({"address": address, **self.account_fields})))

    def changed_account(self, account: SmtpAccount, address: str) -> SmtpAccount:
        """The account of a stored address with what was given; another service or host begins anew from it."""
        if self.service:
            account = service(self.service).account_for(address)
        elif self.host and self.host != account.host:
            account = account.model_copy(update={"service": ""})
        return _with_provider(SmtpAccount.model_validate({**account.model_dump(), **self.account_fields}))

    def access(self, stored: AccessList | None) -> AccessList | None:
        """Who may use the address; the stored list where nothing was given."""
        _at_most_one({"--allow": bool(self.allow), "--allow-nobody": self.allow_nobody, "--everybody": self.everybody})
        if self.everybody:
            return None
        if self.allow or self.allow_nobody:
            groups = frozenset(name[1:] for name in self.allow if name.startswith("@"))
            return AccessList(employees=frozenset(n for n in self.allow if not n.startswith("@")), groups=groups)
        return stored

    def projects(self, stored: frozenset[str] | None) -> frozenset[str] | None:
        """For which projects it is; the stored ones where nothing was given."""
        _at_most_one({"--project": bool(self.project), "--all-projects": self.all_projects})
        if self.all_projects:
            return None
        return frozenset(self.project) if self.project else stored


def address_options(command: Function) -> Function:
    """Gives a command the options that `Given` holds."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def _with_provider(account: SmtpAccount) -> SmtpAccount:
    """With the service's provider where none was given, and with none where nobody signs in there."""
    if account.signin is not SignIn.OAUTH:
        return account.model_copy(update={"provider": ""})
    found = account.provider or (service(account.service).provider if account.service else "")
    if not found:
        raise click.UsageError("--signin oauth needs --provider ID; see mailtui provider list")
    return account.model_copy(update={"provider": found})


def _at_most_one(given: dict[str, bool]) -> None:
    used = [option for option, is_used in given.items() if is_used]
    if len(used) > 1:
        raise click.UsageError(f"use one of {' and '.join(used)}")


def _fingerprint(ctx: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """As openssl and browsers print it, with colons and in capitals, too; empty to trust no longer."""
    if not value:
        return value
    found = value.replace(":", "").lower()
    if not FINGERPRINT.fullmatch(found):
        raise BadInput(f"{value!r} is no SHA-256 fingerprint: it has 64 hexadecimal digits", "pinned_certificate")
    return found


OPTIONS: Final = (
    click.option("--name", metavar="NAME", help="What a contact sees beside the address."),
    click.option("--owner", type=LOGIN, help="Make it this employee's own address."),
    click.option("--service", type=SERVICE, help="Mail service that fills in the server; see mailtui services."),
    click.option("--host", metavar="HOST", help="The mail server, where it is none of these services."),
    click.option("--port", type=int, metavar="PORT", help="465 for tls and 587 else, unless given."),
    click.option("--security", type=click.Choice([one.value for one in Security]), help="How it is encrypted."),
    click.option("--signin", type=click.Choice(SIGN_INS), help="Password unless given."),
    click.option("--provider", type=PROVIDER, help="Where --signin oauth happens; see mailtui provider list."),
    click.option("--username", metavar="USER", help="The address itself unless given."),
    click.option("--ca-file", type=click.Path(path_type=Path), help="The only authorities to trust, in PEM."),
    click.option(
        "--pin-certificate", "pinned_certificate", metavar="SHA256", callback=_fingerprint,
        help="The only certificate to trust, by its fingerprint.",
    ),
    click.option(
        "--cleartext/--no-cleartext", "cleartext_confirmed", default=None,
        help="Confirm that the password may cross the network unencrypted.",
    ),
    click.option("--allow", multiple=True, type=LOGIN_OR_GROUP, help="Only these may use it; repeat it."),
    click.option("--allow-nobody", is_flag=True, help="Nobody may use it yet."),
    click.option("--everybody", is_flag=True, help="Everybody may use it."),
    click.option("--project", multiple=True, type=PROJECT, help="Only for these projects; repeat it."),
    click.option("--all-projects", is_flag=True, help="For every project."),
)  # fmt: skip
