"""Secrets in files, for the command line and the import: they never come as arguments."""

import os
from pathlib import Path

from pydantic import SecretStr

from mailtui.core.errors import BadInput, CannotCreate


def read_secret_file(path: Path) -> SecretStr:
    """The first line of a file that only its owner may read.

    Raises BadInput where it is not there, empty or not text; Misconfigured where others may read it.
    """
    from mailtui.secrets.private_files import read_private

    try:
        text = read_private(path).decode("utf-8")
    except FileNotFoundError as error:
        raise BadInput(f"there is no secret file {path}", field="secret_file") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"the secret file {path} is not UTF-8 text", field="secret_file") from error
    return secret_line(text, str(path))


def secret_line(text: str, where: str) -> SecretStr:
    """The only line of `text`, with or without a line end. Raises BadInput where there is none, or more than one."""
    lines = text.splitlines()
    if len(lines) != 1 or not lines[0]:
        raise BadInput(f"{where} must hold the secret on exactly one line", field="secret_file")
    return SecretStr(lines[0])


def source_of(path: Path) -> str:
    """Tells whether a secret file is still the one that was read in, without keeping anything of its content.

    Raises BadInput where it is not there.
    """
    try:
        found = path.stat()
    except (OSError, ValueError) as error:  # The latter for a NUL in the name.
        why = (isinstance(error, OSError) and error.strerror) or str(error)
        raise BadInput(f"the secret file {path} cannot be read: {why}", field="secret_file") from error
    return f"{path.absolute()} {found.st_size} {found.st_mtime_ns}"


def write_new_file(path: Path, content: bytes) -> None:
    """A new file of mode 0600. Raises CannotCreate where there is one already, or none can be written."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as file:
            file.write(content)
    except OSError as error:
        raise CannotCreate(f"{path} cannot be written: {error.strerror}; name another file") from error
