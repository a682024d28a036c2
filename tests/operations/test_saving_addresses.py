"""Settings are saved only after their own successful test, whatever calls (S6), and two editors do not collide."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from mailtui.core.addresses import AddressState, ExternalAddress, SignIn
from mailtui.core.errors import BadInput, NotAllowed
from mailtui.operations.addresses import (
    Draft,
    draft_of,
    find_address,
    projects_losing_sender,
    save_address,
    switch_address,
    why_draft_not_saved,
)
from mailtui.operations.bulk import remove_addresses
from mailtui.operations.configuration import Configuration
from mailtui.operations.context import Context, open_context
from mailtui.operations.projects import archive_project, remove_project
from mailtui.operations.test_account import record_test
from mailtui.operations.test_account import test_account as go_through
from tests.company import NOW, a_company, a_draft, a_test, after_a_test, an_account, names


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


def changed(draft: Draft, **account: object) -> Draft:
    return draft.model_copy(update={"account": draft.account.model_copy(update=account)})


def refused(context: Context, draft: Draft) -> str:
    """The sentence with which saving it is refused; nothing is kept by that."""
    before, secrets, audit = stored(context), context.store.secret_ids.all(), context.store.audit.count()
    announced = why_draft_not_saved(context, draft)
    with pytest.raises(NotAllowed) as refusal:
        save_address(context, draft)
    assert announced is not None and announced in str(refusal.value)
    assert (stored(context), context.store.secret_ids.all(), context.store.audit.count()) == (before, secrets, audit)
    return announced


def test_a_new_address_is_not_saved_without_a_test(company: Context) -> None:
    assert "test the account first" in refused(company, a_draft("new@corp.example"))


def test_a_new_address_is_not_saved_after_a_test_that_failed(company: Context) -> None:
    assert "failed" in refused(company, after_a_test(company, a_draft("new@corp.example"), ok=False))


def test_a_later_failure_takes_an_earlier_success_away(company: Context) -> None:
    draft = after_a_test(company, a_draft("new@corp.example"))
    assert "failed" in refused(company, after_a_test(company, draft, ok=False))


@pytest.mark.parametrize(
    "change",
    [
        lambda draft: draft.model_copy(update={"address": "other@corp.example"}),
        lambda draft: draft.model_copy(update={"address": "NEW@corp.example"}),
        lambda draft: changed(draft, host="127.0.0.2"),
        lambda draft: changed(draft, port=2526),
        lambda draft: changed(draft, username="somebody"),
        lambda draft: changed(draft, cleartext_confirmed=True),
        lambda draft: draft.model_copy(update={"secret": SecretStr("another")}),
    ],
)
def test_what_was_changed_after_its_test_is_not_saved(company: Context, change: Callable[[Draft], Draft]) -> None:
    draft = after_a_test(company, with_password("new@corp.example", "first"))
    refused(company, change(draft))
    save_address(company, draft)


def test_a_secret_typed_again_alike_is_the_one_that_was_tested(company: Context) -> None:
    after_a_test(company, with_password("new@corp.example", "first"))
    saved = save_address(company, with_password("new@corp.example", "first"))
    assert saved.state is AddressState.READY
    assert company.secrets.get(saved.secret_id).get_secret_value() == "first"


def test_a_test_made_in_another_terminal_does_not_count(company: Context, second: Context) -> None:
    after_a_test(second, a_draft("new@corp.example"))
    after_a_test(second, with_password("other@corp.example", "first"))
    refused(company, a_draft("new@corp.example"))
    refused(company, with_password("other@corp.example", "first"))


def test_an_address_is_ready_after_it_was_tested_and_saved(company: Context) -> None:
    saved = save_address(company, after_a_test(company, a_draft("new@corp.example")))
    assert saved.state is AddressState.READY
    assert stored(company) == [saved]


def test_name_access_and_projects_are_changed_without_a_test(company: Context) -> None:
    saved = save_address(company, after_a_test(company, a_draft("new@corp.example")))
    company.tests.clear()
    edit = draft_of(saved).model_copy(
        update={"name": "New", "access": names("ana"), "projects": frozenset({"brand-a"}), "owner": "ana"}
    )
    edited = save_address(company, edit)
    assert (edited.name, edited.access, edited.owner) == ("New", names("ana"), "ana")
    assert edited.state is AddressState.READY


def test_another_account_of_a_stored_address_is_tested_before_it_is_saved(company: Context) -> None:
    saved = save_address(company, after_a_test(company, with_password("new@corp.example", "first")))
    company.tests.clear()
    edit = changed(draft_of(saved), port=2526)
    refused(company, edit)
    edited = save_address(company, after_a_test(company, edit))
    assert (edited.account.port, edited.secret_id) == (2526, saved.secret_id)
    assert edited.state is AddressState.READY


async def test_a_stored_password_is_shown_to_no_other_host(company: Context) -> None:
    saved = save_address(company, after_a_test(company, with_password("new@corp.example", "first")))
    elsewhere = changed(draft_of(saved), host="127.0.0.2")
    with pytest.raises(BadInput, match=r"missing for 127\.0\.0\.2: the stored one is shown to 127\.0\.0\.1 alone"):
        await go_through(company, elsewhere, lambda event: None)
    edited = save_address(company, after_a_test(company, elsewhere.model_copy(update={"secret": SecretStr("again")})))
    assert company.secrets.get(edited.secret_id).get_secret_value() == "again"


def test_another_password_of_a_stored_address_replaces_the_old_one_after_its_test(company: Context) -> None:
    saved = save_address(company, after_a_test(company, with_password("new@corp.example", "first")))
    edit = draft_of(saved).model_copy(update={"secret": SecretStr("second")})
    refused(company, edit)
    edited = save_address(company, after_a_test(company, edit))
    assert edited.state is AddressState.READY
    assert company.secrets.get(edited.secret_id).get_secret_value() == "second"
    assert company.secrets.names() == company.store.secret_ids.all() == {edited.secret_id}


def test_the_password_goes_when_the_address_stops_signing_in(company: Context) -> None:
    saved = save_address(company, after_a_test(company, with_password("new@corp.example", "first")))
    edited = save_address(company, after_a_test(company, changed(draft_of(saved), signin=SignIn.NONE)))
    assert edited.secret_id == ""
    assert company.secrets.names() == company.store.secret_ids.all() == frozenset()


def test_a_removed_address_takes_its_password_along(company: Context) -> None:
    save_address(company, after_a_test(company, with_password("new@corp.example", "first")))
    remove_addresses(company, ["NEW@corp.example"])
    assert stored(company) == []
    assert company.secrets.names() == company.store.secret_ids.all() == frozenset()


def test_testing_a_stored_address_again_is_in_no_editors_way(company: Context) -> None:
    saved = save_address(company, after_a_test(company, a_draft("new@corp.example")))
    opened = draft_of(saved)
    record_test(company, saved, a_test(saved, at=NOW + timedelta(hours=1)))
    edited = save_address(company, opened.model_copy(update={"name": "New"}))
    assert edited.last_test is not None and edited.last_test.at == NOW + timedelta(hours=1)


def test_an_old_test_does_not_bring_an_address_back_that_failed_since(company: Context) -> None:
    saved = save_address(company, after_a_test(company, a_draft("new@corp.example")))
    record_test(company, saved, a_test(saved, ok=False, at=NOW + timedelta(hours=1)))
    edited = save_address(company, draft_of(saved).model_copy(update={"name": "New"}))
    assert edited.state is AddressState.FAILING


def test_an_address_is_failing_since_the_first_of_its_failures_in_a_row(company: Context) -> None:
    saved = save_address(company, after_a_test(company, a_draft("new@corp.example")))
    hours = {1: False, 2: False, 3: True, 4: False}
    since = []
    for hour, ok in hours.items():
        record_test(company, saved, a_test(saved, ok=ok, at=NOW + timedelta(hours=hour)))
        (address,) = stored(company)
        since.append(address.last_test and address.last_test.failing_since)
    assert since == [NOW + timedelta(hours=1), NOW + timedelta(hours=1), None, NOW + timedelta(hours=4)]


def test_a_finding_about_settings_that_were_changed_since_is_not_kept(company: Context) -> None:
    saved = save_address(company, after_a_test(company, a_draft("new@corp.example")))
    edited = save_address(company, after_a_test(company, changed(draft_of(saved), port=2526)))
    record_test(company, saved, a_test(saved, ok=False))
    assert stored(company) == [edited]
    remove_addresses(company, [saved.address])
    record_test(company, saved, a_test(saved, ok=False))
    assert stored(company) == []


def test_an_address_is_not_added_twice_nor_renamed_to_another(company: Context) -> None:
    save_address(company, after_a_test(company, a_draft("one@corp.example")))
    two = save_address(company, after_a_test(company, a_draft("two@corp.example")))
    for draft in (a_draft("ONE@corp.example"), draft_of(two).model_copy(update={"address": "One@corp.example"})):
        with pytest.raises(BadInput, match=r"one@corp\.example exists already") as refusal:
            save_address(company, after_a_test(company, draft))
        assert refusal.value.field == "address"


def test_the_case_of_a_stored_address_can_be_corrected_after_a_test(company: Context) -> None:
    saved = save_address(company, after_a_test(company, a_draft("one@corp.example")))
    edit = draft_of(saved).model_copy(update={"address": "One@corp.example"})
    assert save_address(company, after_a_test(company, edit)).id == saved.id
    assert [address.address for address in stored(company)] == ["One@corp.example"]


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (a_draft("not an address"), "address"),
        (changed(a_draft("new@corp.example"), host=""), "host"),
        (changed(a_draft("new@corp.example"), port=0), "port"),
        (changed(a_draft("new@corp.example"), signin=SignIn.PASSWORD), "username"),
        (a_draft("new@corp.example").model_copy(update={"name": "two\nlines"}), "name"),
        (a_draft("new@corp.example", projects=()), "projects"),
    ],
)
def test_what_cannot_be_right_is_refused_with_its_field_before_any_test(
    company: Context, draft: Draft, field: str
) -> None:
    with pytest.raises(BadInput) as refusal:
        save_address(company, draft)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (a_draft("new@corp.example", projects={"nowhere"}), "projects"),
        (a_draft("new@corp.example", access=names("nobody")), "access"),
        (a_draft("new@corp.example", access=names("@nobodies")), "access"),
        (a_draft("new@corp.example").model_copy(update={"owner": "nobody"}), "owner"),
    ],
)
def test_whom_and_what_an_address_names_must_be_there(company: Context, draft: Draft, field: str) -> None:
    with pytest.raises(BadInput) as refusal:
        save_address(company, after_a_test(company, draft))
    assert refusal.value.field == field


def test_taking_the_last_project_away_by_hand_is_a_decision_between_all_and_none(company: Context) -> None:
    saved = save_address(company, after_a_test(company, a_draft("new@corp.example", projects={"brand-a"})))
    with pytest.raises(BadInput, match="at least one project, or all projects"):
        save_address(company, draft_of(saved).model_copy(update={"projects": frozenset()}))


def test_an_address_left_behind_by_its_last_project_can_be_edited_and_stays_closed(company: Context) -> None:
    save_address(company, after_a_test(company, a_draft("new@corp.example", projects={"brand-a"})))
    archive_project(company, "brand-a", archived=True)
    remove_project(company, "brand-a")
    left_behind = stored(company)[0]
    edited = save_address(company, draft_of(left_behind).model_copy(update={"name": "New"}))
    assert edited.projects == frozenset()


def test_switching_off_and_on_keeps_the_settings_and_the_test(company: Context) -> None:
    saved = save_address(company, after_a_test(company, a_draft("new@corp.example")))
    assert not switch_address(company, "new@corp.example", enabled=False).enabled
    on_again = switch_address(company, "NEW@corp.example", enabled=True)
    assert on_again.model_copy(update={"version": saved.version}) == saved


def test_before_a_removal_the_projects_that_lose_their_only_sender_are_named(company: Context) -> None:
    save_address(company, after_a_test(company, a_draft("one@corp.example", projects={"brand-a", "brand-b", "closed"})))
    save_address(company, after_a_test(company, a_draft("two@corp.example", projects={"brand-a"})))
    assert projects_losing_sender(company, [(find_address(company, "one@corp.example"), None)]) == ("Brand-B",)
    switch_address(company, "two@corp.example", enabled=False)
    assert projects_losing_sender(company, [(find_address(company, "one@corp.example"), None)]) == (
        "Brand-A",
        "Brand-B",
    )
