"""The file that a whole company is imported from and exported to, as `interface.md` of the command line describes it.

It never holds a secret: `secret_file`, `secret_env` and `secret_stdin` say where one is read, and an export leaves them
out.
"""

from typing import Annotated, Final

from pydantic import Field, Strict

from mailtui.core.addresses import ExternalAddress, Security, SignIn, SmtpAccount
from mailtui.core.errors import BadInput, NotFound
from mailtui.core.frozen import Frozen
from mailtui.core.people import AccessList, Employee, Group, Role
from mailtui.core.projects import Project
from mailtui.core.providers import Flow, Provider

MAX_NAMED: Final = 80
"""Characters of a name in the file that an error repeats."""

KINDS: Final = ("employees", "groups", "projects", "providers", "addresses")
"""What the file has lists of, in the order in which it is written."""

YesOrNo = Annotated[bool, Strict()]
Number = Annotated[int, Strict()]
"""Not `1` for true, and not a text that looks like a number: a slip is told rather than guessed at."""

Thing = Employee | Group | Project | Provider | ExternalAddress
"""What an entry describes."""


class EmployeeEntry(Frozen):
    login: str
    name: str
    email: str = ""
    role: Role = Role.MEMBER
    groups: tuple[str, ...] = ()


class GroupEntry(Frozen):
    key: str
    name: str


class ProjectEntry(Frozen):
    key: str
    name: str
    strict: YesOrNo = False
    archived: YesOrNo = False


class EndpointsEntry(Frozen):
    authorization: str = ""
    token: str
    device: str = ""
    names_itself: YesOrNo = False
    secret_in_body: YesOrNo = False


class ProviderEntry(Frozen):
    id: str
    issuer: str = ""
    client_id: str
    client_secret_file: str = Field(default="", exclude=True)
    scopes: tuple[str, ...] = ()
    flow: Flow | None = None
    endpoints: EndpointsEntry | None = None
    """Left out for a known provider, which then fills in whatever else is left out; the file asks no issuer."""
    asks: dict[str, str] = Field(default_factory=dict)
    redirect: str = ""
    ca_file: str = ""


class AccessEntry(Frozen):
    """Left out of an address: everybody. Empty lists: nobody."""

    employees: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


class AddressEntry(Frozen):
    address: str
    name: str = ""
    owner: str = ""
    enabled: YesOrNo = True
    service: str = ""
    """Fills in host, port, security and user name where they are left out."""
    host: str = ""
    port: Number = 0
    security: Security | None = None
    signin: SignIn = SignIn.PASSWORD
    username: str = ""
    secret_file: str = Field(default="", exclude=True)
    """A file of mode 0600 that holds the secret on one line."""
    secret_env: str = Field(default="", exclude=True)
    """Name of the environment variable that holds it."""
    secret_stdin: YesOrNo = Field(default=False, exclude=True)
    """It comes from standard input, on a line of its own behind the address."""
    ca_file: str = ""
    pinned_certificate: str = Field(default="", pattern="^([0-9a-f]{64})?$")
    cleartext_confirmed: YesOrNo = False
    provider: str = ""
    access: AccessEntry | None = None
    projects: tuple[str, ...] | None = Field(default=None, min_length=1)
    """Left out: every project."""
    bound_nowhere: YesOrNo = False
    """The last project that it was bound to was removed: no project, until it is bound again."""


class CompanyFile(Frozen):
    """The whole file."""

    employees: tuple[EmployeeEntry, ...] = ()
    groups: tuple[GroupEntry, ...] = ()
    projects: tuple[ProjectEntry, ...] = ()
    providers: tuple[ProviderEntry, ...] = ()
    addresses: tuple[AddressEntry, ...] = ()


Entry = EmployeeEntry | GroupEntry | ProjectEntry | ProviderEntry | AddressEntry


def entry_of(thing: Thing) -> Entry:
    """A stored thing as the file writes it."""
    match thing:
        case Employee():
            return EmployeeEntry(**{**thing.model_dump(exclude={"version"}), "groups": tuple(sorted(thing.groups))})
        case Group():
            return GroupEntry(key=thing.key, name=thing.name)
        case Project():
            return ProjectEntry(**thing.model_dump(exclude={"version"}))
        case Provider():
            endpoints = EndpointsEntry(**thing.endpoints.model_dump())
            left_out = {"version", "client_secret_id", "endpoints"}
            return ProviderEntry(**thing.model_dump(exclude=left_out), endpoints=endpoints)
        case ExternalAddress():
            return AddressEntry(
                address=thing.address,
                name=thing.name,
                owner=thing.owner or "",
                enabled=thing.enabled,
                **thing.account.model_dump(),
                access=_access_entry(thing.access),
                projects=tuple(sorted(thing.projects)) if thing.projects else None,
                bound_nowhere=thing.projects is not None and not thing.projects,
            )


def account_of(entry: AddressEntry) -> SmtpAccount:
    """The account of an entry, completed by its service. Raises BadInput with the field."""
    fields = entry.model_dump(include=set(SmtpAccount.model_fields))
    if entry.service:
        from mailtui.core.services import service  # A table of services that only entries with one need.

        try:
            known = service(entry.service).account_for(entry.address).model_dump()
        except NotFound as error:
            raise BadInput(str(error), field="service") from error
        unused = _without_use(entry.signin)
        fields = {name: value if name in unused else value or known[name] for name, value in fields.items()}
    if not fields["host"]:
        raise BadInput("give a service or a host", field="host")
    fields["security"] = fields["security"] or (Security.TLS if fields["port"] == 465 else Security.STARTTLS)
    fields["port"] = fields["port"] or (465 if fields["security"] is Security.TLS else 587)
    if not fields["username"] and entry.signin is not SignIn.NONE:
        fields["username"] = entry.address
    return SmtpAccount(**fields)


def _without_use(signin: SignIn) -> set[str]:
    """What a service does not fill in, since nobody signs in, or not that way."""
    match signin:
        case SignIn.NONE:
            return {"username", "provider"}
        case SignIn.PASSWORD:
            return {"provider"}
        case SignIn.OAUTH:
            return set()


def access_of(entry: AddressEntry) -> AccessList | None:
    if entry.access is None:
        return None
    return AccessList(employees=frozenset(entry.access.employees), groups=frozenset(entry.access.groups))


def _access_entry(access: AccessList | None) -> AccessEntry | None:
    if access is None:
        return None
    return AccessEntry(employees=tuple(sorted(access.employees)), groups=tuple(sorted(access.groups)))


def name_of(thing: Thing | Entry) -> str:
    """By what it is called in the file: an employee by his login, a group by its key."""
    match thing:
        case Employee() | EmployeeEntry():
            return thing.login
        case Group() | GroupEntry() | Project() | ProjectEntry():
            return thing.key
        case Provider() | ProviderEntry():
            return thing.id
        case ExternalAddress() | AddressEntry():
            return thing.address
