"""Every operation that changes something writes one audit row with it, or changes nothing (+22)."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from mailtui.core.errors import NotAllowed
from mailtui.core.people import Employee
from mailtui.operations.addresses import Draft, draft_of, find_address, save_address, switch_address
from mailtui.operations.bulk import remove_addresses
from mailtui.operations.company_file import CompanyFile, GroupEntry
from mailtui.operations.configuration import Configuration
from mailtui.operations.context import Context, open_context
from mailtui.operations.doctor import A_SAVE_LASTS, examine, repair
from mailtui.operations.export_company import export_company
from mailtui.operations.import_company import import_company
from mailtui.operations.offers import offered_addresses
from mailtui.operations.people import (
    find_employee,
    find_group,
    remove_employee,
    remove_group,
    save_employee,
    save_group,
    set_members,
)
from mailtui.operations.projects import archive_project, find_project, remove_project, save_project
from mailtui.operations.test_account import record_test
from mailtui.operations.test_account import test_account as try_account
from mailtui.operations.vault import reset_vault
from mailtui.operations.vault_readers import add_recipients
from mailtui.secrets.readers import PublicKey
from mailtui.store.window import Window
from tests.company import (
    NOW,
    a_company,
    a_draft,
    a_group,
    a_project,
    a_test,
    after_a_test,
    an_account,
    an_employee,
    everything_in,
    names,
)

Change = Callable[[Context], object]

A_READER = PublicKey("age1ntekhfgh9lepphvru5gwd8kr60t56r5fwameh0wn7mctzljqau6sur8ujs", "Ana")


def edited(context: Context, address: str, **fields: object) -> Draft:
    return after_a_test(context, draft_of(find_address(context, address)).model_copy(update=fields))


CHANGES: dict[str, Change] = {
    "add employee": lambda c: save_employee(c, an_employee("eve", groups={"sales"})),
    "edit employee": lambda c: save_employee(c, find_employee(c, "ana").model_copy(update={"name": "Ana Pop"})),
    "remove employee": lambda c: remove_employee(c, "bob"),
    "add group": lambda c: save_group(c, a_group("night")),
    "edit group": lambda c: save_group(c, find_group(c, "support").model_copy(update={"name": "Help"})),
    "remove group": lambda c: remove_group(c, "support"),
    "set members": lambda c: set_members(c, "support", frozenset({"bob"})),
    "add project": lambda c: save_project(c, a_project("brand-c")),
    "edit project": lambda c: save_project(c, find_project(c, "brand-a").model_copy(update={"strict": True})),
    "archive project": lambda c: archive_project(c, "brand-a", archived=True),
    "restore project": lambda c: archive_project(c, "closed", archived=False),
    "remove project": lambda c: remove_project(c, "closed"),
    "add address": lambda c: save_address(c, after_a_test(c, a_draft("new@corp.example", access=names("ana")))),
    "edit address": lambda c: save_address(c, edited(c, "help@corp.example", name="New")),
    "enable address": lambda c: switch_address(c, "off@corp.example", enabled=True),
    "disable address": lambda c: switch_address(c, "help@corp.example", enabled=False),
    "remove address": lambda c: remove_addresses(c, ["signs-in@corp.example"]),
    "test address": lambda c: record_test(
        c, find_address(c, "help@corp.example"), a_test(find_address(c, "help@corp.example"), ok=False)
    ),
    "import": lambda c: import_company(c, CompanyFile(groups=(GroupEntry(key="night", name="Night"),))),
    "remove unused secret": repair,
    "share vault": lambda c: add_recipients(c, [A_READER]),
    "reset vault": reset_vault,
}
"""Every operation that changes what is stored, by the action that the audit calls it."""


@pytest.fixture
def company(context: Context) -> Context:
    """Some of everything, and a secret that a save left behind."""
    a_company(context)
    save_address(context, after_a_test(context, a_draft("help@corp.example", projects={"brand-a"})))
    save_address(context, after_a_test(context, a_draft("off@corp.example")))
    switch_address(context, "off@corp.example", enabled=False)
    draft = Draft(address="signs-in@corp.example", account=an_account(), secret=SecretStr("a password"))
    save_address(context, after_a_test(context, draft))
    with context.store.transaction():
        context.store.secret_ids.add("left-behind", NOW - A_SAVE_LASTS)
    context.secrets.put("left-behind", SecretStr("a password"))
    return context


def everything(context: Context) -> tuple[list[str], frozenset[str] | None]:
    """All that is stored, and which secrets are kept."""
    return everything_in(context.store), context.secrets.names()


@pytest.mark.parametrize("action", CHANGES)
def test_every_change_writes_one_row_with_who_when_what_before_and_after(company: Context, action: str) -> None:
    rows = company.store.audit.count()
    CHANGES[action](company)
    newest = company.store.audit.rows(Window(limit=1))[0]
    assert company.store.audit.count() == rows + 1
    assert newest.action == ("add group" if action == "import" else action)
    assert (newest.by, newest.at) == (company.employee.login, NOW)
    assert newest.object.split()[0] == newest.action.split()[-1] or action in ("set members", "remove unused secret")
    if action.startswith(("add", "import")):
        assert newest.before is None and newest.after
    elif action.startswith("remove "):
        assert newest.after is None and (newest.before or "secret" in action)
    else:
        assert newest.before and newest.after and newest.before != newest.after


@pytest.mark.parametrize("action", CHANGES)
def test_a_change_whose_audit_row_cannot_be_written_does_not_happen(company: Context, action: str) -> None:
    company.store._db.conn.execute(
        "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no more audit rows'); END"
    )
    stored, secrets = everything(company)
    with pytest.raises(sqlite3.IntegrityError, match="no more audit rows"):
        CHANGES[action](company)
    after, kept = everything(company)
    assert after == stored
    assert kept == (secrets if action != "remove unused secret" else (secrets or frozenset()) - {"left-behind"})


@pytest.fixture
def as_ana(company: Context, database: Path) -> Iterator[Context]:
    """The administrator acts as Ana, who is a member."""
    context = open_context(database, act_as="ana", configuration=Configuration(keyring="vault"), clock=lambda: NOW)
    yield context
    context.store.close()


@pytest.mark.parametrize("action", [action for action in CHANGES if action != "test address"])
def test_a_member_changes_nothing(company: Context, as_ana: Context, action: str) -> None:
    company.tests = as_ana.tests
    before = everything(company)
    with pytest.raises(NotAllowed, match="ana is a member: only an admin may"):
        CHANGES[action](as_ana)
    assert everything(company) == before


@pytest.mark.parametrize("read", [examine, export_company, lambda c: offered_addresses(c, "bob", "brand-a")])
def test_a_member_reads_nothing_that_is_for_admins(as_ana: Context, read: Change) -> None:
    with pytest.raises(NotAllowed, match="ana is a member"):
        read(as_ana)


async def test_a_member_tests_no_account(as_ana: Context) -> None:
    with pytest.raises(NotAllowed, match="ana is a member"):
        await try_account(as_ana, a_draft("new@corp.example"), lambda event: None)


def test_what_is_done_as_another_is_recorded_with_both_names(company: Context, database: Path) -> None:
    boss = find_employee(company, "bob").model_copy(update={"role": company.employee.role})
    save_employee(company, boss)
    as_bob = open_context(database, act_as="bob", clock=lambda: NOW)
    save_group(as_bob, a_group("night"))
    as_bob.store.close()
    assert company.store.audit.rows(Window(limit=1))[0].by == f"{company.employee.login} as bob"


def test_what_changes_nothing_writes_no_row(company: Context) -> None:
    rows = company.store.audit.count()
    switch_address(company, "help@corp.example", enabled=True)
    archive_project(company, "closed", archived=True)
    set_members(company, "support", frozenset({"ana"}))
    import_company(company, export_company(company))
    assert company.store.audit.count() == rows


def test_another_password_can_be_seen_in_the_audit_and_the_password_cannot(company: Context) -> None:
    save_address(company, edited(company, "signs-in@corp.example", secret=SecretStr("another password")))
    newest = company.store.audit.rows(Window(limit=1))[0]
    assert newest.before != newest.after
    assert "another password" not in newest.model_dump_json()


def test_installing_is_the_first_row(context: Context, database: Path) -> None:
    open_context(database).store.close()
    [row] = context.store.audit.rows(Window())
    assert (row.action, row.object) == ("install", f"employee {context.employee.login}")


def test_an_employee_entry_says_in_which_groups_he_is(company: Context) -> None:
    save_employee(company, Employee(login="eve", name="Eve", groups=frozenset({"support", "sales"})))
    after = company.store.audit.rows(Window(limit=1))[0].after
    assert after is not None and after["groups"] == ["sales", "support"]
