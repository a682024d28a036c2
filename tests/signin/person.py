"""A person with a browser, at the pages of the demo's provider."""

import re
from html import unescape
from urllib.parse import urljoin

import httpx2

from mailtui.core.providers import Endpoints, Flow, Provider
from mailtui.demo.provider import CLIENT, OAuthProvider

POST = "post@corp.example"


async def answer(url: str, *, yes: bool = True, account: str = POST) -> str:
    """Opens a page, types the account and says yes or no; where the browser is sent then, else an empty string."""
    async with httpx2.AsyncClient(trust_env=False) as browser:
        shown = await browser.get(url)
        fields = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', shown.text))
        fields = {name: unescape(value) for name, value in fields.items()}
        action = re.findall(r'action="([^"]+)"', shown.text)[0]
        said = {**fields, "account": account, "answer": "yes" if yes else "no"}
        done = await browser.post(urljoin(url, action), data=said)
        return done.headers.get("location", "")


async def visit(url: str) -> int:
    """Opens a page; the status of the answer."""
    async with httpx2.AsyncClient(trust_env=False) as browser:
        return (await browser.get(url)).status_code


def registered(provider: OAuthProvider, flow: Flow = Flow.DEVICE, **fields: object) -> Provider:
    """The demo's provider, as it would be stored."""
    endpoints = Endpoints(
        authorization=f"{provider.issuer}/authorize",
        token=f"{provider.issuer}/token",
        device=f"{provider.issuer}/device_authorization",
        names_itself=True,
    )
    made = Provider(
        id="loopback", issuer=provider.issuer, client_id=CLIENT, scopes=("mail",), flow=flow, endpoints=endpoints
    )
    return made.model_copy(update=fields)
