"""The plan of an import: what a company file adds, changes and leaves, worked out from data alone.

Nothing is read or written here: the file, what the company has now, and where the secrets come from are given.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

from mailtui.core.addresses import ExternalAddress, SignIn, address_key, parse_address
from mailtui.core.errors import BadInput, MailtuiError
from mailtui.core.people import Employee, Group
from mailtui.core.projects import Project
from mailtui.core.providers import Provider
from mailtui.core.text import clean
from mailtui.operations.company_file import (
    KINDS,
    AccessEntry,
    AddressEntry,
    CompanyFile,
    EmployeeEntry,
    Entry,
    ProviderEntry,
    Thing,
    name_of,
)
from mailtui.operations.company_text import did_you_mean, entry_words
from mailtui.operations.import_outcome import Planned, reviewed
from mailtui.operations.import_secrets import Handed, SecretSource, source_of_entry
from mailtui.operations.import_things import thing_of
from mailtui.operations.wrong_entries import MAX_SHOWN, Problem

PENDING: Final = "pending"
"""Stands for the id of a secret that is not kept yet."""

PASSING: Final[dict[str, object]] = {
    "host": "passing.example", "port": 25, "name": "passing", "username": "passing", "ca_file": "", "service": "",
    "email": "", "client_id": "passing", "flow": None, "issuer": "https://passing.example",
}  # fmt: skip
"""What passes every check, in place of a field that did not, so that all that is wrong is told at once."""

MAX_LIKENED: Final = 10_000
"""Names among which one that is like an unknown one is looked for: more would take seconds an error."""

ORDER: Final = ("groups", "employees", "projects", "providers", "addresses")
"""In which the kinds are added, so that what others name is there before them."""


@dataclass(frozen=True)
class Stored:
    """What the company has now; of the addresses at least those that the file names."""

    groups: Mapping[str, Group]
    employees: Mapping[str, Employee]
    projects: Mapping[str, Project]
    providers: Mapping[str, Provider]
    addresses: Mapping[str, ExternalAddress]
    """By `address_key`."""
    marks: Mapping[str, str]
    """Where each secret was read, by its id."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that the import adds, changes or removes."""

    planned: Planned
    before: Thing | None
    entry: Entry | None
    """What it becomes; None where it is removed."""
    source: SecretSource | None = None
    """Where a new secret of it is read."""
    number: int = 0
    """Of its entry in the file, from 0."""

    @property
    def is_new_address(self) -> bool:
        return self.before is None and isinstance(self.entry, AddressEntry)

    def after(self, secret_id: str = "") -> Thing | None:
        """The thing as it will be, with the id under which its new secret is kept. It was made while planning, and is
        made again: very many are not kept in the meantime, since one takes thirty times the memory of a step."""
        return None if self.entry is None else thing_of(self.entry, self.before, secret_id)


@dataclass
class Plan:
    """Everything that an import does, or what keeps it from being done."""

    steps: list[Step] = field(default_factory=list)
    """In the order in which they can be done: what others name comes before them, and goes after them."""
    unchanged: Counter[str] = field(default_factory=Counter)
    """How many of each kind."""
    problems: list[Problem] = field(default_factory=list)
    """Where there is one, nothing is done."""


def plan_import(
    file: CompanyFile, stored: Stored, handed: Handed, *, prune: bool, progress: Callable[[int, int], None]
) -> Plan:
    """What the import of the file does. `prune` also removes what the file does not name, of each kind that it has a
    list of; other kinds stay. `progress` is told how many of how many addresses are done."""
    return _Planning(file, stored, handed, prune, progress).plan


class _Planning:
    def __init__(
        self, file: CompanyFile, stored: Stored, handed: Handed, prune: bool, progress: Callable[[int, int], None]
    ) -> None:
        self.plan = Plan()
        self._stored = stored
        self._handed = handed
        self._pruned = [kind for kind in KINDS if prune and kind in file.model_fields_set]
        self._known = {kind: self._names(kind, getattr(file, kind)) for kind in KINDS if kind != "addresses"}
        named = {kind: self._each(kind, getattr(file, kind), getattr(stored, kind), progress) for kind in ORDER}
        for kind in ("addresses", "employees", "groups", "projects", "providers"):
            if kind in self._pruned:
                gone = (thing for key, thing in getattr(stored, kind).items() if key not in named[kind])
                self.plan.steps += [Step(reviewed(kind, thing, None), thing, None) for thing in gone]

    def _names(self, kind: str, entries: Sequence[Entry]) -> dict[str, None]:
        """Those that there will be, in an order that does not change."""
        stored = {} if kind in self._pruned else dict.fromkeys(getattr(self._stored, kind))
        return stored | dict.fromkeys(name_of(entry).strip() for entry in entries)

    def _each(
        self, kind: str, entries: Sequence[Entry], stored: Mapping[str, Thing], progress: Callable[[int, int], None]
    ) -> Collection[str]:
        """Plans for each entry; the keys by which the file names them."""
        seen: dict[str, int] = {}
        for number, entry in enumerate(entries):
            if kind == "addresses":
                progress(number + 1, len(entries))
            with self._entry(kind, number, entry):
                key = _key_of(entry)
                if key in seen:
                    raise BadInput(f"stands in the file twice, first as {kind}[{seen[key]}]: leave one entry of it")
                seen[key] = number
                before = stored.get(key)
                source = self._fresh(entry, before)
                self._check_names(kind, number, entry)
                after = self._made(kind, number, entry, before, PENDING if source else "")
                if source is None and _lost_its_secret(before, after):
                    source = source_of_entry(entry) if isinstance(entry, AddressEntry) else None
                    after = self._made(kind, number, entry, before, PENDING if source else "")
                if before == after:
                    self.plan.unchanged[kind] += 1
                else:
                    planned = reviewed(kind, before, after, source.field if source else "")
                    self.plan.steps.append(Step(planned, before, entry, source, number))
        return seen

    def _fresh(self, entry: Entry, before: Thing | None) -> SecretSource | None:
        """Where the entry's secret is to be read; None where it names no source, or what was read there is stored."""
        if not isinstance(entry, AddressEntry | ProviderEntry) or (source := source_of_entry(entry)) is None:
            return None
        secret_id = ""
        if isinstance(before, Provider):
            secret_id = before.client_secret_id
        elif isinstance(before, ExternalAddress) and before.account.signin is getattr(entry, "signin", None):
            secret_id = before.secret_id
        if source.field == "secret_stdin":  # It was handed over for this import; without a line the stored one stays.
            return None if secret_id and source.where not in self._handed else source
        return None if secret_id and self._stored.marks.get(secret_id) == source.mark else source

    def _made(self, kind: str, number: int, entry: Entry, before: Thing | None, secret_id: str) -> Thing:
        """Raises the last thing that is wrong with the entry; those before it are told, each by itself."""
        while True:
            try:
                after = thing_of(entry, before, secret_id)
            except BadInput as error:
                wrong = error.field or ""
                if wrong not in PASSING or getattr(entry, wrong) == PASSING[wrong]:
                    raise
                self._problem((kind, number, wrong), kind, number, entry, str(error))
                entry = entry.model_copy(update={wrong: PASSING[wrong]})
            else:
                break
        if isinstance(after, ExternalAddress) and after.account.signin is SignIn.OAUTH:
            words = "there is no OAuth provider {} to sign in at"
            self._refer(kind, number, entry, "provider", "providers", [after.account.provider], words)
        return after

    def _check_names(self, kind: str, number: int, entry: Entry) -> None:
        """Everybody and everything that it names will be there. Who owned an address that is off may be gone."""
        if isinstance(entry, EmployeeEntry):
            self._refer(kind, number, entry, "groups", "groups", entry.groups, "there is no group {}")
        if not isinstance(entry, AddressEntry):
            return
        access = entry.access or AccessEntry()
        owner = [entry.owner] if entry.owner and entry.enabled else []
        for field_name, target, named, words in (
            ("owner", "employees", owner, "there is no employee {} to own the address"),
            ("access", "employees", access.employees, "there is no employee {} to let in"),
            ("access", "groups", access.groups, "there is no group {} to let in"),
            ("projects", "projects", entry.projects or (), "there is no project {} to bind the address to"),
        ):
            self._refer(kind, number, entry, field_name, target, named, words)

    def _refer(
        self, kind: str, number: int, entry: Entry, field_name: str, target: str, named: Sequence[str],
        words: str,
    ) -> None:  # fmt: skip
        known = self._known[target]
        for name in dict.fromkeys(name for name in named if name not in known):
            hint = ": add it, or name another"
            if len(known) <= MAX_LIKENED and len(self.plan.problems) < MAX_SHOWN:
                hint = did_you_mean(name, known) or hint
            path = _path_of(kind, number, entry, field_name, target, name)
            self._problem(path, kind, number, entry, words.format(repr(clean(name, 80))) + hint)

    @contextmanager
    def _entry(self, kind: str, number: int, entry: Entry) -> Iterator[None]:
        try:
            yield
        except MailtuiError as error:
            field_name = getattr(error, "field", None) or ""
            self._problem((kind, number, field_name), kind, number, entry, str(error))

    def _problem(self, path: tuple[str | int, ...], kind: str, number: int, entry: Entry, words: str) -> None:
        shown = entry_words((kind, number), {2: name_of(entry)})
        self.plan.problems.append(Problem(path=path, entry=shown, words=words))


def _lost_its_secret(before: Thing | None, after: Thing) -> bool:
    """Whether the stored secret does not prove anything any more: at another host, say."""
    if not isinstance(before, ExternalAddress) or not isinstance(after, ExternalAddress):
        return False
    return bool(before.secret_id) and not after.secret_id and after.account.signin is not SignIn.NONE


def _key_of(entry: Entry) -> str:
    name = name_of(entry)
    return address_key(parse_address(name)) if isinstance(entry, AddressEntry) else name.strip()


def _path_of(kind: str, number: int, entry: Entry, field_name: str, target: str, name: str) -> tuple[str | int, ...]:
    """Where the entry names what is not there."""
    path: tuple[str | int, ...] = (kind, number, field_name)
    found = getattr(entry, field_name)
    if field_name == "access":
        path, found = (*path, target), getattr(found, target)
    return (*path, found.index(name)) if isinstance(found, tuple) and name in found else path
