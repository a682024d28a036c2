"""With --prune the file is the whole truth of the lists that it has, by the same rules as one removal by hand."""

from pathlib import Path

import pytest

from mailtui.core.errors import MailtuiError, NotAllowed, TryAgain
from mailtui.operations.addresses import find_address
from mailtui.operations.company_text import parse_company_file
from mailtui.operations.context import Context, open_context
from mailtui.operations.import_company import Progress, import_company
from mailtui.operations.import_outcome import Counts, ImportOutcome
from mailtui.operations.people import save_group
from tests.company import NOW, a_company, a_group, everything_in

EMPLOYEES = '[[employees]]\nlogin = "ana"\nname = "Ana"\ngroups = ["support"]\n'
BOB = '[[employees]]\nlogin = "bob"\nname = "Bob"\n'
OF_BOB = '[[addresses]]\naddress = "bob@corp.example"\nhost = "127.0.0.1"\nsignin = "none"\nowner = "bob"\n'
OFFICE = '[[addresses]]\naddress = "office@corp.example"\nhost = "127.0.0.1"\n'
PROVIDER = '[[providers]]\nid = "microsoft"\nclient_id = "3f0c"\n'
BY_OAUTH = (
    '[[addresses]]\naddress = "o@corp.example"\nservice = "microsoft-365"\nsignin = "oauth"\nprovider = "microsoft"\n'
)


def pruned(context: Context, text: str, *, dry_run: bool = False) -> ImportOutcome:
    return import_company(context, parse_company_file(text, "company.toml"), dry_run=dry_run, prune=True)


def everything(context: Context) -> tuple[list[str], frozenset[str] | None]:
    return everything_in(context.store), context.secrets.names()


def test_a_kind_that_the_file_has_no_list_of_stays(context: Context) -> None:
    a_company(context)
    outcome = pruned(context, EMPLOYEES)
    assert outcome.removed.groups == outcome.removed.projects == 0
    assert {employee.login for employee in context.store.employees.all()} == {"ana"}
    assert len(context.store.groups.all()) == 2


def test_an_empty_list_removes_all_of_its_kind(context: Context) -> None:
    a_company(context)
    assert pruned(context, "projects = []").removed == Counts(projects=3)
    assert context.store.projects.all() == []


def test_a_rehearsal_of_a_prune_changes_nothing_and_tells_the_same(context: Context) -> None:
    a_company(context)
    before = everything(context)
    outcome = pruned(context, EMPLOYEES, dry_run=True)
    assert everything(context) == before
    assert outcome == pruned(context, EMPLOYEES)


def test_the_addresses_of_a_removed_employee_stay_switched_off(context: Context) -> None:
    a_company(context)
    import_company(context, parse_company_file(BOB + OF_BOB, "company.toml"))
    pruned(context, EMPLOYEES)
    left = find_address(context, "bob@corp.example")
    assert (left.enabled, left.owner) == (False, "bob")
    exported = OF_BOB + "enabled = false\n"
    assert pruned(context, EMPLOYEES + exported).unchanged == Counts(employees=1, addresses=1)
    with pytest.raises(MailtuiError, match="no employee 'bob' to own"):
        pruned(context, EMPLOYEES + OF_BOB)


def test_an_address_loses_a_removed_project_and_opens_to_no_other(context: Context) -> None:
    a_company(context)
    import_company(context, parse_company_file(OFFICE + 'projects = ["brand-a"]', "company.toml"))
    pruned(context, "projects = []")
    assert find_address(context, "office@corp.example").projects == frozenset()


def test_the_secret_of_a_removed_address_goes_and_that_of_a_refused_import_stays(
    context: Context, tmp_path: Path
) -> None:
    path = tmp_path / "secret"
    path.touch(mode=0o600)
    path.write_text("one\n")
    import_company(context, parse_company_file(OFFICE + f'secret_file = "{path}"', "company.toml"))
    context.store._db.conn.execute(
        "CREATE TRIGGER no BEFORE DELETE ON projects BEGIN SELECT RAISE(ABORT, 'not this one'); END"
    )
    a_company(context)
    before = everything(context)
    with pytest.raises(Exception, match="not this one"):
        pruned(context, "addresses = []\nprojects = []")
    assert everything(context) == before
    assert pruned(context, "addresses = []").removed == Counts(addresses=1)
    assert context.secrets.names() == frozenset()


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_provider_that_addresses_sign_in_at_is_not_removed(context: Context, dry_run: bool) -> None:
    import_company(context, parse_company_file(PROVIDER + BY_OAUTH, "company.toml"))
    before = everything(context)
    with pytest.raises(NotAllowed, match=r"o@corp\.example"):
        pruned(context, "providers = []", dry_run=dry_run)
    assert everything(context) == before
    assert pruned(context, "providers = []\naddresses = []").removed == Counts(providers=1, addresses=1)


def test_who_changes_the_company_while_an_import_is_planned_loses_nothing(context: Context) -> None:
    """The plan is made anew for what is there then."""
    a_company(context)
    other = open_context(context.store.path, configuration=context.configuration, clock=lambda: NOW)
    reached: list[Progress] = []

    def meanwhile(progress: Progress) -> None:
        if not reached:
            reached.append(progress)
            save_group(other, a_group("night"))

    file = parse_company_file(OFFICE + '[[groups]]\nkey = "sales"\nname = "Sales people"', "company.toml")
    outcome = import_company(context, file, prune=True, report=meanwhile)
    assert outcome.removed == Counts(groups=2)
    assert {group.key for group in context.store.groups.all()} == {"sales"}
    other.store.close()


def test_an_import_that_is_always_overtaken_gives_up_and_changes_nothing(context: Context) -> None:
    a_company(context)
    other = open_context(context.store.path, configuration=context.configuration, clock=lambda: NOW)

    def meanwhile(progress: Progress) -> None:
        save_group(other, a_group(f"g{len(other.store.groups.all())}"))

    with pytest.raises(TryAgain, match="import again"):
        import_company(context, parse_company_file(OFFICE, "company.toml"), report=meanwhile)
    assert context.store.addresses.all() == []
    other.store.close()
