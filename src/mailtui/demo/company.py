"""The sample company: read from company.toml, with the demo's servers in place of its hosts, and opened by one of its
administrators."""

import os
import secrets
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Final

import pyrage  # type: ignore[import-untyped]  # ships neither annotations nor stubs; nothing untyped leaves this file
import tomli_w
from pydantic import SecretStr

from mailtui.core.people import Employee, Role
from mailtui.core.providers import Endpoints, Flow, Provider
from mailtui.demo.conversation import Arrival
from mailtui.demo.domains import SampleServers
from mailtui.demo.plans import GOOD, OAUTH, PLANS
from mailtui.demo.provider import CLIENT, OAuthProvider
from mailtui.demo.servers import LoopbackServers
from mailtui.operations.company_file import CompanyFile
from mailtui.operations.company_text import parse_company_file
from mailtui.operations.configuration import AccountTestLimits, Configuration, load_configuration
from mailtui.operations.context import Clock, Context, utc_now
from mailtui.operations.identity import Actor, identify
from mailtui.operations.import_company import import_company
from mailtui.store import Store

PERSON: Final = Employee(login="ana", name="Ana Pop", role=Role.ADMIN, groups=frozenset({"support"}))
"""Whom one is in the demo, whatever one's own login."""

PATIENCE: Final = AccountTestLimits(step_seconds=3, total_seconds=10)
"""Limits that show what silence does without trying anybody's patience: the servers are on this machine."""

CONFIGURATION: Final = Configuration(keyring="vault", test=PATIENCE)
"""Of the demo itself; the person's own is not read."""


PASSWORD: Final = SecretStr("demo")
"""At all servers, to be typed from the guided text."""

PORT: Final = 2525
"""Of the good server where it is free, for the same reason."""

PROVIDER: Final = "demo"
"""Id of the OAuth provider."""

REFUSED: Final = (
    ("gone@client.example", "550 5.1.1 <gone@client.example>: Recipient address rejected: User unknown"),
    ("full@client.example", "452 4.2.2 <full@client.example>: The mailbox is over its quota"),
)
"""Contacts whom the good server takes nothing for, so that deliveries fail while the account works."""


class DemoFiles:
    """What the demo keeps on the disk, all of it in one private directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.database = directory / "mailtui.db"
        self.identity = directory / "identity"
        """A plain age identity, so that the vault asks for no passphrase."""
        self.configuration = directory / "config.toml"
        """For the command line, so that its look-ups ask the demo's name server, too, and for the preferences."""

    def secret(self, server: str) -> Path:
        """The file with a server's password."""
        return self.directory / f"{server}.password"

    def write_configuration(self, servers: SampleServers) -> None:
        """Write the configuration file."""
        document = {
            "keyring": CONFIGURATION.keyring,
            "test": CONFIGURATION.test.model_dump(),
            "look_up": servers.look_up.model_dump(),
        }
        self.configuration.write_text(tomli_w.dumps(document), encoding="utf-8")

    def write_secrets(self, servers: LoopbackServers) -> None:
        """Write the passwords, and an identity for the vault."""
        _write_private(self.identity, str(pyrage.x25519.Identity.generate()))
        for server in servers:
            _write_private(self.secret(server.plan.name), server.password.get_secret_value())


def sample_servers(kept: DemoFiles, on_arrival: Callable[[Arrival], None] | None = None) -> SampleServers:
    """Every server of the plans, the good one at a port and with contacts that the guided text can name."""
    good = GOOD.model_copy(update={"port": PORT, "refuses": REFUSED})
    plans = [good if plan is GOOD else plan for plan in (*PLANS, OAUTH)]
    return SampleServers(plans, on_arrival, password=PASSWORD, directory=kept.directory)


def sample_company(servers: LoopbackServers, kept: DemoFiles) -> CompanyFile:
    """The file's content, each address with the settings of the server that it names as its host."""
    text = files("mailtui.demo").joinpath("company.toml").read_text(encoding="utf-8")
    company = parse_company_file(text, "company.toml")
    addresses = []
    for entry in company.addresses:
        account = servers[entry.host].account(entry.address).model_dump()
        secret_file = str(kept.secret(entry.host))
        if entry.host == OAUTH.name:  # Whoever looks on signs in, in his browser.
            account["provider"], secret_file = PROVIDER, ""
        addresses.append(entry.model_copy(update={**account, "secret_file": secret_file}))
    return company.model_copy(update={"addresses": tuple(addresses)})


def sample_provider(running: OAuthProvider) -> Provider:
    """The demo's provider, as `mailtui provider add` would store it."""
    endpoints = Endpoints(
        authorization=f"{running.issuer}/authorize",
        token=f"{running.issuer}/token",
        device=f"{running.issuer}/device_authorization",
        names_itself=True,
    )
    return Provider(
        id=PROVIDER, issuer=running.issuer, client_id=CLIENT, scopes=("mail",), flow=Flow.DEVICE, endpoints=endpoints
    )


def open_company(servers: SampleServers, kept: DemoFiles, clock: Clock = utc_now) -> Context:
    """A new database with the sample company, in the hands of `PERSON`."""
    kept.write_secrets(servers)
    kept.write_configuration(servers)
    store = Store(kept.database)
    with store.transaction():
        store.meta.set("installation", secrets.token_hex(8))
    founder = Actor(employee=PERSON, login=PERSON.login)
    founding = Context(
        store,
        founder,
        load_configuration(kept.configuration),
        clock,
        identity_file=kept.identity,
        configuration_file=kept.configuration,
    )
    with store.transaction():
        store.providers.save(sample_provider(servers.provider))
    import_company(founding, sample_company(servers, kept))
    return as_employee(founding, PERSON.login, kept)


def as_employee(context: Context, login: str, kept: DemoFiles) -> Context:
    """The same company in the hands of another employee."""
    actor = identify(context.store, login)
    return Context(
        context.store,
        actor,
        context.configuration,
        context.clock,
        identity_file=kept.identity,
        configuration_file=kept.configuration,
    )


def _write_private(path: Path, text: str) -> None:
    """Mode 0600 from its birth."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(f"{text}\n")
