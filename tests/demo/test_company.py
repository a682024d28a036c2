"""The sample company shows every rule at work."""

from mailtui.core.addresses import AddressState, Kind
from mailtui.core.deliveries import DeliveryState
from mailtui.operations.listings import list_addresses, list_deliveries
from mailtui.operations.offers import explained_addresses
from mailtui.store.window import Window
from tests.demo.conftest import Demo


def test_there_are_some_thirty_addresses_in_every_state(demo: Demo) -> None:
    addresses = list_addresses(demo.context)
    assert len(addresses) >= 30
    assert {address.state for address in addresses} == set(AddressState)
    assert {address.kind for address in addresses} == set(Kind)
    assert any(not address.enabled for address in addresses)


def test_addresses_are_open_restricted_and_closed_to_everybody(demo: Demo) -> None:
    access = [address.access for address in list_addresses(demo.context)]
    assert any(each is None for each in access)
    assert any(each is not None and each.groups for each in access)
    assert any(each is not None and not each.groups and not each.employees for each in access)


def test_one_project_is_strict_and_one_is_archived(demo: Demo) -> None:
    projects = [row.project for row in demo.context.store.projects.rows(Window())]
    assert [project.name for project in projects if project.strict] == ["City tender"]
    assert [project.name for project in projects if project.archived] == ["Spring campaign 2025"]


def test_no_address_of_brand_b_is_offered_in_brand_a(demo: Demo) -> None:
    choice = explained_addresses(demo.context, "ana", "brand-a")
    assert choice.offered
    assert not any(offer.address.endswith("@brand-b.example") for offer in choice.offered)
    assert any(refusal.rule == 5 and "brand-b" in refusal.why for refusal in choice.refused)


def test_every_rule_refuses_something_somewhere(demo: Demo) -> None:
    rules = {
        refusal.rule
        for project in ("brand-a", "tender", "spring")
        for refusal in explained_addresses(demo.context, "ana", project).refused
    }
    assert rules == {1, 2, 3, 4, 5, 6}


def test_messages_were_really_sent_by_several_people(demo: Demo) -> None:
    deliveries = list_deliveries(demo.context)
    sent = [delivery for delivery in deliveries if delivery.state is DeliveryState.SENT]
    assert len({delivery.by for delivery in deliveries}) >= 4
    assert {delivery.state for delivery in deliveries} == {
        DeliveryState.SENT,
        DeliveryState.FAILED,
        DeliveryState.DEFERRED,
    }
    assert sorted(arrival.recipients[0] for arrival in demo.servers.arrivals) == sorted(each.to for each in sent)


def test_every_account_stays_on_this_machine(demo: Demo) -> None:
    assert {address.account.host for address in list_addresses(demo.context)} == {"127.0.0.1"}


def test_a_refused_message_keeps_the_servers_words(demo: Demo) -> None:
    (gone,) = [delivery for delivery in list_deliveries(demo.context) if delivery.to == "gone@client.example"]
    assert gone.state is DeliveryState.FAILED
    assert gone.last is not None
    assert gone.last.reply.startswith("550 5.1.1 <gone@client.example>")
