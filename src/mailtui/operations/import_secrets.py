"""Where an import reads secrets: files, environment variables, standard input; never the company file itself."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from mailtui.core.addresses import SignIn, address_key
from mailtui.core.errors import BadInput
from mailtui.core.frozen import Frozen
from mailtui.operations.company_file import AddressEntry, ProviderEntry
from mailtui.operations.secret_files import read_secret_file, secret_line, source_of

VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""Names of environment variables that every shell can set (POSIX, section 8.1)."""

STANDARD_INPUT: Final = "standard input"

Handed = Mapping[str, SecretStr]
"""Secrets from standard input, by the key of the address that each is for."""


class SecretSource(Frozen):
    """Where the secret of one entry comes from."""

    field: str
    """The key of the entry that says so."""
    where: str
    """The file's path, the variable's name, or the key of the address."""
    mark: str
    """Kept with the secret, so that it is not read again while this stays the same: of a file its path, size and
    time, of a variable its name alone, since nothing of a secret's content is kept outside the keyring."""


def source_of_entry(entry: AddressEntry | ProviderEntry) -> SecretSource | None:
    """None where it names none, or nobody signs in. Raises BadInput with the field."""
    if isinstance(entry, ProviderEntry):
        return _file("client_secret_file", entry.client_secret_file) if entry.client_secret_file else None
    named = [key for key in ("secret_file", "secret_env", "secret_stdin") if getattr(entry, key)]
    if len(named) > 1:
        raise BadInput(f"{' and '.join(named)} name more than one secret: leave one of them", field=named[1])
    if not named or entry.signin is SignIn.NONE:
        return None
    match named[0]:
        case "secret_file":
            return _file("secret_file", entry.secret_file)
        case "secret_env":
            if not VARIABLE.fullmatch(entry.secret_env):
                # Not repeated: it may be the secret itself, by a slip.
                raise BadInput("this is no name of an environment variable: name one, like MAIL_SECRET", "secret_env")
            return SecretSource(field="secret_env", where=entry.secret_env, mark=f"env {entry.secret_env}")
    return SecretSource(field="secret_stdin", where=address_key(entry.address), mark=STANDARD_INPUT)


def read_source(source: SecretSource, handed: Handed) -> SecretStr:
    """The secret. Raises BadInput with the field where there is none, Misconfigured for a file that others may
    read."""
    match source.field:
        case "secret_env":
            value = os.environ.get(source.where)
            if not value:
                raise BadInput(
                    f"the environment variable {source.where} is not set: set it to the secret", source.field
                )
            return secret_line(value, f"the environment variable {source.where}")
        case "secret_stdin":
            if source.where not in handed:
                raise BadInput(
                    "its secret comes from standard input: import with --secrets-stdin, and give a line with this"
                    " address, a tab and the secret", field=source.field,
                )  # fmt: skip
            return handed[source.where]
    return read_secret_file(Path(source.where))


def parse_handed(text: SecretStr, company: tuple[AddressEntry, ...]) -> dict[str, SecretStr]:
    """The lines of standard input, each an address, a tab and its secret.

    Raises BadInput with the number of a line that is none, or whose address the file does not expect one for; nothing
    of such a line is repeated.
    """
    expected = {address_key(entry.address.strip()) for entry in company if entry.secret_stdin}
    handed: dict[str, SecretStr] = {}
    for number, line in enumerate(text.get_secret_value().splitlines(), start=1):
        if not line.strip():
            continue
        address, tab, secret = line.partition("\t")
        key = address_key(address.strip())
        if not tab or not secret:
            raise BadInput(f"line {number} of standard input is not an address, a tab and a secret")
        if key not in expected:
            raise BadInput(f"line {number} of standard input names no address with secret_stdin = true in the file")
        if key in handed:
            raise BadInput(f"line {number} of standard input gives a second secret for the same address: leave one")
        handed[key] = SecretStr(secret)
    return handed


def _file(field: str, name: str) -> SecretSource:
    path = Path(name).expanduser() if name.startswith("~") else Path(name)
    try:
        return SecretSource(field=field, where=str(path), mark=source_of(path))
    except BadInput as error:
        raise BadInput(str(error), field=field) from error
