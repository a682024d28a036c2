"""The shapes of the JSON documents that describe what is stored; other programs hold on to them."""

from datetime import datetime

from pydantic import JsonValue

from mailtui.core.addresses import AddressState, ExternalAddress
from mailtui.core.deliveries import Delivery
from mailtui.core.people import AccessList

Document = dict[str, JsonValue]


def address_document(address: ExternalAddress) -> Document:
    """An address as a row of `address list`."""
    account, test = address.account, address.last_test
    state = address.state  # A hash over the settings, the dearest part of a row.
    tested = test is not None and state is not AddressState.UNTESTED
    return {
        "address": address.address,
        "owner": address.owner,
        "enabled": address.enabled,
        "state": state,
        "service": account.service,
        "host": account.host,
        "port": account.port,
        "security": account.security,
        "signin": account.signin,
        "username": account.username,
        "access": access_document(address.access),
        "projects": None if address.projects is None else [*sorted(address.projects)],
        "tested_at": moment(test.at) if test is not None and tested else None,
        "reason": test.reason if test is not None and tested else "",
        "failing_since": moment(test.failing_since) if test is not None and tested and test.failing_since else None,
    }


def delivery_document(delivery: Delivery) -> Document:
    """A delivery as a row of `deliveries`."""
    last = delivery.last
    return {
        "id": delivery.id,
        "project": delivery.project,
        "from": delivery.sender,
        "to": delivery.to,
        "subject": delivery.subject,
        "state": delivery.state,
        "attempts": delivery.attempts,
        "next_attempt_at": None if delivery.next_attempt_at is None else moment(delivery.next_attempt_at),
        "reply": last.reply if last else "",
        "step": last.step if last else None,
        "reason": last.reason if last else "",
    }


def access_document(access: AccessList | None) -> Document | None:
    """Who may use an address; None for everybody."""
    if access is None:
        return None
    return {"employees": [*sorted(access.employees)], "groups": [*sorted(access.groups)]}


def moment(at: datetime) -> str:
    """ISO 8601, UTC, whole seconds."""
    return at.isoformat(timespec="seconds")
