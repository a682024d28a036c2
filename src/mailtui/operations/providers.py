"""OAuth providers: adding one by its issuer or by its known name, editing, removing."""

import asyncio

from pydantic import SecretStr

from mailtui.core.errors import BadInput, NotAllowed, NotFound
from mailtui.core.frozen import Frozen
from mailtui.core.names import parse_key, parse_name
from mailtui.core.providers import Endpoints, Flow, KnownProvider, Provider, known_provider, parse_url
from mailtui.core.text import listed
from mailtui.operations.addresses import drop_secret, put_secret
from mailtui.operations.context import Context

MAX_SHOWN = 5
"""Addresses that a refusal names."""

WANTED_SCOPES = ("openid", "offline_access")
"""Asked for at a provider of one's own, where it has them and nothing else was said: enough for a refresh token."""


class ProviderDraft(Frozen):
    """A provider as it is about to be added; what is empty comes from providers.toml or the issuer's description."""

    id: str
    issuer: str = ""
    client_id: str
    client_secret: SecretStr | None = None
    scopes: tuple[str, ...] = ()
    flow: Flow | None = None
    ca_file: str = ""


async def add_provider(context: Context, draft: ProviderDraft) -> Provider:
    """Add it; its endpoints come from the issuer itself, unless it is one of the known.

    Raises BadInput with the field, NotAllowed for a member, Unavailable where the issuer does not answer, NotFound
    where it describes nothing. To be cancelled at any moment.
    """
    context.require_admin("add OAuth providers")
    id = parse_key(draft.id, "id")
    if context.store.providers.get(id) is not None:
        raise BadInput(f"there is a provider {id} already: remove it first, or use another id", field="id")
    known = known_provider(id)
    found = of_known(known, draft) if known and draft.issuer in ("", known.issuer) else await _of_issuer(draft)
    provider = checked_provider(
        found.model_copy(update={"id": id, "client_id": parse_name(draft.client_id, "client_id")})
    )
    secret_id = put_secret(context, draft.client_secret) if draft.client_secret is not None else ""
    try:
        with context.store.transaction():
            saved = context.store.providers.save(provider.model_copy(update={"client_secret_id": secret_id}))
            context.record("add provider", f"provider {id}", None, saved)
    except BaseException:
        drop_secret(context, secret_id)
        raise
    return saved


def edit_provider(context: Context, provider: Provider, client_secret: SecretStr | None = None) -> Provider:
    """Store another client id, scopes, flow or CA file for a provider that is there; None keeps its client's secret.

    Who signed in with another client stays signed in until that token is refused. Raises BadInput with the field,
    NotFound, Conflict where it was changed meanwhile.
    """
    context.require_admin("edit OAuth providers")
    provider = checked_provider(provider.model_copy(update={"client_id": parse_name(provider.client_id, "client_id")}))
    secret_id = put_secret(context, client_secret) if client_secret is not None else ""
    try:
        with context.store.transaction():
            before = find_provider(context, provider.id)
            kept = secret_id or before.client_secret_id
            saved = context.store.providers.save(provider.model_copy(update={"client_secret_id": kept}))
            context.record("edit provider", f"provider {saved.id}", before, saved)
    except BaseException:
        drop_secret(context, secret_id)
        raise
    if before.client_secret_id != saved.client_secret_id:
        drop_secret(context, before.client_secret_id)
    return saved


def list_providers(context: Context) -> list[Provider]:
    """Those that a client was registered at."""
    return context.store.providers.all()


def find_provider(context: Context, id: str) -> Provider:
    """Raises NotFound, with what to do."""
    found = context.store.providers.get(id)
    if found is None:
        raise NotFound(f"there is no OAuth provider {id!r}: mailtui provider add {id} --client-id ... adds it")
    return found


def remove_provider(context: Context, id: str) -> Provider:
    """Remove it with its client's secret. Raises NotFound; NotAllowed where addresses sign in there."""
    context.require_admin("remove OAuth providers")
    with context.store.transaction():
        found = find_provider(context, id)
        check_unused(context, id)
        context.store.providers.remove(id)
        context.record("remove provider", f"provider {id}", found, None)
    drop_secret(context, found.client_secret_id)
    return found


def check_unused(context: Context, id: str) -> None:
    """Raises NotAllowed where addresses sign in at the provider."""
    users = context.store.providers.used_by(id)
    if users:
        more = f" and {len(users) - MAX_SHOWN} more" if len(users) > MAX_SHOWN else ""
        raise NotAllowed(f"{listed(users[:MAX_SHOWN])}{more} sign in with {id}: change or remove them first")


async def client_secret(context: Context, provider: Provider) -> SecretStr | None:
    """The registered client's secret; None for a public client. Raises what the keyring raises."""
    if not provider.client_secret_id:
        return None
    return await asyncio.to_thread(context.secrets.get, provider.client_secret_id)


def of_known(known: KnownProvider, draft: ProviderDraft) -> Provider:
    flow = draft.flow or known.flows[0]
    if flow not in known.flows:
        raise BadInput(f"{known.name} has no {flow} flow for mail: leave it out", field="flow")
    return Provider(
        issuer=known.issuer, scopes=draft.scopes or known.scopes, flow=flow, endpoints=known.endpoints,
        asks=known.asks, redirect=known.redirect, ca_file=draft.ca_file, id=draft.id, client_id=draft.client_id,
    )  # fmt: skip


async def _of_issuer(draft: ProviderDraft) -> Provider:
    from mailtui.signin.discovery import describe  # An HTTP client, which takes 200 ms to import.

    if not draft.issuer:
        raise BadInput(f"{draft.id} is none of the known providers: give its issuer", field="issuer")
    issuer = parse_url(draft.issuer, "the issuer", "issuer")
    description = await describe(issuer, draft.ca_file)
    endpoints = description.endpoints
    scopes = draft.scopes or tuple(scope for scope in WANTED_SCOPES if scope in description.scopes)
    return Provider(
        issuer=issuer, scopes=scopes, flow=draft.flow or (Flow.DEVICE if endpoints.device else Flow.BROWSER),
        endpoints=endpoints, ca_file=draft.ca_file, id=draft.id, client_id=draft.client_id,
        # OpenID Connect Core section 11: offline access takes an explicit yes.
        asks={"prompt": "consent"} if "offline_access" in scopes else {},
    )  # fmt: skip


def checked_provider(provider: Provider) -> Provider:
    endpoint = _endpoint_of(provider.endpoints, provider.flow)
    if not endpoint:
        raise BadInput(f"{provider.issuer} names no endpoint for the {provider.flow} flow: use the other", field="flow")
    if not provider.client_id:
        raise BadInput("the client id is missing: register a client at the provider", field="client_id")
    for scope in provider.scopes:
        if not scope.isascii() or not scope.isprintable() or " " in scope or not scope:
            raise BadInput(f"{scope!r} is no scope: give each by itself", field="scope")
    return provider


def _endpoint_of(endpoints: Endpoints, flow: Flow) -> str:
    return endpoints.device if flow is Flow.DEVICE else endpoints.authorization
