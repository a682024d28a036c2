"""A crash: what is left on standard error, and what is not."""

import subprocess
import sys

import pytest

PROGRAM = """
import sys
from textual import work
from mailtui.tui.app import MailtuiApp

class Crashing(MailtuiApp):
    def on_ready(self):
        self.act_{kind}()

    def act_handler(self):
        secret = "".join(["planted", "-", "secret"])
        raise ValueError(secret)

    @work
    async def act_worker(self):
        secret = "".join(["planted", "-", "secret"])
        raise ValueError(secret)

app = Crashing(None, theme="mailtui-dark", prepare=())
app.run(headless=True)
sys.exit(app.return_code)
"""


@pytest.mark.parametrize("kind", ["handler", "worker"])
def test_a_crash_shows_where_it_was_and_neither_variables_nor_the_words_of_the_error(kind: str) -> None:
    command = [sys.executable, "-c", PROGRAM.replace("{kind}", kind)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 70
    assert "ValueError" in done.stderr
    assert f"act_{kind}" in done.stderr
    assert "planted-secret" not in done.stderr + done.stdout
