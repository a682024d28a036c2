"""The company as a file on a screen: what `mailtui export` and `mailtui import` do, by keys (issue 6, sections 1 and
2)."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from textual.pilot import Pilot

from mailtui.core.addresses import AddressState
from mailtui.core.people import Role
from mailtui.demo.plans import GOOD, SILENT, WRONG_PASSWORD
from mailtui.demo.servers import LoopbackServers, RunningServer, in_thread
from mailtui.operations.addresses import find_address
from mailtui.operations.company_text import parse_company_file
from mailtui.operations.company_toml import to_toml
from mailtui.operations.context import Context
from mailtui.operations.export_company import export_company, to_document
from mailtui.operations.import_company import import_company
from mailtui.operations.projects import archive_project, find_project
from mailtui.store import Store
from mailtui.store.window import Window
from mailtui.tui.screens.settings_file import SettingsFile
from mailtui.tui.screens.settings_file_name import FileField
from tests.company import everything_in
from tests.tui.filling import focused, pasted, says
from tests.tui.frame import SIZE, lines, shown
from tests.tui.pages import ANA, BOB, Compare, OnPage, a_working_company, as_employee, is_drawn, on_page, until, words

PLANNED = """
[[projects]]
key = "brand-b"
name = "Brand B and sons"

[[projects]]
key = "brand-c"
name = "Brand C"
strict = true

[[addresses]]
address = "hello@brand-c.example"
service = "fastmail"
projects = ["brand-c"]
secret_stdin = true
"""

WRONG = """
[[projects]]
key = "brand-c"
nmae = "Brand C"

[[addresses]]
address = "hello@brand-c.example"
host = "smtp.brand-c.example"
port = "25"
projects = ["brand-q"]
"""


@pytest.fixture(scope="module")
def servers() -> Iterator[LoopbackServers]:
    with in_thread((GOOD, WRONG_PASSWORD, SILENT)) as running:
        yield running


@pytest.fixture
def ana(company: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    """In a directory where she can write files."""
    monkeypatch.chdir(tmp_path)
    return as_employee(company, ANA)


def named(text: str, name: str = "company.toml") -> str:
    """A file in the current directory, and its name."""
    Path(name).write_text(text)
    return name


def text_of(name: str) -> str:
    return Path(name).read_text()


def mode_of(name: str) -> int:
    return Path(name).stat().st_mode & 0o777


def files() -> set[str]:
    """In the current directory, but for the database's and the vault's."""
    return {path.name for path in Path().iterdir() if path.is_file() and path.name != "identity"}


def an_account(server: RunningServer, address: str, source: str = "") -> str:
    """An address of the server's, with where its secret is read."""
    return (
        f'[[addresses]]\naddress = "{address}"\nhost = "{server.host}"\nport = {server.port}\n'
        f'security = "{server.plan.security}"\nca_file = "{server.ca_file}"\n{source}\n'
    )


async def read(pilot: Pilot[None], name: str) -> None:
    """Name the file, and wait for its plan."""
    await pilot.press("i")
    await pasted(pilot, name)
    await pilot.press("enter")
    await until(pilot, lambda: not pilot.app.screen.query_one(FileField).has_focus)


async def apply(pilot: Pilot[None]) -> None:
    await pilot.press("ctrl+s")
    await says(pilot, "It cannot be taken back")
    await pilot.press("a")


async def test_the_empty_page_says_what_to_do(ana: Context) -> None:
    async with on_page(ana, SettingsFile) as pilot:
        assert "x Export: write it to a file" in words(pilot)
        await until(pilot, lambda: "i Import" in lines(pilot)[-1] and "x Export" in lines(pilot)[-1])
        assert "Apply" not in lines(pilot)[-1] and "Test" not in lines(pilot)[-1]


async def test_an_export_is_the_text_of_the_command_and_its_import_changes_nothing(ana: Context) -> None:
    async with on_page(ana, SettingsFile) as pilot:
        await pilot.press("x")
        await says(pilot, "Write the company")
        await pilot.press("enter")
        await says(pilot, "lines to")
        text = text_of("company.toml")
        assert text == "".join(to_toml(to_document(export_company(ana))))
        assert mode_of("company.toml") == 0o600
        await read(pilot, "company.toml")
        await says(pilot, "✓ company.toml changes nothing: all 14 entries are so already")
        assert "Apply" not in lines(pilot)[-1]


async def test_a_name_that_ends_in_json_is_written_as_json(ana: Context) -> None:
    async with on_page(ana, SettingsFile) as pilot:
        await pilot.press("x")
        await says(pilot, "Write the company")
        await pasted(pilot, "company.json")
        await pilot.press("enter")
        await says(pilot, "lines to")
    assert json.loads(text_of("company.json")) == to_document(export_company(ana))


async def test_before_a_file_is_replaced_one_is_asked(ana: Context) -> None:
    named("mine")
    async with on_page(ana, SettingsFile) as pilot:
        await pilot.press("x", "enter")
        await says(pilot, "company.toml is there already. Replace it?")
        await pilot.press("escape")
        await says(pilot, "enter writes it")
        assert text_of("company.toml") == "mine"
        await pilot.press("enter")
        await says(pilot, "Replace it?")
        await pilot.press("r")
        await says(pilot, "lines to")
    assert "ana@corp.example" in text_of("company.toml")
    assert files() == {"company.toml"}


async def test_the_plan_is_seen_at_once_and_nothing_is_changed_before_it_is_applied(ana: Context) -> None:
    before = everything_in(ana.store)
    async with on_page(ana, SettingsFile) as pilot:
        await read(pilot, named(PLANNED))
        await says(pilot, "Plan of company.toml: 2 added, 1 changed · 1 to be tested")
        assert any(line.split()[:4] == ["▌~", "project", "brand-b", "name"] for line in lines(pilot))
        assert "name Brand B → Brand B and sons" in words(pilot)
        assert any(line.split()[:3] == ["+", "project", "brand-c"] for line in lines(pilot))
        assert "to be tested, no password yet" in words(pilot)
        await pilot.press("enter")
        await says(pilot, "name Brand B Brand B and sons")
        await pilot.press("escape")
        await pilot.press("ctrl+s")
        await says(pilot, "Adds 1 project and 1 address.")
        assert "It cannot be taken back" in words(pilot)
        await pilot.press("escape")
        await until(pilot, lambda: "Import company.toml?" not in shown(pilot))
    assert everything_in(ana.store) == before


async def test_a_new_entry_is_opened_with_what_its_service_fills_in(ana: Context) -> None:
    async with on_page(ana, SettingsFile) as pilot:
        await read(pilot, named(PLANNED))
        await pilot.press("G", "enter")
        await says(pilot, "host smtp.fastmail.com")
        assert "would come from standard input (secret_stdin), which a screen has not: give it in its form" in " ".join(
            words(pilot).replace("│", " ").split()
        )


async def test_the_plan_is_applied_as_a_whole_and_recorded(ana: Context) -> None:
    async with on_page(ana, SettingsFile) as pilot:
        await read(pilot, named(PLANNED))
        await apply(pilot)
        await says(pilot, "✓ Imported company.toml: 2 added, 1 changed · 1 to be tested")
        await until(pilot, lambda: "t Test" in lines(pilot)[-1] and "Apply" not in lines(pilot)[-1])
    assert find_project(ana, "brand-b").name == "Brand B and sons"
    assert find_address(ana, "hello@brand-c.example").state is AddressState.UNTESTED
    recorded = [(row.action, row.object, row.by) for row in ana.store.audit.rows(Window())]
    assert sorted(recorded) == [
        ("add project", "project brand-c", "ana"),
        ("edit project", "project brand-b", "ana"),
        ("import address", "address hello@brand-c.example", "ana"),
    ]


async def test_a_wrong_file_lists_everything_with_its_place_and_the_nearest_known_key(ana: Context) -> None:
    before = everything_in(ana.store)
    async with on_page(ana, SettingsFile) as pilot:
        await read(pilot, named(WRONG))
        await says(pilot, "✗ company.toml has 3 errors")
        assert any(line.split()[1:2] == ["4:1"] for line in lines(pilot))
        assert "Line 4, column 1, projects[0] (brand-c) unknown key 'nmae': did you mean 'name'?" in words(pilot)
        await pilot.press("down", "down")
        await says(pilot, "there is no project 'brand-q' to bind the address to")
        assert "Apply" not in lines(pilot)[-1]
        named(PLANNED)
        await pilot.press("i", "enter")
        await says(pilot, "Plan of company.toml")
    assert everything_in(ana.store) == before


async def test_a_file_that_is_not_there_leaves_what_was_typed(ana: Context) -> None:
    async with on_page(ana, SettingsFile) as pilot:
        await pilot.press("i")
        await pasted(pilot, "nowhere.toml")
        await pilot.press("enter")
        await says(pilot, "nowhere.toml cannot be read: No such file")
        assert pilot.app.screen.query_one(FileField).value == "nowhere.toml"
        assert pilot.app.screen.query_one(FileField).has_focus


async def test_what_the_file_does_not_name_goes_only_when_the_box_is_ticked(ana: Context) -> None:
    async with on_page(ana, SettingsFile) as pilot:
        await read(pilot, named('[[groups]]\nkey = "support"\nname = "Support"\n'))
        await says(pilot, "changes nothing: its one entry is so already")
        await pilot.press("shift+tab", "space")
        await says(pilot, "Plan of company.toml: 1 removed, 1 unchanged")
        await pilot.press("tab", "enter")
        await says(pilot, "Off the access list of: press@corp.example")
        assert "Lose the group, and stay employees: Ana Pop" in words(pilot)
        await pilot.press("escape")
        await pilot.press("ctrl+s")
        await says(pilot, "Removed for good: group press.")
        await pilot.press("a")
        await says(pilot, "✓ Imported company.toml: 1 removed, 1 unchanged")
        assert "e Edit" not in lines(pilot)[-1]
    assert [group.key for group in ana.store.groups.all()] == ["support"]


async def test_a_company_that_somebody_changed_meanwhile_is_planned_anew_and_that_is_said(ana: Context) -> None:
    async with on_page(ana, SettingsFile) as pilot:
        await read(pilot, named(PLANNED))
        await says(pilot, "2 added, 1 changed")
        bob = as_employee(ana.store, BOB, role=Role.ADMIN)
        import_company(bob, parse_company_file('[[projects]]\nkey = "brand-c"\nname = "Of Bob"\n', "x"))
        await apply(pilot)
        await says(pilot, "somebody else changed the company meanwhile: nothing was imported")
        await says(pilot, "Plan of company.toml: 1 added, 2 changed")
        assert find_project(ana, "brand-c").name == "Of Bob"
        await apply(pilot)
        await says(pilot, "✓ Imported company.toml: 1 added, 2 changed")
    assert find_project(ana, "brand-c").name == "Brand C"


async def test_a_change_elsewhere_that_the_plan_is_not_about_does_not_matter(ana: Context) -> None:
    async with on_page(ana, SettingsFile) as pilot:
        await read(pilot, named(PLANNED))
        archive_project(as_employee(ana.store, BOB, role=Role.ADMIN), "brand-a", archived=True)
        await apply(pilot)
        await says(pilot, "✓ Imported company.toml")


async def test_its_addresses_are_tested_several_at_once_and_a_failure_leads_to_its_reason(
    ana: Context, servers: LoopbackServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET", servers["good"].password.get_secret_value())
    monkeypatch.setenv("WRONG", "not this one")
    good = servers["good"]
    file = (
        an_account(good, "a@corp.example", 'secret_env = "SECRET"')
        + an_account(good, "b@corp.example", 'secret_env = "WRONG"')
        + an_account(good, "c@corp.example")
    )
    async with on_page(ana, SettingsFile) as pilot:
        await read(pilot, named(file))
        await apply(pilot)
        await says(pilot, "3 to be tested")
        await pilot.press("t")
        await says(pilot, "Tested 3 of 3: 1 can send")
        assert any(line.split()[:3] == ["▌✓", "address", "a@corp.example"] for line in lines(pilot))
        await pilot.press("down")
        await says(pilot, "535")
        await pilot.press("r")
        await says(pilot, "Wrong password, at the step: sign in")
        await pilot.press("escape", "down")
        await says(pilot, "the password is missing")
        assert "r Reason" not in lines(pilot)[-1] and "e Edit" in lines(pilot)[-1]
    assert find_address(ana, "a@corp.example").state is AddressState.READY
    assert find_address(ana, "b@corp.example").state is AddressState.FAILING


async def test_a_missing_password_is_given_in_the_form_of_the_address(ana: Context, servers: LoopbackServers) -> None:
    async with on_page(ana, SettingsFile) as pilot:
        await read(pilot, named(an_account(servers["good"], "a@corp.example", "secret_stdin = true")))
        await apply(pilot)
        await says(pilot, "✓ Imported")
        await pilot.press("e")
        await says(pilot, "Edit a@corp.example")
        while focused(pilot) != "password":
            await pilot.press("tab")
        await pasted(pilot, servers["good"].password.get_secret_value())
        await pilot.press("ctrl+t")
        await says(pilot, "may be saved")
        await pilot.press("ctrl+s")
        await says(pilot, "saved in its form")
        await until(pilot, lambda: "t Test" not in lines(pilot)[-1])
    assert find_address(ana, "a@corp.example").state is AddressState.READY


async def test_escape_stops_the_tests_and_only_then_goes_back(ana: Context, servers: LoopbackServers) -> None:
    async with on_page(ana, SettingsFile) as pilot:
        await read(pilot, named(an_account(servers["silent"], "a@corp.example", 'signin = "none"')))
        await apply(pilot)
        await says(pilot, "✓ Imported")
        await pilot.press("t")
        await until(pilot, lambda: "esc Stop" in lines(pilot)[-1])
        assert "waits for its test" in words(pilot)
        await pilot.press("tab", "enter")  # No plan is made meanwhile.
        await until(pilot, lambda: pilot.app.screen.query_one(FileField).has_focus)
        assert "waits for its test" in words(pilot)
        await pilot.press("escape")
        await says(pilot, "Tested 0 of 1: 0 can send, stopped")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, SettingsFile))


async def test_the_rows_are_found_by_kind_change_and_name(ana: Context) -> None:
    async with on_page(ana, SettingsFile) as pilot:
        await read(pilot, named(PLANNED))
        await pilot.press("slash", *"added proj")
        await says(pilot, "1 found")
        assert "brand-c" in shown(pilot) and "hello@brand-c" not in shown(pilot)


async def test_without_a_vault_the_passphrase_is_chosen_first_and_the_import_goes_on(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MAILTUI_IDENTITY_FILE", raising=False)
    monkeypatch.delenv("MAILTUI_PASSPHRASE_FILE", raising=False)
    monkeypatch.setenv("SECRET", "of sales")
    monkeypatch.chdir(tmp_path)
    a_working_company(store)
    ana = as_employee(store, ANA)
    text = '[[addresses]]\naddress = "a@corp.example"\nhost = "smtp.corp.example"\nsecret_env = "SECRET"\n'
    async with on_page(ana, SettingsFile) as pilot:
        await read(pilot, named(text))
        await apply(pilot)
        await says(pilot, "Choose a passphrase")
        await pilot.press("escape")
        await says(pilot, "Nothing was imported. Plan of company.toml: 1 added")
        assert ana.store.addresses.get("a@corp.example") is None
        await apply(pilot)
        await says(pilot, "Choose a passphrase")
        for _ in range(2):
            await pasted(pilot, "correct horse")
            await pilot.press("enter")
        await until(pilot, lambda: "✓ Imported company.toml: 1 added" in shown(pilot), seconds=60)
    assert ana.secrets.get(find_address(ana, "a@corp.example").secret_id).get_secret_value() == "of sales"


async def test_a_member_sees_why_he_cannot(company: Store) -> None:
    async with on_page(as_employee(company, BOB), SettingsFile) as pilot:
        assert "Only an admin may export and import the company." in words(pilot)
        assert not pilot.app.screen.query(FileField)
        assert "Export" not in lines(pilot)[-1] and "Import" not in lines(pilot)[-1]
        await pilot.press("x", "i", "ctrl+s", "t")
        await until(pilot, lambda: isinstance(pilot.app.screen, SettingsFile))


READ: Final = ("i", *"company", "full_stop", *"toml", "enter")


def looks(snap_compare: Compare, context: Context, *keys: str) -> bool:
    """Whether the page looks as before after these keys; what begins with `=` are words to wait for between them."""
    app = OnPage(context, SettingsFile)

    async def ready(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: app.page_is_open and is_drawn(pilot))
        for key in keys:
            if key.startswith("="):
                await says(pilot, key[1:])
            else:
                await pilot.press(key)

    return snap_compare(app, terminal_size=SIZE, run_before=ready)


def test_the_empty_page_looks_as_before(snap_compare: Compare, ana: Context) -> None:
    assert looks(snap_compare, ana, "=x Export: write it to a file", "=i Import x Export")


def test_a_plan_looks_as_before(snap_compare: Compare, ana: Context) -> None:
    named(PLANNED)
    assert looks(snap_compare, ana, *READ, "=Plan of", "=ctrl+s Apply")


def test_a_wrong_file_looks_as_before(snap_compare: Compare, ana: Context) -> None:
    named(WRONG)
    assert looks(snap_compare, ana, *READ, "=3 errors")


def test_a_new_entry_looks_as_before(snap_compare: Compare, ana: Context) -> None:
    named(PLANNED)
    assert looks(snap_compare, ana, *READ, "=Plan of", "G", "enter", "=smtp.fastmail.com")


def test_the_question_looks_as_before(snap_compare: Compare, ana: Context) -> None:
    named(PLANNED)
    assert looks(snap_compare, ana, *READ, "=Plan of", "ctrl+s", "=It cannot be taken back")


def test_the_tests_look_as_before(snap_compare: Compare, ana: Context) -> None:
    named(PLANNED)
    keys = (*READ, "=Plan of", "ctrl+s", "=cannot be taken back", "a", "=Imported", "t", "=1: 0 can send", "=e Edit")
    assert looks(snap_compare, ana, *keys)


async def test_an_import_that_is_stopped_leaves_nothing(ana: Context) -> None:
    before = everything_in(ana.store)
    other = Store(ana.store.path)
    async with on_page(ana, SettingsFile) as pilot:
        await read(pilot, named(PLANNED))
        await says(pilot, "Plan of company.toml")
        with other.transaction():  # Somebody else writes, and so the import waits.
            await apply(pilot)
            await until(pilot, lambda: "esc Stop" in lines(pilot)[-1])
            await pilot.press("escape")
            await says(pilot, "Stopping ...")
        await says(pilot, "Stopped, and nothing was imported. Plan of company.toml")
        await until(pilot, lambda: "ctrl+s Apply" in lines(pilot)[-1])
    other.close()
    assert everything_in(ana.store) == before
