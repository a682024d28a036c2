"""Every page, form and dialog of the screens, filled as in a company at work: what holds for all is tested on them."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any, Final, cast

from textual.pilot import Pilot
from textual.screen import Screen

from mailtui.core.account_test import Certificate
from mailtui.core.audit import Wanted
from mailtui.core.messages import Attachment
from mailtui.core.providers import Endpoints, Flow, Provider
from mailtui.core.two_editors import Difference
from mailtui.operations.addresses import find_address
from mailtui.operations.audit import changes
from mailtui.operations.context import Context
from mailtui.operations.import_outcome import FieldChange, Planned
from mailtui.operations.losses import Losses
from mailtui.operations.people import find_employee, find_group, save_employee
from mailtui.operations.projects import find_project
from mailtui.operations.settings import all_settings
from mailtui.operations.vault import vault_status
from mailtui.store import Store
from mailtui.tui.addresses.stored_test import StoredTest
from mailtui.tui.app import MailtuiApp
from mailtui.tui.confirm import Confirm
from mailtui.tui.form.address_form import AddressForm
from mailtui.tui.form.certificate import TrustCertificate
from mailtui.tui.form.failure import FailureDetails
from mailtui.tui.form.look_up import LookUp
from mailtui.tui.form.oauth_flow import OAuthFlow
from mailtui.tui.form.recipient import AskRecipient
from mailtui.tui.form.who import WHO_COLUMNS, WhoRows
from mailtui.tui.help import Help
from mailtui.tui.place import Stop
from mailtui.tui.screens.action import NewAction
from mailtui.tui.screens.change import Change
from mailtui.tui.screens.choose import ChooseEmployee, ChooseGroup, ChooseProject
from mailtui.tui.screens.employee_form import EmployeeForm
from mailtui.tui.screens.export_to import ExportTo
from mailtui.tui.screens.files import Files
from mailtui.tui.screens.group_form import GroupForm
from mailtui.tui.screens.link import ShowLink
from mailtui.tui.screens.message import MessageText
from mailtui.tui.screens.passphrase import Passphrase
from mailtui.tui.screens.pick_some import PickSome
from mailtui.tui.screens.planned import PlannedEntry
from mailtui.tui.screens.preference_form import PreferenceForm
from mailtui.tui.screens.project_form import ProjectForm
from mailtui.tui.screens.provider_form import ProviderForm
from mailtui.tui.screens.reason import ReasonPage
from mailtui.tui.screens.removal import RemovalQuestion
from mailtui.tui.screens.settings import LEAVES, Settings
from mailtui.tui.screens.settle import Settle
from mailtui.tui.screens.vault_forms import ChangePassphrase, ExportPasswords, LetIn
from mailtui.tui.stopped import Stopped
from mailtui.tui.ways import THINGS, page_of
from tests.company import NOW
from tests.tui.frame import SIZE
from tests.tui.pages import ANA, MESSAGE, as_employee, is_drawn, on_page, some_deliveries, until

KEYS: Final = {
    "employee": "bob", "group": "support", "project": "brand-a", "own-addresses": "bob", "delivery": "1",
}  # fmt: skip

CERTIFICATE: Final = Certificate(
    subject="CN=smtp.brand-a.example",
    issuer="CN=smtp.brand-a.example",
    hosts=("smtp.brand-a.example",),
    not_before=NOW - timedelta(days=30),
    not_after=NOW + timedelta(days=300),
    sha256="0123456789abcdef" * 4,
)
PROVIDER: Final = Provider(
    id="corp",
    issuer="https://login.corp.example",
    endpoints=Endpoints(
        token="https://login.corp.example/token",
        device="https://login.corp.example/device",
    ),
    client_id="mailtui",
    scopes=("mail",),
    flow=Flow.DEVICE,
)
LOSSES: Final = Losses(
    going=("Support",),
    members=("Ana Pop", "Bob Ionescu"),
    access=("help@brand-a.example",),
    nobodys=("help@brand-a.example",),
    senderless=("Brand A",),
    waiting=2,
)
PLANNED: Final = Planned(
    change="changed",
    kind="groups",
    name="support",
    fields=(FieldChange(field="name", before="Support", after="Support people"),),
)
LINK: Final = "https://login.corp.example/authorize?client_id=mailtui&scope=mail"

Making = Callable[[Context], Screen[Any]]  # Any: what a screen returns does not matter here
"""Makes a screen from a context."""


def _page(id: str, thing: str = "") -> Making:
    def make(context: Context) -> Screen[Any]:
        page = page_of(Stop(page=id, thing=thing), context)
        assert page is not None
        return page

    return make


def _change(context: Context) -> Screen[Any]:
    bob = find_employee(context, "bob")
    save_employee(context, bob.model_copy(update={"name": "Bob Ionescu-Marin"}))
    return Change(next(changes(context, Wanted())), NOW)


def _preference(context: Context, name: str) -> Screen[Any]:
    file = Path(context.store.path).with_name("config.toml")
    return PreferenceForm(file, next(one for one in all_settings(file) if one.name == name))


def _who(context: Context) -> Screen[Any]:
    about = "Who is on a list stays on it. What is open to everybody stays open."
    return PickSome("Who may use 3 addresses too?", about, WHO_COLUMNS, WhoRows(context))


PAGES: Final[dict[str, Making]] = {
    "settings": lambda _: Settings(),
    **{leaf.id: _page(leaf.id) for leaf in LEAVES},
    **{kind: _page(kind, KEYS[kind]) for kind in THINGS},
    "reason": lambda _: ReasonPage("wrong-password"),
    "new-action": lambda context: NewAction(find_project(context, "brand-a")),
    "stopped": lambda _: Stopped("the database cannot be opened: its directory can be read by others; chmod 700 it"),
}

FORMS: Final[dict[str, Making]] = {
    "address-form": lambda _: AddressForm(),
    "address-form-stored": lambda context: AddressForm(find_address(context, "hello@corp.example")),
    "address-form-own": lambda context: AddressForm(owner=find_employee(context, "bob")),
    "employee-form": lambda context: EmployeeForm(find_employee(context, "bob")),
    "employee-form-new": lambda _: EmployeeForm(None),
    "group-form": lambda context: GroupForm(find_group(context, "support"), frozenset({"ana"})),
    "project-form": lambda _: ProjectForm(None),
    "provider-form": lambda _: ProviderForm(PROVIDER),
    "provider-form-new": lambda _: ProviderForm(None),
    "let-in": lambda _: LetIn(),
    "export-passwords": lambda _: ExportPasswords(""),
    "change-passphrase": lambda context: ChangePassphrase(vault_status(context)),
    "preference-form": lambda context: _preference(context, "sending.connections"),
    "preference-form-choice": lambda context: _preference(context, "theme"),
}

DIALOGS: Final[dict[str, Making]] = {
    "question": lambda _: Confirm(
        "Take Ana Pop off the list?", consequence="Nobody is left on it. " * 30, key="t", do="Take off", keep="Leave it"
    ),
    "short-question": lambda _: Confirm("Throw away what you typed?", key="d", do="Throw away", keep="Keep editing"),
    "help": lambda _: Help(Settings()),
    "removal": lambda _: RemovalQuestion("Delete the group Support?", LOSSES),
    "change": _change,
    "planned": lambda _: PlannedEntry(PLANNED, PLANNED.fields, LOSSES, "Would be changed: group support"),
    "settle": lambda _: Settle(
        "sofia changed hello@corp.example while you had it open",
        [
            Difference(field="name", before="Corp", mine="Corporation", theirs="The Corp", touched=True),
            Difference(field="host", before="a.example", mine="a.example", theirs="b.example", touched=False),
        ],
        {"name": "shown name", "host": "server"},
    ),
    "choose-employee": lambda context: ChooseEmployee(context, "bob"),
    "choose-group": lambda context: ChooseGroup(context, "Into which group?"),
    "choose-project": lambda context: ChooseProject(context, "Bind to which project?"),
    "pick-some": _who,
    "export-to": lambda _: ExportTo("the changes that are found", "audit.jsonl"),
    "files": lambda _: Files((Attachment(name="offer.pdf", content=b"x" * 2000),)),
    "message": lambda _: MessageText(MESSAGE),
    "link": lambda _: ShowLink(LINK),
    "long-link": lambda _: ShowLink(LINK + "&state=" + "x" * 900),
    "passphrase": lambda context: Passphrase(context, new=False),
    "new-passphrase": lambda context: Passphrase(context, new=True),
    "recipient": lambda _: AskRecipient("hello@corp.example", ANA.email),
    "certificate": lambda _: TrustCertificate(CERTIFICATE, host="smtp.brand-a.example", why="signed by nobody known"),
    "failure": lambda _: FailureDetails(
        address="press@corp.example", step="sign in", reply="535 5.7.8 no", reason_name="wrong-password"
    ),
    "stored-test": lambda context: StoredTest(find_address(context, "hello@corp.example")),
    "look-up": lambda _: LookUp("sales@gmail.com", {}),
    "sign-in": lambda _: OAuthFlow("corp", "sales@corp.example"),
}


SCREENS: Final[dict[str, Making]] = {**PAGES, **FORMS, **DIALOGS}


@asynccontextmanager
async def over_settings(store: Store, *, size: tuple[int, int] = SIZE) -> AsyncIterator[Pilot[None]]:
    """The program at the settings, with a company at work."""
    some_deliveries(store)
    async with on_page(as_employee(store, ANA), Settings, size=size) as pilot:
        yield pilot


async def each_screen(pilot: Pilot[None]) -> AsyncIterator[str]:
    """The name of each screen while it is the topmost one, drawn."""
    app = cast("MailtuiApp", pilot.app)
    for name, make in SCREENS.items():
        depth = len(app.screen_stack)
        await app.push_screen(make(app.context))
        await until(pilot, lambda: is_drawn(pilot))
        yield name
        while len(app.screen_stack) > depth:
            await app.pop_screen()
