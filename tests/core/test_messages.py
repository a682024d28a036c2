"""Messages: what was written is what arrives, and nothing else gets into the headers."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.headerregistry import ContentDispositionHeader
from email.message import EmailMessage, Message
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailtui.core.errors import BadInput
from mailtui.core.messages import Attachment, Draft, build, message_id

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
LINE_LIMIT = 998
"""Octets without CRLF: RFC 5322 section 2.1.1."""

BREAKERS = ["\r", "\n", "\r\nBcc: spy@elsewhere.example", "\0", "\x1b[2J", "\x0b", "\x85", "\N{LINE SEPARATOR}"]

one_line = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]))
"""Text in any script that may stand in a header."""

tricky = st.one_of(
    one_line,
    st.text('=?_ qQbB-utf8."\\()<>@,;:éß€😀', max_size=300),
    st.lists(st.sampled_from(["=?utf-8?q?a=0D=0ABcc:_x@y.example?=", "=?", "?=", " ", "x" * 90, "ă"])).map("".join),
)
body_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def draft(**changed: object) -> Draft:
    written = {
        "sender": "sales@brand-a.example",
        "name": "Brand A Sales",
        "recipient": "contact@client.example",
        "subject": "Offer",
        "body": "Good morning",
    }
    return Draft.model_validate(written | changed)


def parsed(octets: bytes) -> EmailMessage:
    message = message_from_bytes(octets, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage) -> str:
    part = message.get_body()
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def sender_of(octets: bytes) -> tuple[str, str]:
    """Name and address of the sender. The library's newer parser puts spaces between the encoded words of a name, where
    RFC 2047 section 6.2 has none; the older one does not."""
    name, address = parseaddr("".join(message_from_bytes(octets)["From"].splitlines()))
    return str(make_header(decode_header(name))), address


def file_name(part: Message) -> str:
    """The name as it crossed; the library's get_filename() takes spaces, quotes and angle brackets off its ends."""
    disposition = part["Content-Disposition"]
    assert isinstance(disposition, ContentDispositionHeader)
    return str(disposition.params["filename"])


@given(subject=tricky)
def test_a_subject_arrives_as_it_was_written(subject: str) -> None:
    message = parsed(build(draft(subject=subject), NOON, "t1"))
    assert message["Subject"] == subject
    assert message.keys() == parsed(build(draft(), NOON, "t1")).keys()


@given(name=tricky.filter(bool))
def test_the_name_beside_the_address_arrives_as_it_was_written(name: str) -> None:
    assert sender_of(build(draft(name=name), NOON, "t1")) == (name, "sales@brand-a.example")


@given(body=body_text)
def test_a_body_arrives_as_it_was_written(body: str) -> None:
    unified = body.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    assert text_of(parsed(build(draft(body=body), NOON, "t1"))).removesuffix("\n") == unified


@given(files=st.lists(st.tuples(tricky.filter(str.strip), st.binary()), max_size=3))
def test_attachments_arrive_whole_and_under_their_names(files: list[tuple[str, bytes]]) -> None:
    attachments = tuple(Attachment(name=name, content=content) for name, content in files)
    message = parsed(build(draft(attachments=attachments), NOON, "t1"))
    arrived = [(file_name(part), part.get_payload(decode=True)) for part in message.iter_attachments()]
    assert arrived == files
    assert text_of(message) == "Good morning\n"


@given(subject=tricky, name=tricky, body=body_text, file=tricky.filter(str.strip))
def test_every_line_is_short_7_bit_and_ends_with_crlf(subject: str, name: str, body: str, file: str) -> None:
    attachments = (Attachment(name=file, content=b"\x00" * 999),)
    octets = build(draft(subject=subject, name=name, body=body, attachments=attachments), NOON, "t1")
    lines = octets.split(b"\r\n")
    assert octets.isascii()
    assert max(map(len, lines)) <= LINE_LIMIT
    assert not any(b"\n" in line or b"\r" in line for line in lines)


@pytest.mark.parametrize("field", ["sender", "name", "recipient", "subject"])
@pytest.mark.parametrize("breaker", BREAKERS)
def test_what_would_begin_a_new_header_is_refused_with_the_fields_name(field: str, breaker: str) -> None:
    written = getattr(draft(), field)
    with pytest.raises(BadInput) as refused:
        build(draft(**{field: f"{written[:3]}{breaker}{written[3:]}"}), NOON, "t1")
    assert refused.value.field == field


@pytest.mark.parametrize("breaker", BREAKERS)
def test_a_file_name_that_would_begin_a_new_header_is_refused(breaker: str) -> None:
    with pytest.raises(BadInput) as refused:
        build(draft(attachments=(Attachment(name=f"a{breaker}.txt", content=b""),)), NOON, "t1")
    assert refused.value.field == "attachments"


def test_an_encoded_line_break_in_a_subject_adds_no_header() -> None:
    octets = build(draft(subject="=?utf-8?q?Hi=0D=0ABcc:_spy@elsewhere.example?="), NOON, "t1")
    assert b"Bcc" not in octets
    assert "Bcc" not in parsed(octets)


@pytest.mark.parametrize(
    "recipient",
    [
        "a@b.example, spy@c.example",
        "a@b.example> <spy@c.example",
        "a@b.example (x)",
        "nobody",
        "a b@c.d",
    ],
)
def test_a_recipient_is_exactly_one_address(recipient: str) -> None:
    with pytest.raises(BadInput) as refused:
        build(draft(recipient=recipient), NOON, "t1")
    assert refused.value.field == "recipient"


@pytest.mark.parametrize("body", ["nul \0", "half a character \ud800"])
def test_a_body_that_cannot_be_sent_is_refused(body: str) -> None:
    with pytest.raises(BadInput) as refused:
        build(draft(body=body), NOON, "t1")
    assert refused.value.field == "body"


def test_date_and_message_id_are_what_was_given_in_the_domain_of_the_address() -> None:
    message = parsed(build(draft(), NOON, "2f-9"))
    assert message["Date"].datetime == NOON
    assert message["Message-ID"] == "<2f-9@brand-a.example>" == message_id("sales@brand-a.example", "2f-9")
    assert message["MIME-Version"] == "1.0"


def test_the_same_draft_gives_the_same_octets() -> None:
    written = draft(attachments=(Attachment(name="price list.pdf", content=b"%PDF"),))
    assert build(written, NOON, "t1") == build(written, NOON, "t1")


def test_a_token_that_is_no_token_is_refused() -> None:
    with pytest.raises(BadInput):
        message_id("sales@brand-a.example", "a>\r\nBcc: x")


def test_an_address_outside_ascii_stands_in_the_header_as_utf_8() -> None:
    octets = build(draft(sender="jörg@brand-a.example"), NOON, "t1")
    assert '"Brand A Sales"\r\n <jörg@brand-a.example>'.encode() in octets


def test_quoted_local_parts_are_addresses() -> None:
    octets = build(draft(sender='"two words"@brand-a.example'), NOON, "t1")
    assert b'<"two words"@brand-a.example>' in octets


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("offer.pdf", "application/pdf"),
        ("notes.txt", "text/plain"),
        ("mail.eml", "application/octet-stream"),
        ("unknown", "application/octet-stream"),
        ('data:x/y";z,', "application/octet-stream"),
    ],
)
def test_an_attachments_type_is_guessed_by_its_name(name: str, media_type: str) -> None:
    octets = build(draft(attachments=(Attachment(name=name, content=b"x"),)), NOON, "t1")
    [part] = parsed(octets).iter_attachments()
    assert part.get_content_type() == media_type
