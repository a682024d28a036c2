"""Importing a company from a file: all or nothing, and a second time without any change."""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TypeVar

from mailtui.core.addresses import ExternalAddress, SignIn, address_key, parse_address
from mailtui.core.errors import BadInput, MailtuiError
from mailtui.core.frozen import Frozen
from mailtui.core.people import Employee, Group
from mailtui.core.projects import Project
from mailtui.core.text import clean
from mailtui.operations.addresses import (
    Draft,
    candidate,
    check_references,
    drop_secret,
    put_secret,
)
from mailtui.operations.company_file import MAX_NAMED, AddressEntry, CompanyFile, access_of, account_of
from mailtui.operations.context import Context
from mailtui.operations.people import checked_employee, checked_group, save_employee, save_group
from mailtui.operations.projects import checked_project, save_project
from mailtui.operations.secret_files import read_secret_file, source_of

Change = Literal["added", "changed", "unchanged"]
Tally = Counter[tuple[Change, str]]
"""How many of each kind were added, changed or left."""

T = TypeVar("T", Employee, Group, Project)

REHEARSED = "rehearsed"
"""Stands for the id of a secret that is not read in yet."""


class Counts(Frozen):
    """How many of each kind."""

    employees: int = 0
    groups: int = 0
    projects: int = 0
    addresses: int = 0


class ImportOutcome(Frozen):
    """What an import did, or would do."""

    added: Counts
    changed: Counts
    unchanged: Counts


class _Rehearsed(Exception):
    """Ends a rehearsal, so that its transaction is rolled back."""


def import_company(context: Context, file: CompanyFile, *, dry_run: bool = False) -> ImportOutcome:
    """Bring in what the file names and the company lacks or has otherwise; what it does not name stays.

    Addresses arrive untested and so are not offered (S6); one whose settings are unchanged keeps its test. Raises
    BadInput with the entry, Misconfigured for a secret file that others may read; nothing is written then.
    """
    context.require_admin("import")
    tally: Tally = Counter()
    file = _as_stored(file)
    sources = {entry.address: source_of(Path(entry.secret_file)) for entry in file.addresses if entry.secret_file}
    fresh = [entry for entry in file.addresses if entry.secret_file and not _read_before(context, entry, sources)]
    try:
        with context.store.transaction():
            _apply(context, file, tally, {entry.address: REHEARSED for entry in fresh})
            raise _Rehearsed
    except _Rehearsed:
        pass
    if not dry_run:
        _commit(context, file, fresh, sources)
    return ImportOutcome(
        added=_counts(tally, "added"), changed=_counts(tally, "changed"), unchanged=_counts(tally, "unchanged")
    )


def _as_stored(file: CompanyFile) -> CompanyFile:
    """The file with its addresses as servers need them. Raises BadInput for a thing that stands in it twice."""
    addresses = []
    for number, entry in enumerate(file.addresses):
        with _entry("addresses", number, entry.address):
            addresses.append(entry.model_copy(update={"address": parse_address(entry.address)}))
    named = {
        "groups": [group.key.strip() for group in file.groups],
        "employees": [employee.login.strip() for employee in file.employees],
        "projects": [project.key.strip() for project in file.projects],
        "addresses": [address_key(entry.address) for entry in addresses],
    }
    for kind, names in named.items():
        twice = next((name for name, times in Counter(names).items() if times > 1), None)
        if twice is not None:
            raise BadInput(f"{kind}: {clean(twice)} stands in the file twice: leave one entry of it")
    return file.model_copy(update={"addresses": tuple(addresses)})


def _commit(context: Context, file: CompanyFile, fresh: list[AddressEntry], sources: Mapping[str, str]) -> None:
    """Read every secret before the first is kept; keep them all before the rows that use them are written."""
    read = {entry.address: read_secret_file(Path(entry.secret_file)) for entry in fresh}
    addresses = context.store.addresses
    before = {stored.secret_id for entry in file.addresses if (stored := addresses.get(entry.address))}
    kept: dict[str, str] = {}
    try:
        for address, secret in read.items():
            kept[address] = put_secret(context, secret, sources[address])
        with context.store.transaction():
            _apply(context, file, Counter(), kept)
    except BaseException:
        for secret_id in kept.values():
            drop_secret(context, secret_id)
        raise
    for secret_id in before - context.store.secret_ids.in_use().keys():
        drop_secret(context, secret_id)


def _apply(context: Context, file: CompanyFile, tally: Tally, secret_ids: Mapping[str, str]) -> None:
    """Groups before the employees in them, and all three before the addresses that name them."""
    store = context.store
    for number, group in enumerate(file.groups):
        with _entry("groups", number, group.key):
            wanted_group = checked_group(Group(key=group.key, name=group.name))
            stored_group = store.groups.get(wanted_group.key)
            wanted_group = _version_of(stored_group, wanted_group)
            if _differs(tally, "groups", stored_group, wanted_group):
                save_group(context, wanted_group)
    for number, employee in enumerate(file.employees):
        with _entry("employees", number, employee.login):
            fields = {**employee.model_dump(), "groups": frozenset(employee.groups)}
            wanted_employee = checked_employee(Employee(**fields))
            stored_employee = store.employees.get(wanted_employee.login)
            wanted_employee = _version_of(stored_employee, wanted_employee)
            if _differs(tally, "employees", stored_employee, wanted_employee):
                save_employee(context, wanted_employee)
    for number, project in enumerate(file.projects):
        with _entry("projects", number, project.key):
            wanted_project = checked_project(Project(**project.model_dump()))
            stored_project = store.projects.get(wanted_project.key)
            wanted_project = _version_of(stored_project, wanted_project)
            if _differs(tally, "projects", stored_project, wanted_project):
                save_project(context, wanted_project)
    for number, address in enumerate(file.addresses):
        with _entry("addresses", number, address.address):
            _apply_address(context, address, tally, secret_ids)


def _apply_address(context: Context, entry: AddressEntry, tally: Tally, secret_ids: Mapping[str, str]) -> None:
    stored = context.store.addresses.get(entry.address)
    wanted = _wanted(context, entry, stored)
    if entry.address in secret_ids:
        wanted = wanted.model_copy(update={"secret_id": secret_ids[entry.address]})
    check_references(context, wanted)
    if _differs(tally, "addresses", stored, wanted):
        saved = context.store.addresses.save(wanted)
        context.record("import address", f"address {saved.address}", stored, saved)


def _wanted(context: Context, entry: AddressEntry, stored: ExternalAddress | None) -> ExternalAddress:
    """The address that the entry describes, with its stored secret and last test where there are any."""
    nowhere = frozenset[str]() if entry.bound_nowhere else None
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
    return candidate(context, draft).model_copy(
        update={"enabled": entry.enabled, **({"projects": nowhere} if nowhere is not None else {})}
    )


def _read_before(context: Context, entry: AddressEntry, sources: Mapping[str, str]) -> bool:
    stored = context.store.addresses.get(entry.address)
    if stored is None or entry.signin is SignIn.NONE:
        return entry.signin is SignIn.NONE
    return bool(stored.secret_id) and context.store.secret_ids.source(stored.secret_id) == sources[entry.address]


def _version_of(stored: T | None, wanted: T) -> T:
    """What is wanted, as a change of what is stored."""
    return wanted if stored is None else wanted.model_copy(update={"version": stored.version})


def _differs(tally: Tally, kind: str, stored: Frozen | None, wanted: Frozen) -> bool:
    change: Change = "added" if stored is None else "unchanged" if stored == wanted else "changed"
    tally[change, kind] += 1
    return change != "unchanged"


@contextmanager
def _entry(kind: str, number: int, name: str) -> Iterator[None]:
    """Say in which entry of the file an error is."""
    try:
        yield
    except MailtuiError as error:
        raise BadInput(f"{kind}[{number}] ({clean(name, MAX_NAMED)}): {error}") from error


def _counts(tally: Tally, change: Change) -> Counts:
    return Counts(**{kind: tally[change, kind] for kind in Counts.model_fields})
