"""What a hostile server says reaches neither the terminal nor a script as anything but text (decision 8)."""

import asyncio
import threading
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from mailtui.core.addresses import SmtpAccount
from tests.cli.command_line import Answer, CommandLine
from tests.smtp.hostile import BANNER, EHLO, OK, SIGNED_IN, Script, endlessly, hang_up, hostile_server, in_turn

EVIL = b"\x1b]0;owned\x07\x1b[2J\x9b31m\xc2\x9b31m [bold red]markup[/] \x00 \xe2\x80\xae\xe2\x81\xa6 \xff\xfe \r x"
"""Escape sequences, C1 controls (as octet and as UTF-8), markup, NUL, bidirectional overrides, no UTF-8, a bare CR."""

GOOD = (BANNER, EHLO, SIGNED_IN, OK)


@contextmanager
def answering(script: Script) -> Iterator[SmtpAccount]:
    """A hostile server in a thread of its own, since the command has the event loop of this one."""
    ready, ended = threading.Event(), asyncio.Event()
    found: list[tuple[SmtpAccount, asyncio.AbstractEventLoop]] = []

    async def serve() -> None:
        async with hostile_server(script) as account:
            found.append((account, asyncio.get_running_loop()))
            ready.set()
            await ended.wait()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    ready.wait()
    account, loop = found[0]
    try:
        yield account
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join()


def add(company: CommandLine, script: Script, *options: str, address: str = "sales@corp.example") -> Answer:
    with answering(script) as account:
        where = ("--host", account.host, "--port", str(account.port), "--security", "none")
        return company("address", "add", address, *where, "--secret-stdin", *options, stdin="s3cret")


def unclean(text: str) -> list[str]:
    """The characters of a text that a terminal or a reader could take for a command."""
    return [c for c in text if c not in "\n\t" and unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co")]


@pytest.mark.parametrize("turn", range(5))
@pytest.mark.parametrize("code", [b"220", b"250", b"421", b"535", b"999", b""])
def test_what_it_says_at_any_step_is_shown_clean(company: CommandLine, turn: int, code: bytes) -> None:
    script = in_turn(*GOOD[:turn], code + b"-" + EVIL + b"\r\n" + code + b" " + EVIL + b"\r\n", then=hang_up)

    people = add(company, script, address="people@corp.example")
    program = add(company, script, "--json")

    for answer in (people, program):
        assert answer.code in (0, 69, 75, 76, 77)
        assert unclean(answer.out + answer.err) == []
        assert "Traceback" not in answer.err and "report it" not in answer.err
        assert "s3cret" not in answer.out + answer.err
    assert program.document["saved"] is (program.code == 0)
    assert program.document["remedy"] or program.code == 0


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (lambda: in_turn(b"999 what?\r\n"), 76),
        (lambda: in_turn(b"HTTP/1.1 400 Bad Request\r\n\r\n"), 76),
        (lambda: in_turn(b"220-", then=endlessly(b"x" * 4096)), 76),
        (lambda: in_turn(b"", then=endlessly(b"220-more\r\n" * 100)), 76),
        (lambda: in_turn(b""), 69),
        (lambda: in_turn(*GOOD[:2]), 75),
        (lambda: in_turn(BANNER, then=hang_up), 69),
        (lambda: in_turn(BANNER, b"421 4.3.2 Too busy\r\n"), 75),
        (lambda: in_turn(BANNER, EHLO, b"535 5.7.8 no\r\n"), 77),
    ],
)
def test_whatever_it_does_ends_with_the_code_of_the_contract(
    company: CommandLine, script: Callable[[], Script], code: int
) -> None:
    answer = add(company, script(), "--json")

    assert answer.code == code
    assert answer.document["reply"] and answer.document["meaning"]


def test_names_of_an_import_file_are_shown_clean(company: CommandLine) -> None:
    name = "Ev\\u202eil \\u001b[31m[bold]x[/] \\u0085"
    file = f'{{"projects": [{{"key": "evil", "name": "{name}"}}], "groups": [{{"key": "bad", "name": "{name}"}}]}}'

    answers = [company("import", "-", stdin=file), company("project", "list"), company("group", "list")]
    answers += [company("project", "list", "--json"), company("audit", "--json"), company("export")]

    for answer in answers:
        assert unclean(answer.out + answer.err) == []
        assert "Traceback" not in answer.err
