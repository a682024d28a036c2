"""age's passphrase encryption as a process: `python -m mailtui.secrets.scrypt encrypt|decrypt`.

Standard input: the passphrase in base64, a newline, then the data. Standard output: the result. Exit code FAILED
with pyrage's words on standard error when it cannot be done.
"""

import base64
import sys
from typing import Final

FAILED: Final = 3
"""Not 1 or 2, by which Python itself and bad options end."""


def main() -> int:
    """Do what the command line says."""
    import pyrage  # type: ignore[import-untyped]  # here, since the parent reads FAILED from this file

    (action,) = sys.argv[1:]
    work = {"encrypt": pyrage.passphrase.encrypt, "decrypt": pyrage.passphrase.decrypt}[action]
    passphrase = base64.b64decode(sys.stdin.buffer.readline()).decode()
    try:
        sys.stdout.buffer.write(work(sys.stdin.buffer.read(), passphrase))
    except (pyrage.DecryptError, pyrage.EncryptError) as error:
        sys.stderr.write(str(error))
        return FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main())
