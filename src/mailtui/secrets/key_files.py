"""What opens a vault, as people and services keep it: a passphrase, or a file with one or with an identity."""

import contextlib
from pathlib import Path

from pydantic import SecretBytes, SecretStr

from mailtui.core.errors import BadInput, Misconfigured
from mailtui.secrets.private_files import read_private, shown


def secret_file(path: Path) -> SecretBytes:
    """What the file holds. Raises Misconfigured where it is not there, or not its owner's alone."""
    try:
        return SecretBytes(read_private(path))
    except FileNotFoundError as error:
        raise Misconfigured(f"there is no file {shown(path)}: make it with mode 0600, or name another") from error


def passphrase_in(path: Path) -> SecretStr:
    """What the file holds, without one newline at its end. Raises Misconfigured."""
    passphrase: SecretStr | None = None
    with contextlib.suppress(UnicodeDecodeError):
        passphrase = SecretStr(secret_file(path).get_secret_value().decode().removesuffix("\n"))
    if not passphrase:  # raised here, since the error that was caught holds the passphrase
        raise Misconfigured(f"{shown(path)} holds no passphrase in UTF-8: write the vault's passphrase into it")
    return passphrase


def check_passphrase(passphrase: SecretStr) -> None:
    """Raises BadInput for one that is empty or cannot be written down."""
    usable = bool(passphrase)
    try:
        passphrase.get_secret_value().encode()
    except UnicodeEncodeError:
        usable = False
    if not usable:
        raise BadInput("a passphrase of at least one character is needed, without halves of characters", "passphrase")
