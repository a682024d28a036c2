"""Manual pages and completions say what the help says, and come with the wheel (issue 6, section 1)."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.shared_data import contexts, escaped, files

SHARE = Path(__file__).parents[1] / "share"


def test_what_is_shipped_is_what_the_help_says_now() -> None:
    kept = {str(path.relative_to(SHARE)): path for path in SHARE.rglob("*") if path.is_file()}
    wanted = files()
    assert set(kept) == set(wanted), "run: make share"
    old = [name for name, text in wanted.items() if kept[name].read_text(encoding="utf-8") != text]
    assert not old, "run: make share"


def test_there_is_a_page_for_every_command_with_its_options_and_example() -> None:
    pages = files()
    for context in contexts():
        page = pages[f"man/man1/{context.command_path.replace(' ', '-')}.1"]
        for option in context.command.params:
            if option.param_type_name == "option":
                assert escaped(option.opts[0]) in page
        assert (".SH EXAMPLES" in page) == ("Example:" in (context.command.help or ""))


@pytest.mark.skipif(shutil.which("groff") is None, reason="there is no groff")
def test_every_page_is_good_roff(tmp_path: Path) -> None:
    pages = sorted((SHARE / "man" / "man1").iterdir())
    done = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z", *pages], capture_output=True, text=True, check=True)
    assert done.stderr == ""


@pytest.mark.skipif(shutil.which("mandoc") is None, reason="there is no mandoc")
def test_mandoc_has_no_warning_about_any_page() -> None:
    pages = sorted((SHARE / "man" / "man1").iterdir())
    done = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "warning", *pages], capture_output=True, text=True, check=False
    )
    assert [line for line in done.stdout.splitlines() if "missing date" not in line] == []


@pytest.mark.skipif(shutil.which("man") is None, reason="there is no man")
def test_man_shows_a_page_as_it_is_meant() -> None:
    page = SHARE / "man" / "man1" / "mailtui-address-add.1"
    shown = subprocess.run(
        ["man", "-l", str(page)], capture_output=True, text=True, check=True,
        env={"PATH": "/usr/bin:/bin", "MANWIDTH": "80", "LC_ALL": "C.UTF-8", "MANPAGER": "cat"},
    ).stdout  # fmt: skip
    plain = re.sub(".\b", "", shown)
    assert "mailtui address add sales@brand-a.example --service fastmail \\" in plain
    assert "--owner LOGIN" in plain
    assert "Make it this employee's own address." in plain
