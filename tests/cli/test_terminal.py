"""With a person at the terminal: hidden questions, asked once, and the steps as they happen."""

import pytest

from mailtui.demo.servers import LoopbackServers
from tests.cli.command_line import CommandLine, connection
from tests.cli.terminal import at_a_terminal


def test_the_password_is_asked_for_and_not_shown(mailtui: CommandLine, servers: LoopbackServers) -> None:
    password = servers["good"].password.get_secret_value()
    arguments = ("address", "add", "a@corp.example", *connection(servers["good"]))

    with at_a_terminal("--db", str(mailtui.database), *arguments) as terminal:
        terminal.wait_for("Password of a@corp.example:")
        terminal.type(password)
        assert terminal.end() == 0

    assert password not in terminal.shown
    assert "sign in ..." in terminal.shown, "the step under way is shown"
    assert "can send and is saved" in terminal.shown


def test_without_colour_the_marks_alone_say_it(mailtui: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = {}
    for no_colour in ("", "1"):
        monkeypatch.setenv("NO_COLOR", no_colour)
        with at_a_terminal("--db", str(mailtui.database), "doctor") as terminal:
            assert terminal.end() == 0
            shown[no_colour] = terminal.shown

    assert "\x1b[32m✓\x1b[0m database integrity" in shown[""]
    assert "✓ database integrity" in shown["1"]
    assert "\x1b" not in shown["1"]


def test_a_new_vault_asks_twice_for_its_passphrase_and_a_locked_one_until_it_is_right(
    mailtui: CommandLine, servers: LoopbackServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAILTUI_IDENTITY_FILE")
    file = mailtui.secret_file(servers["good"])
    arguments = ("address", "add", "a@corp.example", *connection(servers["good"]), "--secret-file", file)

    with at_a_terminal("--db", str(mailtui.database), *arguments) as terminal:
        terminal.wait_for("New passphrase of the vault:")
        terminal.type("four words of nonsense")
        terminal.wait_for("Repeat for confirmation:")
        terminal.type("four words of nonsense")
        assert terminal.end() == 0
    without_terminal = mailtui("address", "test", "a@corp.example")
    with at_a_terminal("--db", str(mailtui.database), "address", "test", "a@corp.example") as terminal:
        terminal.wait_for("Passphrase of the vault:")
        terminal.type("four words of nonsense")
        assert terminal.end() == 0
    with at_a_terminal("--db", str(mailtui.database), "address", "test", "a@corp.example") as terminal:
        terminal.wait_for("Passphrase of the vault:")
        terminal.type("something else")
        terminal.wait_for("Passphrase of the vault:")
        terminal.type("four words of nonsense")
        assert terminal.end() == 0

    assert "nonsense" not in terminal.shown
    assert without_terminal.code == 78
    assert "MAILTUI_PASSPHRASE_FILE" in without_terminal.err


def test_ctrl_c_at_a_question_ends_with_130(mailtui: CommandLine, servers: LoopbackServers) -> None:
    arguments = ("address", "add", "a@corp.example", *connection(servers["good"]))

    with at_a_terminal("--db", str(mailtui.database), *arguments) as terminal:
        terminal.wait_for("Password of a@corp.example:")
        terminal.process.send_signal(2)
        assert terminal.end() == 130
