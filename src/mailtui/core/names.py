"""What people type to name things: logins, keys, names, hosts and ports, each refused with its reason in words."""

import ipaddress
import re
import unicodedata
from functools import lru_cache
from typing import Final

from mailtui.core.errors import BadInput
from mailtui.core.text import JOINERS, clean

MAX_NAME: Final = 200
"""Characters of a name that people read."""

KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""Group keys and project keys: what a shell and a URL both take."""

LOGIN: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._@\\+-]{0,63}")
"""Login names as systems have them: `_backup`, and with the domain of a directory `ana@corp.example` or `CORP\\ana`."""

HOST_LABEL: Final = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)")
"""RFC 1123 section 2.1, and the underscore that hosts in real networks carry."""

MAX_HOST: Final = 253
"""Characters of a host name: RFC 1035 section 2.3.4, without the root's dot."""

PORT: Final = re.compile(r"[0-9]{1,5}")

UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Controls, overrides of the reading direction and other invisible marks, halves of characters, line separators."""

MAX_QUOTED: Final = 80
"""Characters of what was typed that a refusal repeats."""


def parse_login(text: str) -> str:
    """The name by which the operating system knows an employee. Raises BadInput."""
    text = text.strip()
    if not LOGIN.fullmatch(text):
        raise BadInput(
            f"login {quoted(text)} is no login name: 1 to 64 letters, digits and . _ - @ \\ +, beginning with a letter,"
            " digit or underscore",
            field="login",
        )
    return text


def parse_key(text: str, field: str) -> str:
    """A key. Raises BadInput."""
    text = text.strip()
    if not KEY.fullmatch(text):
        raise BadInput(
            f"{field} {quoted(text)} must be 1 to 64 letters, digits, dots, dashes or underscores, and begin with a"
            " letter or digit",
            field=field,
        )
    return text


def parse_name(text: str, field: str = "name", *, required: bool = False) -> str:
    """A name in any script, on one line. Raises BadInput for controls and invisible marks, which can make one name
    look like another."""
    text = text.strip()
    if not text.isprintable() and any(unicodedata.category(c) in UNSEEN and c not in JOINERS for c in text):
        raise BadInput(f"{field} {quoted(text)} holds a control or an invisible character: take it out", field=field)
    if len(text) > MAX_NAME:
        raise BadInput(f"{field} is longer than {MAX_NAME} characters", field=field)
    if required and not text:
        raise BadInput(f"{field} is missing", field=field)
    return text


@lru_cache(maxsize=1_000)  # An import asks for the same ones again and again.
def parse_host(text: str) -> str:
    """A host name in lower case and as A-labels (RFC 5890), or an IP address. Raises BadInput."""
    text = text.strip().rstrip(".")
    if not text:
        raise BadInput("the server's name is missing", field="host")
    bare = text.removeprefix("[").removesuffix("]")
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        pass
    else:
        zone = address.scope_id if isinstance(address, ipaddress.IPv6Address) else None
        # Python takes anything for the zone behind the `%` (RFC 4007 section 11), escape sequences included.
        if zone is None or HOST_LABEL.fullmatch(zone):
            return str(address)
    host = text.lower() if text.isascii() else _to_ascii(text)
    if len(host) > MAX_HOST or not all(HOST_LABEL.fullmatch(label) for label in host.split(".")):
        raise BadInput(f"{quoted(text)} is no host name: it looks like smtp.example.com", field="host")
    return host


def parse_port(text: str | int) -> int:
    """A TCP port. Raises BadInput."""
    digits = str(text).strip()
    port = int(digits) if PORT.fullmatch(digits) else 0
    if not 1 <= port <= 65535:
        raise BadInput(f"{quoted(digits)} is no port: it is a number from 1 to 65535, usually 465 or 587", field="port")
    return port


def quoted(text: str) -> str:
    """What somebody typed, as a refusal repeats it: safe for a terminal, and not all of it."""
    return repr(clean(text, MAX_QUOTED))


def _to_ascii(host: str) -> str:
    import idna  # Only names outside ASCII need it.

    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise BadInput(f"{quoted(host)} is no host name: {clean(str(error))}", field="host") from error
