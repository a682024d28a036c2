"""The demo's OAuth provider: a page for a device's code, a page for the browser, and tokens that its mail server takes.

It does what RFC 6749, 7636, 8628 and 9207 ask of a provider, for one public client, and keeps everything in memory.
"""

import asyncio
import base64
import hashlib
import json
import secrets
import string
import time
from typing import Any, Final, Self
from urllib.parse import urlencode, urlsplit

from mailtui.demo.pages import Answer, Asked, page, serve, text

HOST: Final = "127.0.0.1"
CLIENT: Final = "mailtui-demo"
"""The one client that is registered."""

LETTERS: Final = "BCDFGHJKLMNPQRSTVWXZ"
"""Of a device's code; without vowels it spells nothing (RFC 8628 section 6.1)."""

CODE_LIFE: Final = 600
"""Seconds for a person to say yes."""

DEVICE_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"

Request = dict[str, Any]
"""What the provider remembers of one sign-in, until it is over. Any: nothing of it leaves this file."""


class OAuthProvider:
    """`async with OAuthProvider() as provider`: listens on the loopback for as long."""

    def __init__(self, *, token_life: int = 3600, interval: float = 1, port: int = 0) -> None:
        """`token_life`: seconds that an access token is good. `interval`: seconds between a device's questions."""
        self.token_life = token_life
        self.interval = interval
        self._port = port
        self._server: asyncio.Server | None = None
        self._devices: dict[str, Request] = {}
        self._codes: dict[str, Request] = {}
        self._refresh: dict[str, str] = {}
        self._access: dict[str, tuple[str, float]] = {}
        self.issuer = ""
        self.refreshes = 0
        """How often a refresh token was used."""

    async def __aenter__(self) -> Self:
        try:
            self._server = await serve(self._answer, HOST, self._port)
        except OSError:  # Somebody else has the port.
            self._server = await serve(self._answer, HOST)
        self.issuer = f"http://{HOST}:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    def account(self, token: str) -> str:
        """Who signed in for the access token; empty where it is not good, or not any more."""
        name, ends = self._access.get(token, ("", 0.0))
        return name if time.monotonic() < ends else ""

    def revoke_access(self) -> None:
        """Every access token is worthless now; refresh tokens are not."""
        self._access.clear()

    def revoke(self) -> None:
        """Every sign-in is worthless now."""
        self._access.clear()
        self._refresh.clear()

    def _answer(self, asked: Asked) -> Answer:
        match asked.method, asked.path:
            case "GET", "/.well-known/openid-configuration":
                return _json(self._metadata())
            case "POST", "/device_authorization":
                return self._begin_device(asked)
            case "POST", "/token":
                return self._token(asked)
            case (("GET" | "POST"), "/device"):
                return self._device_page(asked)
            case (("GET" | "POST"), "/authorize"):
                return self._browser_page(asked)
        return Answer(body="There is nothing here.", status="404 Not Found")

    def _metadata(self) -> Request:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "device_authorization_endpoint": f"{self.issuer}/device_authorization",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "scopes_supported": ["mail", "offline_access"],
            "authorization_response_iss_parameter_supported": True,
        }

    def _begin_device(self, asked: Asked) -> Answer:
        if asked.fields.get("client_id") != CLIENT:
            return _refusal("invalid_client", "401 Unauthorized")
        shown = "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(2))
        code = secrets.token_urlsafe(24)
        self._devices[code] = {"user_code": shown, "account": "", "no": False, "ends": time.monotonic() + CODE_LIFE}
        return _json({
            "device_code": code, "user_code": shown, "verification_uri": f"{self.issuer}/device",
            "verification_uri_complete": f"{self.issuer}/device?{urlencode({'user_code': shown})}",
            "expires_in": CODE_LIFE, "interval": self.interval,
        })  # fmt: skip

    def _device_page(self, asked: Asked) -> Answer:
        typed = "".join(c for c in asked.fields.get("user_code", "").upper() if c in string.ascii_uppercase)
        found = next((d for d in self._devices.values() if d["user_code"].replace("-", "") == typed), None)
        if found is None:
            said = "<p>There is no such code.</p>" if typed else ""
            return page("Sign in on a device", said, _form("/device", _input("Code", "user_code"), _button("", "Next")))
        if asked.method == "GET" or asked.fields.get("answer") not in ("yes", "no"):
            return page("Sign in on a device", _question("/device", {"user_code": found["user_code"]}, asked))
        if asked.fields["answer"] == "yes":
            found["account"] = asked.fields.get("account", "")
        else:
            found["no"] = True
        return page("Done", "<p>Go back to mailtui; this page can be closed.</p>")

    def _browser_page(self, asked: Asked) -> Answer:
        fields = asked.fields
        target = urlsplit(fields.get("redirect_uri", ""))
        if fields.get("client_id") != CLIENT or target.scheme != "http" or target.hostname not in (HOST, "localhost"):
            return page("Not known", "<p>No such client is registered with this redirect address.</p>")
        if asked.method == "GET" or fields.get("answer") not in ("yes", "no"):
            kept = ("client_id", "redirect_uri", "state", "code_challenge", "code_challenge_method", "response_type")
            return page("Sign in", _question("/authorize", {name: fields.get(name, "") for name in kept}, asked))
        back = {"state": fields.get("state", ""), "iss": self.issuer}
        if fields.get("code_challenge_method") != "S256" or not fields.get("code_challenge"):
            back |= {"error": "invalid_request", "error_description": "PKCE is required"}
        elif fields["answer"] == "no":
            back |= {"error": "access_denied", "error_description": "The owner of the account said no"}
        else:
            code = secrets.token_urlsafe(24)
            self._codes[code] = {**fields, "ends": time.monotonic() + CODE_LIFE}
            back |= {"code": code}
        return Answer(location=f"{fields['redirect_uri']}?{urlencode(back)}")

    def _token(self, asked: Asked) -> Answer:
        fields = asked.fields
        if fields.get("client_id") != CLIENT:
            return _refusal("invalid_client", "401 Unauthorized")
        match fields.get("grant_type"):
            case "authorization_code":
                return self._for_code(fields.get("code", ""), fields)
            case "refresh_token":
                self.refreshes += 1
                name = self._refresh.pop(fields.get("refresh_token", ""), "")
                return self._issued(name) if name else _refusal("invalid_grant")
            case grant if grant == DEVICE_GRANT:
                return self._for_device(fields.get("device_code", ""))
        return _refusal("unsupported_grant_type")

    def _for_code(self, code: str, fields: Any) -> Answer:  # Any: a form's fields
        found = self._codes.pop(code, None)
        digest = hashlib.sha256(fields.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        same = found is not None and found["code_challenge"] == challenge
        if not same or found is None or found["redirect_uri"] != fields.get("redirect_uri"):
            return _refusal("invalid_grant")
        return self._issued(found.get("account", ""))

    def _for_device(self, code: str) -> Answer:
        found = self._devices.get(code)
        if found is None or found["ends"] < time.monotonic():
            return _refusal("expired_token")
        if not found["account"] and not found["no"]:
            return _refusal("authorization_pending")
        del self._devices[code]
        return _refusal("access_denied") if found["no"] else self._issued(found["account"])

    def _issued(self, name: str) -> Answer:
        """A refresh token is good once: the next comes with each answer (RFC 9700 section 4.14)."""
        access, refresh = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        self._access[access] = (name, time.monotonic() + self.token_life)
        self._refresh[refresh] = name
        return _json({
            "access_token": access, "token_type": "Bearer", "expires_in": self.token_life, "refresh_token": refresh,
        })  # fmt: skip


def _question(action: str, kept: dict[str, str], asked: Asked) -> str:
    hidden = "".join(f'<input type=hidden name="{text(name)}" value="{text(value)}">' for name, value in kept.items())
    account = asked.fields.get("login_hint", "") or "newsletter@brand-a.example"
    return "<p>May mailtui send mail for this account?</p>" + _form(
        action, hidden, _input("Account", "account", account), _button("yes", "Yes"), _button("no", "No")
    )


def _form(action: str, *parts: str) -> str:
    return f'<form method=post action="{action}">{"".join(parts)}</form>'


def _input(label: str, name: str, value: str = "") -> str:
    return f'<p><label>{text(label)} <input name="{name}" value="{text(value)}" size=32></label></p>'


def _button(value: str, words: str) -> str:
    return f'<button name=answer value="{value}">{text(words)}</button>'


def _json(document: Request) -> Answer:
    return Answer(body=json.dumps(document), kind="application/json")


def _refusal(error: str, status: str = "400 Bad Request") -> Answer:
    return Answer(body=json.dumps({"error": error}), status=status, kind="application/json")
