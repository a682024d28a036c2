"""Reading a secret from a file, for the command line and the import: secrets never come as arguments."""

from pathlib import Path

from pydantic import SecretStr

from mailtui.core.errors import BadInput


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
    except OSError as error:
        raise BadInput(f"the secret file {path} cannot be read: {error.strerror}", field="secret_file") from error
    return f"{path.absolute()} {found.st_size} {found.st_mtime_ns}"
