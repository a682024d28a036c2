"""What a server took, as a person reads it."""

from collections.abc import Sequence
from email import message_from_bytes, policy
from typing import Final

from mailtui.core.frozen import Frozen
from mailtui.core.text import clean, clean_lines, decode
from mailtui.demo.conversation import Arrival

MALFORMED: Final = "(malformed)"
"""The subject of a message that cannot be taken apart."""

LONGEST: Final = 500
"""Lines of a text that are shown."""


class Letter(Frozen):
    """A message that arrived, everything in it safe for a terminal."""

    sender: str = ""
    """The From field, with the name that the contact sees."""
    envelope_sender: str
    recipients: str
    subject: str
    date: str = ""
    message_id: str = ""
    signed_in_as: str
    text: str
    attachments: tuple[str, ...]


def letter(arrival: Arrival) -> Letter:
    """Whatever arrived: a message without a text has an empty one, and one that cannot be taken apart is shown raw."""
    try:
        return _taken_apart(arrival)
    except Exception:  # The library raises IndexError and others for malformed fields, and for unknown character sets.
        return _letter(arrival, subject=MALFORMED, text=decode(arrival.content))


def _taken_apart(arrival: Arrival) -> Letter:
    message = message_from_bytes(arrival.content, policy=policy.default)
    body = message.get_body(preferencelist=("plain",))
    return _letter(
        arrival,
        sender=str(message.get("From", "")),
        subject=str(message.get("Subject", "")),
        date=str(message.get("Date", "")),
        message_id=str(message.get("Message-ID", "")),
        text=str(body.get_content()) if body is not None else "",
        attachments=[part.get_filename() or "without a name" for part in message.iter_attachments()],
    )


def _letter(arrival: Arrival, *, text: str, attachments: Sequence[str] = (), **fields: str) -> Letter:
    return Letter(
        envelope_sender=clean(arrival.sender),
        recipients=clean(", ".join(arrival.recipients)),
        signed_in_as=clean(arrival.username),
        text=clean_lines(text, lines=LONGEST),
        attachments=tuple(clean(name) for name in attachments),
        **{name: clean(value) for name, value in fields.items()},
    )
