"""Building one safe message (RFC 5322): what a contact sees, from whom, and nothing that somebody slipped in."""

import re
import unicodedata
from datetime import datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from mailtui.core.addresses import domain_of
from mailtui.core.errors import BadInput
from mailtui.core.frozen import Frozen

if TYPE_CHECKING:
    from email.message import EmailMessage
    from email.policy import Policy

ADDRESS: Final = re.compile(r'(?:"(?:[^"\\]|\\.)*"|[^\s"(),:;<>@\[\\\]]+)@[^\s"(),;<>@\\]+')
"""One address and nothing beside it (RFC 5322 section 3.4.1): neither a second one nor a comment."""

MAX_WORD: Final = 60
"""Characters of a word that stands in a header as it is; a longer one is encoded, and can then be folded anywhere."""

MAX_LINE: Final = 76
"""Characters of a header line with encoded words: RFC 2047 section 2."""

TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{1,60}")
"""What makes a Message-ID and the boundary between a message's parts unique (RFC 2046 section 5.1.1: 70 characters)."""

LINE_BREAKERS: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
"""Controls, among them CR, LF and NUL, which begin a new header; halves of characters; and what Python's own e-mail
parser takes for the end of a line."""


class Attachment(Frozen):
    """A file that goes with a message."""

    name: str
    content: bytes


class Draft(Frozen):
    """A message as an employee wrote it, to one contact."""

    sender: str
    """The external address."""
    name: str = ""
    """What the contact sees beside it."""
    recipient: str
    subject: str
    body: str
    attachments: tuple[Attachment, ...] = ()


def message_id(sender: str, token: str) -> str:
    """The Message-ID field of a message, in the domain of the address that sends it. `token` makes it unique."""
    if not TOKEN.fullmatch(token):
        raise BadInput(f"{token!r} cannot be part of a Message-ID")
    return f"<{token}@{domain_of(sender)}>"


def build(draft: Draft, date: datetime, token: str) -> bytes:
    """The message as octets with CRLF, no line longer than 998 of them (RFC 5322 section 2.1.1).

    Everything is 7-bit, except where an address itself is not ASCII (RFC 6532). `date` has a time zone; `token` makes
    the Message-ID unique. Raises BadInput, with the field's name, for a control character in a header and for text
    that cannot be encoded.
    """
    # 40 ms to import, and only sending needs it.
    from email.message import EmailMessage
    from email.utils import format_datetime

    for field, text in (("name", draft.name), ("subject", draft.subject)):
        _refuse_line_breakers(text, field)
    for field, address in (("sender", draft.sender), ("recipient", draft.recipient)):
        _refuse_line_breakers(address, field)
        if not ADDRESS.fullmatch(address):
            raise BadInput(f"the {field} {address!r} is not one e-mail address", field=field)
    international = not (draft.sender + draft.recipient).isascii()
    rules = _rules(international=international)
    message = EmailMessage(policy=rules)
    message["From"] = Header("From", _from(draft.name, draft.sender))
    message["To"] = Header("To", draft.recipient)
    message["Subject"] = Header("Subject", _words("Subject", draft.subject))
    message["Date"] = Header("Date", format_datetime(date))
    message["Message-ID"] = Header("Message-ID", message_id(draft.sender, token))
    message.set_content(_body(draft.body), charset="utf-8")
    for attachment in draft.attachments:
        _attach(message, attachment)
    if draft.attachments:
        # The library would draw a random one.
        message.set_boundary(f"=_{token}")
    return message.as_bytes()


class Header(str):
    """A header's value as it crosses, folded already, in the form in which the library takes it without reading it.

    It reads what it is given as text, decodes the encoded words that it finds there, and up to Python 3.11.9 writes
    the line breaks that were in them: `=?utf-8?q?a=0ABcc:_b@c.d?=` as a subject adds a recipient (CVE-2024-6923).
    """

    name: str
    defects: tuple[Exception, ...] = ()

    def __new__(cls, name: str, value: str) -> "Header":
        header = super().__new__(cls, value)
        header.name = name
        return header

    def fold(self, *, policy: "Policy") -> str:
        """The whole header field; called by the library."""
        return f"{self.name}: {self}{policy.linesep}"


@cache
def _rules(*, international: bool) -> "Policy":
    """How the library writes a message. It would make the classes of all headers anew for each of them, a third of the
    whole work, and read the same few MIME headers each time."""
    from email import policy
    from email.headerregistry import HeaderRegistry

    class Registry(HeaderRegistry):
        __getitem__ = cache(HeaderRegistry.__getitem__)
        __call__ = lru_cache(maxsize=64)(HeaderRegistry.__call__)

    return (policy.SMTPUTF8 if international else policy.SMTP).clone(cte_type="7bit", header_factory=Registry())


def _from(name: str, address: str) -> str:
    if not name:
        return address
    if _is_plain(name) and len(name) <= MAX_WORD:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"\r\n <{address}>'
    return f"{_encoded('From', name)}\r\n <{address}>"


def _words(name: str, text: str) -> str:
    """Unstructured text, folded; encoded where it could not be read back as it is."""
    if not _is_plain(text):
        return _encoded(name, text)
    lines = [f"{name}:"]
    for word in text.split(" "):
        if len(lines[-1]) + len(word) > MAX_LINE:
            lines.append("")
        lines[-1] += f" {word}"
    return "\r\n".join(lines).removeprefix(f"{name}: ")


def _is_plain(text: str) -> bool:
    """Whether the text can stand in a header as it is: ASCII, nothing that looks like an encoded word, and between its
    words the single spaces that survive folding."""
    words = text.split(" ")
    return text.isascii() and "=?" not in text and all(0 < len(word) <= MAX_WORD for word in words)


def _encoded(name: str, text: str) -> str:
    """RFC 2047 encoded words, folded."""
    from email.header import Header as EncodedWords

    return EncodedWords(text, "utf-8", header_name=name, maxlinelen=MAX_LINE).encode(linesep="\r\n")


def _body(text: str) -> str:
    if "\0" in text:
        raise BadInput("the text holds a NUL character: take it out", field="body")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadInput(
            "the text holds half a character (a surrogate), which cannot be encoded", field="body"
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n") + "\n"


def _attach(message: "EmailMessage", attachment: Attachment) -> None:
    if not attachment.name.strip():
        raise BadInput("an attachment has no name", field="attachments")
    _refuse_line_breakers(attachment.name, "attachments")
    maintype, subtype = _type(attachment.name)
    disposition = Header("Content-Disposition", f"attachment;{_file_name(attachment.name)}")
    message.add_attachment(attachment.content, maintype, subtype, headers=[disposition])


def _file_name(name: str) -> str:
    """The parameter of Content-Disposition (RFC 2183), in pieces of RFC 2231 where it is long or not plain."""
    from urllib.parse import quote

    if _is_plain(name) and len(name) <= MAX_WORD and not set(name) & set('"\\'):
        return f'\r\n filename="{name}"'
    encoded = quote(name, safe="")
    pieces = re.findall(r"(?:%..|[^%]){1,20}", encoded)
    if len(pieces) == 1:
        return f"\r\n filename*=utf-8''{encoded}"
    first = f"\r\n filename*0*=utf-8''{pieces[0]}"
    return ";".join([first, *(f"\r\n filename*{n}*={piece}" for n, piece in enumerate(pieces[1:], start=1))])


def _type(name: str) -> tuple[str, str]:
    """A media type by the file's ending. A message or multipart may not be base64 (RFC 2046 section 5.2.1), in which
    every attachment crosses, so it goes as plain octets."""
    import mimetypes
    from pathlib import PurePath

    found, _ = mimetypes.guess_type(f"file{PurePath(name).suffix}")
    maintype, _, subtype = (found or "").partition("/")
    return (maintype, subtype) if maintype not in ("", "message", "multipart") else ("application", "octet-stream")


def _refuse_line_breakers(text: str, field: str) -> None:
    if any(unicodedata.category(character) in LINE_BREAKERS for character in text):
        raise BadInput(f"the {field} {text[:80]!r} holds a control character or line break: take it out", field=field)
