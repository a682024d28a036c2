"""A provider's own description of itself, found by its issuer (RFC 8414, OpenID Connect Discovery 1.0)."""

from urllib.parse import urlsplit

from mailtui.core.errors import BadInput, NotFound
from mailtui.core.frozen import Frozen
from mailtui.core.providers import Endpoints, parse_url
from mailtui.core.text import clean
from mailtui.signin.client import BASIC, fetch


class Description(Frozen):
    """What an issuer says of itself."""

    endpoints: Endpoints
    scopes: tuple[str, ...]
    """Those that it names; empty where it names none."""


async def describe(issuer: str, ca_file: str = "") -> Description:
    """Ask the issuer. Raises Unavailable; NotFound where it describes nothing; BadInput for a description that is not
    the issuer's own (RFC 8414 section 3.3) or leads over an unsafe connection."""
    document = None
    for place in places(issuer):
        document = await fetch(place, issuer, ca_file)
        if document is not None:
            break
    if document is None:
        raise NotFound(f"{issuer} describes no OAuth endpoints: look at the issuer's spelling, the path included")
    if document.get("issuer") != issuer:
        named = clean(str(document.get("issuer", "nobody")), 100)
        raise BadInput(f"{issuer} describes {named}, not itself: give exactly that as the issuer if you trust it")
    return Description(
        endpoints=Endpoints(
            authorization=_endpoint(document, "authorization_endpoint"),
            token=_endpoint(document, "token_endpoint", required=True),
            device=_endpoint(document, "device_authorization_endpoint"),
            names_itself=document.get("authorization_response_iss_parameter_supported") is True,
            secret_in_body=BASIC not in _list(document, "token_endpoint_auth_methods_supported", BASIC),
        ),
        scopes=tuple(_list(document, "scopes_supported")),
    )


def places(issuer: str) -> tuple[str, ...]:
    """Where the description may lie: RFC 8414 section 3.1 puts its path before the issuer's, OpenID behind it."""
    from authlib.oauth2.rfc8414 import get_well_known_url

    parts = urlsplit(issuer)
    openid = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/.well-known/openid-configuration"
    return openid, str(get_well_known_url(issuer.rstrip("/"), external=True))


def _endpoint(document: dict[str, object], name: str, *, required: bool = False) -> str:
    found = document.get(name)
    if found is None and not required:
        return ""
    return parse_url(str(found or ""), f"the provider's {name}", "issuer")


def _list(document: dict[str, object], name: str, *otherwise: str) -> list[str]:
    found = document.get(name)
    return [str(each) for each in found] if isinstance(found, list) else list(otherwise)
