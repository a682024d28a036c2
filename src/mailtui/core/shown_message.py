"""A message as people read it: its fields, its text, and the names of its files, all safe for a terminal."""

from typing import TYPE_CHECKING, Final

from mailtui.core.frozen import Frozen
from mailtui.core.text import clean, clean_lines

if TYPE_CHECKING:
    from email.message import EmailMessage

FIELDS: Final = ("From", "To", "Subject", "Date", "Message-ID")

SHOWN: Final = 2_000
"""Lines of a message that are shown: some forty screens, and one cannot fill the memory."""


class ShownMessage(Frozen):
    """What of a message is shown."""

    fields: dict[str, str]
    text: str
    files: tuple[str, ...] = ()


def shown_message(octets: bytes) -> ShownMessage | None:
    """`octets` as RFC 5322 has them; None where there are none, since the message was purged."""
    if not octets:
        return None
    from email import message_from_bytes, policy  # 40 ms to import, and few read messages.

    message: EmailMessage = message_from_bytes(octets, policy=policy.default)
    body = message.get_body(("plain",))
    return ShownMessage(
        fields={name: clean(str(message[name] or "")) for name in FIELDS},
        text=clean_lines(str(body.get_content()) if body is not None else "", limit=1_000, lines=SHOWN),
        files=tuple(clean(str(part.get_filename() or "without a name")) for part in message.iter_attachments()),
    )
