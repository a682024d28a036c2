"""A deletion says exactly what it takes away, and a removed employee's addresses are nobody's (issue 6, section 3)."""

import pytest

from mailtui.core.deliveries import Delivery
from mailtui.core.errors import BadInput, NotAllowed
from mailtui.operations.addresses import (
    draft_of,
    find_address,
    save_address,
    switch_address,
)
from mailtui.operations.bulk import remove_addresses
from mailtui.operations.context import Context
from mailtui.operations.doctor import examine
from mailtui.operations.export_company import export_company
from mailtui.operations.import_company import import_company
from mailtui.operations.losses import (
    Losses,
    losses_of_addresses,
    losses_of_employees,
    losses_of_groups,
    losses_of_projects,
)
from mailtui.operations.offers import explained_addresses
from mailtui.operations.people import find_employee, remove_employee, save_employee
from tests.company import NOW, a_company, a_draft, after_a_test, an_address, an_employee, names

ANAS, HELP, INFO, SALES = "ana@corp.example", "help@corp.example", "info@corp.example", "sales@corp.example"


@pytest.fixture
def company(context: Context) -> Context:
    """ANAS is Ana's own, for brand-a; HELP is Ana's and support's; INFO support's alone, for brand-b; SALES is open."""
    a_company(context)
    with context.store.transaction():
        for address in (
            an_address(ANAS, owner="ana", projects={"brand-a"}),
            an_address(HELP, access=names("ana", "@support")),
            an_address(INFO, access=names("@support"), projects={"brand-b", "closed"}),
            an_address(SALES, projects={"closed"}),
        ):
            context.store.addresses.save(address)
    return context


def test_an_employee_takes_his_own_addresses_his_access_and_a_projects_last_sender(company: Context) -> None:
    assert losses_of_employees(company, ["ana"]) == Losses(
        going=("Ana",), groups=("Support",), switched_off=(ANAS,), access=(HELP,), senderless=("Brand-A",)
    )


def test_a_list_that_names_nobody_else_is_told(company: Context) -> None:
    with company.store.transaction():
        company.store.addresses.save(an_address("vip@corp.example", access=names("ana", "bob")))
    assert losses_of_employees(company, ["ana"]).nobodys == ()
    assert losses_of_employees(company, ["ana", "bob"]).nobodys == ("vip@corp.example",)


def test_a_group_takes_access_and_the_sender_of_a_project_that_only_it_could_use(company: Context) -> None:
    assert losses_of_groups(company, ["support"]) == Losses(
        going=("Support",), members=("Ana",), access=(HELP, INFO), nobodys=(INFO,), senderless=("Brand-B",)
    )


def test_a_project_takes_bindings_and_some_addresses_belong_nowhere_then(company: Context) -> None:
    assert losses_of_projects(company, ["closed"]) == Losses(
        going=("Closed",), bindings=(INFO, SALES), nowhere=(SALES,)
    )


def test_addresses_that_go_together_are_no_senders_for_each_other(company: Context) -> None:
    with company.store.transaction():
        company.store.addresses.save(an_address("more@corp.example", projects={"brand-a"}))
    assert losses_of_addresses(company, [ANAS]).senderless == ()
    assert losses_of_addresses(company, [ANAS, "more@corp.example"]).senderless == ("Brand-A",)


def test_messages_that_wait_are_told_by_employee_project_and_address(company: Context) -> None:
    with company.store.transaction():
        for number in range(2):
            delivery = Delivery(
                message_id=f"<{number}@corp.example>", project="closed", sender=SALES, to="ion@client.example",
                by="bob", subject="Offer", created_at=NOW,
            )  # fmt: skip
            company.store.deliveries.accept(delivery, b"")
    assert losses_of_employees(company, ["bob", "ana"]).waiting == 2
    assert losses_of_employees(company, ["ana"]).waiting == 0
    assert losses_of_projects(company, ["closed"]).waiting == 2
    assert losses_of_addresses(company, [SALES]).waiting == 2
    assert losses_of_addresses(company, [HELP]).waiting == 0


def test_what_is_told_is_what_happens(company: Context) -> None:
    told = losses_of_employees(company, ["ana"])
    remove_employee(company, "ana")
    off = [a.address for a in company.store.addresses.all() if not a.enabled]
    assert off == list(told.switched_off)
    assert find_address(company, HELP).access == names("@support")


def test_the_addresses_of_a_removed_employee_are_off_and_offered_to_nobody(company: Context) -> None:
    remove_employee(company, "ana")
    address = find_address(company, ANAS)
    assert (address.owner, address.enabled) == ("ana", False)
    assert [row.rule for row in explained_addresses(company, "bob", "brand-a", ANAS).refused] == [1]
    with pytest.raises(NotAllowed, match="ana, is no employee any more"):
        switch_address(company, ANAS, enabled=True)


def test_whoever_gets_his_login_later_is_not_offered_them_unless_an_admin_switches_them_on(company: Context) -> None:
    remove_employee(company, "ana")
    save_employee(company, an_employee("ana"))
    assert not find_address(company, ANAS).enabled
    assert switch_address(company, ANAS, enabled=True).enabled


def test_a_former_employees_address_can_be_edited_and_deleted_but_none_be_added(company: Context) -> None:
    remove_employee(company, "ana")
    draft = draft_of(find_address(company, ANAS))
    assert save_address(company, draft.model_copy(update={"name": "Was Ana"})).name == "Was Ana"
    remove_addresses(company, [ANAS])
    another = a_draft("more@corp.example").model_copy(update={"owner": "ana"})
    with pytest.raises(BadInput, match="no employee 'ana' to own"):
        save_address(company, after_a_test(company, another))


def test_former_owners_are_counted_until_they_come_back(company: Context) -> None:
    assert company.store.addresses.former_owners() == {}
    remove_employee(company, "ana")
    assert company.store.addresses.former_owners() == {"ana": 1}
    save_employee(company, an_employee("ana"))
    assert company.store.addresses.former_owners() == {}
    assert find_employee(company, "ana").groups == frozenset()


def test_the_examination_tells_what_former_employees_left(company: Context) -> None:
    def told() -> str:
        return next(c.detail for c in examine(company).checks if c.name == "addresses of former employees")

    assert told() == "none"
    remove_employee(company, "ana")
    assert told() == "off, and offered to nobody: 1 of ana"


def test_the_file_of_the_company_keeps_what_a_former_employee_left(company: Context) -> None:
    remove_employee(company, "ana")
    exported = export_company(company)
    remove_addresses(company, [ANAS])
    import_company(company, exported)
    address = find_address(company, ANAS)
    assert (address.owner, address.enabled) == ("ana", False)
    assert export_company(company) == exported
