"""A person who sends messages one after the other: `python accept.py DATABASE MESSAGES`.

Says when everything is ready, and begins when standard input is closed.
"""

import os
import sys
from pathlib import Path
from typing import Final

from mailtui.operations.context import open_context
from mailtui.operations.send import SendRequest, accept

BODY: Final = "The quick brown fox jumps over the lazy dog.\n" * 30
SENDER: Final = "sales@bench.example"


def main(database: Path, messages: int) -> None:
    import email_validator  # noqa: F401 - what the first message would import

    context = open_context(database)
    print("ready", flush=True)  # noqa: T201 - what the other side reads
    sys.stdin.read()
    for number in range(messages):
        to = (f"c{number}-{os.getpid()}@elsewhere.example",)
        accept(context, SendRequest(project="bench", to=to, subject="Bench", body=BODY, sender=SENDER))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
