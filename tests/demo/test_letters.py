"""What arrived is shown safely, whatever it is."""

from email.message import EmailMessage

from hypothesis import given
from hypothesis import strategies as st

from mailtui.core.text import clean, clean_lines
from mailtui.demo.conversation import Arrival
from mailtui.demo.letters import LONGEST, MALFORMED, letter


def an_arrival(content: bytes, *, recipients: tuple[str, ...] = ("eva@client.example",)) -> Arrival:
    return Arrival(
        server="good",
        username="help@brand-a.example",
        sender="help@brand-a.example",
        recipients=recipients,
        content=content,
        smtputf8=False,
    )


def test_a_letter_is_read_with_its_umlauts_dots_and_attachments() -> None:
    message = EmailMessage()
    message["From"] = "Brand A Support <help@brand-a.example>"
    message["Subject"] = "Größe"
    message.set_content("Schöne Grüße\n.\n..dots\n")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Rechnung März.pdf")
    read = letter(an_arrival(message.as_bytes()))
    assert (read.sender, read.subject) == ("Brand A Support <help@brand-a.example>", "Größe")
    assert read.text == "Schöne Grüße\n.\n..dots"
    assert read.attachments == ("Rechnung März.pdf",)


def test_an_escape_sequence_in_a_letter_does_not_reach_the_terminal() -> None:
    read = letter(an_arrival(b"Subject: =?utf-8?q?=1B]0;owned=07?=\r\n\r\n\x1b[2Jgone\r\n"))
    assert "\x1b" not in read.subject + read.text


HEADERS = st.sampled_from(
    [b"From", b"To", b"Subject", b"Date", b"Message-ID", b"Content-Type", b"Content-Transfer-Encoding", b"MIME-Version"]
)
VALUES = st.binary(max_size=60) | st.sampled_from(
    [b"text/plain; charset=none", b"multipart/mixed; boundary=x", b"base64", b"=?x?y?z?=", b"message/rfc822", b"\x80"]
)


def test_a_malformed_letter_is_shown_raw() -> None:
    read = letter(an_arrival(b"From: \x00@\r\n\r\nHello\r\n"))
    assert (read.subject, read.text.splitlines()[-1]) == (MALFORMED, "Hello")


@given(fields=st.lists(st.tuples(HEADERS, VALUES), max_size=5), body=st.binary(max_size=200))
def test_whatever_arrives_can_be_read(fields: list[tuple[bytes, bytes]], body: bytes) -> None:
    content = b"".join(name + b": " + value + b"\r\n" for name, value in fields) + b"\r\n" + body
    read = letter(an_arrival(content))
    assert read.subject == clean(read.subject)
    assert read.text == clean_lines(read.text, lines=LONGEST)
