"""Companies for the tests, told in the words of the specification."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from hypothesis import strategies as st

from mailtui.core.addresses import ExternalAddress, LastTest, Security, SignIn, SmtpAccount
from mailtui.core.people import AccessList, Employee, Group, Role
from mailtui.core.projects import Project
from mailtui.operations.addresses import Draft, candidate
from mailtui.operations.context import Context
from mailtui.operations.people import save_employee, save_group
from mailtui.operations.projects import save_project
from mailtui.store import Store

NOW: Final = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
"""What the fixed clock of the tests shows."""

Tested = Literal["passed", "failed", "changed since", "never"]
"""How the last test of an address went, and whether it was of these settings."""


def names(*logins_and_groups: str) -> AccessList:
    """`names("ana", "@support")`: an access list as the command line writes one; without names it lets nobody in."""
    return AccessList(
        employees=frozenset(name for name in logins_and_groups if not name.startswith("@")),
        groups=frozenset(name[1:] for name in logins_and_groups if name.startswith("@")),
    )


def an_employee(login: str, *, groups: Iterable[str] = (), role: Role = Role.MEMBER) -> Employee:
    return Employee(login=login, name=login.title(), role=role, groups=frozenset(groups))


def a_group(key: str) -> Group:
    return Group(key=key, name=key.title())


def a_project(key: str, *, strict: bool = False, archived: bool = False) -> Project:
    return Project(key=key, name=key.title(), strict=strict, archived=archived)


def an_account(host: str = "127.0.0.1", *, username: str = "sales", signin: SignIn = SignIn.PASSWORD) -> SmtpAccount:
    return SmtpAccount(host=host, port=2525, security=Security.STARTTLS, signin=signin, username=username)


def a_test(address: ExternalAddress, *, ok: bool = True, at: datetime = NOW) -> LastTest:
    """The result of testing exactly these settings."""
    if ok:
        return LastTest(fingerprint=address.fingerprint, ok=True, at=at)
    return LastTest(
        fingerprint=address.fingerprint, ok=False, at=at, step="sign_in", reason="wrong-password", reply="535 no"
    )


def an_address(
    address: str,
    *,
    name: str = "",
    owner: str | None = None,
    enabled: bool = True,
    tested: Tested = "passed",
    access: AccessList | None = None,
    projects: Iterable[str] | None = None,
    account: SmtpAccount | None = None,
    secret_id: str = "",
) -> ExternalAddress:
    """An address that, if nothing else is said, everybody may use everywhere."""
    made = ExternalAddress(
        address=address,
        name=name,
        owner=owner,
        enabled=enabled,
        account=account or an_account(),
        access=access,
        projects=None if projects is None else frozenset(projects),
        secret_id=secret_id,
    )
    if tested == "never":
        return made
    last_test = a_test(made, ok=tested != "failed")
    if tested == "changed since":
        last_test = last_test.model_copy(update={"fingerprint": "of other settings"})
    return made.model_copy(update={"last_test": last_test})


def a_draft(address: str, *, access: AccessList | None = None, projects: Iterable[str] | None = None) -> Draft:
    """A new address as typed into the form; its server wants no sign-in."""
    return Draft(
        address=address,
        account=an_account(username="", signin=SignIn.NONE),
        access=access,
        projects=None if projects is None else frozenset(projects),
    )


def after_a_test(context: Context, draft: Draft, *, ok: bool = True, at: datetime = NOW) -> Draft:
    """The draft, after its account was tested in this context as it stands."""
    result = a_test(candidate(context, draft), ok=ok, at=at)
    context.tests[result.fingerprint] = result
    return draft


def a_company(context: Context) -> None:
    """Ana and Bob, Ana in the support group; two brands, one of them strict, and a closed one. No addresses."""
    save_group(context, a_group("support"))
    save_group(context, a_group("sales"))
    save_employee(context, an_employee("ana", groups={"support"}))
    save_employee(context, an_employee("bob"))
    save_project(context, a_project("brand-a"))
    save_project(context, a_project("brand-b", strict=True))
    save_project(context, a_project("closed", archived=True))


@dataclass(frozen=True)
class Company:
    """Everything that the offer rule looks at."""

    groups: tuple[Group, ...]
    employees: tuple[Employee, ...]
    projects: tuple[Project, ...]
    addresses: tuple[ExternalAddress, ...]

    def stored_in(self, store: Store) -> None:
        with store.transaction():
            for group in self.groups:
                store.groups.save(group)
            for employee in self.employees:
                store.employees.save(employee)
            for project in self.projects:
                store.projects.save(project)
            for address in self.addresses:
                store.addresses.save(address)


GROUPS: Final = ("support", "sales", "night")
LOGINS: Final = ("ana", "bob", "eve")
PROJECTS: Final = ("brand-a", "brand-b", "brand-c")
LOCAL_PARTS: Final = ("help", "Help2", "info", "noreply", "Zoe", "ana")

TESTED: Final[st.SearchStrategy[Tested]] = st.sampled_from(
    ("passed", "passed", "passed", "failed", "changed since", "never")
)
"""Mostly passed: the other rules only show behind the first."""

ACCESS_LISTS: Final = st.none() | st.sets(st.sampled_from((*LOGINS, *(f"@{key}" for key in GROUPS))), max_size=3).map(
    lambda chosen: names(*chosen)
)
BINDINGS: Final = st.none() | st.frozensets(st.sampled_from(PROJECTS), max_size=2)


@st.composite
def companies(draw: st.DrawFn) -> Company:
    """Random companies: overlapping groups, empty access lists, strict and archived projects, owners, addresses that
    are switched off, failing, untested, or left behind by their last project."""
    addresses = [
        an_address(
            f"{local_part}@corp.example",
            owner=draw(st.none() | st.sampled_from(LOGINS)),
            enabled=draw(st.sampled_from((True, True, True, False))),
            tested=draw(TESTED),
            access=draw(ACCESS_LISTS),
            projects=draw(BINDINGS),
        )
        for local_part in draw(st.lists(st.sampled_from(LOCAL_PARTS), unique=True))
    ]
    return Company(
        groups=tuple(a_group(key) for key in GROUPS),
        employees=tuple(
            an_employee(login, groups=draw(st.sets(st.sampled_from(GROUPS), max_size=2))) for login in LOGINS
        ),
        projects=tuple(
            a_project(key, strict=draw(st.booleans()), archived=draw(st.sampled_from((False, False, True))))
            for key in PROJECTS
        ),
        addresses=tuple(addresses),
    )


def everything_in(store: Store) -> list[str]:
    """What every table holds, row by row; the indexes of words follow from it and cannot be read back."""
    db = store._db
    tables = [name for name in db.table_names() if "_words" not in name]
    return [f"{table}: {tuple(row.values())}" for table in sorted(tables) for row in db.table(table).rows]
