"""OAuth providers: what may be changed of one that addresses use, and where its client's secret is."""

import pytest
from pydantic import SecretStr

from mailtui.core.errors import BadInput, Conflict, NotAllowed
from mailtui.core.people import Employee
from mailtui.core.providers import Flow
from mailtui.operations.context import Context
from mailtui.operations.identity import Actor
from mailtui.operations.providers import ProviderDraft, add_provider, edit_provider, find_provider


async def google(context: Context, secret: str = "") -> None:
    draft = ProviderDraft(id="google", client_id="c.example", client_secret=SecretStr(secret) if secret else None)
    await add_provider(context, draft)


async def test_a_new_secret_takes_the_place_of_the_old_one_in_the_keyring(context: Context) -> None:
    await google(context, "first")
    before = find_provider(context, "google")
    after = edit_provider(context, before, SecretStr("second"))
    assert after.client_secret_id != before.client_secret_id
    assert context.secrets.names() == context.store.secret_ids.all() == frozenset({after.client_secret_id})
    assert context.secrets.get(after.client_secret_id).get_secret_value() == "second"


async def test_what_is_not_changed_stays_the_secret_included(context: Context) -> None:
    await google(context, "first")
    before = find_provider(context, "google")
    after = edit_provider(context, before.model_copy(update={"client_id": " other.example ", "scopes": ("mail",)}))
    assert (after.client_id, after.scopes) == ("other.example", ("mail",))
    assert (after.client_secret_id, after.issuer) == (before.client_secret_id, before.issuer)
    newest = context.store.audit.last_of("provider google")
    assert newest is not None and newest.action == "edit provider"


@pytest.mark.parametrize(
    "change", [{"client_id": " "}, {"flow": Flow.DEVICE}, {"scopes": ("two words",)}, {"scopes": ("ü",)}]
)
async def test_what_cannot_work_is_refused_and_nothing_is_kept(context: Context, change: dict[str, object]) -> None:
    await google(context)
    before = find_provider(context, "google")
    with pytest.raises(BadInput):
        edit_provider(context, before.model_copy(update=change), SecretStr("kept?"))
    assert find_provider(context, "google") == before
    assert context.secrets.names() == frozenset()


async def test_the_second_of_two_who_edit_is_told_and_his_secret_is_not_kept(context: Context) -> None:
    await google(context, "first")
    opened = find_provider(context, "google")
    edit_provider(context, opened.model_copy(update={"client_id": "other.example"}))
    with pytest.raises(Conflict):
        edit_provider(context, opened, SecretStr("second"))
    assert context.secrets.names() == frozenset({find_provider(context, "google").client_secret_id})


async def test_a_member_changes_nothing(context: Context) -> None:
    await google(context)
    bob = Employee(login="bob", name="Bob")
    member = Context(context.store, Actor(employee=bob, login="bob"), context.configuration)
    with pytest.raises(NotAllowed):
        edit_provider(member, find_provider(context, "google"))
