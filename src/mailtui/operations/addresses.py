"""Adding, editing, switching and removing external addresses."""

import contextlib
from collections.abc import Sequence

from pydantic import SecretStr

from mailtui.core.addresses import (
    ExternalAddress,
    LastTest,
    SignIn,
    SmtpAccount,
    parse_address,
    why_not_saved,
    why_stays_off,
)
from mailtui.core.errors import BadInput, MailtuiError, NotAllowed, NotFound
from mailtui.core.frozen import Frozen
from mailtui.core.names import parse_host, parse_name, parse_port
from mailtui.core.people import AccessList
from mailtui.core.removals import can_send
from mailtui.operations.context import Context


class Draft(Frozen):
    """An address as it is about to be saved: what the form holds."""

    id: int = 0
    """Of the stored address that is edited; 0 for a new one."""
    version: int = 0
    """Of the stored address when it was opened."""
    address: str
    name: str = ""
    owner: str | None = None
    account: SmtpAccount
    access: AccessList | None = None
    projects: frozenset[str] | None = None
    secret: SecretStr | None = None
    """Newly typed; None keeps the stored one."""


def draft_of(address: ExternalAddress) -> Draft:
    """A stored address as a draft, to be edited."""
    return Draft(**{name: getattr(address, name) for name in Draft.model_fields if name != "secret"})


def candidate(context: Context, draft: Draft) -> ExternalAddress:
    """The address that the draft would become, its fields checked and in the form in which servers need them.

    A typed secret stands in it as a mark that tells it from every other one. Raises BadInput with the field, NotFound
    where the edited address is gone.
    """
    mark = context.mark(draft.secret) if draft.secret is not None else ""
    return becoming(draft, stored_address(context, draft), mark)


def becoming(draft: Draft, stored: ExternalAddress | None, new_secret_id: str) -> ExternalAddress:
    """What `stored`, or a new address, becomes by the draft. `new_secret_id` names the secret that comes with it;
    empty keeps the stored one where that is still a proof. Raises BadInput with the field."""
    account = _account(draft.account)
    if account.signin is SignIn.NONE:
        secret_id = ""
    elif new_secret_id:
        secret_id = new_secret_id
    else:
        secret_id = stored.secret_id if stored and _same_proof(stored.account, account) else ""
    if draft.projects is not None and not draft.projects and (stored is None or stored.projects != frozenset()):
        raise BadInput("choose at least one project, or all projects", field="projects")
    return ExternalAddress(
        id=draft.id,
        address=parse_address(draft.address),
        name=parse_name(draft.name),
        owner=draft.owner,
        enabled=stored.enabled if stored else True,
        account=account,
        access=draft.access,
        projects=draft.projects,
        secret_id=secret_id,
        last_test=stored.last_test if stored else None,
        version=draft.version,
    )


def why_draft_not_saved(context: Context, draft: Draft) -> str | None:
    """The sentence with which `save_address` would refuse the draft for want of a test, or None (S6)."""
    wanted = candidate(context, draft)
    return why_not_saved(wanted, stored_address(context, draft), context.tests.get(wanted.fingerprint))


def check_draft(context: Context, draft: Draft) -> None:
    """Raise what `save_address` would refuse the draft for, except for want of a test: worth knowing before one."""
    context.require_admin("change addresses")
    _check(context, candidate(context, draft))


def save_address(context: Context, draft: Draft) -> ExternalAddress:
    """Add the address, or change the stored one.

    Raises NotAllowed where its account was not tested as it stands (S6), BadInput with the field, Conflict where it
    was changed meanwhile; in each case nothing is kept.
    """
    context.require_admin("change addresses")
    _, wanted = _savable(context, draft)
    typed = draft.secret if wanted.account.signin is not SignIn.NONE else None
    secret_id = put_secret(context, typed) if typed is not None else ""
    try:
        with context.store.transaction():
            stored, wanted = _savable(context, draft)  # Again, now that nobody else can write.
            last_test = _last_test(context, stored, wanted)
            if secret_id:
                wanted = wanted.model_copy(update={"secret_id": secret_id})
                last_test = last_test and last_test.model_copy(update={"fingerprint": wanted.fingerprint})
            saved = context.store.addresses.save(wanted.model_copy(update={"last_test": last_test}))
            action = "edit address" if stored else "add address"
            context.record(action, f"address {saved.address}", stored, saved)
    except BaseException:
        drop_secret(context, secret_id)
        raise
    if stored is not None and stored.secret_id != saved.secret_id:
        drop_secret(context, stored.secret_id)
    return saved


def save_addresses(context: Context, drafts: Sequence[Draft]) -> list[ExternalAddress]:
    """All of them, or none. Raises what `save_address` raises."""
    with context.store.transaction():
        return [save_address(context, draft) for draft in drafts]


def switch_address(context: Context, address: str, *, enabled: bool) -> ExternalAddress:
    """Enable or disable it; a disabled address is offered to nobody and keeps its settings.

    Raises NotFound; NotAllowed for enabling what a former employee left behind.
    """
    context.require_admin("switch addresses on and off")
    with context.store.transaction():
        stored = find_address(context, address)
        if stored.enabled is enabled:
            return stored
        if enabled and (why := why_stays_off(stored, owners_employed(context, stored))) is not None:
            raise NotAllowed(f"{stored.address} stays off: {why}")
        saved = context.store.addresses.save(stored.model_copy(update={"enabled": enabled}))
        action = "enable address" if enabled else "disable address"
        context.record(action, f"address {saved.address}", {"enabled": stored.enabled}, {"enabled": enabled})
    return saved


def owners_employed(context: Context, address: ExternalAddress) -> tuple[str, ...]:
    """The address's owner, where he is an employee."""
    owner = address.owner
    return () if owner is None or context.store.employees.get(owner) is None else (owner,)


def projects_losing_sender(
    context: Context, changes: Sequence[tuple[ExternalAddress, ExternalAddress | None]]
) -> tuple[str, ...]:
    """Names of the active projects from whose own addresses somebody can write, and nobody after these changes: each
    an address as it is and as it will be, None where it goes."""
    changed = {before.id: after for before, after in changes}
    lost: set[str] = set()
    for before, after in changes:
        if not can_send(before):
            continue
        for key in before.projects or ():
            if after is None or not can_send(after) or key not in (after.projects or ()):
                lost.add(key)
    names = []
    for key in sorted(lost):
        project = context.store.projects.get(key)
        left = (changed.get(a.id, a) for a in context.store.addresses.bound_to(key))
        if project and not project.archived and not any(a and can_send(a) and key in (a.projects or ()) for a in left):
            names.append(project.name)
    return tuple(names)


def find_address(context: Context, address: str) -> ExternalAddress:
    """The stored address, without regard to case. Raises NotFound."""
    found = context.store.addresses.get(parse_address(address))
    if found is None or not may_see(context, found):
        raise NotFound(f"there is no external address {address}")
    return found


def stored_address(context: Context, draft: Draft) -> ExternalAddress | None:
    """What the draft edits; None for a new address. Raises NotFound where it was removed meanwhile."""
    if draft.id == 0:
        return None
    stored = context.store.addresses.by_id(draft.id)
    if stored is None:
        raise NotFound(f"{draft.address} was removed meanwhile: add it again to keep what you typed")
    return stored


def check_version(context: Context, draft: Draft) -> None:
    """Raises Conflict, which says who was first, where the edited address was changed since the draft was made."""
    stored = stored_address(context, draft)
    if stored is not None:
        context.store.addresses.require_version(stored, draft.version)


def put_secret(context: Context, secret: SecretStr, source: str = "") -> str:
    """Keep the secret under an id of its own. The id is stored first, so that a crash after it can be repaired."""
    secret_id = context.new_secret_id()
    secrets = context.secrets
    with context.store.transaction():
        context.store.meta.set("keyring", secrets.backend)
        context.store.secret_ids.add(secret_id, context.clock(), source)
    try:
        secrets.put(secret_id, secret)
    except MailtuiError:  # A locked vault, say: nothing was kept, and nothing is left to repair.
        with context.store.transaction():
            context.store.secret_ids.remove(secret_id)
        raise
    return secret_id


def drop_secret(context: Context, secret_id: str) -> None:
    """Take a secret out that no address uses any more. Its id goes last: where the keyring does not let go of the
    secret now, or the process ends in between, the examination of the installation finds it."""
    if secret_id:
        with contextlib.suppress(MailtuiError):
            context.secrets.delete(secret_id)
            with context.store.transaction():
                context.store.secret_ids.remove(secret_id)


def may_see(context: Context, address: ExternalAddress) -> bool:
    """An admin sees all; a member the company's addresses and his own (S8)."""
    return context.actor.is_admin or address.owner in (None, context.employee.login)


def _same_proof(before: SmtpAccount, account: SmtpAccount) -> bool:
    """Whether the stored secret can sign in: it is shown to no other host than the one that it was given for, and a
    token is no password, and belongs to one account at one provider."""
    if before.signin is not account.signin or before.host != account.host:
        return False
    return account.signin is not SignIn.OAUTH or before.provider == account.provider


def _account(account: SmtpAccount) -> SmtpAccount:
    return account.model_copy(
        update={
            "host": parse_host(account.host),
            "port": parse_port(account.port),
            "username": parse_name(account.username, "username", required=account.signin is not SignIn.NONE),
            "ca_file": parse_name(account.ca_file, "ca_file"),
        }
    )


def _savable(context: Context, draft: Draft) -> tuple[ExternalAddress | None, ExternalAddress]:
    """The stored address and the one that may take its place. Raises what `save_address` does."""
    check_version(context, draft)  # Before the test is asked for: it may be of settings that are others by now.
    stored, wanted = stored_address(context, draft), candidate(context, draft)
    if (why := why_not_saved(wanted, stored, context.tests.get(wanted.fingerprint))) is not None:
        raise NotAllowed(f"{wanted.address} is not saved: {why}")
    _check(context, wanted)
    return stored, wanted


def _last_test(context: Context, stored: ExternalAddress | None, wanted: ExternalAddress) -> LastTest | None:
    """The newest finding about these settings: a test made here does not outlive a later failure (+20)."""
    before = stored.last_test if stored else None
    found = [test for test in (before, context.tests.get(wanted.fingerprint)) if test is not None]
    of_these = [test for test in found if test.fingerprint == wanted.fingerprint]
    return max(of_these, key=lambda test: test.at, default=before)


def _check(context: Context, wanted: ExternalAddress) -> None:
    check_references(context, wanted)
    same = context.store.addresses.get(wanted.address)
    if same is not None and same.id != wanted.id:
        raise BadInput(f"{same.address} exists already: edit that one", field="address")


def check_references(context: Context, address: ExternalAddress) -> None:
    """Everybody and everything that the address names exists; the owner of one that is off may be gone."""
    store, access = context.store, address.access or AccessList()
    if address.enabled and why_stays_off(address, owners_employed(context, address)) is not None:
        raise BadInput(f"there is no employee {address.owner!r} to own the address", field="owner")
    for login in sorted(access.employees):
        if store.employees.get(login) is None:
            raise BadInput(f"there is no employee {login!r} to let in", field="access")
    for key in sorted(access.groups):
        if store.groups.get(key) is None:
            raise BadInput(f"there is no group {key!r} to let in", field="access")
    for key in sorted(address.projects or ()):
        if store.projects.get(key) is None:
            raise BadInput(f"there is no project {key!r} to bind the address to", field="projects")
