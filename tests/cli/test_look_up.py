"""`--lookup`: what is printed, what is asked, and what is never taken by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from mailtui.demo.name_server import in_thread as name_server
from mailtui.demo.servers import LoopbackServers
from tests.cli.command_line import CommandLine
from tests.cli.test_imports import imported

RECORDS = """\
brand-a.example. 60 IN MX 10 in1-smtp.messagingengine.com.
_submission._tcp.brand-b.example. 60 IN SRV 0 1 {port} localhost.
_submission._tcp.localhost. 60 IN SRV 0 1 {port} localhost.
corp.example. 60 IN MX 10 mx.corp.example.
"""


@pytest.fixture
def outside(mailtui: CommandLine, servers: LoopbackServers, tmp_path: Path) -> Iterator[None]:
    """Name servers that know some domains, and nothing else."""
    with name_server(RECORDS.format(port=servers["good"].port)) as names:
        ask(tmp_path, f'name_server = "127.0.0.1"\nport = {names.port}')
        yield


def ask(place: Path, lines: str) -> None:
    """Put these lines into the configuration."""
    file = place / "config.toml"
    file.write_text(f"{file.read_text()}[look_up]\n{lines}\n")


@pytest.mark.usefixtures("outside")
def test_what_is_found_is_one_document(mailtui: CommandLine) -> None:
    found = mailtui.json("services", "--match", "ana@brand-a.example", "--lookup")

    assert set(found) == {"address", "proposal", "answers"}
    assert set(found["proposal"]) == {"source", "said", "account", "caution"}
    assert (found["proposal"]["source"], found["proposal"]["account"]["service"]) == ("mx", "fastmail")
    assert [answer["source"] for answer in found["answers"]] == ["domain", "mx"]


@pytest.mark.usefixtures("outside")
def test_a_person_sees_the_sources_the_settings_and_the_steps(mailtui: CommandLine) -> None:
    found = mailtui("services", "--match", "ana@brand-a.example", "--lookup")

    assert found.code == 0
    assert "MX records" in found.err
    assert "Fastmail: smtp.fastmail.com port 465, tls, sign-in: password as ana@brand-a.example" in found.out
    assert "Found by MX records: in1-smtp.messagingengine.com belongs to Fastmail" in found.out
    assert "\n- " in found.out


@pytest.mark.usefixtures("outside")
def test_nothing_found_is_an_answer(mailtui: CommandLine) -> None:
    found = mailtui("services", "--match", "ana@corp.example", "--lookup", "--json")

    assert (found.code, found.document["proposal"], len(found.document["answers"])) == (0, None, 5)
    assert "No settings were found" in mailtui("services", "--match", "ana@corp.example", "--lookup").out


@pytest.mark.usefixtures("outside")
def test_an_address_is_added_with_what_was_found_and_what_was_given(
    mailtui: CommandLine, servers: LoopbackServers
) -> None:
    good = servers["good"]

    added = mailtui(
        *("address", "add", "ana@localhost", "--lookup", "--ca-file", str(good.ca_file), "--secret-stdin", "--json"),
        stdin=good.password.get_secret_value(),
    )

    assert (added.code, added.document["saved"]) == (0, True)
    assert "localhost port" in added.err
    (row,) = mailtui.json("address", "list")
    assert (row["host"], row["port"], row["security"]) == ("localhost", good.port, "starttls")


@pytest.mark.usefixtures("outside")
def test_a_server_outside_the_domain_is_not_taken_where_nobody_can_be_asked(mailtui: CommandLine) -> None:
    added = mailtui("address", "add", "ana@brand-b.example", "--lookup", "--secret-stdin", stdin="secret")

    assert added.code == 77
    assert "localhost is not within brand-b.example" in added.err
    assert "--host localhost in place of --lookup" in added.err
    assert mailtui.json("address", "list") == []


@pytest.mark.usefixtures("outside")
def test_an_address_without_settings_is_not_added(mailtui: CommandLine) -> None:
    added = mailtui("address", "add", "ana@corp.example", "--lookup", "--secret-stdin", stdin="secret")

    assert added.code == 66
    assert "give --host HOST" in added.err


def test_without_a_network_it_says_so(mailtui: CommandLine, tmp_path: Path) -> None:
    with name_server("") as names:
        gone = names.port
    ask(tmp_path, f'name_server = "127.0.0.1"\nport = {gone}')

    found = mailtui("services", "--match", "ana@corp.example", "--lookup", "--json")

    assert (found.code, found.out) == (69, "")
    assert "this machine has no network" in found.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("services", "--lookup"),
        ("address", "add", "ana@corp.example", "--lookup", "--host", "mail.corp.example"),
        ("address", "add", "ana@corp.example", "--lookup", "--service", "gmail"),
    ],
)
def test_options_that_do_not_go_with_a_look_up_are_a_usage_error(
    mailtui: CommandLine, arguments: tuple[str, ...]
) -> None:
    assert mailtui(*arguments, "--secret-stdin" if "add" in arguments else "--json", stdin="secret").code == 64


def test_a_name_server_that_is_no_address_is_refused(mailtui: CommandLine, tmp_path: Path) -> None:
    ask(tmp_path, 'name_server = "dns.example"')

    found = mailtui("services", "--match", "ana@corp.example", "--lookup")

    assert found.code == 78
    assert "look_up.name_server" in found.err


@pytest.mark.parametrize("command", [("address", "list"), ("services", "--match", "ana@corp.example")])
def test_only_a_look_up_imports_what_asks_the_outside(mailtui: CommandLine, command: tuple[str, ...]) -> None:
    packages, _ = imported("--db", str(mailtui.database), *command)

    assert not packages & {"dns", "httpcore2", "anyio", "aiosmtplib", "xml", "textual"}
