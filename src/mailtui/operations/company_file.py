"""The file that a whole company is imported from and exported to, as `interface.md` of the command line describes it.

It never holds a secret: `secret_file` names a file to read one from, and an export leaves it out.
"""

import json
import tomllib
from typing import Any, Final

from pydantic import Field, ValidationError

from mailtui.core.addresses import ExternalAddress, Security, SignIn, SmtpAccount
from mailtui.core.errors import BadInput
from mailtui.core.frozen import Frozen
from mailtui.core.people import AccessList, Employee, Group, Role
from mailtui.core.projects import Project
from mailtui.core.text import clean

MAX_NAMED: Final = 80
"""Characters of a name in the file that an error repeats."""


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
    strict: bool = False
    archived: bool = False


class AccessEntry(Frozen):
    """Left out of an address: everybody. Empty lists: nobody."""

    employees: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


class AddressEntry(Frozen):
    address: str
    name: str = ""
    owner: str = ""
    enabled: bool = True
    service: str = ""
    """Fills in host, port, security and user name where they are left out."""
    host: str = ""
    port: int = 0
    security: Security | None = None
    signin: SignIn = SignIn.PASSWORD
    username: str = ""
    secret_file: str = Field(default="", exclude=True)
    ca_file: str = ""
    pinned_certificate: str = Field(default="", pattern="^([0-9a-f]{64})?$")
    cleartext_confirmed: bool = False
    provider: str = ""
    access: AccessEntry | None = None
    projects: tuple[str, ...] | None = Field(default=None, min_length=1)
    """Left out: every project."""
    bound_nowhere: bool = False
    """The last project that it was bound to was removed: no project, until it is bound again."""


class CompanyFile(Frozen):
    """The whole file."""

    employees: tuple[EmployeeEntry, ...] = ()
    groups: tuple[GroupEntry, ...] = ()
    projects: tuple[ProjectEntry, ...] = ()
    addresses: tuple[AddressEntry, ...] = ()


def parse_company_file(text: str, name: str) -> CompanyFile:
    """The file's content; JSON where it begins with a brace, else TOML. Raises BadInput with the place."""
    try:
        document: dict[str, Any] = json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # The parsers' own errors are ValueErrors too.
        raise BadInput(f"{name} is neither TOML nor JSON: {clean(str(error))}") from error
    try:
        return CompanyFile.model_validate(document)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise BadInput(f"{name}: {_place(document, first['loc'])}: {first['msg']}") from error


def entry_of(thing: Employee | Group | Project | ExternalAddress) -> Frozen:
    """A stored thing as the file writes it."""
    match thing:
        case Employee():
            return EmployeeEntry(**{**thing.model_dump(exclude={"version"}), "groups": tuple(sorted(thing.groups))})
        case Group():
            return GroupEntry(key=thing.key, name=thing.name)
        case Project():
            return ProjectEntry(**thing.model_dump(exclude={"version"}))
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
    """The account of an entry, completed by its service. Raises BadInput with the field, NotFound for the service."""
    fields = entry.model_dump(include=set(SmtpAccount.model_fields))
    if entry.service:
        from mailtui.core.services import service  # A table of services that only entries with one need.

        known = service(entry.service).account_for(entry.address).model_dump()
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


def _place(document: dict[str, Any], loc: tuple[int | str, ...]) -> str:
    """Where in the file, with the name of the entry beside its number: `addresses[2] (sales@corp.example).port`."""
    place = ""
    found: Any = document
    for part in loc:
        try:
            found = found[part]
        except (KeyError, IndexError, TypeError):
            found = None  # What is missing, or of the wrong kind, is what the error is about.
        if isinstance(part, int):
            named = next((found[k] for k in ("address", "login", "key") if isinstance(found, dict) and k in found), "")
            place += f"[{part}]" + (f" ({clean(str(named), MAX_NAMED)})" if named else "")
        else:
            place += f".{clean(part, MAX_NAMED)}" if place else clean(part, MAX_NAMED)
    return place
