"""Two who edit one address: the second is told who was first, and nothing is lost or left behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from mailtui.core.addresses import ExternalAddress
from mailtui.core.errors import Conflict, NotFound
from mailtui.operations.addresses import Draft, draft_of, save_address
from mailtui.operations.bulk import remove_addresses
from mailtui.operations.configuration import Configuration
from mailtui.operations.context import Context, open_context
from tests.company import NOW, a_company, a_draft, after_a_test, an_account


@pytest.fixture
def company(context: Context) -> Context:
    a_company(context)
    return context


@pytest.fixture
def second(company: Context, database: Path) -> Iterator[Context]:
    """The same person in another terminal."""
    context = open_context(database, configuration=Configuration(keyring="vault"), clock=lambda: NOW)
    yield context
    context.store.close()


def stored(context: Context) -> list[ExternalAddress]:
    return context.store.addresses.all()


def with_password(address: str, secret: str) -> Draft:
    return Draft(address=address, account=an_account(username=address), secret=SecretStr(secret))


def test_the_second_of_two_editors_is_told_who_was_first_and_keeps_nothing(company: Context, second: Context) -> None:
    saved = save_address(company, after_a_test(company, with_password("new@corp.example", "first")))
    mine, other = draft_of(saved), draft_of(saved)
    save_address(second, other.model_copy(update={"name": "Other"}))
    secret_ids = company.store.secret_ids.all()
    mine = after_a_test(company, mine.model_copy(update={"secret": SecretStr("second")}))
    with pytest.raises(Conflict) as conflict:
        save_address(company, mine)
    assert f"was changed by {company.employee.login} at 2026-03-02 10:00 UTC" in str(conflict.value)
    assert company.store.secret_ids.all() == company.secrets.names() == secret_ids
    assert stored(company)[0].name == "Other"


def test_an_address_that_was_removed_meanwhile_is_not_brought_back(company: Context, second: Context) -> None:
    saved = save_address(company, after_a_test(company, a_draft("new@corp.example")))
    remove_addresses(second, [saved.address])
    with pytest.raises(NotFound, match="removed meanwhile"):
        save_address(company, draft_of(saved))


def test_who_gave_an_address_another_name_meanwhile_is_named_too(company: Context, second: Context) -> None:
    saved = save_address(company, after_a_test(company, a_draft("new@corp.example")))
    renamed = draft_of(saved).model_copy(update={"address": "renamed@corp.example"})
    save_address(second, after_a_test(second, renamed))
    with pytest.raises(Conflict, match=r"address renamed@corp\.example was changed by .* \(edit address\)"):
        save_address(company, draft_of(saved).model_copy(update={"name": "New"}))
    mine = draft_of(saved).model_copy(update={"address": "mine@corp.example"})
    with pytest.raises(Conflict, match=r"address renamed@corp\.example was changed by"):
        save_address(company, after_a_test(company, mine))
