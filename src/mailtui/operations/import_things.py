"""What an entry of the company file becomes: the stored thing, its fields checked as everywhere else."""

from mailtui.core.addresses import ExternalAddress, parse_address
from mailtui.core.errors import BadInput
from mailtui.core.names import parse_key, parse_name
from mailtui.core.people import Employee, Group
from mailtui.core.projects import Project
from mailtui.core.providers import LOOPBACK, Endpoints, Flow, Provider, known_provider, parse_url
from mailtui.operations.addresses import Draft, becoming
from mailtui.operations.company_file import (
    AddressEntry,
    EmployeeEntry,
    EndpointsEntry,
    Entry,
    GroupEntry,
    ProjectEntry,
    ProviderEntry,
    Thing,
    access_of,
    account_of,
)
from mailtui.operations.people import checked_employee, checked_group
from mailtui.operations.projects import checked_project
from mailtui.operations.providers import ProviderDraft, checked_provider, of_known


def thing_of(entry: Entry, stored: Thing | None, new_secret_id: str) -> Thing:
    """What the entry becomes, whatever it describes. Raises BadInput with the field."""
    match entry:
        case GroupEntry():
            return group_of(entry, stored if isinstance(stored, Group) else None)
        case EmployeeEntry():
            return employee_of(entry, stored if isinstance(stored, Employee) else None)
        case ProjectEntry():
            return project_of(entry, stored if isinstance(stored, Project) else None)
        case ProviderEntry():
            return provider_of(entry, stored if isinstance(stored, Provider) else None, new_secret_id)
        case AddressEntry():
            return address_of(entry, stored if isinstance(stored, ExternalAddress) else None, new_secret_id)


def group_of(entry: GroupEntry, stored: Group | None) -> Group:
    """All of these raise BadInput with the field; what comes back is a change of `stored` where there is one."""
    return checked_group(Group(key=entry.key, name=entry.name, version=stored.version if stored else 0))


def employee_of(entry: EmployeeEntry, stored: Employee | None) -> Employee:
    fields = {**entry.model_dump(), "groups": frozenset(entry.groups)}
    return checked_employee(Employee(**fields, version=stored.version if stored else 0))


def project_of(entry: ProjectEntry, stored: Project | None) -> Project:
    return checked_project(Project(**entry.model_dump(), version=stored.version if stored else 0))


def provider_of(entry: ProviderEntry, stored: Provider | None, new_secret_id: str) -> Provider:
    """`new_secret_id` names the client's secret that comes with it; empty keeps the stored one."""
    id = parse_key(entry.id, "id")
    made = _known(id, entry) if entry.endpoints is None else _described(id, entry, entry.endpoints)
    return checked_provider(
        made.model_copy(
            update={
                "client_id": parse_name(entry.client_id, "client_id"),
                "client_secret_id": new_secret_id or (stored.client_secret_id if stored else ""),
                "version": stored.version if stored else 0,
            }
        )
    )


def address_of(entry: AddressEntry, stored: ExternalAddress | None, new_secret_id: str) -> ExternalAddress:
    """With its stored secret and last test where there are any."""
    if (address := parse_address(entry.address)) != entry.address:
        entry = entry.model_copy(update={"address": address})
    draft = Draft(
        id=stored.id if stored else 0,
        version=stored.version if stored else 0,
        address=entry.address,
        name=entry.name,
        owner=entry.owner or None,
        account=account_of(entry),
        access=access_of(entry),
        projects=frozenset(entry.projects) if entry.projects else None,
    )
    made = becoming(draft, stored, new_secret_id)
    further: dict[str, object] = {} if made.enabled is entry.enabled else {"enabled": entry.enabled}
    if entry.bound_nowhere:
        further["projects"] = frozenset[str]()
    return made.model_copy(update=further) if further else made


def _described(id: str, entry: ProviderEntry, described: EndpointsEntry) -> Provider:
    """A provider that the file describes as a whole."""
    endpoints = Endpoints(**described.model_dump())
    for name in ("authorization", "token", "device"):
        if (url := getattr(endpoints, name)) or name == "token":
            parse_url(url, f"the {name} endpoint", "endpoints")
    return Provider(
        id=id, issuer=parse_url(entry.issuer, "the issuer", "issuer"), client_id=entry.client_id, scopes=entry.scopes,
        flow=entry.flow or (Flow.DEVICE if endpoints.device else Flow.BROWSER), endpoints=endpoints, asks=entry.asks,
        redirect=entry.redirect or LOOPBACK, ca_file=parse_name(entry.ca_file, "ca_file"),
    )  # fmt: skip


def _known(id: str, entry: ProviderEntry) -> Provider:
    """A provider that mailtui describes; the entry may say some of it otherwise."""
    known = known_provider(id)
    if known is None or entry.issuer not in ("", known.issuer):
        raise BadInput(
            f"{id} is none of the known providers: give its endpoints, which `mailtui provider add {id} --issuer URL`"
            " finds and an export writes", field="id",
        )  # fmt: skip
    draft = ProviderDraft(
        id=id,
        client_id=entry.client_id,
        scopes=entry.scopes,
        flow=entry.flow,
        ca_file=parse_name(entry.ca_file, "ca_file"),
    )
    said = {name: value for name in ("asks", "redirect") if (value := getattr(entry, name))}
    return of_known(known, draft).model_copy(update=said)
