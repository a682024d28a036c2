"""Calling the command line as a shell does, in this process or in one of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from mailtui.cli.run import run
from mailtui.demo.servers import RunningServer
from mailtui.operations.addresses import put_secret
from mailtui.operations.configuration import Configuration
from mailtui.operations.context import open_context
from tests.company import an_address


@dataclass(frozen=True)
class Answer:
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


@dataclass(frozen=True)
class CommandLine:
    """`mailtui` on one company."""

    database: Path
    secret_files: Path
    """A directory for files with passwords."""

    def __call__(self, *arguments: str, stdin: str = "", act_as: str = "") -> Answer:
        """In this process, with standard input that is no terminal."""
        before = ["--db", str(self.database), *(["--as", act_as] if act_as else [])]
        with CliRunner().isolation(input=stdin) as (out, err, _):
            code = run([*before, *arguments])
            return Answer(code, out.getvalue().decode(), err.getvalue().decode())

    def json(self, *arguments: str, stdin: str = "", act_as: str = "") -> Any:
        """The document of a command that succeeds and has nothing to say beside it."""
        answer = self(*arguments, "--json", stdin=stdin, act_as=act_as)
        assert (answer.code, answer.err) == (0, "")
        return answer.document

    def secret_file(self, server: RunningServer) -> str:
        """A file of mode 0600 with the server's password."""
        path = self.secret_files / server.plan.name
        path.touch(mode=0o600)
        path.write_text(server.password.get_secret_value() + "\n")
        return str(path)

    def add(self, address: str, server: RunningServer, *options: str, password: str = "") -> Answer:
        """`address add` for an account on the server, with its password or another one."""
        return self(
            *("address", "add", address, *connection(server), *options, "--secret-stdin", "--json"),
            stdin=password or server.password.get_secret_value(),
        )

    def ready_on(self, server: RunningServer, address: str) -> None:
        """An address that was ready until its server changed its mind."""
        context = open_context(self.database, configuration=Configuration(keyring="vault"))
        secret_id = put_secret(context, server.password)
        with context.store.transaction():
            context.store.addresses.save(an_address(address, account=server.account(address), secret_id=secret_id))
        context.store.close()


def connection(server: RunningServer) -> tuple[str, ...]:
    """The options that say where the server is."""
    return (
        *("--host", server.host, "--port", str(server.port)),
        *("--security", server.plan.security.value, "--ca-file", str(server.ca_file)),
    )


def in_a_process(*arguments: str, stdin: str = "", env: dict[str, str] | None = None) -> Answer:
    """In a process of its own, with pipes for input and output."""
    done = subprocess.run(
        [sys.executable, "-m", "mailtui", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **(env or {})},
    )
    return Answer(done.returncode, done.stdout, done.stderr)
