"""The age file format (https://age-encryption.org/v1), through pyrage: the only module that knows it."""

import base64
import contextlib
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NewType

import pyrage  # type: ignore[import-untyped]  # ships neither annotations nor stubs; nothing untyped leaves this file
from pydantic import SecretBytes, SecretStr

from mailtui.core.errors import BadInput, MailtuiError, Misconfigured, TryAgain
from mailtui.core.text import clean, decode
from mailtui.secrets.contract import Locked
from mailtui.secrets.private_files import shown
from mailtui.secrets.scrypt import FAILED

Identity = NewType("Identity", object)
"""What opens files: an age or SSH private key. Its repr shows nothing of it."""

Recipient = NewType("Recipient", object)
"""Whom a file is written for: an age or SSH public key."""

SCRYPT_LIMIT: Final = 120.0
"""Seconds; 2 to 3 are usual, and a host that swaps needs many times that."""

WRONG_PASSPHRASE: Final = "Decryption failed"  # noqa: S105 - pyrage's words, not a passphrase
"""How pyrage says that a passphrase does not fit, in distinction from a file that is no age file any more."""


def recipients(text: str, source: Path) -> list[Recipient]:
    """Those named in a recipients file: one a line, `age1…`, `ssh-ed25519 …` or `ssh-rsa …`; empty lines and lines
    that begin with `#` are skipped (age(1), RECIPIENTS AND IDENTITIES). Raises Misconfigured with the line's number."""
    found: list[Recipient] = []
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        try:
            found.append(recipient(line))
        except BadInput as error:
            raise Misconfigured(f"{shown(source)}, line {number}: {error}, or take the line out") from error
    if not found:
        raise Misconfigured(f"{shown(source)} names no recipient; put the public key of the vault's identity there")
    return found


def recipient(line: str) -> Recipient:
    """The one of a public key on one line, with or without an SSH key's comment. Raises BadInput."""
    kind = pyrage.ssh.Recipient if line.strip().startswith("ssh-") else pyrage.x25519.Recipient
    words = "it is more than one line"
    if len(line.strip().splitlines()) <= 1:
        try:
            return Recipient(kind.from_str(line.strip()))
        except pyrage.RecipientError as error:
            words = clean(str(error))
    raise BadInput(
        f"that is no public key that mailtui knows ({words}); "  # not shown: it may be a private one by mistake
        "use an age1… or ssh-ed25519 or ssh-rsa public key",
        field="recipient",
    )


def identities(text: SecretBytes, source: Path) -> list[Identity]:
    """Those in an identity file: `AGE-SECRET-KEY-1…` lines with comments, or one SSH private key without passphrase.
    Raises Misconfigured."""
    found: list[Identity] = []
    try:
        if text.get_secret_value().startswith(b"-----BEGIN"):
            return [Identity(pyrage.ssh.Identity.from_buffer(text.get_secret_value()))]
        found = [Identity(pyrage.x25519.Identity.from_str(line)) for line in _key_lines(text)]
    except (pyrage.IdentityError, UnicodeDecodeError):
        found = []
    if not found:  # raised here, where the error that was caught, and the key in its frames, is gone
        raise Misconfigured(
            f"{shown(source)} holds no age identity (a line AGE-SECRET-KEY-1…, as age-keygen writes it) "
            "and no SSH key without a passphrase: put one there, or name another file"
        )
    return found


def _key_lines(text: SecretBytes) -> list[str]:
    lines = (line.strip() for line in text.get_secret_value().decode().splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def recipient_of(identity: Identity, source: Path) -> str:
    """The public key that belongs to an age identity. Raises Misconfigured for an SSH key, whose public key stands
    in a file of its own."""
    if not isinstance(identity, pyrage.x25519.Identity):
        raise Misconfigured(f"{shown(source)} is an SSH key; a new vault needs an age identity: make one by age-keygen")
    return str(identity.to_public())


def new_identity() -> SecretBytes:
    """A new identity as the text of an identity file."""
    identity = pyrage.x25519.Identity.generate()
    return SecretBytes(f"# public key: {identity.to_public()}\n{identity}\n".encode())


def encrypt(secret: SecretStr, readers: Sequence[Recipient]) -> bytes:
    """An age file that each of the readers can open. Raises BadInput for text that cannot be stored."""
    octets: SecretBytes | None = None
    with contextlib.suppress(UnicodeEncodeError):
        octets = SecretBytes(secret.get_secret_value().encode())
    if octets is None:  # raised here, since the error that was caught holds the secret
        raise BadInput("the secret holds half of a character (a lone surrogate): type it again", field="password")
    return bytes(pyrage.encrypt(octets.get_secret_value(), list(readers)))


def decrypt(sealed: bytes, keys: Sequence[Identity], source: Path) -> SecretStr:
    """What an age file holds. Raises Misconfigured when it is damaged or written for somebody else."""
    words = "it is not text"
    try:
        return SecretStr(pyrage.decrypt(sealed, list(keys)).decode())
    except pyrage.DecryptError as error:
        words = clean(str(error))
    except UnicodeDecodeError:
        pass
    raise Misconfigured(
        f"{shown(source)} cannot be opened ({words}): it is damaged, or was written for another identity than the one "
        "in use. It was left as it is; put it back from a backup, or enter the address's password again"
    )


def lock_identity(identity: SecretBytes, passphrase: SecretStr, target: Path) -> bytes:
    """The identity as an age file under a passphrase, which `age -d` opens too. Blocks for seconds; any thread."""
    return _scrypt("encrypt", passphrase, identity, target).get_secret_value()


def unlock_identity(sealed: bytes, passphrase: SecretStr, source: Path) -> SecretBytes:
    """The other way round. Blocks for seconds; any thread. Raises Locked when the passphrase is wrong, Misconfigured
    when the file is damaged, TryAgain when the host cannot give what scrypt needs."""
    return _scrypt("decrypt", passphrase, SecretBytes(sealed), source)


def _scrypt(action: str, passphrase: SecretStr, data: SecretBytes, path: Path) -> SecretBytes:
    """Run scrypt in a process of its own, since pyrage holds the interpreter's lock all the while (1.5 s measured)
    and the screens would stand still; and so the half gigabyte that it uses goes back at once.

    Secrets go through pipes, never on a command line, and every error is made after those that hold them are gone.
    """
    # -P: what lies in the current directory must not be imported in place of our modules.
    command = [sys.executable, "-P", "-m", "mailtui.secrets.scrypt", action]
    status: int | None = None
    result, words = SecretBytes(b""), ""
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module, no shell
            command, input=_framed(passphrase, data), capture_output=True, timeout=SCRYPT_LIMIT, check=False
        )
        status, result, words = done.returncode, SecretBytes(done.stdout), clean(decode(done.stderr))
        del done
    except OSError as error:
        words = str(error.strerror)
    except subprocess.TimeoutExpired:
        words = f"not done within {SCRYPT_LIMIT:.0f} s"
    if status == 0:
        return result
    raise _scrypt_failure(status, words, path)


def _framed(passphrase: SecretStr, data: SecretBytes) -> bytes:
    return base64.b64encode(passphrase.get_secret_value().encode()) + b"\n" + data.get_secret_value()


def _scrypt_failure(status: int | None, words: str, path: Path) -> MailtuiError:
    """status: of the process; None when it did not end by itself, and `words` then say why."""
    if status == FAILED and words == WRONG_PASSPHRASE:
        return Locked(f"the passphrase does not open {shown(path)}: type it again, or look at the passphrase file")
    if status == FAILED:
        return Misconfigured(
            f"{shown(path)} cannot be opened ({words}): it is damaged. It was left as it is; put it back from a backup"
        )
    ended = words if status is None else f"ended by signal {-status}" if status < 0 else f"ended with {status}"
    return TryAgain(
        f"the passphrase of {shown(path)} could not be worked on ({ended}): it takes some 512 MiB of memory "
        "for a few seconds; free some and try again"
    )
